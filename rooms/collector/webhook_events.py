"""Consumes the stored webhooks in the leading collector.

An event is a hint. A room that is said to be new, changed or over is read by REST at once, in the
turns of the polls, and only the answer is stored; who came and went, who sits where and who said
what is handed on in the order in which it happened, for rooms that are known to live. Whatever is
lost here the next sweep finds.
"""

import asyncio
import logging
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import redis as redis_library
from django.conf import settings

from liveapi import webhooks
from liveapi.webhook_events import (
    AdminsChanged,
    Event,
    GiftOffered,
    Ignored,
    MembersChanged,
    MessageSent,
    MetadataChanged,
    OwnerChanged,
    RoomCreated,
    RoomDestroyed,
    RoomsNearLimit,
    RoomUpdated,
    SeatsChanged,
)
from rooms.broadcasts import is_same_broadcast
from rooms.collector.lookup import RoomLookup
from rooms.collector.poll_context import PollContext
from rooms.infra import redis
from rooms.webhooks import inbox
from rooms.webhooks.inbox import StoredWebhook

logger = logging.getLogger(__name__)

AT_ONCE = 1000
GAP_SECONDS = 0.2  # between two looks while events come: what comes together is stored together
LOOK_SECONDS = 0.1
PATIENCE_SECONDS = 1.0  # between two looks where nothing can come, or while Redis is away
REMEMBERED = 20_000  # events, against those that come twice
HELD_SECONDS = 5.0  # how long events of a room wait until it has been read
MAX_HELD = 2000
GIFT_SECONDS = 1.0  # how soon after a gift the reward total is read again
_LOG_EVERY = 10.0

RoomEventPair = tuple[int, Event]  # primary key of the live room, what was told of it
HANDED_ON = (
    *(MembersChanged, SeatsChanged, OwnerChanged, AdminsChanged),
    *(MetadataChanged, RoomUpdated, MessageSent),
)


@dataclass(frozen=True, slots=True)
class EventCallbacks:
    """What follows from events. confirm: reads a known room with get_room_info at once; reward: its
    totals, in so many seconds; hand_on: stores what was told of known rooms, oldest first."""

    confirm: Callable[[int], None]
    reward: Callable[[int, float], None]
    hand_on: Callable[[Sequence[RoomEventPair]], Awaitable[None]]


