"""Conditions of storing that only a second writer meets: an act that ends a room between our reading and our writing,
a leader that was replaced between two transactions, an answer about another broadcast of the same RoomId."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from liveapi.messages import RoomStatistics
from rooms import ingest, lease
from rooms.facts import Batch, OnlineReading
from rooms.ingest import Fenced
from rooms.models import Room
from tests.rooms.conftest import listed, room

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def stored(fence):
    """A stored live room."""
    ingest.store(listed(room(view_count=3)), fence=fence)
    return Room.objects.get()


@pytest.fixture
def ended_meanwhile(monkeypatch):
    """ended_meanwhile(pk): an act ends this room after it was read and before it is written."""

    def arrange(pk):
        real = ingest._live_rows

        def read(*arguments):
            rows = list(real(*arguments))
            Room.objects.filter(pk=pk).update(ended_at=FIRST, end_cause=Room.EndCause.ACT)
            return rows

        monkeypatch.setattr(ingest, "_live_rows", read)

    return arrange


def test_a_room_that_was_ended_meanwhile_is_not_overwritten(fence, stored, ended_meanwhile):
    ended_meanwhile(stored.pk)
    batch = listed(room(room_name="Later", view_count=9), at=2001)
    batch.online[stored.pk] = OnlineReading(50, "members", 2001)
    batch.statistics[stored.pk] = RoomStatistics(total_gift_coins=7), 2001
    batch.names[stored.pk] = "Later", ""

    ingest.store(batch, fence=fence)

    stored.refresh_from_db()
    assert (stored.name, stored.views, stored.online) == ("A room", 3, None)
    assert (stored.reward, stored.owner_name) == (None, "")


def test_a_room_that_was_ended_meanwhile_is_not_ended_again(fence, stored, ended_meanwhile):
    ended_meanwhile(stored.pk)

    changes = ingest.store(Batch(gone={stored.pk: 3000}), fence=fence)

    stored.refresh_from_db()
    assert (changes.ended, stored.ended_at, stored.end_cause) == ([], FIRST, "act")


def test_the_first_end_of_a_room_stands(stored, hot):
    assert ingest.end_room(stored, cause=Room.EndCause.ACT, at=FIRST)
    later = FIRST.replace(year=2027)
    assert not ingest.end_room(stored, cause=Room.EndCause.GONE, at=later)

    stored.refresh_from_db()
    assert (stored.ended_at, stored.end_cause) == (FIRST, "act")


def test_the_create_time_of_another_broadcast_is_not_taken_over(fence, stored, caplog):
    ingest.store(listed(room(create_time=1500), at=2500), fence=fence)
    newer = Room.objects.live().get()

    changes = ingest.store(listed(room(create_time=1000, view_count=9), at=2600, whole=True), fence=fence)

    newer.refresh_from_db()
    assert (newer.create_time, newer.views) == (1500, None)
    assert not caplog.records, "the database was asked for what it must refuse"
    assert newer.pk in changes.known


def test_a_create_time_told_later_that_was_guessed_rightly_counts_as_told(fence):
    ingest.store(listed(room(create_time=0), at=2000), fence=fence)

    ingest.store(listed(room(create_time=2000, view_count=4), at=2001), fence=fence)

    found = Room.objects.get()
    assert (found.create_time, found.create_time_told, found.views) == (2000, True, 4)


@pytest.fixture
def replaced_after_one(fence, monkeypatch):
    """A newer leader appears between the first transaction and the second."""
    monkeypatch.setattr(ingest, "time", SimpleNamespace(sleep=lambda _: lease.raise_fence("the next")))


def test_rooms_stored_before_a_newer_leader_came_are_told(fence, replaced_after_one):
    batch = listed(*(room(f"room-{number}") for number in range(ingest.CHUNK + 5)))

    changes = ingest.store(batch, fence=fence)

    assert len(changes.opened) == Room.objects.count() == ingest.CHUNK
    assert not changes.left
    with pytest.raises(Fenced):
        ingest.store(batch, fence=fence)


def test_ends_stored_before_a_newer_leader_came_are_told(fence, replaced_after_one, monkeypatch):
    monkeypatch.setattr(ingest, "CHUNK", 1)
    Room.objects.bulk_create(
        Room(room_id=f"room-{n}", create_time=1000, first_seen_at=FIRST, facts_changed_at=FIRST)
        for n in range(2)
    )
    first, second = Room.objects.order_by("pk")

    changes = ingest.store(Batch(gone={first.pk: 3000, second.pk: 3000}), fence=fence)

    assert (changes.ended, changes.known) == ([first.pk], {})
    assert list(Room.objects.live()) == [second]
