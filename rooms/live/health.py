"""How the vendor is doing, seen from the leading collector: judged there, kept in Redis, shown on
pages.

The fields of the hash are those of Stored; pages are told of the first three with every tick, see
rooms.live.hot_state.
"""

import logging
from typing import Any, TypedDict

import orjson
import redis as redis_library

from rooms.infra import call_counter, database_time, redis

logger = logging.getLogger(__name__)

COLLECTOR_SILENCE = 15  # seconds without a tick


NAME = "health"
VENDOR = ("ok", "since", "text")  # the fields of Vendor


class Vendor(TypedDict):
    """Whether the vendor answers, since when (Unix seconds), and why not."""

    ok: bool
    since: int
    text: str


class Stored(TypedDict, total=False):
    """The hash. ok: 1 or 0; since, last_answer_at: Unix seconds; text: why not; leader: name of the
    collector; tick_at: Unix milliseconds of its last tick; budget: JSON, command -> calls allowed a
    second.
    """

    ok: int
    since: int
    text: str
    last_answer_at: int
    leader: str
    tick_at: int
    budget: bytes


class Health(Vendor):
    """What pages show. known: whether Redis told; without it nothing else is. last_answer_at,
    tick_at: Unix seconds.

    collecting: a collector leads and ticks. calls: command -> calls a second of the whole
    installation just now. budget: command -> calls a second allowed.
    """

    known: bool
    last_answer_at: int
    leader: str
    tick_at: int
    collecting: bool
    calls: dict[str, float]
    budget: dict[str, float]


def write(fields: Stored) -> None:
    """Writes fields of the health hash. Never raises."""
    try:
        mapping: dict[Any, Any] = {**fields}
        redis.sync_client().hset(redis.key(NAME), mapping=mapping)
    except (redis_library.RedisError, OSError) as error:
        logger.debug("Health is not written: %s", type(error).__name__)


def read() -> Health:
    """How things are; never raises."""
    try:
        found = redis.read_hash(redis.key(NAME))
        calls = call_counter.rates()
        known = True
    except (redis_library.RedisError, OSError):
        found, calls, known = {}, {}, False
    tick_at = int(found.get("tick_at", 0)) // 1000
    return {
        "known": known,
        "ok": found.get("ok", "1") == "1",
        "since": int(found.get("since", 0)),
        "text": found.get("text", ""),
        "last_answer_at": int(found.get("last_answer_at", 0)),
        "leader": found.get("leader", ""),
        "tick_at": tick_at,
        "collecting": database_time.unix() - tick_at < COLLECTOR_SILENCE,
        "calls": calls,
        "budget": orjson.loads(found.get("budget", "{}")),
    }
