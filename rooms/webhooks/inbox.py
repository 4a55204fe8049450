"""Webhooks that were received and wait for the leading collector: a bounded list in Redis, and
their counts.

    events            list of records, oldest first; what does not fit falls off at the old end
    discover          list of RoomIds to be read with get_room_info: rooms that this console has
                      created
    webhooks          hash: last_at (Unix milliseconds of the last that was stored); near_at (Unix
                      seconds), near_count and
                      near_most of the last warning that so many rooms exist of so many that the
                      package allows
    webhooks:<minute> hash of counts: arrived, stored, repeated, dropped, and refused by reason;
    kept for ten minutes

A record is "<arrived, Unix milliseconds> <command>\\n<body>". Raises what redis raises; who may not
wait, does not.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import redis as redis_library
import redis.asyncio
from redis.typing import EncodableT, FieldT

from liveapi.webhook_events import RoomsNearLimit
from rooms.infra import database_time
from rooms.infra import redis as ours

# records: 16 s of 500 a second, longer than it takes another collector to lead; what falls off the
# sweep finds
MAX_STORED = 8_000
MAX_BYTES_OF_COMMAND = 128
COUNTS_KEPT = 600  # seconds
MINUTE = 60
REFUSALS = ("closed", "method", "source", "application", "signature", "size", "form")


class StoredWebhook(NamedTuple):
    """A request as it was let in. arrived_ms: Unix milliseconds by the clock of the web process."""

    arrived_ms: int
    command: str
    body: bytes


def packed(record: StoredWebhook) -> bytes:
    command = record.command.encode("utf-8", "replace")[:MAX_BYTES_OF_COMMAND].replace(b"\n", b" ")
    return b"%d %s\n%s" % (record.arrived_ms, command, record.body)


def unpacked(value: bytes) -> StoredWebhook | None:
    """None for what no receiver has written."""
    head, separator, body = value.partition(b"\n")
    arrived, _, command = head.partition(b" ")
    if not separator or not arrived.isdigit() or len(arrived) > 15:
        return None
    return StoredWebhook(int(arrived), command.decode("utf-8", "replace"), body)


async def put(
    client: redis.asyncio.Redis, records: Sequence[bytes], counts: Mapping[str, int]
) -> int:
    """Stores what arrived together, and adds the counts up, in one round trip; how many older
    records fell off.
    """
    now = database_time.unix()
    name = ours.key(f"webhooks:{int(now) // MINUTE}")
    pipeline = client.pipeline(transaction=False)
    if records:
        pipeline.rpush(ours.key("events"), *records)
        pipeline.ltrim(ours.key("events"), -MAX_STORED, -1)
        pipeline.hset(ours.key("webhooks"), "last_at", int(now * 1000))
    for field, count in counts.items():
        pipeline.hincrby(name, field, count)
    pipeline.expire(name, COUNTS_KEPT)
    answers = await pipeline.execute()
    fallen = max(0, answers[0] - MAX_STORED) if records else 0
    if fallen:
        await client.hincrby(name, "dropped", fallen)
    return fallen


class Taken(NamedTuple):
    """What was in the inbox. room_ids: rooms that this console has created, to be read."""

    records: list[StoredWebhook]
    room_ids: list[str]


async def take(client: redis.asyncio.Redis, limit: int) -> Taken:
    """The oldest records and RoomIds, at most so many of each, in one round trip; they are out of
    the lists then.
    """
    pipeline = client.pipeline(transaction=False)
    pipeline.lpop(ours.key("events"), limit)
    pipeline.lpop(ours.key("discover"), limit)
    values, room_ids = await pipeline.execute()
    records = (unpacked(value) for value in values or ())
    named = dict.fromkeys(room_id.decode("utf-8", "replace") for room_id in room_ids or ())
    return Taken([record for record in records if record is not None], list(named))


async def near_limit(client: redis.asyncio.Redis, event: RoomsNearLimit) -> None:
    """Remembers the vendor's warning that few more rooms can be created."""
    fields: dict[FieldT, EncodableT] = {
        "near_at": event.at_ms // 1000,
        "near_count": event.count or 0,
        "near_most": event.most or 0,
    }
    await client.hset(ours.key("webhooks"), mapping=fields)


class Traffic(NamedTuple):
    """What the System page shows. last_at, near_at: Unix seconds, 0: none yet. a_minute, refused,
    dropped: over the last full minute and this one. near_count, near_most: rooms that exist, rooms
    that the package allows, when the vendor warned."""

    last_at: int = 0
    a_minute: float = 0.0
    refused: int = 0
    dropped: int = 0
    waiting: int = 0
    near_at: int = 0
    near_count: int = 0
    near_most: int = 0


def traffic(now: float | None = None) -> Traffic:
    """How webhooks come in just now; nothing without Redis."""
    now = database_time.unix() if now is None else now
    minute = int(now) // MINUTE
    try:
        pipeline = ours.sync_client().pipeline(transaction=False)
        pipeline.hmget(ours.key("webhooks"), "last_at", "near_at", "near_count", "near_most")
        pipeline.llen(ours.key("events"))
        for number in (minute - 1, minute):
            pipeline.hgetall(ours.key(f"webhooks:{number}"))
        kept, waiting, *found = pipeline.execute()
    except (redis_library.RedisError, OSError):
        return Traffic()
    counts: dict[str, int] = {}
    for hashed in found:
        for field, value in hashed.items():
            counts[field.decode()] = counts.get(field.decode(), 0) + int(value)
    covered = MINUTE + now % MINUTE
    last_at, near_at, near_count, near_most = (int(value or 0) for value in kept)
    return Traffic(
        last_at=last_at // 1000,
        a_minute=counts.get("arrived", 0) / covered * MINUTE,
        refused=sum(counts.get(f"refused {reason}", 0) for reason in REFUSALS),
        dropped=counts.get("dropped", 0),
        waiting=waiting,
        near_at=near_at,
        near_count=near_count,
        near_most=near_most,
    )
