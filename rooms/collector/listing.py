"""The lane that walks the listing: which rooms exist, and which known ones it has not seen for a
while.

The order of the listing changes while one walks it, so that a sweep may miss a room or tell it
twice: a room that it has missed, or that no listing shows, is asked for by name, and only the
vendor's 100004 ends it. A new room that it missed has no name yet: where a room has left the
listing meanwhile, and all behind it moved up, the listing is walked once more.
"""

import asyncio
import logging
import time
from collections.abc import Callable

from liveapi import LiveApiError, commands
from liveapi.commands.rooms import PAGE
from liveapi.messages import RoomPage
from rooms.collector.poll_context import PollContext
from rooms.infra import database_time
from rooms.ingest.readings import InfoReading

logger = logging.getLogger(__name__)

COMMAND = "get_room_list"
PAGE_ATTEMPTS = 5
SPARE_PAGES = 500  # a cursor that never ends must not hold us for ever


class ListingPoller:
    """One sweep after the other. tells: whether rows carry a count of people; None: not known
    yet.
    """

    def __init__(
        self, context: PollContext, interval: float, confirm: Callable[[int], None]
    ) -> None:
        self.context = context
        self.interval = interval
        self.reports_online: bool | None = None
        self.done = 0
        self._listed: set[int] = set()  # by the last whole sweep
        self._confirm = confirm
        self._next_page_at = 0.0

    async def step(self) -> None:
        """Walks the listing once, once more if it was shaken meanwhile, and waits for the next
        turn.
        """
        began = time.monotonic()
        if await self._sweep() and self.context.registry.rooms:
            await self._sweep()
        await asyncio.sleep(max(0.0, began + self.interval - time.monotonic()))

    async def _sweep(self) -> bool:
        """One sweep; whether rooms that were listed before have left the listing while it went
        on.
        """
        rooms = self.context.registry.rooms
        before = dict(rooms)
        listed = await self._walk(2 * len(before) // PAGE + SPARE_PAGES)
        if listed is None:
            return False
        self.done += 1
        absent = self.context.registry.absent(listed, before)
        for pk in absent:
            self._confirm(pk)
        left = {pk for pk in self._listed & before.keys() if pk in absent or pk not in rooms}
        self._listed = {pk for pk, known in rooms.items() if known.room_id in listed}
        return bool(left)

    async def _walk(self, most_pages: int) -> set[str] | None:
        """The RoomIds listed; None when the listing could not be read to its end."""
        cursor, cursors = "", {""}
        listed: set[str] = set()
        reported = 0
        for _ in range(most_pages):
            page = await self._page(cursor)
            now = int(database_time.unix())
            for room in page.rooms:
                listed.add(room.room_id)
                reported += room.online_count is not None
                self.context.batch.add_info(InfoReading(room, now, whole=False))
            if reported:
                self.reports_online = True
            if not page.next or not page.rooms:
                if listed:
                    self.reports_online = reported > 0
                return listed
            if page.next in cursors:
                logger.warning("The listing goes round in circles: it is read as unfinished")
                return None
            cursors.add(page.next)
            cursor = page.next
        logger.warning("The listing has no end: it is read as unfinished")
        return None

    async def _page(self, cursor: str) -> RoomPage:
        """A page, asked for a few times: one lost answer must not cost the whole sweep."""
        attempt = 1
        while True:
            await self._turn()
            try:
                return await self.context.ask(commands.get_room_list(cursor))
            except LiveApiError as error:
                if attempt == PAGE_ATTEMPTS or not error.retryable:
                    raise
                attempt += 1

    async def _turn(self) -> None:
        """Waits for a grant, and spreads them evenly."""
        await asyncio.sleep(max(0.0, self._next_page_at - time.monotonic()))
        while not await self.context.granted(COMMAND, 1):
            await asyncio.sleep(0)
        now = time.monotonic()
        self._next_page_at = max(self._next_page_at, now - 1) + 1 / self.context.rate(COMMAND)
