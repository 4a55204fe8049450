"""The connections to Redis: one pool a process for threads, one an event loop for asyncio."""

import asyncio
import functools
import logging
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import redis
import redis.asyncio
from django.conf import settings
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

logger = logging.getLogger(__name__)
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 5.0
# With RESP3 redis-py (8.1) makes a string of every push for a log that nobody reads: 5 ms for a tick of 5,000 rooms, not 1.
PROTOCOL = 2
LOG_SECONDS = 10.0
_logged_at = 0.0
_lock = threading.Lock()
_sync: dict[str, redis.Redis] = {}
_Clients = dict[tuple[str, float], redis.asyncio.Redis]
_async: WeakKeyDictionary[asyncio.AbstractEventLoop, _Clients] = WeakKeyDictionary()


def key(name: str) -> str:
    """The name of a key or channel of this installation."""
    return f"{settings.REDIS_PREFIX}{name}"


def sync_client() -> redis.Redis:
    """The process's client for threads. Answers are bytes. Every wait ends after 5 seconds."""
    url = settings.REDIS_URL
    with _lock:
        if url not in _sync:
            _sync[url] = redis.Redis.from_url(
                url, protocol=PROTOCOL, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=ANSWER_SECONDS
            )
        return _sync[url]


def async_client() -> redis.asyncio.Redis:
    """The running event loop's client. Answers are bytes. Every wait ends after 5 seconds."""
    return _async_client(ANSWER_SECONDS)


def hasty_client(seconds: float) -> redis.asyncio.Redis:
    """The running event loop's client for who must not wait: tries once, for so many seconds at most."""
    return _async_client(seconds, retry=Retry(NoBackoff(), 0))


def _async_client(seconds: float, **more: Any) -> redis.asyncio.Redis:
    wanted = settings.REDIS_URL, seconds
    with _lock:
        clients = _async.setdefault(asyncio.get_running_loop(), {})
        if wanted not in clients:
            clients[wanted] = redis.asyncio.Redis.from_url(
                wanted[0],
                protocol=PROTOCOL,
                socket_connect_timeout=min(CONNECT_SECONDS, seconds),
                socket_timeout=seconds,
                **more,
            )
        return clients[wanted]


def read_hash(name: str) -> dict[str, str]:
    """A hash as text; raises what redis raises."""
    found: Any = sync_client().hgetall(name)
    return {field.decode(): value.decode("utf-8", "replace") for field, value in found.items()}


async def close_async_client() -> None:
    """Closes the running loop's connections. Before a loop ends, or Python complains of open sockets."""
    with _lock:
        clients = _async.pop(asyncio.get_running_loop(), {})
    for client in clients.values():
        await client.aclose()


# --- Without Redis -----------------------------------------------------------------------------------


def log(name: str, error: Exception) -> None:
    """Says, not too often, that Redis does not answer in the function of that name."""
    global _logged_at
    if time.monotonic() - _logged_at > LOG_SECONDS:
        _logged_at = time.monotonic()
        logger.warning("Redis does not answer (%s in %s)", type(error).__name__, name)


def quiet(
    otherwise: Callable[[], Any],
) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """Without Redis the function answers `otherwise()` and a line in the log says so."""

    def decorate(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        @functools.wraps(function)
        def safe(*arguments: Arguments.args, **options: Arguments.kwargs) -> Result:
            try:
                return function(*arguments, **options)
            except (redis.RedisError, OSError, ValueError) as error:
                log(function.__name__, error)
                result: Result = otherwise()
                return result

        return safe

    return decorate


def quiet_async(
    otherwise: Callable[[], Any],
) -> Callable[
    [Callable[Arguments, Coroutine[Any, Any, Result]]], Callable[Arguments, Coroutine[Any, Any, Result]]
]:
    """`quiet`, for coroutines."""

    def decorate(
        function: Callable[Arguments, Coroutine[Any, Any, Result]],
    ) -> Callable[Arguments, Coroutine[Any, Any, Result]]:
        @functools.wraps(function)
        async def safe(*arguments: Arguments.args, **options: Arguments.kwargs) -> Result:
            try:
                return await function(*arguments, **options)
            except (redis.RedisError, OSError, ValueError) as error:
                log(function.__name__, error)
                result: Result = otherwise()
                return result

        return safe

    return decorate
