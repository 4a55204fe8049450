"""The page of one room."""

from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from liveapi import LiveApiError
from moderation.core.roles import make_person
from rooms.infra import vendor
from tests.support.factories import PASSWORD, log_in, make_room

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("create_time", [0, 1_700_000_000, 10**15])
def test_a_room_opens_whatever_the_vendor_tells_of_its_beginning(create_time, client):
    room = make_room("room-of-another-time", create_time=create_time)
    answer = log_in(client, make_person("watcher", "moderator", PASSWORD)).get(
        reverse("room", args=[room.pk])
    )
    assert answer.status_code == 200


@pytest.fixture
def over(client):
    log_in(client, make_person("watcher", "moderator", PASSWORD))
    now = timezone.now()
    seated = {
        "host_state": "seated",
        "host_state_at": int(now.timestamp()) - 90,
        "host_state_source": "seats",
    }
    return make_room("over", ended_at=now, **seated)


def test_an_ended_room_tells_of_its_host_what_was_told_last(client, over):
    html = client.get(reverse("happenings", args=[over.pk])).content.decode()
    assert "The broadcast has ended. Last reported state of its host:" in html
    assert "badge--bad" not in html
    assert " for 1 min" not in html
    over.ended_at = None
    over.save()
    assert "Last reported" not in client.get(reverse("happenings", args=[over.pk])).content.decode()


def test_the_charts_of_an_ended_room_end_with_it(client, over):
    html = client.get(reverse("chart", args=[over.pk])).content.decode()
    assert "until the end of the broadcast" in html
    assert "every 30s" not in html


def test_the_vendors_answer_that_a_room_is_gone_is_no_silence(client, over, monkeypatch):
    def gone(*_args, **_options):
        raise LiveApiError("no such room", kind="vendor", code=100004)

    monkeypatch.setattr(vendor, "sync_client", lambda: SimpleNamespace(call=gone))
    for name in ("audience", "restrictions"):
        html = client.get(reverse(name, args=[over.pk])).content.decode()
        assert "This broadcast has ended." in html
        assert "did not answer" not in html


def test_a_title_carries_no_override_of_direction(client):
    room = make_room("turned", name="abc\u202efed\u2066")
    html = (
        log_in(client, make_person("watcher", "moderator", PASSWORD))
        .get(f"/rooms/{room.pk}")
        .content.decode()
    )
    title = html.partition("<title>")[2].partition("</title>")[0]
    assert "abc[U+202E]fed[U+2066]" in title
    assert "\u202e" not in title
