"""Lines of chat: stored once, bounded, pushed, told."""

import orjson
import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liveapi.webhook_events import MessageSent
from rooms import signals
from rooms.ingest import chat, fencing
from rooms.models import ChatLine
from tests.support.factories import make_room

pytestmark = pytest.mark.django_db
NOW = 2_000_000_000_000


@pytest.fixture
def room(hot):
    return make_room("room-1", create_time=1, owner_account="", name="")


def line(text, *, number=None, account="ben", at_ms=NOW):
    return MessageSent(
        "room-1", at_ms, account, text, f"id-{number if number is not None else text}"
    )


def taken(room, *lines, fence):
    return chat.take([(room.pk, message) for message in lines], fence=fence, now_ms=NOW + 5000)


def test_a_line_is_stored_pushed_and_told(room, fence, hot):
    pubsub = hot.pubsub()
    pubsub.subscribe("lw:push")
    pubsub.get_message(timeout=1)
    heard = []

    def receiver(sender, said, **_):
        heard.extend((room.pk, [line.text for line in lines]) for room, lines in said)

    signals.chat_said.connect(receiver)
    taken(room, line("one"), line("two", at_ms=NOW + 1), fence=fence).send()
    signals.chat_said.disconnect(receiver)

    assert heard == [(room.pk, ["one", "two"])]
    header, pks, pushed = map(orjson.loads, pubsub.get_message(timeout=1)["data"].split(b"\n"))
    assert (header, pks) == ({"k": "chat"}, [room.pk])
    assert (pushed["k"], pushed["room"], pushed["left_out"]) == ("chat", room.pk, 0)
    assert (pushed["title"], pushed["room_id"], pushed["owner"]) == ("room-1", "room-1", "")
    assert [(at["text"], at["account"], at["at"]) for at in pushed["lines"]] == [
        ("one", "ben", NOW),
        ("two", "ben", NOW + 1),
    ]
    assert [at.text for at in chat.latest(room)] == ["one", "two"]


def test_a_line_told_twice_is_one_line(room, fence):
    first = taken(room, line("one"), line("one"), fence=fence)
    again = taken(room, line("one"), line("two"), fence=fence)
    assert [len(said.lines[room.pk]) for said in (first, again)] == [1, 1]
    assert ChatLine.objects.count() == 2


def test_a_message_without_an_id_is_known_by_what_it_says(room, fence):
    nameless = MessageSent("room-1", NOW, "ben", "one", "")
    taken(room, nameless, fence=fence)
    taken(room, nameless, MessageSent("room-1", NOW, "carl", "one", ""), fence=fence)
    assert ChatLine.objects.count() == 2


def test_a_flood_is_bounded_and_says_how_much_was_left_out(room, fence, hot):
    pubsub = hot.pubsub()
    pubsub.subscribe("lw:push")
    pubsub.get_message(timeout=1)
    said = taken(
        room, *(line("x", number=number) for number in range(chat.MAX_OF_A_ROOM + 7)), fence=fence
    )
    assert len(said.lines[room.pk]) == chat.MAX_OF_A_ROOM
    assert said.left_out == {room.pk: 7}
    header = pubsub.get_message(timeout=1)["data"].partition(b"\n")[0]
    assert orjson.loads(header) == {"k": "chat", "left_out": 7}


def test_an_ended_room_gets_no_more_lines(room, fence):
    room.ended_at = timezone.now()
    room.save()
    assert taken(room, line("late"), fence=fence).lines == {}


def test_an_older_leader_writes_nothing(room, fence):
    fencing.raise_fence("another")
    with pytest.raises(fencing.Fenced):
        taken(room, line("one"), fence=fence)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=50), st.text(max_size=200), st.text(max_size=200), st.integers(0, 2**62))
def test_whatever_is_said_is_taken(room, fence, account, text, message_id, at_ms):
    message = MessageSent("room-1", at_ms, account, text, message_id)
    chat.take([(room.pk, message)], fence=fence)
    where = chat.SaidIn(room.pk, room.room_id, room.name, room.owner_account)
    frames = [orjson.dumps(chat.frame(where, [said])) for said in chat.latest(room)]
    assert all(b"\n" not in frame for frame in frames)
