"""Chat, the host and what happened, on the page of a room."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from moderation.core.roles import make_person
from monitor.pages import event_text
from rooms.ingest import labels
from rooms.models import ChatLine, RoomEvent
from tests.support.factories import PASSWORD, log_in, make_room

pytestmark = pytest.mark.django_db
BAD = "<script>alert(1)</script>"


@pytest.fixture
def room():
    return make_room("room-with-a-life")


def page(client, name, room, role="moderator"):
    person = make_person(f"watcher-{role}", role, PASSWORD)
    answer = log_in(client, person).get(reverse(name, args=[room.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def say(room, text, account="ben", at_ms=1_700_000_000_000):
    ChatLine.objects.create(
        room=room, at_ms=at_ms, message_id=text[:100], account=account, text=text
    )


def test_lines_stand_oldest_first_with_the_forms_against_who_said_them(room, client):
    say(room, "second", at_ms=1_700_000_001_000)
    say(room, "first", account="b/en & co")
    html = page(client, "chat", room)
    assert html.index("first") < html.index("second")
    assert reverse("act-form", args=[room.pk, "mute"]) + "?account=b%2Fen%20%26%20co" in html
    assert reverse("act-form", args=[room.pk, "room_ban"]) + "?account=ben" in html


def test_what_strangers_say_is_text(room, client):
    say(room, BAD, account=BAD)
    html = page(client, "chat", room)
    assert BAD not in html
    assert "&lt;script&gt;" in html


def test_whoever_may_not_act_gets_no_buttons_and_nobody_gets_them_against_the_host(room, client):
    say(room, "one")
    assert "data-chat-act" not in page(client, "chat", room, role="auditor")
    ChatLine.objects.all().delete()
    say(room, "two", account=room.owner_account)
    lines = page(client, "chat", room).partition("<template")[0]
    assert "data-chat-act" not in lines


def test_without_webhooks_the_panel_says_so(room, client, settings):
    settings.LIVE_WEBHOOK_TOKEN = ""
    assert "none are set up" in page(client, "chat", room)


def test_where_the_host_is_stands_with_its_age_and_who_says_so(room, client):
    room.host_state, room.host_state_at, room.host_state_source = "lost", 1_700_000_000, "event"
    room.save()
    html = page(client, "happenings", room)
    assert "Heartbeat lost" in html
    assert "a webhook, not read back yet" in html
    assert "not seen on a seat in this broadcast" in html


def test_every_kind_of_event_has_words(room, client):
    details = {
        "host": {"state": "seated", "source": "seats"},
        "owner": {"before": "anna", "by": "admin"},
        "admins": {"accounts": ["ben", BAD], "added": True},
        "info": {"fields": ["RoomName"]},
        "metadata": {"set": {"key": "value"}, "deleted": ["old"]},
        "seats": {"seats": {"0": "anna"}},
        "label": labels.event_of(
            room, labels.Label("violence", 97.0, "k"), source="x", now_ms=1000
        ).detail,
    }
    assert set(details) == set(RoomEvent.Kind.values)
    for number, (kind, detail) in enumerate(details.items()):
        RoomEvent.objects.create(
            room=room, at_ms=1000 + number, kind=kind, account="ben", detail=detail, key=kind
        )
    html = page(client, "happenings", room)
    for words in (
        "is on a seat",
        "Another owner",
        "New room administrators",
        "Facts changed",
        "RoomName",
        "key = value",
        "On seats now",
        "violence 97",
        "the seat list",
    ):
        assert words in html
    assert 'href="/users/anna"' in html  # each account opens its card
    assert BAD not in html


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    [
        "state",
        "source",
        "by",
        "accounts",
        "added",
        "fields",
        "set",
        "deleted",
        "seats",
        "label",
        "score",
    ]
)


@given(
    st.sampled_from([*RoomEvent.Kind.values, "other"]),
    st.dictionaries(NAMES, JSON) | JSON,
    st.integers(),
)
def test_whatever_an_event_holds_it_has_words(kind, detail, at_ms):
    told = event_text.happening(RoomEvent(kind=kind, detail=detail, at_ms=at_ms, account="ben"))
    assert told.words
    assert all(isinstance(name, str) for name in told.named)
