"""How many calls go to the vendor: counted in every process, added up in Redis in steps of 10
seconds.
"""

import logging
import threading
import time
from collections import Counter

import redis as redis_library

from rooms.infra import database_time, redis

logger = logging.getLogger(__name__)

STEP = 10  # seconds a counter covers
KEPT = 120  # seconds
FLUSH_EVERY = 2.0
PATIENCE = (
    30.0  # seconds without asking a Redis that failed: an act must not wait for its statistics
)

_lock = threading.Lock()
_counted: Counter[str] = Counter()
_flush_at = 0.0


def count(command: str, code: int | None, seconds: float) -> None:
    """Counts one call. Only memory: safe in an event loop."""
    with _lock:
        _counted[command] += 1


def observe(command: str, code: int | None, seconds: float) -> None:
    """Counts one call and, every other second, adds the counts up in Redis. For threads."""
    count(command, code, seconds)
    flush()


def flush() -> None:
    """Adds up in Redis what was counted here, at most every 2 seconds. Never raises."""
    global _flush_at
    with _lock:
        now = time.monotonic()
        if now < _flush_at or not _counted:
            return
        _flush_at = now + FLUSH_EVERY
        counts = dict(_counted)
        _counted.clear()
    name = _key(int(database_time.unix()))
    try:
        pipeline = redis.sync_client().pipeline(transaction=False)
        for command, number in counts.items():
            pipeline.hincrby(name, command, number)
        pipeline.expire(name, KEPT)
        pipeline.execute()
    except (redis_library.RedisError, OSError) as error:
        logger.debug("Calls are not counted: %s", type(error).__name__)
        with _lock:
            _flush_at = now + PATIENCE


def rates() -> dict[str, float]:
    """Calls a second by command over the last full step; raises what redis raises."""
    counts = redis.read_hash(_key(int(database_time.unix()) - STEP))
    return {command: int(number) / STEP for command, number in counts.items()}


def _key(at: int) -> str:
    return redis.key(f"calls:{at // STEP}")
