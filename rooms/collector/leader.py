"""The collector: one process leads and asks the vendor, the others stand by.

    run()       stand by until the lease is free, lead until it is lost, for ever
    LeaderTerm  one time of leading: lanes, and the tick that stores and publishes what they learn

Everything of the vendor happens in the event loop, everything of the database in one thread of its
own, and receivers of signals in another, so that a slow one delays no figures.
"""

import asyncio
import contextlib
import logging
import math
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, TypeVarTuple

import orjson
import redis as redis_library
from django.conf import settings
from django.db import Error as DatabaseProblem
from django.db import connections

from liveapi.webhook_events import MessageSent
from rooms.collector.flush_timer import FlushTimer
from rooms.collector.host_profiles import ProfilePoller
from rooms.collector.known_rooms import KnownRooms, stored_rooms
from rooms.collector.lanes import (
    FACTS_INTERVAL,
    MEMBERS_GAP,
    Info,
    Members,
    Statistics,
    budget_of,
    survive,
)
from rooms.collector.lease import RENEW_SECONDS, Lease
from rooms.collector.listing import ListingPoller
from rooms.collector.lookup import RoomLookup
from rooms.collector.poll_context import PollContext
from rooms.collector.schedule import Schedule
from rooms.collector.seats import TIMES, Seats
from rooms.collector.webhook_events import EventCallbacks, RoomEventPair, WebhookConsumer
from rooms.infra import call_counter, database_time, heartbeat, redis, vendor
from rooms.ingest import chat, gift_reports, host_events, notify, room_writer, samples
from rooms.ingest.changes import Changes, Known
from rooms.ingest.fencing import Fenced
from rooms.ingest.host_events import SeatsRead
from rooms.ingest.readings import Batch
from rooms.live import demand, encoding, health, hot_state
from rooms.models import Room
from rooms.signals import members_seen

logger = logging.getLogger(__name__)
Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")

STANDBY_SECONDS = 1.0
ALIVE_SECONDS = 5.0
COMPARE_SECONDS = 15.0  # how soon rooms that other processes ended or added are noticed
FORGET_SECONDS = 120.0  # how long an ended room stays in the hot state
CLOSING_SECONDS = 1.5


class Stopped(Exception):
    """The process was asked to end."""


class Lost(Exception):
    """Somebody else may lead now."""


class Collector:
    """One process of the collector."""

    def __init__(self) -> None:
        self.lease = Lease()
        self.stop = asyncio.Event()
        self.leading = False
        self._facts = ThreadPoolExecutor(1, thread_name_prefix="facts")
        self._signals = ThreadPoolExecutor(1, thread_name_prefix="signals")

    async def run(self) -> None:
        """Stands by and leads in turn until `stop` is set."""
        logger.info("Standing by as %s", self.lease.name)
        signs = asyncio.create_task(survive("The sign of life", self._sign_of_life))
        try:
            while not self.stop.is_set():
                fence = await self.in_thread(self._try_take)
                if fence is None:
                    await self._pause(STANDBY_SECONDS)
                else:
                    await self._lead(fence)
        finally:
            signs.cancel()
            await vendor.close_async_client()
            await redis.close_async_client()
            for pool in (self._facts, self._signals):
                pool.submit(connections.close_all)
                pool.shutdown(wait=False)

    async def in_thread(
        self, work: Callable[[*Arguments], Result], *arguments: *Arguments
    ) -> Result:
        """Runs something that waits for the database or Redis in the thread for facts."""
        return await asyncio.get_running_loop().run_in_executor(self._facts, work, *arguments)

    def signal(self, work: Callable[[*Arguments], None], *arguments: *Arguments) -> None:
        """Runs something that calls the receivers of signals, in their thread; what it raises is
        logged.
        """

        def guarded() -> None:
            try:
                work(*arguments)
            except Exception:
                logger.exception("Signals were not sent")
                connections.close_all()

        self._signals.submit(guarded)

    def _try_take(self) -> int | None:
        try:
            return self.lease.take()
        except (redis_library.RedisError, OSError, DatabaseProblem) as error:
            logger.warning("Nobody can lead now: %s", error)
            connections.close_all()
            return None

    async def _lead(self, fence: int) -> None:
        logger.info("Leading as %s, number %s", self.lease.name, fence)
        shift = LeaderTerm(self, fence)
        self.leading = True
        try:
            # In a task of its own: a TaskGroup of Python 3.11 leaves its parent marked as
            # cancelled, and the next time-out of that (asyncio.timeout of 3.11.2) takes the mark
            # for a cancellation.
            await asyncio.create_task(shift.run())
        except* Stopped:
            await shift.close()
        except* (Lost, Fenced):
            logger.warning("Not leading any more: the lease is lost")
        except* Exception as group:
            logger.error("Leading ended by an error", exc_info=group)
            await self._pause(STANDBY_SECONDS)
        finally:
            self.leading = False
            await self.in_thread(self.lease.release)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.stop.wait()

    async def _sign_of_life(self) -> None:
        heartbeat.touch("collector")
        await asyncio.sleep(ALIVE_SECONDS)


