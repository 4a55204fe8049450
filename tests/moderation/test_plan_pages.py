"""The form of a new room, the list of plans, and the hand-over card."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from liveapi import LiveApiError
from liveapi.accounts import AccountCheck
from moderation.core import broker, room_fields
from moderation.models import AuditEntry, PlannedRoom
from tests.support.factories import filled, log_in, make_room


@pytest.fixture(autouse=True)
def planned(monkeypatch):
    queued = []
    monkeypatch.setattr(broker, "enqueue_creation", lambda pk, delay=0.0: queued.append(pk) or True)
    return queued


@pytest.fixture
def supervisor(client, people, service):
    """Somebody who may create rooms; the vendor knows every account."""
    service.answers["account_check"] = (AccountCheck("host-1", True, 0),)
    return log_in(client, people["supervisor"])


def asked(**fields):
    return filled(
        policy="programme",
        room_id="show-1",
        owner_account="host-1",
        seat_template="VideoFixedGrid9Seats",
        visibility="on_start",
        take_seat_mode="FreeToTake",
        **fields,
    )


def make_plan(policy, **fields) -> PlannedRoom:
    now = timezone.now()
    known = {
        "room_id": "show-1",
        "owner_account": "host-1",
        "by_name": "ann",
        "seat_template": room_fields.DEFAULT_LAYOUT,
    }
    return PlannedRoom.objects.create(**(known | fields), policy=policy, due_at=now, give_up_at=now)


@pytest.mark.django_db
def test_the_form_shows_five_layouts_with_their_seats(supervisor):
    page = supervisor.get(reverse("plan-new")).content.decode()
    for name, seats in room_fields.LAYOUTS.items():
        assert f"layouts/{name}.svg" in page
        assert f"{seats} seats" in page


@pytest.mark.django_db
def test_a_filled_form_plans_a_room(supervisor, people):
    form = asked(
        name="Show",
        notice="Hi",
        categories="1, 2",
        minutes="90",
        cover_url="https://x/y.png",
        note="as agreed",
    )
    answer = supervisor.post(reverse("plan-new"), form)
    plan = PlannedRoom.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == reverse("plan", args=[plan.pk])
    assert (plan.name, plan.notice, plan.categories, plan.time_limit_seconds) == (
        "Show",
        "Hi",
        [1, 2],
        5400,
    )
    assert (plan.by, plan.by_name, plan.seat_template) == (
        people["supervisor"],
        "supervisor",
        "VideoFixedGrid9Seats",
    )
    assert plan.policy.code == "programme"


@pytest.mark.django_db
def test_a_form_sent_twice_plans_one_room(supervisor):
    form = asked()
    first, second = (supervisor.post(reverse("plan-new"), form)["Location"] for _ in range(2))
    assert first == second
    assert PlannedRoom.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("room_id", "x" * 49, "At most 48 bytes; this has 49"),
        ("room_id", "", "required"),
        ("name", "ä" * 51, "At most 100 bytes; this has 102"),
        ("categories", "1,x", "Whole numbers only"),
        ("categories", "1,2,3,4", "At most 3"),
        ("minutes", "0", "greater than or equal to 1"),
        ("minutes", "9999999", "less than or equal to"),
        ("starts_at", "2000-01-01T10:00", "must be in the future"),
        ("starts_at", "soon", "Enter a valid date"),
        ("cover_url", "ftp://x", "begins with https"),
        ("seat_template", "Karaoke", "not one of the available choices"),
        ("visibility", "x", "not one of the available choices"),
        ("policy", "violence", "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(field, value, words, supervisor, service):
    answer = supervisor.post(reverse("plan-new"), asked() | {field: value})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not PlannedRoom.objects.exists()
    assert service.count("account_check") == 0


@pytest.mark.django_db
def test_a_missing_account_is_imported_only_after_asking(supervisor, service):
    service.answers["account_check"] = (AccountCheck("host-1", False, 0),)
    form = asked()
    answer = supervisor.post(reverse("plan-new"), form)
    assert answer.status_code == 422
    assert "does not know this account yet" in answer.content.decode()
    assert 'name="import_owner"' in answer.content.decode()
    assert not PlannedRoom.objects.exists()
    assert supervisor.post(reverse("plan-new"), form | {"import_owner": "on"}).status_code == 302
    assert PlannedRoom.objects.get().import_owner


@pytest.mark.django_db
def test_a_vendor_that_does_not_answer_stops_no_plan(supervisor, service):
    service.answers["account_check"] = LiveApiError("no answer", kind="timeout")
    assert supervisor.post(reverse("plan-new"), asked()).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "words"),
    [
        (True, "The vendor knows this account"),
        (False, "must be imported"),
        (None, "does not say"),
    ],
)
def test_the_account_is_looked_up_while_typing(told, words, supervisor, service):
    service.answers["account_check"] = (AccountCheck("host-1", told, 0),)
    assert (
        words in supervisor.get(reverse("plan-owner"), {"owner_account": "host-1"}).content.decode()
    )


@pytest.mark.django_db
@pytest.mark.parametrize("account", ["", "x" * 33, "a\x00"])
def test_no_account_is_looked_up_that_cannot_be(account, supervisor, service):
    assert (
        supervisor.get(reverse("plan-owner"), {"owner_account": account}).content.decode().strip()
        == ""
    )
    assert service.calls == []


@pytest.mark.django_db
def test_two_plans_of_one_room_are_refused_in_words(supervisor):
    supervisor.post(reverse("plan-new"), asked())
    answer = supervisor.post(reverse("plan-new"), asked())
    assert answer.status_code == 409
    assert "scheduled already: by supervisor" in answer.content.decode()


@pytest.mark.django_db
def test_the_list_shows_each_state(supervisor, policy):
    make_plan(policy, room_id="to-come")
    make_plan(policy, room_id="did-fail", status="failed")
    make_plan(policy, room_id="is-live", status="created", broadcast=make_room("is-live"))
    shown = {
        "open": {"to-come"},
        "failed": {"did-fail"},
        "created": {"is-live"},
        "waiting": {"is-live"},
        "all": {"to-come", "did-fail", "is-live"},
        "nonsense": {"to-come", "did-fail", "is-live"},
    }
    for state, names in shown.items():
        page = supervisor.get(reverse("plans"), {"state": state}).content.decode()
        assert {
            name for name in ("to-come", "did-fail", "is-live") if f">{name}<" in page
        } == names, state


@pytest.mark.django_db
def test_the_card_tells_the_host_what_to_call(supervisor, policy, settings):
    settings.AUDIENCE_LINK = "https://live.example/{room_id}"
    plan = make_plan(
        policy, status="created", broadcast=make_room("show-1", views=0), finished_at=timezone.now()
    )
    page = supervisor.get(reverse("plan", args=[plan.pk])).content.decode()
    for words in (
        "startLive with the liveID show-1",
        "Log in to the app as host-1",
        "https://live.example/show-1",
    ):
        assert words in page
    assert "Nobody has entered since" in page


@pytest.mark.django_db
def test_the_card_says_when_the_room_became_visible_and_by_which_sign(supervisor, policy):
    room = make_room("show-1", host_started_at=1_700_000_000, views=3)
    plan = make_plan(
        policy,
        status="created",
        broadcast=room,
        finished_at=timezone.now(),
        published_at=timezone.now(),
        published_sign="host on a seat",
    )
    page = supervisor.get(reverse("plan-card", args=[plan.pk])).content.decode()
    assert "the host is on a seat" in page
    assert "Nobody has entered" not in page
    assert "every 2s" not in page  # nothing more is expected to happen


@pytest.mark.django_db
def test_a_failed_card_says_why_and_what_to_do(supervisor, policy):
    plan = make_plan(policy, status="failed", vendor_code=100011, vendor_text="id of a chat group")
    page = supervisor.get(reverse("plan", args=[plan.pk])).content.decode()
    assert "100011" in page
    assert "Choose another RoomId" in page
    assert "Try again" in page


@pytest.mark.django_db
def test_a_missing_owner_can_be_imported_from_the_card(supervisor, policy, planned):
    plan = make_plan(policy, status="failed", vendor_code=70107, vendor_text="no such account")
    assert (
        "Import the account and try again"
        in supervisor.get(reverse("plan", args=[plan.pk])).content.decode()
    )
    answer = supervisor.post(
        reverse("plan-retry", args=[plan.pk]), {"key": str(uuid.uuid4()), "import_owner": "on"}
    )
    again = PlannedRoom.objects.exclude(pk=plan.pk).get()
    assert answer["Location"] == reverse("plan", args=[again.pk])
    assert again.import_owner


@pytest.mark.django_db
def test_a_retry_needs_its_key_and_a_failure(supervisor, policy):
    plan = make_plan(policy)
    assert supervisor.post(reverse("plan-retry", args=[plan.pk])).status_code == 422
    assert (
        supervisor.post(
            reverse("plan-retry", args=[plan.pk]), {"key": str(uuid.uuid4())}
        ).status_code
        == 409
    )


@pytest.mark.django_db
def test_a_plan_is_cancelled_with_a_word_why(supervisor, policy):
    plan = make_plan(policy)
    assert supervisor.post(reverse("plan-cancel", args=[plan.pk])).status_code == 422
    assert (
        supervisor.post(reverse("plan-cancel", args=[plan.pk]), {"note": "rain"}).status_code == 302
    )
    plan.refresh_from_db()
    assert plan.status == "cancelled"
    assert AuditEntry.objects.get(outcome="cancelled").actor == "supervisor"


@pytest.mark.django_db
def test_a_plan_under_way_is_not_cancelled(supervisor, policy):
    plan = make_plan(policy, status="creating")
    answer = supervisor.post(reverse("plan-cancel", args=[plan.pk]), {"note": "rain"})
    assert answer.status_code == 409
    assert "Too late" in answer.content.decode()


@pytest.mark.django_db
def test_the_room_page_says_that_it_was_created_here(client, people, policy):
    room = make_room("show-1")
    address = reverse("plan-of-room", args=[room.pk])
    log_in(client, people["moderator"])
    assert client.get(address).content.decode().strip() == ""
    make_plan(policy, status="created", broadcast=room, finished_at=timezone.now())
    page = client.get(address).content.decode()
    assert "Created by ann" in page
    assert "Hidden until the host starts" in page
    assert "Hand-over card" not in page  # for those who may create rooms


@pytest.mark.django_db
def test_an_address_can_give_the_form_its_first_values(supervisor):
    page = supervisor.get(
        reverse("plan-new"), {"room_id": "given-1", "owner_account": "h"}
    ).content.decode()
    assert 'value="given-1"' in page


@pytest.mark.django_db
def test_a_scheduled_start_is_read_in_the_consoles_zone(supervisor, settings):
    soon = (timezone.localtime() + dt.timedelta(days=1)).replace(second=0, microsecond=0)
    supervisor.post(reverse("plan-new"), asked(starts_at=f"{soon:%Y-%m-%dT%H:%M}"))
    assert PlannedRoom.objects.get().starts_at == soon
