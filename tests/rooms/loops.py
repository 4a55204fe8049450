"""Asyncio against a real Valkey."""

from rooms.infra import redis


async def closed(answer):
    """The answer of a coroutine, with this loop's connections closed afterwards."""
    try:
        return await answer
    finally:
        await redis.close_async_client()
