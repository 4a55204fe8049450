"""The rule for hosts that are gone: the end of a room whose host has been away too long.

What is stored only starts the clock (`lifecycle.host_clock`): before an end the host is read back
by REST, and where that cannot be done nothing ends.
"""

import datetime as dt
import logging
import time

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from liveapi import LiveApiError, LiveClient
from moderation.actions import queries
from moderation.automation import engine
from moderation.core import leases
from moderation.lifecycle.host_clock import (
    GONE,
    Clock,
    HostState,
    clock_of,
    grace_of,
    rule_on,
    scheduled,
)
from moderation.models import Rule
from moderation.values.evidence import HostGone
from rooms.infra import database_time, redis, vendor
from rooms.ingest import host_events
from rooms.ingest.host_events import HostReading
from rooms.live import demand
from rooms.models import Room

logger = logging.getLogger(__name__)
WANTED = (
    60  # seconds for which the collector is asked to look where hosts are; renewed at every look
)
# A look reads so many rooms at most, for so many seconds, and a room again only after so many
# seconds: what is stored follows meanwhile.
MAX_READ = 20
LONGEST_LOOK = 10.0
READ_AGAIN = 10


def watch() -> int:
    """One look: reads back every host that has been gone for longer than the grace; how many rooms
    have an order.
    """
    rule = rule_on()
    if rule is None:
        return 0
    demand.want_hosts(WANTED)
    began = time.monotonic()
    ordered = reads = 0
    for room, clock in gone_too_long(rule):
        turn = queries.next_try(room, rule.actor)
        if reads >= MAX_READ or time.monotonic() - began > LONGEST_LOOK:
            break
        if turn is None or not is_turn(room):
            continue
        reads += 1
        leases.release_db_connection()
        reading = read_back(vendor.sync_client(), room)
        if reading is None or reading.state not in GONE:
            continue
        key = f"{rule.slug}:{room.pk}:{clock.since}:{turn}"
        hit = engine.apply(
            rule, room=room, room_id=room.room_id, key=key, evidence=evidence(clock, reading)
        )
        ordered += hit.action_id is not None
    return ordered


def gone_too_long(rule: Rule) -> list[tuple[Room, Clock]]:
    """The live rooms whose clock has run out, those first that are gone longest."""
    grace, now = grace_of(rule), database_time.unix()
    since = database_time.now() - dt.timedelta(seconds=grace)
    has_run_out = Q(host_started_at=None, first_seen_at__lte=since) | Q(
        host_state_at__lte=int(now) - grace
    )
    rooms = list(Room.objects.live().filter(has_run_out, host_state__in=GONE))
    begin = scheduled(rooms)
    clocks = ((room, clock_of(room, grace, begin.get(room.pk))) for room in rooms)
    over = [(room, clock) for room, clock in clocks if clock is not None and clock.is_over(now)]
    return sorted(over, key=lambda pair: pair[1].since)


def is_turn(room: Room) -> bool:
    """Whether this room may be read now: not by two workers at once, nor again before READ_AGAIN
    seconds.
    """
    return bool(
        redis.sync_client().set(redis.key(f"host-read:{room.pk}"), 1, nx=True, ex=READ_AGAIN)
    )


def read_back(client: LiveClient, room: Room) -> HostReading | None:
    """Where the vendor says the host is now; None when it does not tell. Then nothing ends."""
    try:
        return host_events.read_host(client, room)
    except LiveApiError as error:
        logger.info("the host of room %s cannot be read back: %s", room.pk, error)
        return None


def evidence(clock: Clock, reading: HostReading) -> HostGone:
    """What the record keeps of why a room was ended."""
    gone = dt.datetime.fromtimestamp(clock.since, dt.UTC)
    time_text = f"{timezone.localtime(gone):%H:%M:%S %Z}"
    if clock.has_started:
        words = _("The host has been gone since %(time)s: %(state)s.") % {
            "time": time_text,
            "state": HostState(reading.state).label,
        }
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
