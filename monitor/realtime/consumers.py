"""The websocket: who may open one, what it may say. What it is sent is the hub's."""

import asyncio
import logging
from time import monotonic

from channels.db import database_sync_to_async
from channels.exceptions import DenyConnection
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.db import DatabaseError, InterfaceError

from monitor.realtime import protocol, sessions, transport
from monitor.realtime.connections import Connection
from monitor.realtime.hub import hub
from rooms.infra import database

logger = logging.getLogger(__name__)
MAX_BAD_MESSAGES = 10
# What a page says follows a hand that scrolls, and looks every few seconds. A snapshot for each of
# thousands of messages would be everybody's wait.
MESSAGES_A_SECOND = 10.0
MAX_AT_ONCE = 100.0
REFUSED_AFTER = 3.0  # seconds; daphne gives a handshake five
MAX_KEPT_WAITING = 200


class Allowance:
    """How many messages a socket may send now: so many at once, then so many a second."""

    def __init__(self) -> None:
        self.left, self.at = MAX_AT_ONCE, monotonic()

    def take(self) -> bool:
        """Whether one more is within the allowance."""
        now = monotonic()
        self.left = min(MAX_AT_ONCE, self.left + (now - self.at) * MESSAGES_A_SECOND)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


class LiveConsumer(AsyncWebsocketConsumer):
    """One browser tab. `tab` is there when it was let in."""

    tab: Connection | None = None
    kept_waiting = 0  # in this process

    async def connect(self) -> None:
        self.bad_messages = 0
        self.allowance = Allowance()
        session = self.scope["session"].session_key or ""
        if hub().is_hushed(session) or hub().tabs_of(session) >= settings.MAX_TABS:
            await self.refuse_late()  # before anything is read for it
            return
        await self.accept()  # a refusal before this would hide its code from the browser
        try:
            code, person, name = await database_sync_to_async(sessions.standing)(session)
        except (DatabaseError, InterfaceError) as error:
            database.note_outage(error)
            code, person, name = (
                sessions.AGAIN,
                0,
                "",
            )  # nobody is let in by that, and the browser comes again
        if not code and hub().tabs_of(session) >= settings.MAX_TABS:  # several came at once
            code = sessions.TOO_MUCH
        tab = Connection(hub().ask, session=session, person=person, name=name)
        tab.line = transport.line(self.scope, self.base_send, tab.on_drained)
        if code:
            tab.close(code, sessions.REASONS[code])
            return
        self.tab = tab
        hub().join(tab)

    async def refuse_late(self) -> None:
        """Keeps a session that is too loud waiting before it hears so: a program that opens socket
        after socket without a pause would get a hundred refusals a second, and each costs what a
        click costs."""
        if LiveConsumer.kept_waiting >= MAX_KEPT_WAITING:
            raise DenyConnection
        LiveConsumer.kept_waiting += 1
        try:
            await asyncio.sleep(REFUSED_AFTER)
        finally:
            LiveConsumer.kept_waiting -= 1
        await self.accept()
        # Not by `close`: daphne would leave the reason out.
        self.line = transport.line(self.scope, self.base_send, lambda: None)
        self.line.close(sessions.TOO_MUCH, sessions.REASONS[sessions.TOO_MUCH])

    async def disconnect(self, code: int) -> None:
        if self.tab is not None:
            hub().leave(self.tab)
            self.tab.release()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.tab is None or hub().is_hushed(self.tab.session):
            return
        if not self.allowance.take():
            hub().hush(self.tab.session)
            return
        try:
            watch = protocol.read_watch(text_data)
        except protocol.BadMessage as error:
            self.bad_messages += 1
            logger.info("a browser's message was ignored: %s", error)
            if self.bad_messages > MAX_BAD_MESSAGES:
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
