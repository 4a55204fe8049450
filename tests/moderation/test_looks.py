"""Looks: who looked at which room, stored in one go, and what is read from them."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from moderation.models import LastLook, Look
from moderation.patrol import looks
from moderation.patrol.looks import Seen
from rooms.live import push
from rooms.models import Room
from tests.support.factories import make_room

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def told(monkeypatch):
    said = []
    monkeypatch.setattr(push, "publish_seen", said.append)
    return said


def test_looks_of_several_people_are_stored_and_told_at_once(people, told):
    one, two = make_room("one"), make_room("two")
    moderator, auditor = people["moderator"], people["auditor"]
    stored = looks.record(
        {
            moderator.pk: [Seen(one.pk, 3, "wall"), Seen(two.pk, 3, "list")],
            auditor.pk: [Seen(one.pk, 60, "room")],
        }
    )
    assert stored == 3 == Look.objects.count()
    assert Look.objects.get(room=one, by=auditor).seconds == 60
    assert set(told[0]) == {one.pk, two.pk}
    assert looks.of([one.pk, two.pk])[two.pk][1] == moderator.staff.code_name


def test_of_a_person_and_a_room_the_longest_counts_and_claims_are_bounded(people):
    room = make_room("one")
    person = people["moderator"].pk
    looks.record(
        {
            person: [
                Seen(room.pk, 3, "wall"),
                Seen(room.pk, 10**12, "wall"),
                Seen(room.pk, 5, "wall"),
            ]
        }
    )
    assert Look.objects.get().seconds == looks.MAX_SECONDS


def test_rooms_and_people_that_are_not_there_are_left_out(people, told):
    room = make_room("one")
    assert (
        looks.record(
            {10**9: [Seen(room.pk, 3, "wall")], people["moderator"].pk: [Seen(10**9, 3, "wall")]}
        )
        == 0
    )
    assert told == []


def test_the_order_of_a_patrol(people):
    make_room("seen lately", create_time=1)
    make_room("seen long ago", create_time=2)
    make_room("never", create_time=3)
    person = people["moderator"].pk
    now = timezone.now()
    for room_id, ago in (("seen lately", 10), ("seen long ago", 600)):
        seen = Seen(Room.objects.get(room_id=room_id).pk, 3, "wall")
        looks.record({person: [seen]}, at=now - dt.timedelta(seconds=ago))
    ordered = Room.objects.live().order_by(*looks.longest_unseen_first())
    assert [room.room_id for room in ordered] == ["never", "seen long ago", "seen lately"]


def test_a_room_that_was_just_opened_is_not_overdue(people):
    old, new = make_room("old"), make_room("new")
    Room.objects.filter(pk=old.pk).update(first_seen_at=timezone.now() - dt.timedelta(hours=1))
    assert list(looks.overdue(15)) == [old]
    looks.record({people["moderator"].pk: [Seen(old.pk, 3, "wall")]})
    assert list(looks.overdue(15)) == []
    assert new.is_live


def test_who_is_at_work(people):
    room = make_room("one")
    for name, minutes in (("moderator", 1), ("auditor", 1), ("banadmin", 60)):
        looks.record(
            {people[name].pk: [Seen(room.pk, 3, "wall")]},
            at=timezone.now() - dt.timedelta(minutes=minutes),
        )
    assert looks.at_work() == 2


def test_a_look_goes_with_its_room(people):
    room = make_room("one")
    looks.record({people["moderator"].pk: [Seen(room.pk, 3, "wall")]})
    room.delete()
    assert not Look.objects.exists() and not LastLook.objects.exists()


@given(
    st.lists(
        st.lists(st.integers() | st.none() | st.text() | st.sampled_from(["wall"]), max_size=4),
        max_size=5,
    )
)
def test_whatever_a_browser_tells_it_is_looks_of_its_rooms_or_refused(told):
    try:
        found = looks.read(told, {1, 2, 3}, 200)
    except ValueError:
        return
    assert all(look.room in {1, 2, 3} and look.where in Look.Where.values for look in found)


def test_last_looks_are_written_in_the_order_of_their_rooms(people, monkeypatch):
    """Two web processes that write the same rooms in two orders are a deadlock on PostgreSQL."""
    rooms = [make_room(f"r{number}").pk for number in range(5)]
    written: list[int] = []

    def watch(execute, sql, params, many, context):
        if "moderation_lastlook" in sql:
            written.extend(row[0] for row in params)
        return execute(sql, params, many, context)

    shuffled = [rooms[at] for at in (3, 0, 4, 2, 1)]
    with connection.execute_wrapper(watch):
        looks.record({people["moderator"].pk: [Seen(room, 3, "list") for room in shuffled]})
    assert written == sorted(rooms)
