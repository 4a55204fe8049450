"""How long a host has been gone: the clock that people see, and that the rule for absent hosts goes
by.

It runs while the heartbeat is lost, the host is out of the room or on no seat, or has never
started; it stops when the host is back on a seat. Robots are no hosts, but the robot that streams
for a host (OBS) is the host.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max

from moderation.core import rule_switch
from moderation.models import PlannedRoom, Rule
from rooms.ingest import host_state
from rooms.models import Room

HostState = Room.HostState
GONE = (HostState.LOST, HostState.AWAY, HostState.INSIDE)
GRACE = 300  # seconds, where the rule says nothing


@dataclass(frozen=True, slots=True)
class Clock:
    """How long a host has been gone. since: Unix seconds. grace: seconds. has_started: seen on a
    seat before.
    """

    since: int
    grace: int
    state: str
    has_started: bool

    def is_over(self, now: float) -> bool:
        return now - self.since >= self.grace


def rule_on() -> Rule | None:
    """The rule, when it looks for hosts and not all rules are off."""
    rules = Rule.objects.select_related("policy").exclude(phase=Rule.Phase.OFF)
    rule = rules.filter(kind=Rule.Kind.HOST_GONE).first()
    return None if rule is None or rule_switch.all_off() else rule


def grace_of(rule: Rule) -> int:
    """Seconds that a host may be gone."""
    return int(rule.settings.get("grace") or GRACE)


def clock_of(room: Room, grace: int, scheduled_at: dt.datetime | None = None) -> Clock | None:
    """The clock of a live broadcast; None while the host is there, or as long as nobody can tell.

    scheduled_at: when a planned room was to begin; before that nobody is late.
    """
    if not room.is_live or room.host_state not in GONE or room.host_state_at is None:
        return None
    if room.host_started_at is not None:
        return Clock(room.host_state_at, grace, room.host_state, has_started=True)
    # Nobody was late before the room was known: what happened before that is not.
    begun = [int(room.first_seen_at.timestamp())]
    if scheduled_at is not None:
        begun.append(int(scheduled_at.timestamp()))
    if (
        room.host_state_source == host_state.BY_EVENT
    ):  # somebody came, whom no reading has found on a seat yet
        begun.append(room.host_state_at)
    return Clock(max(begun), grace, room.host_state, has_started=False)


def scheduled(rooms: list[Room]) -> dict[int, dt.datetime]:
    """When planned rooms were to begin, by the broadcasts that they became."""
    plans = PlannedRoom.objects.filter(broadcast__in=rooms, starts_at__isnull=False)
    found = plans.values("broadcast").annotate(latest=Max("starts_at"))
    return {row["broadcast"]: row["latest"] for row in found}
