"""The websocket: who may open one, what it may say, and how it is kept up to date."""

import asyncio
import logging
import time
from typing import Any

import orjson
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.auth import get_user

from monitor import frames
from monitor.hub import hub
from rooms import live

logger = logging.getLogger(__name__)
NOT_LOGGED_IN, NOT_ALLOWED, BAD_MESSAGES, TOO_SLOW = 4401, 4403, 4400, 4408
MOST_BAD_MESSAGES = 10
SESSION_SECONDS = 60.0
SEND_SECONDS = 10.0


class LiveConsumer(AsyncWebsocketConsumer):
    """One browser tab. Frames wait in a mailbox of one; whoever is behind gets a snapshot instead."""

    async def connect(self) -> None:
        self.watched: frozenset[int] = frozenset()
        self.visible = True
        self.bad_messages = 0
        self._mail: list[str] = []
        self._behind = False
        self._ready = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        await self.accept()
        code = await self.refusal()
        if code:
            await self.close(code)
            return
        hub().join(self)
        self._tasks = [asyncio.create_task(self._write()), asyncio.create_task(self._recheck())]

    async def disconnect(self, code: int) -> None:
        hub().leave(self)
        for task in self._tasks:
            task.cancel()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            self.watched, self.visible = frames.read_watch(text_data)
        except frames.BadMessage as error:
            self.bad_messages += 1
            logger.warning("a browser's message was ignored: %s", error)
            if self.bad_messages > MOST_BAD_MESSAGES:
                await self.close(BAD_MESSAGES)
            return
        hub().watch_changed()
        self.resync()

    # --- Called by the hub: never waits ---------------------------------------------------------------

    def offer(self, text: str) -> None:
        if len(self._mail) >= 4:
            self._behind = True
            return
        self._mail.append(text)
        self._ready.set()

    def resync(self) -> None:
        self._behind = True
        self._ready.set()

    # --- Its own loops ----------------------------------------------------------------------------------

    async def _write(self) -> None:
        """Sends what is in the mailbox; after falling behind, a snapshot in its place."""
        while True:
            await self._ready.wait()
            self._ready.clear()
            texts, self._mail = self._mail, []
            if self._behind:
                self._behind, texts = False, [await self._snapshot()]
            try:
                for text in texts:
                    await asyncio.wait_for(self.send(text), SEND_SECONDS)
            except TimeoutError:
                await self._bye("slow", TOO_SLOW)
                return

    async def _snapshot(self) -> str:
        states = await live.states_async(self.watched)
        changes = await asyncio.to_thread(live.changes)
        return frames.snapshot(states, at=int(time.time() * 1000), changes=changes)

    async def _recheck(self) -> None:
        """Logged out, password changed, deactivated, role changed: the socket goes too."""
        while True:
            await asyncio.sleep(SESSION_SECONDS)
            code = await self.refusal()
            if code:
                await self._bye("session", code)
                return

    async def _bye(self, reason: str, code: int) -> None:
        await self.send(orjson.dumps({"k": "bye", "reason": reason}).decode())
        await self.close(code)

    @database_sync_to_async
    def refusal(self) -> int:
        """The code to close with, 0 when this session may watch. Read from the database each time."""
        user = get_user(SessionRequest(self.scope["session"]))  # type: ignore[arg-type]
        if not user.is_authenticated:
            return NOT_LOGGED_IN
        return 0 if user.has_perm("moderation.watch_rooms") else NOT_ALLOWED


class SessionRequest:
    """What django.contrib.auth.get_user needs of a request: a fresh look at the session's own row."""

    def __init__(self, session: Any) -> None:
        self.session = type(session._wrapped if hasattr(session, "_wrapped") else session)(
            session.session_key
        )