class WebhookConsumer:
    """Empties the inbox. One a leading collector."""

    def __init__(self, context: PollContext, discovery: RoomLookup, ways: EventCallbacks) -> None:
        self.context = context
        self.discovery = discovery
        self.ways = ways
        self._seen: OrderedDict[int, None] = OrderedDict()
        # Events of rooms that are being read, and until when they wait (monotonic).
        self._held: deque[tuple[float, Event]] = deque()
        # RoomIds of which another broadcast may live than the known one: what we knew, and until
        # when it is in doubt.
        self._doubted: dict[str, tuple[int, float]] = {}
        self._near_limit: RoomsNearLimit | None = None
        self._logged_at = 0.0

    async def step(self) -> None:
        """Looks once, and waits for the next look."""
        try:
            if self._near_limit is not None:
                await inbox.near_limit(redis.async_client(), self._near_limit)
                self._near_limit = None
            taken = await inbox.take(redis.patient_async_client(), AT_ONCE)
        except (redis_library.RedisError, OSError) as error:
            self._log(error)
            await asyncio.sleep(PATIENCE_SECONDS)
            return
        for room_id in taken.room_ids:
            self.discovery.ask(room_id, surely=True)
        pairs = [*self._released(), *self.sort(self.read(taken.records))]
        if pairs:
            pairs.sort(key=lambda pair: pair[1].at_ms)
            await self.ways.hand_on(pairs)
        if len(taken.records) < AT_ONCE:
            idle = LOOK_SECONDS if settings.LIVE_WEBHOOK_TOKEN else PATIENCE_SECONDS
            await asyncio.sleep(GAP_SECONDS if taken.records or self._held else idle)

    # --- Reading ----------------------------------------------------------------------------------

    def read(self, records: Iterable[StoredWebhook]) -> list[Event]:
        """The events of these records that have not come before, each with a time, oldest first."""
        events = []
        for record in records:
            try:
                event = webhooks.parse({"CallbackCommand": record.command}, record.body)
            except webhooks.Nonsense as error:
                logger.debug("A webhook tells nothing: %s", error)
                continue
            if isinstance(event, Ignored) or self._came_before(event):
                continue
            # A clock that runs ahead of ours must not make later events old.
            at_ms = min(event.at_ms or record.arrived_ms, record.arrived_ms)
            events.append(replace(event, at_ms=at_ms))
        events.sort(key=lambda event: event.at_ms)
        return events

    def _came_before(self, event: Event) -> bool:
        """The vendor numbers nothing: the same words about the same moment are the same event.

        One without a moment is new.
        """
        if not event.at_ms:
            return False
        number = hash(repr(event))
        if number in self._seen:
            return True
        self._seen[number] = None
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return False

    # --- What follows -----------------------------------------------------------------------------

    def sort(self, events: Iterable[Event]) -> list[RoomEventPair]:
        """Has read what is to be read; what is to be handed on.

        Events of rooms that are not known yet are held back.
        """
        pairs: list[RoomEventPair] = []
        for event in events:
            match event:
                case RoomsNearLimit():
                    self._near_limit = event
                case RoomCreated():
                    self._created(event)
                case RoomDestroyed():
                    self._destroyed(event)
                case _:
                    pairs += self._known(event)
        return pairs

    def _created(self, event: RoomCreated) -> None:
        pk = self.context.registry.by_room_id.get(event.room_id)
        if pk is None:
            self.discovery.ask(event.room_id, surely=True)
            return
        known = self.context.registry.rooms[pk]
        if not event.info.create_time or not is_same_broadcast(
            event.info.create_time, known.create_time
        ):
            self._doubt(pk, event.room_id)

    def _destroyed(self, event: RoomDestroyed) -> None:
        pk = self.context.registry.by_room_id.get(event.room_id)
        if pk is None:
            return
        known = self.context.registry.rooms[pk]
        if event.info and not is_same_broadcast(event.info.create_time, known.create_time):
            return  # of an earlier broadcast
        if event.statistics is not None:
            self.context.final_statistics[pk] = event.statistics, time.monotonic()
        self._doubt(pk, event.room_id)

    def _doubt(self, pk: int, room_id: str) -> None:
        now = time.monotonic()
        if len(self._doubted) >= MAX_HELD:
            self._doubted = {name: found for name, found in self._doubted.items() if found[1] > now}
        self._doubted[room_id] = pk, now + HELD_SECONDS
        self.ways.confirm(pk)

    def _known(self, event: Event) -> list[RoomEventPair]:
        pk = self.context.registry.by_room_id.get(event.room_id)
        if pk is None or self._is_doubted(pk, event.room_id):
            if pk is not None or self.discovery.ask(event.room_id):
                self._hold(event)
            return []
        if isinstance(event, GiftOffered):
            self.ways.reward(pk, GIFT_SECONDS)
        if isinstance(event, RoomUpdated):
            self.ways.confirm(pk)
        return [(pk, event)] if isinstance(event, HANDED_ON) else []

    def _is_doubted(self, pk: int, room_id: str) -> bool:
        doubted, until = self._doubted.get(room_id, (0, 0.0))
        if doubted == pk and time.monotonic() < until:
            return True
        self._doubted.pop(room_id, None)
        return False

    def _hold(self, event: Event) -> None:
        if len(self._held) >= MAX_HELD:
            self._held.popleft()
        self._held.append((time.monotonic() + HELD_SECONDS, event))

    def _released(self) -> list[RoomEventPair]:
        """What was held back for rooms that are known by now, oldest first."""
        pairs: list[RoomEventPair] = []
        now = time.monotonic()
        waiting, self._held = self._held, deque()
        for until, event in waiting:
            pk = self.context.registry.by_room_id.get(event.room_id)
            if pk is not None and not self._is_doubted(pk, event.room_id):
                pairs += self._known(event)
            elif now < until:
                self._held.append((until, event))
        return pairs

    def _log(self, error: Exception) -> None:
        if time.monotonic() - self._logged_at > _LOG_EVERY:
            self._logged_at = time.monotonic()
            logger.warning("Webhooks cannot be read: %s", type(error).__name__)
