"""The connections to Redis: one pool a process for threads, one an event loop for asyncio, one
judgement whether it is away.
"""

import asyncio
import contextlib
import functools
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextvars import ContextVar
from typing import Any, ParamSpec, TypedDict, TypeVar
from weakref import WeakKeyDictionary

import redis
import redis.asyncio
from django.conf import settings
from redis import retry
from redis.asyncio.client import Pipeline as AsyncPipeline
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.client import Pipeline

from rooms.infra.breaker import Breaker

logger = logging.getLogger(__name__)
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
Asynchronous = Callable[Arguments, Coroutine[Any, Any, Result]]

# What somebody may wait for while a page or a click is made. After the first such wait nobody in
# the process asks again until the store is back, and nobody in the same request at all: waits do
# not add up.
QUICK_CONNECT_SECONDS = 0.3
QUICK_SECONDS = 0.4
# For large writes and for what is out of the store once it was asked for; nobody waits for these.
PATIENT_CONNECT_SECONDS = 1.0
PATIENT_SECONDS = 5.0
# With RESP3 redis-py (8.1) makes a string of every push for a log that nobody reads: 5 ms for a
# tick of 5,000 rooms, not 1.
PROTOCOL = 2
LOG_SECONDS = 10.0
AWAY = (redis.ConnectionError, redis.TimeoutError, OSError)
_logged_at = 0.0
_lock = threading.Lock()
_sync: dict[tuple[str, float], redis.Redis] = {}
_breakers: dict[str, Breaker] = {}
_Clients = dict[tuple[str, float], redis.asyncio.Redis]
_async: WeakKeyDictionary[asyncio.AbstractEventLoop, _Clients] = WeakKeyDictionary()
# Of a request: whether it has waited in vain already.
_gave_up: ContextVar[list[bool] | None] = ContextVar("gave_up", default=None)


def key(name: str) -> str:
    """The name of a key or channel of this installation."""
    return f"{settings.REDIS_PREFIX}{name}"


# --- Whether it is worth asking -------------------------------------------------------------------


def breaker() -> Breaker:
    """The process's one judgement whether Redis is worth asking, for threads and event loops
    alike.
    """
    url = settings.REDIS_URL
    with _lock:
        if url not in _breakers:
            _breakers[url] = Breaker(
                "Redis", lambda: ask(url), lambda: bool(url == settings.REDIS_URL)
            )
        return _breakers[url]


def ask(url: str) -> None:
    """One PING by a connection of its own; raises what redis raises."""
    with redis.Redis.from_url(
        url, **_options(QUICK_SECONDS), retry=retry.Retry(NoBackoff(), 0)
    ) as client:
        client.ping()


def is_away() -> bool:
    """Whether Redis was found away, by this process or in this request."""
    gave_up = _gave_up.get()
    return breaker().is_open or bool(gave_up and gave_up[0])


@contextlib.contextmanager
def one_wait() -> Iterator[None]:
    """Inside, whoever waits for Redis in vain is the last who waits, be it back or not meanwhile.

    Around a request.
    """
    token = _gave_up.set([False])
    try:
        yield
    finally:
        _gave_up.reset(token)


def _enter(found: Breaker) -> None:
    """Raises redis.ConnectionError at once while nobody asks."""
    gave_up = _gave_up.get()
    if found.is_open or (gave_up and gave_up[0]):
        raise redis.ConnectionError("Redis was away a moment ago and is not asked")


def _failed(found: Breaker, error: Exception) -> None:
    gave_up = _gave_up.get()
    if gave_up is not None:
        gave_up[0] = True
    found.failed(type(error).__name__)


def _call(found: Breaker, function: Callable[[], Result]) -> Result:
    _enter(found)
    try:
        return function()
    except AWAY as error:
        _failed(found, error)
        raise


async def _call_async(
    found: Breaker, seconds: float, function: Callable[[], Awaitable[Result]]
) -> Result:
    _enter(found)
    began = time.monotonic()
    try:
        return await function()
    except AWAY as error:
        # An event loop that stood still finds its time-outs over, whatever the server did: that is
        # no judgement.
        if time.monotonic() - began <= 3 * seconds:
            _failed(found, error)
        raise


# --- Clients --------------------------------------------------------------------------------------


class _GuardedPipeline(Pipeline):
    breaker: Breaker

    def execute(self, raise_on_error: bool = True) -> list[object]:
        """One round trip, or none while the server is away."""
        try:
            return _call(
                self.breaker, lambda: super(_GuardedPipeline, self).execute(raise_on_error)
            )
        finally:
            self.reset()


class _GuardedRedis(redis.Redis):
    breaker: Breaker

    def execute_command(self, *args: object, **options: object) -> object:
        """One round trip, or none while the server is away."""
        return _call(
            self.breaker, lambda: super(_GuardedRedis, self).execute_command(*args, **options)
        )

    def pipeline(self, transaction: bool = True, shard_hint: object = None) -> _GuardedPipeline:
        """As redis.Redis.pipeline."""
        made = _GuardedPipeline(
            self.connection_pool, self.response_callbacks, transaction, shard_hint
        )
        made.breaker = self.breaker
        return made


