"""Pictures that tiles send, where the console itself can read none: in Redis until the process of
stills takes them.

    still-upload:<pk>    a JPEG, as it came; one for each room and interval
"""

from typing import Any

from django.conf import settings

from rooms.infra import redis

MAX_BYTES = 24 * 1024
JPEG = b"\xff\xd8\xff"  # what one begins with


def is_wanted(data: bytes) -> bool:
    """Whether it looks like a small JPEG; what is in it, the child that decodes finds out."""
    return data.startswith(JPEG) and len(data) <= MAX_BYTES


@redis.quiet(lambda: False)
def put(pk: int, data: bytes) -> bool:
    """Keeps the picture of a room until it is taken; False when there is one of this interval."""
    seconds = max(1, int(settings.STILL_INTERVAL))
    kept = redis.sync_client().set(redis.key(f"still-upload:{pk}"), data, nx=True, ex=seconds)
    return bool(kept)


@redis.quiet_async(lambda: None)
async def take(pk: int) -> bytes | None:
    """What was sent for a room. It stays until its time is over, so that nobody sends another; the
    same is not taken twice.
    """
    taken, key = redis.key(f"still-taken:{pk}"), redis.key(f"still-upload:{pk}")
    client = redis.async_client()
    stored: Any = await client.get(key)
    if stored is None or await client.get(taken) == stored[-64:]:
        return None
    await client.set(taken, stored[-64:], ex=60)
    found: bytes = stored
    return found
