"""The websocket: who may open one, what it may say. What it is sent is the hub's."""

import logging

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from monitor import frames, sessions, wire
from monitor.hub import hub
from monitor.tabs import Tab

logger = logging.getLogger(__name__)
MOST_BAD_MESSAGES = 10


class LiveConsumer(AsyncWebsocketConsumer):
    """One browser tab. `tab` is there when it was let in."""

    tab: Tab | None = None

    async def connect(self) -> None:
        await self.accept()  # a refusal before this would hide its code from the browser
        self.bad_messages = 0
        session = self.scope["session"].session_key or ""
        code, person, name = await database_sync_to_async(sessions.standing)(session)
        tab = Tab(hub().ask, session=session, person=person, name=name)
        tab.line = wire.line(self.scope, self.base_send, tab.emptied)
        if code:
            tab.close(code, sessions.REASONS[code])
            return
        self.tab = tab
        hub().join(tab)

    async def disconnect(self, code: int) -> None:
        if self.tab is not None:
            hub().leave(self.tab)
            self.tab.release()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.tab is None:
            return
        try:
            watch = frames.read_watch(text_data)
        except frames.BadMessage as error:
            self.bad_messages += 1
            logger.info("a browser's message was ignored: %s", error)
            if self.bad_messages > MOST_BAD_MESSAGES:
                self.tab.close(sessions.BAD_MESSAGES, sessions.REASONS[sessions.BAD_MESSAGES])
            return
        if watch.looks:
            hub().looked(self.tab, watch.looks)
            if (watch.rooms, watch.visible, watch.chat) == (
                self.tab.watched,
                self.tab.visible,
                self.tab.chat,
            ):
                return  # it tells of looks alone, and needs no snapshot
        self.tab.watch(watch.rooms, visible=watch.visible, chat=watch.chat)