class _GuardedAsyncPipeline(AsyncPipeline):
    breaker: Breaker
    seconds: float

    async def execute(self, raise_on_error: bool = True) -> list[object]:
        """One round trip, or none while the server is away."""
        whole = super().execute
        try:
            return await _call_async(self.breaker, self.seconds, lambda: whole(raise_on_error))
        finally:
            await self.reset()


class _GuardedAsyncRedis(redis.asyncio.Redis):
    breaker: Breaker
    seconds: float

    async def execute_command(self, *args: object, **options: object) -> object:
        """One round trip, or none while the server is away."""
        whole = super().execute_command
        return await _call_async(self.breaker, self.seconds, lambda: whole(*args, **options))

    def pipeline(
        self, transaction: bool = True, shard_hint: str | None = None
    ) -> _GuardedAsyncPipeline:
        """As redis.asyncio.Redis.pipeline."""
        made = _GuardedAsyncPipeline(
            self.connection_pool, self.response_callbacks, transaction, shard_hint
        )
        made.breaker, made.seconds = self.breaker, self.seconds
        return made


class _Options(TypedDict):
    protocol: int
    socket_connect_timeout: float
    socket_timeout: float
    driver_info: None


def _options(seconds: float) -> _Options:
    """For both kinds of clients.

    A library that tells its name asks the server twice more for each connection.
    """
    connect = QUICK_CONNECT_SECONDS if seconds <= QUICK_SECONDS else PATIENT_CONNECT_SECONDS
    return {
        "protocol": PROTOCOL,
        "socket_connect_timeout": connect,
        "socket_timeout": seconds,
        "driver_info": None,
    }


def sync_client() -> redis.Redis:
    """The process's client for threads.

    Answers are bytes. Waits 0.4 seconds at most, and not at all while Redis is away.
    """
    return _sync_client(QUICK_SECONDS)


def patient_client() -> redis.Redis:
    """The process's client for large writes, for which nobody waits: every wait ends after 5
    seconds.
    """
    return _sync_client(PATIENT_SECONDS)


def _sync_client(seconds: float) -> redis.Redis:
    """A connection that broke is replaced once, a wait is never repeated.

    By itself the library (8.1) tries three times more, with waits of up to ten seconds between."""
    url, found = settings.REDIS_URL, breaker()
    with _lock:
        if (url, seconds) not in _sync:
            once = retry.Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,))
            client = _GuardedRedis.from_url(url, retry=once, **_options(seconds))
            assert isinstance(client, _GuardedRedis)
            client.breaker = found
            _sync[url, seconds] = client
        return _sync[url, seconds]


def async_client() -> redis.asyncio.Redis:
    """The running event loop's client.

    Answers are bytes. Waits as `sync_client` does, and shares its judgement.
    """
    return _async_client(QUICK_SECONDS)


def patient_async_client() -> redis.asyncio.Redis:
    """The running event loop's client for what is out of the store once it was asked for: waits 5
    seconds at most.
    """
    return _async_client(PATIENT_SECONDS)


def _async_client(seconds: float) -> redis.asyncio.Redis:
    url, found = settings.REDIS_URL, breaker()
    with _lock:
        clients = _async.setdefault(asyncio.get_running_loop(), {})
        if (url, seconds) not in clients:
            once = Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,))
            client = _GuardedAsyncRedis.from_url(url, retry=once, **_options(seconds))
            assert isinstance(client, _GuardedAsyncRedis)
            client.breaker, client.seconds = found, seconds
            clients[url, seconds] = client
        return clients[url, seconds]


def read_hash(name: str) -> dict[str, str]:
    """A hash as text; raises what redis raises."""
    found = read_bytes(name)
    return {field.decode(): value.decode("utf-8", "replace") for field, value in found.items()}


def read_bytes(name: str) -> dict[bytes, bytes]:
    """A hash as it is stored; raises what redis raises."""
    stored: Any = sync_client().hgetall(name)  # bytes or text, says redis-py: ours never decode
    found: dict[bytes, bytes] = stored
    return found


async def close_async_client() -> None:
    """Closes the running loop's connections.

    Before a loop ends, or Python complains of open sockets.
    """
    with _lock:
        clients = _async.pop(asyncio.get_running_loop(), {})
    for client in clients.values():
        await client.aclose()


# --- Without Redis --------------------------------------------------------------------------------


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
    [Asynchronous[Arguments, Result]],
    Asynchronous[Arguments, Result],
]:
    """`quiet`, for coroutines."""

    def decorate(
        function: Asynchronous[Arguments, Result],
    ) -> Asynchronous[Arguments, Result]:
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
