"""Hot state: the newest figures of every live room in Redis.

Facts are in the database; this is a fast copy that may be lost at any time and is written anew by
the next leading collector. Nothing here raises to its callers: without Redis it logs, and reads
answer "nothing".

    live        hash: primary key -> JSON RoomState  recent:<pk>  list of "time,online,reward",
                                                                  newest first
    push        channel, see rooms.live.push         changes      how many rooms were opened or
                                                                  ended so far
    health      hash, see rooms.live.health

A state has short names, for it is pushed: see rooms.live.encoding. Times are Unix seconds.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import orjson

from rooms.infra import redis
from rooms.live import health
from rooms.live.encoding import Reading, RoomState, vendor_words
from rooms.live.push import RECENT_LENGTH

CHUNK = 500


@redis.quiet(lambda: None)
def reset(full: Mapping[int, RoomState]) -> None:
    """Replaces all hot state by this; what a new leader does first."""
    client = redis.patient_client()
    new = redis.key("live:new")
    pipeline = client.pipeline(transaction=False)
    pipeline.delete(new)
    items = list(full.items())
    for start in range(0, len(items), CHUNK):
        part = items[start : start + CHUNK]
        pipeline.hset(new, mapping={str(pk): orjson.dumps(state) for pk, state in part})
    if items:
        pipeline.rename(new, redis.key("live"))
    else:
        pipeline.delete(redis.key("live"))
    pipeline.execute()


@redis.quiet(lambda: None)
def forget(pks: Collection[int]) -> None:
    """Takes rooms out of the hot state, some time after their end was pushed."""
    if pks:
        redis.sync_client().hdel(redis.key("live"), *(str(pk) for pk in pks))


# --- Reading --------------------------------------------------------------------------------------


def _states(pks: Sequence[int], values: Sequence[bytes | str | None]) -> dict[int, RoomState]:
    return {pk: orjson.loads(value) for pk, value in zip(pks, values, strict=True) if value}


@redis.quiet(dict)
def states(pks: Iterable[int]) -> dict[int, RoomState]:
    """pk -> state, for those that have one."""
    wanted = list(pks)
    if not wanted:
        return {}
    return _states(wanted, redis.sync_client().hmget(redis.key("live"), [str(pk) for pk in wanted]))


class Snapshot(NamedTuple):
    """What a page must know to be up to date: pk -> state, `changes()`, `vendor_words()`."""

    states: dict[int, RoomState]
    changes: int
    vendor: health.Vendor


@redis.quiet_async(lambda: None)
async def snapshot_async(pks: Collection[int]) -> Snapshot | None:
    """The states of these rooms in one round trip; None when Redis does not answer."""
    wanted = list(pks)
    pipeline = redis.async_client().pipeline(transaction=False)
    pipeline.get(redis.key("changes"))
    pipeline.hmget(redis.key(health.NAME), *health.VENDOR)
    if wanted:
        pipeline.hmget(redis.key("live"), [str(pk) for pk in wanted])
    counter, vendor, *values = await pipeline.execute()
    found = _states(wanted, values[0]) if wanted else {}
    return Snapshot(found, int(counter or 0), vendor_words(vendor))


@redis.quiet(dict)
def recent(pks: Iterable[int]) -> dict[int, list[Reading]]:
    """pk -> readings of about the last 20 minutes, oldest first, at least 10 seconds apart."""
    wanted = list(pks)
    pipeline = redis.sync_client().pipeline(transaction=False)
    for pk in wanted:
        pipeline.lrange(redis.key(f"recent:{pk}"), 0, RECENT_LENGTH - 1)
    found = pipeline.execute() if wanted else []
    return {
        pk: [_reading(line) for line in reversed(lines)]
        for pk, lines in zip(wanted, found, strict=True)
    }


class Look(NamedTuple):
    """What a page of the list needs: states and readings by pk, and how many rooms were opened or
    ended so far.

    changes: None when Redis did not answer; then the figures that are shown are the stored ones,
    and that must be said.
    """

    states: dict[int, RoomState]
    recent: dict[int, list[Reading]]
    changes: int | None


NOTHING = Look({}, {}, None)


@redis.quiet(lambda: NOTHING)
def look(pks: Sequence[int], recent_of: Sequence[int] = ()) -> Look:
    """states(pks), recent(recent_of) and changes() in one round trip."""
    pipeline = redis.sync_client().pipeline(transaction=False)
    pipeline.get(redis.key("changes"))
    for pk in recent_of:
        pipeline.lrange(redis.key(f"recent:{pk}"), 0, RECENT_LENGTH - 1)
    if pks:
        pipeline.hmget(redis.key("live"), [str(pk) for pk in pks])
    counter, *found = pipeline.execute()
    states = _states(pks, found.pop()) if pks else {}
    recent = {
        pk: [_reading(line) for line in reversed(lines)]
        for pk, lines in zip(recent_of, found, strict=True)
    }
    return Look(states, recent, int(counter or 0))


def _reading(line: bytes) -> Reading:
    at, online, reward = (int(part) if part else None for part in line.split(b","))
    return at or 0, online, reward


@redis.quiet(lambda: None)
def changes() -> int | None:
    """How many rooms were opened or ended so far; a page compares it with what is pushed.

    None: Redis does not answer.
    """
    return int(redis.sync_client().get(redis.key("changes")) or 0)
