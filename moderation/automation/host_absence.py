"""The rule for hosts that are gone: how long somebody has been, and the end when it has been too long.

The clock runs while the heartbeat is lost, the host is out of the room or on no seat, or has never started; it stops
when the host is back on a seat. Robots are no hosts, but the robot that streams for a host (OBS) is the host. What is
stored only starts the clock: before an end the host is read back by REST, and where that cannot be done nothing ends.
"""

import datetime as dt
import logging
import time
from dataclasses import dataclass

from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from liveapi import LiveApiError, LiveClient
from moderation.actions import queries
from moderation.automation import engine
from moderation.core import leases, rule_switch
from moderation.models import PlannedRoom, Rule
from moderation.values.evidence import HostGone
from rooms import asks, database_time, hosting, presence, redis, vendor
from rooms.models import Room
from rooms.presence import HostReading

logger = logging.getLogger(__name__)
HostState = Room.HostState
GONE = (HostState.LOST, HostState.AWAY, HostState.INSIDE)
GRACE = 300  # seconds, where the rule says nothing
WANTED = 60  # seconds for which the collector is asked to look where hosts are; renewed at every look
# A look reads so many rooms at most, for so many seconds, and a room again only after so many seconds: what is stored
# follows meanwhile.
MOST_READ = 20
LONGEST_LOOK = 10.0
READ_AGAIN = 10


@dataclass(frozen=True, slots=True)
class Clock:
    """How long a host has been gone. since: Unix seconds. grace: seconds. has_started: seen on a seat before."""

    since: int
    grace: int
    state: str
    has_started: bool

    def is_over(self, now: float) -> bool:
        return now - self.since >= self.grace


def rule_on() -> Rule | None:
    """The rule, when it is on and not all rules are off."""
    rule = Rule.objects.select_related("policy").filter(kind=Rule.Kind.HOST_GONE, is_on=True).first()
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
    if room.host_state_source == hosting.BY_EVENT:  # somebody came, whom no reading has found on a seat yet
        begun.append(room.host_state_at)
    return Clock(max(begun), grace, room.host_state, has_started=False)


def scheduled(rooms: list[Room]) -> dict[int, dt.datetime]:
    """When planned rooms were to begin, by the broadcasts that they became."""
    plans = PlannedRoom.objects.filter(broadcast__in=rooms, starts_at__isnull=False)
    found = plans.values("broadcast").annotate(latest=Max("starts_at"))
    return {row["broadcast"]: row["latest"] for row in found}


def watch() -> int:
    """One look: reads back every host that has been gone for longer than the grace; how many rooms have an order."""
    rule = rule_on()
    if rule is None:
        return 0
    asks.want_hosts(WANTED)
    began = time.monotonic()
    ordered = reads = 0
    for room, clock in gone_too_long(rule):
        turn = queries.next_try(room, rule.actor)
        if reads >= MOST_READ or time.monotonic() - began > LONGEST_LOOK:
            break
        if turn is None or not is_turn(room):
            continue
        reads += 1
        leases.lend_back()
        reading = read_back(vendor.sync_client(), room)
        if reading is None or reading.state not in GONE:
            continue
        key = f"{rule.slug}:{room.pk}:{clock.since}:{turn}"
        hit = engine.act(rule, room=room, room_id=room.room_id, key=key, evidence=evidence(clock, reading))
        ordered += hit.action_id is not None
    return ordered


def gone_too_long(rule: Rule) -> list[tuple[Room, Clock]]:
    """The live rooms whose clock has run out, those first that are gone longest."""
    grace, now = grace_of(rule), database_time.unix()
    since = database_time.now() - dt.timedelta(seconds=grace)
    has_run_out = Q(host_started_at=None, first_seen_at__lte=since) | Q(host_state_at__lte=int(now) - grace)
    rooms = list(Room.objects.live().filter(has_run_out, host_state__in=GONE))
    begin = scheduled(rooms)
    clocks = ((room, clock_of(room, grace, begin.get(room.pk))) for room in rooms)
    over = [(room, clock) for room, clock in clocks if clock is not None and clock.is_over(now)]
    return sorted(over, key=lambda pair: pair[1].since)


def is_turn(room: Room) -> bool:
    """Whether this room may be read now: not by two workers at once, nor again before READ_AGAIN seconds."""
    return bool(redis.sync_client().set(redis.key(f"host-read:{room.pk}"), 1, nx=True, ex=READ_AGAIN))


def read_back(client: LiveClient, room: Room) -> HostReading | None:
    """Where the vendor says the host is now; None when it does not tell. Then nothing ends."""
    try:
        return presence.read_host(client, room)
    except LiveApiError as error:
        logger.info("the host of room %s cannot be read back: %s", room.pk, error)
        return None


def evidence(clock: Clock, reading: HostReading) -> HostGone:
    """What the record keeps of why a room was ended."""
    gone = dt.datetime.fromtimestamp(clock.since, dt.UTC)
    time_text = f"{timezone.localtime(gone):%H:%M:%S %Z}"
    if clock.has_started:
        words = _("The host has been gone since %(time)s: %(state)s.") % {
            "time": time_text, "state": HostState(reading.state).label}  # fmt: skip
    else:
        words = _("The host has not started since %(time)s.") % {"time": time_text}
    return HostGone(
        words=words,
        since=clock.since,
        grace=clock.grace,
        state=reading.state,
        read_at=reading.at,
        robots=len(reading.robots),
    )
