"""The lane that reads rooms which are known by name only: from a webhook, or because this console
has just created them.

No listing shows hidden rooms, and the next sweep is seconds away. What get_room_info tells is
stored like any other answer of it; a name that the vendor does not know is forgotten for a while.
"""

import asyncio
import contextlib
import logging
import time
from collections import OrderedDict

from liveapi import ROOM_GONE, LiveApiError, commands
from rooms.collector.lanes import survive
from rooms.collector.poll_context import PollContext
from rooms.infra import database_time
from rooms.ingest.readings import InfoReading

logger = logging.getLogger(__name__)

COMMAND = "get_room_info"
MAX_WAITING = 1000
MAX_IN_FLIGHT = 20
ATTEMPTS = 4
RETRY_SECONDS = 0.5
LONGEST_WAIT = 1.0
UNKNOWN_SECONDS = 5.0  # how long a name that the vendor did not know is not asked for again
# At most this part of what polls may call: names that somebody made up must not keep known rooms
# from being read.
SHARE = 0.5


class RoomLookup:
    """RoomIds to be read, in the order in which they came."""

    def __init__(self, context: PollContext) -> None:
        self.context = context
        self._waiting: OrderedDict[str, tuple[bool, int]] = (
            OrderedDict()
        )  # RoomId -> (surely, attempts so far)
        self._unknown: OrderedDict[str, float] = (
            OrderedDict()
        )  # RoomId -> monotonic moment of the answer
        self._calls: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._next_at = 0.0

    def ask(self, room_id: str, *, surely: bool = False) -> bool:
        """Reads this room soon; whether it will be. surely: somebody says that it was just created,
        so that it is asked for once more when the vendor does not know it yet."""
        asked_at = self._unknown.get(room_id)
        if not surely and asked_at is not None and time.monotonic() - asked_at < UNKNOWN_SECONDS:
            return False
        if room_id not in self._waiting and len(self._waiting) >= MAX_WAITING:
            return False
        self._waiting[room_id] = surely, 0
        self._wake.set()
        return True

    def __contains__(self, room_id: str) -> bool:
        return room_id in self._waiting

    async def run(self) -> None:
        """Asks for ever; cancelled when the collector stops leading."""
        try:
            await survive("The look-up of rooms", self.step)
        finally:
            for call in self._calls:
                call.cancel()

    async def step(self) -> None:
        """Waits for a name and starts the call for it, or waits a moment."""
        await asyncio.sleep(self._next_at - time.monotonic())
        self._wake.clear()
        free = MAX_IN_FLIGHT - len(self._calls)
        if not self._waiting or free <= 0:
            await self._doze()
            return
        if not await self.context.granted(COMMAND, 1):
            return
        room_id, (surely, attempts) = self._waiting.popitem(last=False)
        call = asyncio.create_task(self._read(room_id, surely, attempts))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)
        self._next_at = time.monotonic() + 1 / (SHARE * self.context.rate(COMMAND))

    async def _doze(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_WAIT):
                await self._wake.wait()

    async def _read(self, room_id: str, surely: bool, attempts: int) -> None:
        try:
            info = await self.context.ask(commands.get_room_info(room_id))
        except LiveApiError as error:
            await self._failed(room_id, surely, attempts + 1, error)
        except Exception:
            logger.exception("A room could not be looked up")
        else:
            self._unknown.pop(room_id, None)
            self.context.batch.add_info(InfoReading(info, int(database_time.unix()), whole=True))
            self.context.hurry()
        finally:
            self._wake.set()

    async def _failed(self, room_id: str, surely: bool, attempts: int, error: LiveApiError) -> None:
        unknown = error.code == ROOM_GONE or error.kind == "invalid"
        if (surely and unknown and attempts == 1) or (error.retryable and attempts < ATTEMPTS):
            await asyncio.sleep(RETRY_SECONDS * attempts)
            self._waiting.setdefault(room_id, (surely, attempts))
        elif unknown:
            self._unknown[room_id] = time.monotonic()
            while len(self._unknown) > MAX_WAITING:
                self._unknown.popitem(last=False)
