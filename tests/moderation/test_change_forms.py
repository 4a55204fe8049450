"""The forms and the panel of changes: what is sent, what is refused beside its field, what is shown
to whom.
"""

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from moderation.actions.setting_forms import EditForm
from moderation.models import Action
from tests.moderation.changing import LOST
from tests.support.factories import filled, log_in

pytestmark = pytest.mark.django_db


def form(room, **fields):
    """The edit form as a browser sends it: each field beside what it showed."""
    shown = EditForm.initial_of(room)
    return filled(**shown | fields, **{f"initial-{name}": value for name, value in shown.items()})


def test_the_edit_form_orders_what_the_person_has_changed_and_nothing_else(
    client, people, room, service
):
    room.name, room.notice, room.categories = "Old", "Be kind", [3]
    room.save()
    page = (
        log_in(client, people["moderator"])
        .get(reverse("act-form", args=[room.pk, "edit"]))
        .content.decode()
    )
    assert 'name="initial-room_name" value="Old"' in page
    answer = client.post(
        reverse("act-edit", args=[room.pk]), form(room, notice="", categories="3, 4")
    )
    assert answer.status_code == 303
    assert Action.objects.get().arguments == {"notice": "", "categories": [3, 4]}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Nothing was changed"),
        ({"room_name": "ü" * 51}, "At most 100 bytes"),
        ({"cover_url": "javascript:1"}, "https://"),
        ({"categories": "1 2 3 4"}, "At most three"),
        ({"categories": "a"}, "Whole numbers"),
        ({"categories": "4294967296"}, "three"),
        ({"take_seat_mode": "Nonsense"}, "valid choice"),
        ({"notice": "a\nb"}, "line breaks"),
        ({"room_name": "a\x00"}, "Control"),
    ],
)
def test_what_is_wrong_with_an_edit_is_said_beside_its_field(fields, words, client, people, room):
    url = reverse("act-edit", args=[room.pk])
    answer = log_in(client, people["moderator"]).post(
        url, form(room, **fields), headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Action.objects.exists()


@given(
    texts=st.fixed_dictionaries(
        {},
        optional={
            name: st.text(max_size=60)
            for name in (*EditForm.base_fields, "initial-room_name", "initial-categories")
        },
    )
)
@example_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_as_an_edit_gets_words(texts, db):
    made = EditForm(texts)
    assert made.is_valid() or made.errors


def test_the_other_forms_become_orders(client, people, room, service):
    log_in(client, people["moderator"])
    for name, fields in [
        ("act-admins", {"account": "ann", "operation": "add"}),
        ("act-metadata", {"name": "topic", "value": "cats\nand dogs "}),
        ("act-quarantine", {}),
    ]:
        assert client.post(reverse(name, args=[room.pk]), filled(**fields)).status_code == 303
    orders = {act.verb: act.arguments for act in Action.objects.all()}
    assert orders == {
        "admins": {"operation": "add", "accounts": ["ann"]},
        "metadata": {"set": {"topic": "cats\nand dogs "}},
        "quarantine": {},
    }


def test_the_panel_says_what_the_vendor_says_and_offers_what_fits(
    client, people, room, change, facts, service
):
    service.answers |= {"get_admin_list": ("ann",), "get_room_metadata": {"topic": "<b>cats</b>"}}
    url = reverse("room-changes", args=[room.pk])
    page = log_in(client, people["moderator"]).get(url).content.decode()
    assert "Mute all" in page and "Hide from the list" in page and "1 of 5" in page
    assert "&lt;b&gt;cats&lt;/b&gt;" in page
    assert "stream key" not in page.lower()
    change("quarantine")
    page = client.get(url).content.decode()
    assert (
        "In quarantine by moderator" in page
        and "Release" in page
        and "Show in the list" not in page
    )
    assert "act-form" not in log_in(client, people["auditor"]).get(url).content.decode()
    service.answers["get_admin_list"] = LOST
    assert "did not answer" in client.get(url).content.decode()


def test_the_timeline_tells_what_was_changed(client, people, room, change, facts):
    change("edit", room_name="New <i>")
    page = (
        log_in(client, people["auditor"]).get(reverse("timeline", args=[room.pk])).content.decode()
    )
    assert "<del>Old</del> <bdi>New &lt;i&gt;</bdi>" in page
