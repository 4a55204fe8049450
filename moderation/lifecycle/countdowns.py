"""The clocks that rows and room pages show: when a room's time is over, how long its host has been
gone.

Worked out every few seconds where time is watched over, kept in the Redis hash `clocks` (pk ->
JSON), and pushed to the tabs that show the room when one changes.
"""

import logging
from collections.abc import Sequence
from typing import Any, TypedDict

import orjson
from django.db.models import Q
from redis import RedisError

from moderation.lifecycle import host_clock, limits
from rooms.infra import redis
from rooms.live import push
from rooms.models import Room

logger = logging.getLogger(__name__)


class Clock(TypedDict):
    """Read by static/js/rooms/countdowns.js. until: Unix seconds or 0; gone: since when (Unix
    seconds) or 0; grace: seconds.
    """

    until: int
    gone: int
    grace: int


MAX_ROOMS = 2000
NO_CLOCK: Clock = {"until": 0, "gone": 0, "grace": 0}


def now_running() -> dict[int, Clock]:
    """The clocks of live rooms, by primary key; those without one are left out."""
    found: dict[int, Clock] = {}
    for limit, room in limits.with_rooms(Q(ends_at__isnull=False)):
        if limit.ends_at is not None:
            found[room.pk] = {**NO_CLOCK, "until": int(limit.ends_at.timestamp())}
    rule = host_clock.rule_on()
    if rule is None:
        return found
    grace = host_clock.grace_of(rule)
    rooms = list(Room.objects.live().filter(host_state__in=host_clock.GONE)[:MAX_ROOMS])
    begin = host_clock.scheduled(rooms)
    for room in rooms:
        if clock := host_clock.clock_of(room, grace, begin.get(room.pk)):
            found[room.pk] = {**found.get(room.pk, NO_CLOCK), "gone": clock.since, "grace": grace}
    return found


def publish() -> int:
    """Stores the clocks and pushes those that differ from what was stored; how many."""
    client, name = redis.sync_client(), redis.key("clocks")
    stored: Any = client.hgetall(name)
    before = {int(pk): value for pk, value in stored.items()}
    now = {pk: orjson.dumps(clock) for pk, clock in now_running().items()}
    stopped = [pk for pk in before if pk not in now]
    changed = {pk: value for pk, value in now.items() if before.get(pk) != value}
    if not stopped and not changed:
        return 0
    pipeline = client.pipeline(transaction=False)
    if stopped:
        pipeline.hdel(name, *map(str, stopped))
    if changed:
        pipeline.hset(name, mapping={str(pk): value for pk, value in changed.items()})
    pipeline.execute()
    changes = {pk: orjson.loads(value) for pk, value in changed.items()} | dict.fromkeys(
        stopped, NO_CLOCK
    )
    push.publish_clocks(changes)
    return len(changes)


def of(pks: Sequence[int]) -> dict[int, Clock]:
    """The stored clocks of these rooms; none when Redis does not answer."""
    if not pks:
        return {}
    try:
        values: Any = redis.sync_client().hmget(redis.key("clocks"), [str(pk) for pk in pks])
    except (RedisError, OSError) as error:
        logger.warning("the clocks cannot be read (%s)", type(error).__name__)
        return {}
    return {pk: orjson.loads(value) for pk, value in zip(pks, values, strict=True) if value}
