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
from redis import retry
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.client import Pipeline

logger = logging.getLogger(__name__)
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 5.0
# What somebody may wait for while a page or a click is made: after the first such wait nobody in the process asks again
# for a moment, so that waits do not add up.
QUICK_CONNECT_SECONDS = 0.3
QUICK_SECONDS = 0.5
AWAY_SECONDS = 1.0
# With RESP3 redis-py (8.1) makes a string of every push for a log that nobody reads: 5 ms for a tick of 5,000 rooms, not 1.
PROTOCOL = 2
LOG_SECONDS = 10.0
_logged_at = 0.0
_lock = threading.Lock()
_sync: dict[str, redis.Redis] = {}
_patient: dict[str, redis.Redis] = {}
_breakers: dict[str, "Breaker"] = {}
_Clients = dict[tuple[str, float], redis.asyncio.Redis]
_async: WeakKeyDictionary[asyncio.AbstractEventLoop, _Clients] = WeakKeyDictionary()


def key(name: str) -> str:
    """The name of a key or channel of this installation."""
    return f"{settings.REDIS_PREFIX}{name}"


class Breaker:
    """Whether a server is worth asking: after a failure one caller in `AWAY_SECONDS` tries, everybody else is refused."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._again_at: float | None = None  # None: it answers

    def is_open(self) -> bool:
        """Whether the server was away a moment ago; nobody's turn to try."""
        again_at = self._again_at
        return again_at is not None and self._clock() < again_at

    def enter(self) -> None:
        """Raises redis.ConnectionError at once while the server is away, except for the one whose turn it is to try."""
        with self._lock:
            if self._again_at is None:
                return
            if self._clock() < self._again_at:
                raise redis.ConnectionError("Redis was away a moment ago and is not asked")
            self._again_at = self._clock() + AWAY_SECONDS

    def failed(self) -> None:
        """The server did not answer."""
        with self._lock:
            self._again_at = self._clock() + AWAY_SECONDS

    def answered(self) -> None:
        """The server answered, be it with a refusal."""
        self._again_at = None

    def call(self, function: Callable[[], Any]) -> Any:
        """What the function answers, unless the server is away."""
        self.enter()
        try:
            result = function()
        except (redis.ConnectionError, redis.TimeoutError, OSError):
            self.failed()
            raise
        except redis.RedisError:
            self.answered()
            raise
        self.answered()
        return result


class _QuickPipeline(Pipeline):
    breaker: Breaker

    def execute(self, raise_on_error: bool = True) -> Any:
        """One round trip, or none while the server is away."""
        try:
            return self.breaker.call(lambda: super(_QuickPipeline, self).execute(raise_on_error))
        finally:
            self.reset()


class _QuickRedis(redis.Redis):
    breaker: Breaker

    def execute_command(self, *args: Any, **options: Any) -> Any:
        """One round trip, or none while the server is away."""
        return self.breaker.call(lambda: super(_QuickRedis, self).execute_command(*args, **options))

    def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> Any:
        """As redis.Redis.pipeline."""
        made = _QuickPipeline(self.connection_pool, self.response_callbacks, transaction, shard_hint)
        made.breaker = self.breaker
        return made


def breaker() -> Breaker:
    """The process's one judgement whether Redis is worth asking."""
    return _breakers.setdefault(settings.REDIS_URL, Breaker())


def sync_client() -> redis.Redis:
    """The process's client for threads. Answers are bytes. Waits half a second at most, and not at all while Redis is away.

    A connection that broke is replaced once, a wait is never repeated.
    """
    url = settings.REDIS_URL
    found = breaker()
    with _lock:
        if url not in _sync:
            client: Any = _QuickRedis.from_url(
                url,
                protocol=PROTOCOL,
                socket_connect_timeout=QUICK_CONNECT_SECONDS,
                socket_timeout=QUICK_SECONDS,
                retry=retry.Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
            )
            client.breaker = found
            _sync[url] = client
        return _sync[url]


def patient_client() -> redis.Redis:
    """The process's client for large writes, for which nobody waits: every wait ends after 5 seconds."""
    url = settings.REDIS_URL
    with _lock:
        if url not in _patient:
            _patient[url] = redis.Redis.from_url(
                url, protocol=PROTOCOL, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=ANSWER_SECONDS
            )
        return _patient[url]


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
