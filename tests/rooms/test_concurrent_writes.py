"""Conditions of storing that only a second writer meets: an act that ends a room between our
reading and our writing, a leader that was replaced between two transactions, an answer about
another broadcast of the same RoomId. And what is handed on of what was stored."""

import time
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.db import DataError
from django.dispatch import Signal
from django.utils import timezone

from liveapi.messages import RoomStatistics
from rooms.ingest import fencing, notify, room_writer
from rooms.ingest.changes import Changes, Known
from rooms.ingest.readings import Batch, OnlineReading
from rooms.ingest.room_writer import Fenced
from rooms.models import Room
from tests.rooms.conftest import listed, room

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def stored(fence):
    """A stored live room."""
    room_writer.store(listed(room(view_count=3)), fence=fence)
    return Room.objects.get()


@pytest.fixture
def ended_meanwhile(monkeypatch):
    """ended_meanwhile(pk): an act ends this room after it was read and before it is written."""

    def arrange(pk):
        real = room_writer._live_rows

        def read(*arguments):
            rows = list(real(*arguments))
            Room.objects.filter(pk=pk).update(ended_at=FIRST, end_cause=Room.EndCause.ACT)
            return rows

        monkeypatch.setattr(room_writer, "_live_rows", read)

    return arrange


def test_a_room_that_was_ended_meanwhile_is_not_overwritten(fence, stored, ended_meanwhile):
    ended_meanwhile(stored.pk)
    batch = listed(room(room_name="Later", view_count=9), at=2001)
    batch.online[stored.pk] = OnlineReading(50, "members", 2001)
    batch.statistics[stored.pk] = RoomStatistics(total_gift_coins=7), 2001
    batch.names[stored.pk] = "Later", ""

    room_writer.store(batch, fence=fence)

    stored.refresh_from_db()
    assert (stored.name, stored.views, stored.online) == ("A room", 3, None)
    assert (stored.reward, stored.owner_name) == (None, "")


def test_a_room_that_was_ended_meanwhile_is_not_ended_again(fence, stored, ended_meanwhile):
    ended_meanwhile(stored.pk)

    changes = room_writer.store(Batch(gone={stored.pk: 3000}), fence=fence)

    stored.refresh_from_db()
    assert (changes.ended, stored.ended_at, stored.end_cause) == ([], FIRST, "act")


def test_the_first_end_of_a_room_stands(stored, hot):
    assert room_writer.end_room(stored, cause=Room.EndCause.ACT, at=FIRST)
    later = FIRST.replace(year=2027)
    assert not room_writer.end_room(stored, cause=Room.EndCause.GONE, at=later)

    stored.refresh_from_db()
    assert (stored.ended_at, stored.end_cause) == (FIRST, "act")


def test_the_create_time_of_another_broadcast_is_not_taken_over(fence, stored, caplog):
    room_writer.store(listed(room(create_time=1500), at=2500), fence=fence)
    newer = Room.objects.live().get()

    changes = room_writer.store(
        listed(room(create_time=1000, view_count=9), at=2600, whole=True), fence=fence
    )

    newer.refresh_from_db()
    assert (newer.create_time, newer.views) == (1500, None)
    assert not caplog.records, "the database was asked for what it must refuse"
    assert newer.pk in changes.known


def test_a_create_time_told_later_that_was_guessed_rightly_counts_as_told(fence):
    room_writer.store(listed(room(create_time=0), at=2000), fence=fence)

    room_writer.store(listed(room(create_time=2000, view_count=4), at=2001), fence=fence)

    found = Room.objects.get()
    assert (found.create_time, found.create_time_told, found.views) == (2000, True, 4)


@pytest.fixture
def replaced_after_one(fence, monkeypatch):
    """A newer leader appears between the first transaction and the second."""
    monkeypatch.setattr(
        room_writer, "time", SimpleNamespace(sleep=lambda _: fencing.raise_fence("the next"))
    )


def test_rooms_stored_before_a_newer_leader_came_are_told(fence, replaced_after_one):
    batch = listed(*(room(f"room-{number}") for number in range(room_writer.CHUNK + 5)))

    changes = room_writer.store(batch, fence=fence)

    assert len(changes.opened) == Room.objects.count() == room_writer.CHUNK
    assert not changes.left
    with pytest.raises(Fenced):
        room_writer.store(batch, fence=fence)


def test_ends_stored_before_a_newer_leader_came_are_told(fence, replaced_after_one, monkeypatch):
    monkeypatch.setattr(room_writer, "CHUNK", 1)
    Room.objects.bulk_create(
        Room(room_id=f"room-{n}", create_time=1000, first_seen_at=FIRST, facts_changed_at=FIRST)
        for n in range(2)
    )
    first, second = Room.objects.order_by("pk")

    changes = room_writer.store(Batch(gone={first.pk: 3000, second.pk: 3000}), fence=fence)

    assert (changes.ended, changes.known) == ([first.pk], {})
    assert list(Room.objects.live()) == [second]


# --- What is told, and to whom --------------------------------------------------------------------


