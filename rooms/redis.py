"""The connections to Redis: one pool a process for threads, one an event loop for asyncio."""

import asyncio
import threading
from typing import Any
from weakref import WeakKeyDictionary

import redis
import redis.asyncio
from django.conf import settings
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 5.0
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
                url, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=ANSWER_SECONDS
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
