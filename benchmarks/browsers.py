"""Browsers that look at one page of the list: real websockets to the real web process, logged in as
a person.
"""

import asyncio
import json
import threading
from collections.abc import Iterable
from types import TracebackType

import websockets

from benchmarks.environment import BenchmarkEnvironment

PERSON = "moderator"
OPEN_SECONDS = 30


class Browsers:
    """Opens and closes websockets from a thread of its own; what they are sent is read and thrown
    away.
    """

    def __init__(self, env: BenchmarkEnvironment, address: str, watched: Iterable[int]) -> None:
        self._address = address.replace("http://", "ws://") + "/ws/live"
        self._origin = address
        self._wish = json.dumps({"watch": list(watched), "visible": True})
        self._cookie = f"sessionid={session_of(env, PERSON)}"
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._reading: list[asyncio.Task[None]] = []

    def __enter__(self) -> "Browsers":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def open(self, number: int) -> None:
        """So many more browsers, all with their first frame."""
        asyncio.run_coroutine_threadsafe(self._open(number), self._loop).result(OPEN_SECONDS)

    def close(self) -> None:
        """Closes all of them."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(OPEN_SECONDS)

    async def _open(self, number: int) -> None:
        ready = [asyncio.Event() for _ in range(number)]
        self._reading += [asyncio.create_task(self._browse(event)) for event in ready]
        await asyncio.gather(*(event.wait() for event in ready))

    async def _browse(self, ready: asyncio.Event) -> None:
        headers = {"Cookie": self._cookie}
        async with websockets.connect(
            self._address,
            origin=self._origin,
            additional_headers=headers,
            open_timeout=OPEN_SECONDS,
        ) as socket:
            await socket.send(self._wish)
            async for _ in socket:
                ready.set()

    async def _close(self) -> None:
        for task in self._reading:
            task.cancel()
        await asyncio.gather(*self._reading, return_exceptions=True)
        self._reading = []


def session_of(env: BenchmarkEnvironment, username: str) -> str:
    """The key of a session in which this person is logged in. Sets Django up in this process."""
    env.django()
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client()
    client.force_login(
        get_user_model().objects.get(username=username), "monitor.backends.ScreenBackend"
    )
    return client.cookies["sessionid"].value
