"""The newest still of each room: the picture in Redis for a while, what is known of it there and in
a row for each broadcast.

    stills       hash: pk -> "<digest> <Unix seconds> <source> <state>"
    still:<pk>   a JPEG, gone KEPT_SECONDS after the last one came

Without Redis there are none, and nothing here raises to pages.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from rooms.infra import database_time, redis
from rooms.infra.transactions import short_transaction
from rooms.models import Still
from rooms.pictures.judgement import Sight

KEPT_SECONDS = 900  # long enough to keep the last picture of what was just ended
NAME = "stills"


class Known(NamedTuple):
    """What is known of a room's still. digest: names the picture. at: Unix seconds when it was
    taken. source: see rooms.pictures.sources. state: see rooms.pictures.judgement.
    """

    digest: str
    at: int
    source: str
    state: str


def digest_of(jpeg: bytes) -> str:
    return hashlib.blake2b(jpeg, digest_size=8).hexdigest()


def write(sights: Mapping[int, Sight], jpegs: Mapping[int, bytes]) -> None:
    """What was seen, in one round trip; raises what redis raises."""
    pipeline = redis.patient_client().pipeline(transaction=False)
    for pk, jpeg in jpegs.items():
        pipeline.set(redis.key(f"still:{pk}"), jpeg, ex=KEPT_SECONDS)
    lines: dict[str | bytes | bytearray | memoryview[int] | int | float, Any] = {
        str(pk): f"{sight.digest or '-'} {int(sight.taken_at)} {sight.source} {sight.state or '-'}"
        for pk, sight in sights.items()
    }
    if lines:
        pipeline.hset(redis.key(NAME), mapping=lines)
    pipeline.execute()


def forget_others(pks: Collection[int]) -> None:
    """Only these rooms are there. The pictures themselves go with their time."""
    client, kept = redis.sync_client(), {str(pk).encode() for pk in pks}
    if gone := [name for name in redis.read_bytes(redis.key(NAME)) if name not in kept]:
        client.hdel(redis.key(NAME), *gone)


def store_rows(sights: Mapping[int, Sight]) -> None:
    """The rows of these broadcasts as they are now, in one short transaction."""
    rows = [
        Still(
            room_id=pk,
            taken_at=int(sight.taken_at) or None,
            tried_at=int(database_time.unix()),
            source=sight.source,
            digest=sight.digest,
            hash=f"{sight.hash:032x}" if sight.taken_at else "",
            hashes=" ".join(f"{hashed:032x}" for hashed in sight.hashes),
            state=sight.state,
            state_since=int(sight.since) or None,
            error=sight.error[:40],
        )
        for pk, sight in sights.items()
    ]
    all_fields = [field.name for field in Still._meta.concrete_fields]
    with short_transaction():
        Still.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["room"],
            update_fields=[name for name in all_fields if name not in ("id", "room")],
        )


@redis.quiet(dict)
def known(pks: Sequence[int]) -> dict[int, Known]:
    """What is known of these rooms' stills; rooms without a picture that is still there are left
    out.
    """
    if not pks:
        return {}
    lines: Any = redis.sync_client().hmget(redis.key(NAME), [str(pk) for pk in pks])
    found: dict[int, Known] = {}
    oldest = database_time.unix() - KEPT_SECONDS
    for pk, line in zip(pks, lines, strict=True):
        parts = line.decode().split(" ") if line else []
        if len(parts) == 4 and parts[0] != "-" and int(parts[1]) > oldest:
            state = "" if parts[3] == "-" else parts[3]
            found[pk] = Known(parts[0], int(parts[1]), parts[2], state)
    return found


@redis.quiet(lambda: None)
def jpeg(pk: int) -> bytes | None:
    """The newest still of a room; None when there is none."""
    stored: Any = redis.sync_client().get(redis.key(f"still:{pk}"))  # bytes: ours never decode
    found: bytes | None = stored
    return found
