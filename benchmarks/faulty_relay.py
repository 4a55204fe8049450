"""A relay to Redis that can refuse connections or lose packets, as a broken network does.

In a thread and an event loop of its own, so that it never waits for what is measured.
"""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from launcher.folder import free_port

AT_ONCE = 1 << 16


class Relay:
    """Hands on between 127.0.0.1:`port` and a unix socket, until `refuse` or `swallow`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.port = free_port()
        self._loop = asyncio.new_event_loop()
        self._open: asyncio.Event | None = None
        self._server: asyncio.Server | None = None
        self._ways: set[asyncio.Task[None]] = set()
        self._full: list[socket.socket] = []
        threading.Thread(target=self._loop.run_forever, name="relay", daemon=True).start()

    def start(self) -> None:
        self._do(self._begin())

    def refuse(self) -> None:
        """Every connection breaks, and nobody listens any more."""
        self._do(self._refuse())

    def swallow(self) -> None:
        """What is sent is never answered, and connections are not made: their packets are lost."""
        self._do(self._swallow())

    def mend(self) -> None:
        """As before. What was swallowed arrives now, as TCP sends it again."""
        self._do(self._mend())

    def close(self) -> None:
        self._do(self._refuse())
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _begin(self) -> None:
        self._open = asyncio.Event()
        self._open.set()
        await self._listen()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)

    async def _refuse(self) -> None:
        if self._server is not None:
            self._server.close()
        self._server = None
        for way in list(self._ways):
            way.cancel()
        await asyncio.gather(*self._ways, return_exceptions=True)

    async def _swallow(self) -> None:
        assert self._open is not None
        assert self._server is not None
        self._open.clear()
        self._server.close()
        self._server = None
        full = socket.socket()
        full.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        full.bind(("127.0.0.1", self.port))
        full.listen(0)
        self._full = [full]
        for _ in range(3):  # the queue of connections is full: Linux drops whoever wants to join it
            one = socket.socket()
            one.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                one.connect(("127.0.0.1", self.port))
            self._full.append(one)

    async def _mend(self) -> None:
        assert self._open is not None
        for one in self._full:
            one.close()
        self._full = []
        self._open.set()
        if self._server is None:
            await self._listen()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        way = asyncio.current_task()
        assert way is not None
        self._ways.add(way)
        there: asyncio.StreamWriter | None = None
        try:
            back, there = await asyncio.open_unix_connection(str(self.path))
            async with asyncio.TaskGroup() as group:
                group.create_task(self._hand_on(reader, there))
                group.create_task(self._hand_on(back, writer))
        except (OSError, ExceptionGroup, asyncio.CancelledError):
            pass  # one end is gone, and with it the way
        finally:
            self._ways.discard(way)
            for end in (writer, there):
                if end is not None:
                    end.transport.abort()

    async def _hand_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert self._open is not None
        while data := await reader.read(AT_ONCE):
            await self._open.wait()
            writer.write(data)
            await writer.drain()
        raise ConnectionError("one end has closed")
