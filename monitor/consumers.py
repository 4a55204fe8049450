"""The websocket: who may open one, what it may say. What it is sent is the hub's."""

import asyncio
import contextlib
import logging
import random
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.auth import get_user

from monitor import frames, wire
from monitor.hub import hub
from monitor.tabs import Tab

logger = logging.getLogger(__name__)
BAD_MESSAGES, NOT_LOGGED_IN, NOT_ALLOWED = 4400, 4401, 4403
REASONS = {
    BAD_MESSAGES: "too many messages that are none of ours",
    NOT_LOGGED_IN: "not logged in",
    NOT_ALLOWED: "this account may not watch rooms",
}
MOST_BAD_MESSAGES = 10
SESSION_SECONDS = 60.0


class LiveConsumer(AsyncWebsocketConsumer):
    """One browser tab."""

    tab: Tab | None = None

    async def connect(self) -> None:
        await self.accept()  # a refusal before this would hide its code from the browser
        self.bad_messages = 0
        self._look = asyncio.Event()
        tab = Tab(hub().ask, self._look.set)
        tab.line = wire.line(self.scope, self.base_send, tab.emptied)
        code, tab.person = await self.standing()
        if code:
            tab.line.close(code, REASONS[code])
            return
        self.tab = tab
        self._rechecking = asyncio.create_task(self._recheck(tab.line))
        hub().join(tab)

    async def disconnect(self, code: int) -> None:
        if self.tab is not None:
            hub().leave(self.tab)
            self.tab.release()
            self._rechecking.cancel()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.tab is None or self.tab.line is None:
            return
        try:
            rooms, visible = frames.read_watch(text_data)
        except frames.BadMessage as error:
            self.bad_messages += 1
            logger.info("a browser's message was ignored: %s", error)
            if self.bad_messages > MOST_BAD_MESSAGES:
                self.tab.line.close(BAD_MESSAGES, REASONS[BAD_MESSAGES])
            return
        self.tab.watch(rooms, visible=visible)

    async def _recheck(self, line: wire.Line) -> None:
        """Logged out, password changed, deactivated, role changed: the socket goes too.

        At once when the account is said to have changed, else within a minute; not all sockets at one time.
        """
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._look.wait(), SESSION_SECONDS * random.uniform(0.8, 1))  # noqa: S311
            self._look.clear()
            try:
                code, _person = await self.standing()
            except Exception:  # the database is away for a moment: looked at again, nobody is let in by that
                logger.exception("a session could not be read")
                continue
            if code:
                line.close(code, REASONS[code])
                return

    @database_sync_to_async
    def standing(self) -> tuple[int, int]:
        """(the code to close with or 0, the person's number), read from the database each time."""
        user = get_user(SessionRequest(self.scope["session"]))  # type: ignore[arg-type]
        if not user.is_authenticated:
            return NOT_LOGGED_IN, 0
        return (0 if user.has_perm("moderation.watch_rooms") else NOT_ALLOWED), int(user.pk)


class SessionRequest:
    """What django.contrib.auth.get_user needs of a request: a fresh look at the session's own row."""

    def __init__(self, session: Any) -> None:
        self.session = type(session._wrapped if hasattr(session, "_wrapped") else session)(
            session.session_key
        )
