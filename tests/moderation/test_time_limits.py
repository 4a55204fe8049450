"""What follows from time limits: clocks that start, warnings, ends, broadcasts opened after the
end, limits that lapse.
"""

import datetime as dt

import pytest

from moderation.automation import time_limits
from moderation.lifecycle import limits
from moderation.models import Action, AuditEntry, Hold, Rule, RuleHit, RuleSwitch, TimeLimit
from moderation.worker import executor
from rooms.models import Room
from tests.moderation import acting
from tests.support.clocks import NOW
from tests.support.factories import make_room

pytestmark = pytest.mark.usefixtures("db", "service", "clock")

MINUTE = dt.timedelta(minutes=1)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def room(db):
    return make_room("paid")


@pytest.fixture
def limit(policy, room):
    return limits.set_limit(by="api:shop", room_id="paid", policy=policy, ends_at=NOW + 30 * MINUTE)


def orders(verb, room=None) -> list[Action]:
    found = Action.objects.filter(verb=verb, by_name="system:time-limit").order_by("pk")
    return list(found.filter(room=room) if room else found)


def look(clock, at) -> None:
    clock.move_to(at)
    time_limits.watch()


def test_a_limit_by_length_starts_with_the_host(policy):
    limit = limits.set_limit(by="api:shop", room_id="new", policy=policy, seconds=3600)
    time_limits.watch()
    room = make_room("new")
    time_limits.watch()
    limit.refresh_from_db()
    assert limit.ends_at is None
    Room.objects.filter(pk=room.pk).update(host_started_at=int(NOW.timestamp()) + 5)
    time_limits.watch()
    time_limits.watch()
    limit.refresh_from_db()
    assert (limit.ends_at, limit.version) == (NOW + 60 * MINUTE + 5 * SECOND, 2)
    assert AuditEntry.objects.filter(verb="limit_starts", actor="system:time-limit").count() == 1


def test_the_host_is_warned_five_minutes_and_one_minute_before_once_each(limit, clock):
    look(clock, NOW + 24 * MINUTE)
    assert orders("warn") == []
    look(clock, NOW + 25 * MINUTE + SECOND)
    look(clock, NOW + 27 * MINUTE)
    (first,) = orders("warn")
    assert first.text == "This broadcast ends in 5 min, at 12:30 UTC: its time is over then."
    executor.execute(first.pk)
    look(clock, NOW + 29 * MINUTE)
    look(clock, NOW + 29 * MINUTE + 30 * SECOND)
    assert [warning.text[:29] for warning in orders("warn")[1:]] == [
        "This broadcast ends in 1 min,"
    ]
    assert orders("end") == []


def test_a_limit_shorter_than_the_warning_tells_the_minutes_that_are_left(policy, room):
    limits.set_limit(by="api:shop", room_id="paid", policy=policy, ends_at=NOW + 3 * MINUTE)
    time_limits.watch()
    assert "ends in 3 min" in orders("warn")[0].text


def test_a_warning_waits_for_somebody_elses(limit, room, clock, people, policy):
    clock.move_to(NOW + 26 * MINUTE)
    other = acting.warn_host(
        by=people["moderator"], room=room, policy=policy, key=None, text="stop"
    )
    time_limits.watch()
    assert orders("warn") == []
    executor.execute(other.pk)
    time_limits.watch()
    assert len(orders("warn")) == 1


def test_after_an_extension_the_host_is_warned_anew(limit, clock, policy):
    look(clock, NOW + 26 * MINUTE)
    executor.execute(orders("warn")[0].pk)
    limits.extend(by="system:test", limit=limit, policy=policy, seconds=900)
    time_limits.watch()
    assert len(orders("warn")) == 1
    look(clock, NOW + 41 * MINUTE)
    assert len(orders("warn")) == 2


def test_the_room_is_ended_when_its_time_is_over_once(limit, room, clock):
    look(clock, NOW + 30 * MINUTE - SECOND)
    assert orders("end") == []
    look(clock, NOW + 30 * MINUTE)
    look(clock, NOW + 30 * MINUTE + 2 * SECOND)
    (end,) = orders("end")
    assert (end.room, end.due_at) == (room, NOW + 30 * MINUTE)
    assert end.note == "Its time was over at 12:30:00 UTC; the limit is from api:shop."
    assert RuleHit.objects.get().outcome == "ordered"
    executor.execute(end.pk)
    room.refresh_from_db()
    assert not room.is_live
    assert not Hold.objects.exists(), "the owner may have paid for another room"


def test_what_is_opened_after_the_end_is_ended_again_until_the_limit_is_moved(
    limit, room, clock, policy
):
    look(clock, NOW + 30 * MINUTE)
    executor.execute(orders("end")[0].pk)
    again = make_room("paid", create_time=room.create_time + 1900)
    time_limits.watch()
    assert len(orders("end", again)) == 1
    Action.objects.filter(room=again).delete()
    RuleHit.objects.all().delete()
    limits.extend(by="system:test", limit=limit, policy=policy, seconds=600)
    time_limits.watch()
    assert orders("end", again) == []


def test_a_limit_taken_off_ends_nothing(limit, clock):
    limits.close(by="system:test", limit=limit, note="free night")
    look(clock, NOW + 40 * MINUTE)
    assert not Action.objects.exists()


def test_an_end_that_was_given_up_is_tried_again_a_minute_later(limit, clock):
    look(clock, NOW + 30 * MINUTE)
    Action.objects.update(status="failed", finished_at=NOW + 30 * MINUTE)
    look(clock, NOW + 30 * MINUTE + 30 * SECOND)
    assert len(orders("end")) == 1
    look(clock, NOW + 31 * MINUTE + SECOND)
    assert len(orders("end")) == 2


def test_a_rule_that_is_off_or_dry_or_switched_off_neither_warns_nor_ends(limit, clock):
    Rule.objects.update(phase="off")
    look(clock, NOW + 26 * MINUTE)
    Rule.objects.update(phase="shadow")
    look(clock, NOW + 31 * MINUTE)
    assert [hit.outcome for hit in RuleHit.objects.all()] == ["dry"]
    Rule.objects.update(phase="on")
    RuleSwitch.objects.update(all_off=True)
    time_limits.watch()
    assert not Action.objects.exists()
    RuleSwitch.objects.update(all_off=False)
    time_limits.watch()
    assert len(orders("end")) == 1


def test_a_limit_lapses_a_day_after_its_end(limit, room, clock):
    Room.objects.update(ended_at=NOW)
    look(clock, NOW + dt.timedelta(hours=24))
    assert TimeLimit.objects.get().closed_at is None
    look(clock, NOW + dt.timedelta(hours=25))
    assert TimeLimit.objects.get().closed_by_name == "system:time-limit"
    assert AuditEntry.objects.filter(verb="limit_over").count() == 1


def test_a_limit_whose_host_never_came_lapses_in_the_end(policy, clock):
    limits.set_limit(by="api:shop", room_id="never", policy=policy, seconds=3600)
    look(clock, NOW + dt.timedelta(days=29))
    assert TimeLimit.objects.get().closed_at is None
    look(clock, NOW + dt.timedelta(days=31))
    assert TimeLimit.objects.get().closed_at is not None


def test_the_host_is_told_that_the_time_is_over_and_not_of_a_violation(limit, clock):
    look(clock, NOW + 26 * MINUTE)
    assert (orders("warn")[0].policy.code, orders("warn")[0].policy.hold_seconds) == (
        "time-is-over",
        0,
    )
    assert Rule.objects.get(slug="host-gone").policy.code == "host-gone"
