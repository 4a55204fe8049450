"""When the collector stores and publishes next: once a tick, and sooner for what must not wait."""

import asyncio
import contextlib
import time

MIN_GAP = 0.2  # seconds between two ticks, whatever hurries: browsers get a frame with each


class FlushTimer:
    """A tick every `seconds`; a hurried one at most MIN_GAP after it was asked for."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._due_at = time.monotonic()
        self._last_at = -MIN_GAP
        self._hurried = asyncio.Event()

    def hurry(self) -> None:
        """Something opened or ended: the next tick comes as soon as it may."""
        self._hurried.set()

    async def wait(self) -> None:
        """Returns when the next tick is due."""
        now = time.monotonic()
        self._due_at = max(self._due_at + self.seconds, now)
        await asyncio.sleep(min(self._last_at + MIN_GAP, self._due_at) - now)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, self._due_at - time.monotonic())):
                await self._hurried.wait()
        self._hurried.clear()
        self._last_at = time.monotonic()
        self._due_at = min(self._due_at, self._last_at)  # a tick in its time keeps its beat
