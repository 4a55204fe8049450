"""How many requests a token may send a second: counted in Redis for all web processes, here when
Redis does not answer.
"""

import threading

import redis as redis_library

from rooms.infra import database_time, redis

_lock = threading.Lock()
_second = 0
_counts: dict[int, int] = {}  # token -> requests of this second; of one second only


def take(token: int, most: int, *, now: float | None = None) -> bool:
    """Counts one request of a token; False when it is more than `most` in this second (Unix
    time).
    """
    second = int(database_time.unix() if now is None else now)
    count = counted_in_redis(token, second)
    return (counted_here(token, second) if count is None else count) <= most


def counted_in_redis(token: int, second: int) -> int | None:
    """The number of this request in its second; None when Redis does not answer."""
    name = redis.key(f"api:{token}:{second}")
    try:
        pipeline = redis.sync_client().pipeline(transaction=False)
        pipeline.incr(name)
        pipeline.expire(name, 5)
        return int(pipeline.execute()[0])
    except (redis_library.RedisError, OSError) as error:
        redis.log("counted_in_redis", error)
        return None


def counted_here(token: int, second: int) -> int:
    """As counted_in_redis, by this process alone."""
    global _second
    with _lock:
        if second != _second:
            _second = second
            _counts.clear()
        _counts[token] = _counts.get(token, 0) + 1
        return _counts[token]
