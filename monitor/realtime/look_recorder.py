"""Who looks at what, in one web process: gathers the looks of its tabs, stores them, and knows who
is on which room.

Every few seconds, while there are tabs: one bulk insert of looks, one renewal of presence, and a
frame to the tabs whose rooms have other people now. So it costs the same however often browsers
speak.
"""

import asyncio
import logging
import os
import uuid
from collections.abc import Collection, Iterable, Mapping

import orjson
from channels.db import database_sync_to_async
from django.db import DatabaseError

from moderation.patrol import looks
from moderation.patrol.looks import Seen
from monitor.realtime import presence, protocol, transport
from monitor.realtime.connections import Connection

logger = logging.getLogger(__name__)
EVERY_SECONDS = 3.0
STORING_SECONDS = 15.0
MAX_OF_A_PERSON = 1000  # rooms between two storings; a screen shows 200
MAX_PEOPLE = 2000


class LookRecorder:
    """`tabs`: those of the hub, which adds and removes them."""

    def __init__(self, tabs: Collection[Connection]) -> None:
        self._tabs = tabs
        self._register = self._new_register()
        self._looks: dict[int, dict[int, Seen]] = {}  # person -> room -> the longest look
        self._last: asyncio.Task[None] | None = None

    def looked(self, tab: Connection, seen: Iterable[Seen]) -> None:
        """Keeps looks until they are stored.

        What is too much is left out: nobody looks at so many rooms.
        """
        if tab.person not in self._looks and len(self._looks) >= MAX_PEOPLE:
            return
        mine = self._looks.setdefault(tab.person, {})
        for look in seen:
            before = mine.get(look.room)
            if before is None and len(mine) >= MAX_OF_A_PERSON:
                return
            if before is None or before.seconds < look.seconds:
                mine[look.room] = look

    def tell(self, kind: str, rooms: Mapping[int, bytes]) -> None:
        """Sends each tab its part of a message about many rooms."""
        built: dict[frozenset[int], transport.Frame | None] = {}
        for tab in self._tabs:
            shown = tab.watched
            if shown not in built:
                part = protocol.part(kind, rooms, shown)
                built[shown] = transport.frame(part) if part else None
            frame = built[shown]
            if frame is not None:
                # The next one of its kind tells of other rooms: each must arrive, or the page asks
                # anew.
                tab.send_latest((kind, *sorted(shown & rooms.keys())), frame)

    async def keep(self) -> None:
        """The loop; ended by the hub with its last tab."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            await self._store()
            await self._renew()

    def close(self) -> None:
        """The last tab is gone: what it said last is stored all the same."""
        self._register = self._new_register()  # tabs that come later have heard of nobody
        if self._looks:
            self._last = asyncio.create_task(self._store())

    async def _store(self) -> None:
        kept, self._looks = self._looks, {}
        if not kept:
            return
        try:
            async with asyncio.timeout(STORING_SECONDS):
                await database_sync_to_async(looks.record)(
                    {who: list(seen.values()) for who, seen in kept.items()}
                )
        except DatabaseError:
            # Away for a moment, or another process was in the way: nothing of it was stored.
            logger.warning(
                "looks of %d people could not be stored; they are tried again", len(kept)
            )
            self._put_back(kept)
        except Exception:
            # After a time-out nobody knows whether they are stored: better lost than counted twice.
            logger.exception("looks of %d people could not be stored", len(kept))

    def _put_back(self, kept: Mapping[int, Mapping[int, Seen]]) -> None:
        """What could not be stored goes back to what was told since, within the same bounds."""
        for person, seen in kept.items():
            if person not in self._looks and len(self._looks) >= MAX_PEOPLE:
                continue
            mine = self._looks.setdefault(person, {})
            for room, look in seen.items():
                known = mine.get(room)
                if (known is None and len(mine) < MAX_OF_A_PERSON) or (
                    known and known.seconds < look.seconds
                ):
                    mine[room] = look

    async def _renew(self) -> None:
        shown: dict[int, tuple[str, frozenset[int]]] = {}
        for tab in self._tabs:
            if tab.person:
                before = shown.get(tab.person)
                shown[tab.person] = (tab.name, before[1] | tab.shown if before else tab.shown)
        others = await self._register.renew(shown)
        if others:
            self.tell("here", {pk: orjson.dumps([pk, who]) for pk, who in others.items()})

    @staticmethod
    def _new_register() -> presence.PresenceRegistry:
        return presence.PresenceRegistry(f"{os.getpid()}-{uuid.uuid4().hex[:6]}")