class LeaderTerm:
    """One time of leading."""

    def __init__(self, collector: Collector, fence: int) -> None:
        self.collector = collector
        self.fence = fence
        self.registry = KnownRooms()
        self.ticks = FlushTimer(settings.TICK_SECONDS)
        self.context = PollContext(
            vendor.async_client(), vendor.async_budget(), self.registry, self.ticks.hurry
        )
        watched, rest = settings.WATCHED_INTERVAL, settings.REST_INTERVAL
        self.info = Info(self.context, Schedule(watched_interval=watched, rest_interval=math.inf))
        self.statistics = Statistics(
            self.context,
            Schedule(watched_interval=watched, rest_interval=rest),
            self.info.prioritise,
        )
        self.seats = Seats(
            self.context,
            Schedule(watched_interval=watched * TIMES, rest_interval=math.inf),
            self.info.prioritise,
        )
        self.members = Members(
            self.context,
            Schedule(watched_interval=math.inf, rest_interval=math.inf, least_gap=MEMBERS_GAP),
            self.seats.noticed,
        )
        self.names = ProfilePoller(self.context)
        self.discovery = RoomLookup(self.context)
        ways = EventCallbacks(self.info.prioritise, self.statistics.prioritise, self._hand_on)
        self.inbox = WebhookConsumer(self.context, self.discovery, ways)
        self.sweep = ListingPoller(self.context, settings.SWEEP_INTERVAL, self.info.prioritise)
        self.lanes = (self.statistics, self.info, self.members, self.seats)
        self.minutes = samples.Minutes()
        self._forget_at: dict[int, float] = {}
        self._compare_at = time.monotonic() + COMPARE_SECONDS
        self._minute = int(database_time.unix()) // 60

    async def run(self) -> None:
        """Leads until it is stopped or the lease is lost; then raises a group of Stopped, Lost or
        Fenced.
        """
        for lane in (*self.lanes, self.names):
            self.registry.listen(lane.added, lane.removed)
        for known in await self.collector.in_thread(_begin):
            self.registry.put(known)
        work: list[Coroutine[None, None, None]] = [
            self._keep_lease(),
            self._await_stop(),
            survive("The tick", self._tick),
            survive("The listing", self.sweep.step),
            survive("The names", self.names.step),
            survive("The webhook inbox", self.inbox.step),
            self.discovery.run(),
            *(lane.run() for lane in self.lanes),
        ]
        async with asyncio.TaskGroup() as group:
            for part in work:
                group.create_task(part)

    async def close(self) -> None:
        """Stores what was learnt since the last tick, if that is quickly done."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_SECONDS):
                batch, self.context.batch = self.context.batch, Batch()
                await self.collector.in_thread(self._store, batch, [], self.seats.take_read())
                await self.collector.in_thread(self._write_samples, math.inf)

    async def _await_stop(self) -> None:
        await self.collector.stop.wait()
        raise Stopped

    async def _keep_lease(self) -> None:
        lease = self.collector.lease
        while lease.held:
            await asyncio.sleep(RENEW_SECONDS)
            # In a thread of its own: a slow database must not cost us the lease.
            if not await asyncio.to_thread(lease.renew):
                break
        raise Lost

    # --- The tick ---------------------------------------------------------------------------------

    async def _tick(self) -> None:
        """Once a second, or sooner: what was learnt is stored and published, what pages wish is
        heard.
        """
        await self.ticks.wait()
        await self._hear_wishes()
        batch, self.context.batch = self.context.batch, Batch()
        try:
            changes = await self.collector.in_thread(
                self._store, batch, self._forgotten(), self.seats.take_read()
            )
        except BaseException:
            batch.merge(self.context.batch)
            self.context.batch = batch
            raise
        changes.left.merge(self.context.batch)
        self.context.batch = changes.left
        self._take_over(changes)
        for pk, accounts in self.members.take_seen().items():
            self.collector.signal(_tell_members, pk, accounts)
        await self._now_and_then()

    def _store(self, batch: Batch, forgotten: list[int], seats: Mapping[int, SeatsRead]) -> Changes:
        if not self.collector.lease.held:
            raise Fenced("the lease has run out")
        changes = room_writer.store(batch, fence=self.fence)
        readings: dict[int, encoding.Reading] = {}
        for pk, (at, online) in changes.online.items():
            self.minutes.online(pk, at, online)
        for pk, (at, *totals) in changes.totals.items():
            self.minutes.totals(pk, at, *totals)
        for pk in changes.online.keys() | changes.totals.keys():
            state = changes.full.get(pk)
            at = max(changes.online.get(pk, (0,))[0], changes.totals.get(pk, (0,))[0])
            if state and self.minutes.due(pk, at):
                readings[pk] = at, state["o"], state["r"]
        now = int(database_time.unix() * 1000)
        if not self.collector.lease.held:
            raise Fenced("the lease has run out meanwhile")  # the hot state knows no fencing number
        health.write(
            {**self.context.health.fields(), "tick_at": now, "leader": self.collector.lease.name}
        )
        notify.publish(changes, readings, at_ms=now)
        hot_state.forget(forgotten)
        call_counter.flush()
        self.collector.signal(notify.signal, changes)
        if seats:
            self.collector.signal(host_events.apply_readings(seats, fence=self.fence).send)
        return changes

    async def _hand_on(self, events: Sequence[RoomEventPair]) -> None:
        """What webhooks told of known rooms: stored, pushed, and told to whoever acts on it."""
        hosts, said = await self.collector.in_thread(self._keep, events)
        for pk in hosts.ask:
            self.seats.prioritise(pk)
        self.collector.signal(hosts.send)
        self.collector.signal(said.send)

    def _keep(self, events: Sequence[RoomEventPair]) -> tuple[host_events.EventOutcome, chat.Said]:
        if not self.collector.lease.held:
            raise Fenced("the lease has run out")
        lines = [(pk, event) for pk, event in events if isinstance(event, MessageSent)]
        return host_events.apply_events(events, fence=self.fence), chat.take(
            lines, fence=self.fence
        )

    def _take_over(self, changes: Changes) -> None:
        for pk in changes.ended:
            self._gone(pk)
        for known in changes.known.values():
            self.registry.put(known)

    def _gone(self, pk: int) -> None:
        self.registry.drop(pk)
        self.minutes.forget(pk)
        self._forget_at[pk] = time.monotonic() + FORGET_SECONDS

    def _forgotten(self) -> list[int]:
        now = time.monotonic()
        over = [pk for pk, at in self._forget_at.items() if at <= now]
        for pk in over:
            del self._forget_at[pk]
        return over

    async def _hear_wishes(self) -> None:
        """Which rooms are on screens, which are to be read at once, and where counts come from."""
        watched = await demand.watched_async()
        for pk in await demand.take_refreshes_async():
            self.info.prioritise(pk)
            self.statistics.prioritise(pk)
            self.seats.prioritise(pk)
        for lane in self.lanes:
            lane.schedule.watch(watched)
        self.members.wanted = await demand.members_wanted_async()
        self.seats.wanted = await demand.hosts_wanted_async()
        self._choose_sources()

    def _choose_sources(self) -> None:
        """Counts come with the listing, else with get_room_info, else from the list of members."""
        if (
            self.info.reports_online is None
            and self.registry.rooms
            and self.sweep.reports_online is not None
        ):
            self.info.prioritise(next(iter(self.registry.rooms)))
        info, members = self.info.schedule, self.members.schedule
        alone = self.info.reports_online is True and self.sweep.reports_online is False
        info.rest_interval = settings.REST_INTERVAL if alone else math.inf
        info.watched_interval = (
            max(settings.WATCHED_INTERVAL, FACTS_INTERVAL)
            if self.info.reports_online is False
            else settings.WATCHED_INTERVAL
        )
        self.members.counting = (
            self.info.reports_online is False and self.sweep.reports_online is False
        )
        needed = self.members.counting or self.members.wanted or self.seats.wanted
        seats = self.seats.schedule
        seats.rest_interval = (
            max(settings.REST_INTERVAL, seats.watched_interval) if self.seats.wanted else math.inf
        )
        members.rest_interval = max(settings.REST_INTERVAL, MEMBERS_GAP) if needed else math.inf
        members.watched_interval = MEMBERS_GAP if needed else math.inf

    async def _now_and_then(self) -> None:
        minute = int(database_time.unix()) // 60
        if minute != self._minute:
            self._minute = minute
            await self.collector.in_thread(self._write_samples, database_time.unix())
            health.write({"budget": orjson.dumps(budget_of(self.context))})
        if time.monotonic() >= self._compare_at:
            self._compare_at = time.monotonic() + COMPARE_SECONDS
            stored = await self.collector.in_thread(stored_rooms)
            for pk in self.registry.rooms.keys() - stored.keys():
                self._gone(pk)
            for pk in stored.keys() - self.registry.rooms.keys():
                self.registry.put(stored[pk])

    def _write_samples(self, until: float) -> None:
        self.minutes.put_back(samples.write(self.minutes.take(until), fence=self.fence))


def _begin() -> list[Known]:
    """What a new leader does first: the hot state is written anew from what is stored."""
    gift_reports.settle()
    hot_state.reset(room_writer.stored_states())
    return list(stored_rooms().values())


def _tell_members(pk: int, accounts: frozenset[str]) -> None:
    if room := Room.objects.live().filter(pk=pk).first():
        notify.send_robustly(members_seen, room=room, accounts=accounts)
