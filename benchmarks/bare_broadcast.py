"""A yardstick of `fanout` and `wall`: the `websockets` library alone broadcasts what is published
on a channel.

`python -m benchmarks.bare_broadcast PORT CHANNEL`, REDIS_URL in the environment.
"""

import asyncio
import os
import sys

from redis.asyncio import Redis
from websockets.asyncio.server import ServerConnection, broadcast, serve


async def main(port: int, channel: str) -> None:
    connections: set[ServerConnection] = set()

    async def keep(connection: ServerConnection) -> None:
        connections.add(connection)
        try:
            await connection.wait_closed()
        finally:
            connections.discard(connection)

    listener = Redis.from_url(os.environ["REDIS_URL"]).pubsub(ignore_subscribe_messages=True)
    await listener.subscribe(channel)
    async with serve(keep, "127.0.0.1", port, compression=None):
        while True:
            if message := await listener.get_message(timeout=60):
                broadcast(connections, message["data"].decode())


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
