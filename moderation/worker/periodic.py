"""The looks that are made every few seconds at what time alone decides: limits, holds, and hosts
that are gone.

Each part survives the others. A look that takes long is not joined by the next one. Hosts have a
look of their own: it waits for the vendor, and a limit's end must not.
"""

import contextlib
import logging
import secrets
from collections.abc import Callable, Iterator

from django.db.models import F, Q
from redis import RedisError

from moderation.automation import host_absence, time_limits
from moderation.lifecycle import countdowns, holds
from moderation.models import Hold, TimeLimit
from rooms.infra import database_time, redis
from rooms.live import demand
from rooms.models import Room

logger = logging.getLogger(__name__)
LONGEST = 60  # seconds after which a look that never ended no longer keeps the next ones away
# Each RoomId that is held or over its time is looked for at one look of five; the newest so many of
# each kind at a look.
LOOK_SECONDS = 2.0
PARTS = 5
MAX_ASKED = 30
Part = Callable[[], object]
_ME = secrets.token_hex(8).encode()
_looking: set[str] = set()  # what this process is looking at now


def run_periodic_checks() -> bool:
    """One look at limits and holds; False when another one is still at it."""
    return look(
        "watching-over",
        time_limits.watch,
        holds.close_expired,
        holds.enforce,
        look_for_hidden,
        countdowns.publish,
    )


def watch_hosts() -> bool:
    """One look at the hosts that are gone; False when another one is still at it."""
    return look("watching-hosts", host_absence.watch)


def look_for_hidden() -> int:
    """Has RoomIds that may not broadcast read by name, a part of them at each look; how many.

    What opens under them may be hidden: no listing shows it, and a webhook may be lost.
    """
    part = Q(part=int(database_time.unix() / LOOK_SECONDS) % PARTS)
    held = Hold.objects.in_force().annotate(part=F("pk") % PARTS).filter(part).order_by("-pk")
    over = TimeLimit.objects.filter(closed_at=None, ends_at__lte=database_time.now())
    late = over.annotate(part=F("pk") % PARTS).filter(part).order_by("-pk")
    asked = {
        room_id
        for rows in (held, late)
        for room_id in rows.values_list("room_id", flat=True)[:MAX_ASKED]
    }
    known = Room.objects.live().filter(room_id__in=asked).values_list("room_id", flat=True)
    unseen = sorted(asked.difference(known))
    for room_id in unseen:
        demand.discover(room_id)
    return len(unseen)


def look(name: str, *parts: Part) -> bool:
    """Does all parts, unless somebody else is doing them."""
    with alone(name) as mine:
        for part in parts if mine else ():
            try:
                part()
            except Exception:
                logger.exception("%s goes on without one of its parts", name)
    return mine


@contextlib.contextmanager
def alone(name: str) -> Iterator[bool]:
    """Whether nobody else is looking; until the end of the block nobody else will.

    When Redis is away at the end, what says so stays behind: whoever left it takes it up with the
    next look, else limits would not be watched over for a minute.
    """
    client, key = redis.sync_client(), redis.key(name)
    mine = bool(client.set(key, _ME, nx=True, ex=LONGEST)) or (
        name not in _looking and client.get(key) == _ME and bool(client.expire(key, LONGEST))
    )
    if mine:
        _looking.add(name)
    try:
        yield mine
    finally:
        if mine:
            _looking.discard(name)
            with contextlib.suppress(RedisError, OSError):
                client.delete(key)