def test_a_tick_hands_everything_to_the_push(monkeypatch):
    told = []
    monkeypatch.setattr(
        notify.push, "publish_tick", lambda *args, **more: told.append((args, more))
    )
    changes = Changes(changed={1: {"o": 5}}, full={1: {"o": 5}}, opened=[1], ended=[2])

    notify.publish(changes, {1: "reading"}, at_ms=17)

    more = {"opened": [1], "ended": [2], "readings": {1: "reading"}, "at_ms": 17}
    assert told == [(({1: {"o": 5}}, {1: {"o": 5}}), more)]


def test_only_the_rooms_of_a_signal_are_read_and_those_that_are_given_are_not(
    fence, django_assert_num_queries
):
    room_writer.store(listed(room("one"), room("two")), fence=fence)
    one, two = Room.objects.order_by("room_id")
    heard, kind = [], Signal()
    kind.connect(receiver := lambda room, **_: heard.append(room))
    with django_assert_num_queries(1):
        notify.send(kind, [one.pk])
    with django_assert_num_queries(0):
        notify.send(kind, [two.pk, 77], {two.pk: two})
        notify.send(kind, [])
    assert receiver
    assert heard == [one, two] and heard[1] is two


def test_who_hears_of_an_end_is_given_the_room_as_it_is_now(
    hot, stored, monkeypatch, django_capture_on_commit_callbacks, django_assert_num_queries
):
    heard, kind = [], Signal()
    kind.connect(receiver := lambda room, **_: heard.append(room))
    monkeypatch.setattr(notify, "room_ended", kind)
    with django_capture_on_commit_callbacks() as after:
        room_writer.end_room(stored, cause=Room.EndCause.ACT, at=FIRST)
    with django_assert_num_queries(0):
        for callback in after:
            callback()
    assert receiver
    assert [(told.pk, told.ended_at) for told in heard] == [(stored.pk, FIRST)]


@pytest.mark.parametrize(
    "part",
    [
        {"infos": {"r": 1}},
        {"statistics": {1: 1}},
        {"online": {1: 1}},
        {"names": {1: 1}},
        {"gone": {1: 1}},
    ],
)
def test_a_batch_with_anything_in_it_is_one(part):
    assert Batch(**part) and not Batch()


def test_a_batch_is_cut_into_parts_that_hold_everything_once(fence):
    batch = listed(*(room(f"room-{number}") for number in range(5)))
    batch.gone, batch.names = {1: 10}, {2: ("n", "a"), 3: ("m", "b")}
    batch.online = {4: OnlineReading(1, "members", 1)}
    batch.statistics = {
        5: (RoomStatistics(), 1),
        6: (RoomStatistics(), 1),
        7: (RoomStatistics(), 2),
    }

    parts = list(room_writer._parts(batch, 2))

    assert [(len(part.infos), len(part.pks())) for part in parts] == [
        (2, 2),
        (2, 2),
        (1, 2),
        (0, 1),
    ]
    whole = Batch()
    for part in parts:
        whole.merge(part)
    assert whole == batch


def test_what_is_known_of_a_room_is_what_the_lanes_ask_for(fence):
    told = room(
        online_count=5, online_field="OnlineCount", owner_name="Nick", owner_account="host-9"
    )

    changes = room_writer.store(listed(told, at=2000), fence=fence)

    pk = Room.objects.get().pk
    assert changes.known == {pk: Known(pk, "room-1", 1000, "host-9", "Nick", 2000, None)}
    assert changes.online == {pk: (2000, 5)}
    statistics = RoomStatistics(total_gift_coins=1, total_gifts_sent=2, total_msg_count=3)
    changes = room_writer.store(Batch(statistics={pk: (statistics, 2005)}), fence=fence)
    assert changes.known[pk].statistics_at == 2005
    assert changes.totals == {pk: (2005, 1, 2, 3)}
    assert changes.online == {}


def test_a_refused_pair_of_kinds_is_tried_one_kind_at_a_time(fence, stored, monkeypatch, caplog):
    real = room_writer._store

    def picky(part, changes):
        if part.names:
            raise DataError("no such name")
        real(part, changes)

    monkeypatch.setattr(room_writer, "_store", picky)
    batch = listed(room("new"))
    batch.names[stored.pk] = "x", ""

    changes = room_writer.store(batch, fence=fence)

    assert len(changes.opened) == 1 and not changes.left
    assert [record.levelname for record in caplog.records] == [
        "ERROR"
    ] and "no such name" in caplog.text


def test_when_a_room_was_first_seen_is_the_same_moment_in_every_zone(fence, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        room_writer.store(listed(room()), fence=fence)
    finally:
        monkeypatch.undo()
        time.tzset()
    found = Room.objects.get()
    assert abs((timezone.now() - found.first_seen_at).total_seconds()) < 3600
    assert found.facts_changed_at == found.first_seen_at


def test_of_two_rooms_one_that_is_refused_costs_that_one_only(fence, monkeypatch):
    real = room_writer._insert

    def picky(work):
        if any(row["room_id"] == "bad" for row in work.new):
            raise DataError("no such character")
        real(work)

    monkeypatch.setattr(room_writer, "_insert", picky)

    changes = room_writer.store(listed(room("bad"), room("good")), fence=fence)

    assert [found.room_id for found in Room.objects.all()] == ["good"]
    assert len(changes.opened) == 1
