"""The vendor as this installation knows it: whose account, which host, one shared call budget."""

import asyncio
import threading
from weakref import WeakKeyDictionary

from django.conf import settings

from liveapi import AsyncLiveClient, AsyncRedisBudget, LiveClient, LiveConfig, RedisBudget
from rooms.infra import call_counter, redis

_lock = threading.Lock()
_sync: dict[tuple[LiveConfig, str], LiveClient] = {}
_async: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncLiveClient] = WeakKeyDictionary()


def config() -> LiveConfig:
    """Who we are to the vendor, from the settings.

    Raises LiveApiError(kind="config") when it cannot work.
    """
    found = LiveConfig(
        sdkappid=settings.LIVE_SDKAPPID,
        secret_key=settings.LIVE_SECRET_KEY,
        admin=settings.LIVE_ADMIN,
        host=settings.LIVE_HOST,
        allow_loopback=settings.LIVE_ALLOW_LOOPBACK,
        timeout=settings.LIVE_TIMEOUT,
        share=settings.LIVE_SHARE,
        list_first_next=settings.LIVE_FIRST_NEXT,
        statistics_command=settings.LIVE_STATISTICS_COMMAND,
    )
    found.validate()
    return found


def budget() -> RedisBudget:
    """The installation's call budget, for threads."""
    return RedisBudget(
        redis.sync_client(), settings.LIVE_SDKAPPID, settings.LIVE_SHARE, redis.key("budget:")
    )


def async_budget() -> AsyncRedisBudget:
    """The installation's call budget, for the running event loop."""
    return AsyncRedisBudget(
        redis.async_client(), settings.LIVE_SDKAPPID, settings.LIVE_SHARE, redis.key("budget:")
    )


def sync_client() -> LiveClient:
    """The process's client for threads: it pools its connections.

    Raises LiveApiError(kind="config").
    """
    wanted = config(), settings.REDIS_URL
    with _lock:
        if wanted not in _sync:
            _sync[wanted] = LiveClient(wanted[0], budget=budget(), observer=call_counter.observe)
        return _sync[wanted]


def async_client() -> AsyncLiveClient:
    """The running event loop's client. Raises LiveApiError(kind="config")."""
    loop = asyncio.get_running_loop()
    with _lock:
        if loop not in _async:
            _async[loop] = AsyncLiveClient(
                config(), budget=async_budget(), observer=call_counter.count
            )
        return _async[loop]


async def close_async_client() -> None:
    """Closes the running loop's connections to the vendor."""
    with _lock:
        client = _async.pop(asyncio.get_running_loop(), None)
    if client is not None:
        await client.aclose()
