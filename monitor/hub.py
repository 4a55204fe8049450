"""One subscription a web process: each push is decoded once, and each socket gets the rooms on its page.

Frames are built once for all sockets that watch the same rooms. Handing one over never waits: a socket that has not
taken its last frame yet is marked as behind and gets a fresh snapshot when it can take one.
"""

import asyncio
import logging
from typing import Protocol
from weakref import WeakKeyDictionary

import orjson
import redis as redis_library

from monitor import frames
from rooms import live, redis

logger = logging.getLogger(__name__)
MARK_SECONDS = 3.0
MOST_WAIT = 5.0
_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, "Hub"] = WeakKeyDictionary()


class Socket(Protocol):
    """What the hub needs of a socket."""

    watched: frozenset[int]
    visible: bool

    def offer(self, text: str) -> None:
        """Takes a frame, or notes that it is behind. Never waits, never raises."""

    def resync(self) -> None:
        """Asks for a fresh snapshot."""


class Hub:
    """The sockets of one event loop, and the two loops that serve them while there are any."""

    def __init__(self) -> None:
        self.sockets: set[Socket] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._new_rooms = asyncio.Event()

    def join(self, socket: Socket) -> None:
        self.sockets.add(socket)
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._mark())]

    def leave(self, socket: Socket) -> None:
        self.sockets.discard(socket)
        if not self.sockets:
            for task in self._tasks:
                task.cancel()
            self._tasks = []

    def watch_changed(self) -> None:
        """Somebody looks at other rooms: the collector is told at once."""
        self._new_rooms.set()

    def deliver(self, data: bytes) -> None:
        """Hands one published message to every socket that it concerns."""
        pushed = frames.read_pushed(data)
        if pushed.header.get("k") != "tick":
            text, room = orjson.dumps(pushed.header).decode(), pushed.header.get("room")
            for socket in tuple(self.sockets):
                if room is None or room in socket.watched:
                    socket.offer(text)
            return
        built: dict[frozenset[int], str] = {}
        for socket in tuple(self.sockets):
            text = built.get(socket.watched) or built.setdefault(
                socket.watched, frames.tick(pushed, socket.watched)
            )
            socket.offer(text)

    async def _listen(self) -> None:
        """Subscribes, and subscribes again after every trouble; then every socket is brought up to date."""
        wait = 0.2
        while True:
            pubsub = redis.async_client().pubsub(ignore_subscribe_messages=True)
            try:
                await pubsub.subscribe(redis.key("push"))
                for socket in tuple(self.sockets):
                    socket.resync()
                wait = 0.2
                while True:
                    message = await pubsub.get_message(timeout=2.0)
                    if message is not None:
                        self._deliver_safely(message["data"])
            except (redis_library.RedisError, OSError) as error:
                logger.warning("the subscription broke (%s), again in %.1f s", type(error).__name__, wait)
                await asyncio.sleep(wait)
                wait = min(MOST_WAIT, wait * 2)
            finally:
                await pubsub.aclose()

    def _deliver_safely(self, data: bytes) -> None:
        try:
            self.deliver(data)
        except Exception:  # one bad message must not end the subscription
            logger.exception("a pushed message could not be delivered")

    async def _mark(self) -> None:
        """Tells the collector which rooms are on somebody's screen, now and every few seconds."""
        while True:
            self._new_rooms.clear()
            rooms = frozenset().union(*(socket.watched for socket in self.sockets if socket.visible))
            await live.mark_watched_async(rooms)
            try:
                await asyncio.wait_for(self._new_rooms.wait(), MARK_SECONDS)
                await asyncio.sleep(0.1)
            except TimeoutError:
                continue


def hub() -> Hub:
    """The running event loop's hub."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
