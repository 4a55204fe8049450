"""Time limits: set, moved and taken off, once each and with their entries."""

import datetime as dt

import pytest
from django.utils import timezone

from moderation.core.errors import Refused
from moderation.lifecycle import limits
from moderation.models import AuditEntry, TimeLimit
from tests.support.clocks import NOW
from tests.support.factories import make_room

pytestmark = pytest.mark.usefixtures("db", "clock")

HOUR = dt.timedelta(hours=1)
SYSTEM = "system:test"


def entries(verb: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(verb=verb))


def test_a_limit_until_a_time_is_kept_with_its_entry(people, policy):
    room = make_room("paid", create_time=int(NOW.timestamp()))
    limit = limits.set_limit(
        by=people["moderator"], room_id="paid", policy=policy, ends_at=NOW + HOUR, note="paid"
    )
    assert (limit.ends_at, limit.by_name, limit.version) == (NOW + HOUR, "moderator", 1)
    (entry,) = entries("set_limit")
    assert (entry.actor, entry.room_pk, entry.room_id, entry.reason) == (
        "moderator",
        room.pk,
        "paid",
        "violence",
    )
    assert entry.after["ends_at"] == (NOW + HOUR).isoformat()


def test_a_limit_may_come_before_its_room(policy):
    limit = limits.set_limit(by=SYSTEM, room_id="later", policy=policy, seconds=3600)
    assert (limit.ends_at, limit.seconds, limit.by) == (None, 3600, None)
    assert entries("set_limit")[0].room_pk is None


def test_seconds_count_from_the_hosts_start(policy):
    started = NOW - dt.timedelta(minutes=10)
    make_room("on", host_started_at=int(started.timestamp()))
    limit = limits.set_limit(by=SYSTEM, room_id="on", policy=policy, seconds=3600)
    assert limit.ends_at == started + HOUR


def test_the_same_limit_twice_is_one(policy):
    first = limits.set_limit(by=SYSTEM, room_id="a", policy=policy, seconds=600)
    assert limits.set_limit(by=SYSTEM, room_id="a", policy=policy, seconds=600) == first
    assert len(entries("set_limit")) == 1


def test_another_limit_changes_the_open_one(policy):
    first = limits.set_limit(by=SYSTEM, room_id="a", policy=policy, seconds=600)
    second = limits.set_limit(by=SYSTEM, room_id="a", policy=policy, ends_at=NOW + HOUR, version=1)
    assert (second.pk, second.version, second.seconds) == (first.pk, 2, None)
    assert TimeLimit.objects.count() == 1
    with pytest.raises(Refused, match="changed this limit meanwhile"):
        limits.set_limit(by=SYSTEM, room_id="a", policy=policy, ends_at=NOW + 2 * HOUR, version=1)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"room_id": " "}, "Give a room"),
        ({}, "either a time or a length"),
        ({"seconds": 600, "ends_at": NOW + HOUR}, "either a time or a length"),
        ({"seconds": 59}, "between 1 minute and 30 days"),
        ({"seconds": 31 * 86400}, "between 1 minute and 30 days"),
        ({"ends_at": NOW}, "passed already"),
        ({"ends_at": NOW + dt.timedelta(days=31)}, "between 1 minute and 30 days"),
    ],
)
def test_nonsense_is_refused_in_words(policy, fields, words):
    with pytest.raises(Refused, match=words) as refusal:
        limits.set_limit(by=SYSTEM, policy=policy, **({"room_id": "a"} | fields))
    assert refusal.value.status == 422
    assert not TimeLimit.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_limit_that_the_host_has_used_up_is_refused(policy):
    make_room("on", host_started_at=int((NOW - 2 * HOUR).timestamp()))
    with pytest.raises(Refused, match="passed already"):
        limits.set_limit(by=SYSTEM, room_id="on", policy=policy, seconds=3600)


def test_extending_moves_the_end_and_warns_anew(people, policy):
    limit = limits.set_limit(by=SYSTEM, room_id="a", policy=policy, ends_at=NOW + HOUR)
    TimeLimit.objects.update(warned_minutes=1)
    moved = limits.extend(
        by=people["moderator"], limit=limit, policy=policy, seconds=900, version=1
    )
    assert moved.ends_at == NOW + HOUR + dt.timedelta(minutes=15)
    assert (moved.extended, moved.version, moved.warned_minutes) == (1, 2, None)
    (entry,) = entries("extend_limit")
    assert entry.before["ends_at"] == (NOW + HOUR).isoformat()


def test_a_form_sent_twice_extends_once(policy):
    limit = limits.set_limit(by=SYSTEM, room_id="a", policy=policy, ends_at=NOW + HOUR)
    limits.extend(by=SYSTEM, limit=limit, policy=policy, seconds=900, version=1)
    with pytest.raises(Refused, match="changed this limit meanwhile"):
        limits.extend(by=SYSTEM, limit=limit, policy=policy, seconds=900, version=1)
    assert len(entries("extend_limit")) == 1


def test_after_its_end_an_extension_counts_from_now(policy, clock):
    limit = limits.set_limit(by=SYSTEM, room_id="a", policy=policy, ends_at=NOW + HOUR)
    clock.shift(2 * HOUR)
    assert (
        limits.extend(by=SYSTEM, limit=limit, policy=policy, seconds=900).ends_at
        == timezone.now() + HOUR / 4
    )


def test_before_the_host_starts_an_extension_makes_it_longer(policy):
    limit = limits.set_limit(by=SYSTEM, room_id="a", policy=policy, seconds=600)
    moved = limits.extend(by=SYSTEM, limit=limit, policy=policy, seconds=300)
    assert (moved.seconds, moved.ends_at) == (900, None)


def test_extending_without_a_length_is_refused(policy):
    limit = limits.set_limit(by=SYSTEM, room_id="a", policy=policy, seconds=600)
    with pytest.raises(Refused, match="between 1 minute and 30 days"):
        limits.extend(by=SYSTEM, limit=limit, policy=policy, seconds=0)


def test_a_limit_is_taken_off_once_and_with_a_reason(people, policy):
    limit = limits.set_limit(by=SYSTEM, room_id="a", policy=policy, seconds=600)
    with pytest.raises(Refused, match="Explain why"):
        limits.close(by=people["moderator"], limit=limit, note=" ")
    closed = limits.close(by=people["moderator"], limit=limit, note="paid for the night")
    assert (closed.closed_at, closed.closed_by_name) == (NOW, "moderator")
    assert entries("close_limit")[0].note == "paid for the night"
    with pytest.raises(Refused, match="removed in the meantime"):
        limits.close(by=people["moderator"], limit=limit, note="again")
    with pytest.raises(Refused, match="removed in the meantime"):
        limits.extend(by=SYSTEM, limit=limit, policy=policy, seconds=600)
    assert limits.open_limit("a") is None
