"""The lanes of the collector that ask one command for one room after the other, by a schedule.

Each lane runs for itself, paced to its command's share of the limit, with as many calls in flight
as that takes; nothing that happens in one call ends a lane.
"""

import asyncio
import contextlib
import logging
import math
import random
import time
from collections.abc import Awaitable, Callable

from liveapi import ROOM_GONE, LiveApiError, commands
from liveapi.budget.pacing import OVERALL
from liveapi.messages import MemberPage
from rooms.collector.poll_context import PollContext
from rooms.collector.schedule import Schedule
from rooms.infra import database_time
from rooms.ingest import observers
from rooms.ingest.changes import Known
from rooms.ingest.fencing import Fenced
from rooms.ingest.readings import InfoReading, OnlineReading

logger = logging.getLogger(__name__)

# How evenly a lane spreads its calls. The budget keeps one grant in forty from polls: should two
# steps fall into one second of the vendor's because one call was slow on its way, the share is
# still kept.
STEPS_A_SECOND = 40
CATCH_UP_SECONDS = (
    0.5  # of turns that a busy machine kept a lane from; the budget still counts each second
)
LONGEST_WAIT = 1.0
IN_FLIGHT_SECONDS = 2  # calls in flight at most: what the budget grants in this time
FACTS_INTERVAL = (
    30.0  # how old the facts of a watched room may get where get_room_info tells no count
)
MEMBERS_GAP = (
    40.0  # the vendor refreshes its member lists about so often: https://trtc.io/document/66908
)
RETRY_SECONDS = 1.0
_RNG = random.Random()  # noqa: S311 (spreads load, guards nothing)


async def survive(name: str, step: Callable[[], Awaitable[None]]) -> None:
    """Repeats a step until it is cancelled; an exception is logged and costs a pause.

    Raises Fenced, which ends all.

    A step may swallow its cancellation: asyncio.wait_for of Python 3.11, inside redis-py, does so
    when what it waits for ends in the same moment, as everything does in a process that was stopped
    for a while.
    """
    task = asyncio.current_task()
    failures = 0
    while not (task and task.cancelling()):
        try:
            await step()
            failures = 0
        except Fenced:
            raise
        except LiveApiError as error:
            failures += 1
            logger.debug("%s: %s", name, error)
        except Exception:
            failures += 1
            logger.exception("%s goes on after an error", name)
        if failures:
            await asyncio.sleep(min(10.0, 0.2 * 2 ** min(failures, 6)) * (0.5 + _RNG.random() / 2))
    raise asyncio.CancelledError


class Lane:
    """One command, the rooms it is asked for, the calls in flight.

    Subclasses know what an answer means.
    """

    def __init__(self, context: PollContext, schedule: Schedule[int]) -> None:
        self.context = context
        self.schedule = schedule
        self._wake = asyncio.Event()
        self._calls: set[asyncio.Task[None]] = set()
        self._next_at = 0.0

    @property
    def command(self) -> str:
        """The vendor's name of the command."""
        raise NotImplementedError

    async def ask(self, known: Known) -> None:
        """Asks for one room and keeps the answer."""
        raise NotImplementedError

    def added(self, known: Known) -> None:
        """A room to be asked for from now on."""
        self.schedule.add(known.pk)
        self._wake.set()

    def removed(self, known: Known) -> None:
        """A room that has ended."""
        self.schedule.remove(known.pk)

    def prioritise(self, pk: int, seconds: float = 0.0) -> None:
        """Asks for a room before all others, in so many seconds at the earliest."""
        self.schedule.prioritise(pk, time.monotonic() + seconds)
        self._wake.set()

    async def run(self) -> None:
        """Asks for ever; cancelled when the collector stops leading."""
        self._next_at = time.monotonic()
        try:
            await survive(self.command, self.step)
        finally:
            for call in self._calls:
                call.cancel()

    async def step(self) -> None:
        """Waits until something is due, takes turns from the budget, and starts the calls."""
        await asyncio.sleep(self._next_at - time.monotonic())
        self._wake.clear()
        if wait := self.schedule.wait(time.monotonic()):
            await self._doze(min(wait, LONGEST_WAIT))
            self._next_at = time.monotonic()
            return
        command = self.command
        rate = self.schedule.rate = self.context.rate(command)
        free = min(rate * IN_FLIGHT_SECONDS, 200) - len(self._calls)
        if free <= 0:
            await asyncio.wait(
                self._calls, timeout=LONGEST_WAIT, return_when=asyncio.FIRST_COMPLETED
            )
            return
        now = time.monotonic()
        # Turns that a busy machine kept the lane from are caught up with; those it had no use for,
        # or was not given, are not: nothing bursts after a pause.
        slot = max(self._next_at, now - CATCH_UP_SECONDS)
        want = self.schedule.due(now, min(free, max(1, rate // STEPS_A_SECOND)))
        granted = await self.context.granted(command, want) if want else 0
        for pk in self.schedule.take(time.monotonic(), granted):
            self._start(pk)
        self._next_at = slot + granted / rate if granted else time.monotonic()

    async def _doze(self, seconds: float) -> None:
        """Waits until something is due, or changes what is."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    def _start(self, pk: int) -> None:
        call = asyncio.create_task(self._call(pk))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)

    async def _call(self, pk: int) -> None:
        try:
            if known := self.context.registry.get(pk):
                await self.ask(known)
        except LiveApiError as error:
            self.failed(pk, error)
        except Exception:
            logger.exception("An answer of %s could not be taken", self.command)
        finally:
            self.schedule.finished(pk)
            self._wake.set()

    def failed(self, pk: int, error: LiveApiError) -> None:
        """A call brought nothing: the room has its next turn like any other."""


class Statistics(Lane):
    """Reward totals: one call a room."""

    def __init__(
        self, context: PollContext, schedule: Schedule[int], confirm: Callable[[int], None]
    ) -> None:
        super().__init__(context, schedule)
        self._confirm = confirm
        self._viewers: dict[int, int] = {}

    @property
    def command(self) -> str:
        return self.context.client.statistics_command

    def added(self, known: Known) -> None:
        self.schedule.add(known.pk, _read_at(known.statistics_at))
        self._wake.set()

    def removed(self, known: Known) -> None:
        super().removed(known)
        self._viewers.pop(known.pk, None)

    async def ask(self, known: Known) -> None:
        found = await self.context.ask(commands.get_room_statistics(known.room_id))
        viewers, before = found.total_viewers, self._viewers.get(known.pk, 0)
        if viewers is not None:
            self._viewers[known.pk] = viewers
            if viewers < before:
                # Totals only grow: this looks like the next broadcast under the same RoomId.
                self._confirm(known.pk)
                return
        self.context.batch.statistics[known.pk] = found, int(database_time.unix())

    def failed(self, pk: int, error: LiveApiError) -> None:
        if error.code == ROOM_GONE:
            self._confirm(pk)


class Info(Lane):
    """get_room_info: rooms to be confirmed or refreshed, and counts where only it tells them.

    reports_online: whether this account's answers carry a count of people; None: not known yet.
    """

    reports_online: bool | None = None

    @property
    def command(self) -> str:
        return "get_room_info"

    def removed(self, known: Known) -> None:
        super().removed(known)
        self.context.final_statistics.pop(known.pk, None)

    async def ask(self, known: Known) -> None:
        began = time.monotonic()
        try:
            info = await self.context.ask(commands.get_room_info(known.room_id))
        except LiveApiError as error:
            if error.code != ROOM_GONE:
                raise
            self.context.over(known.pk)
            return
        self.context.lives(known.pk, began)
        self.reports_online = info.online_count is not None
        self.context.batch.add_info(InfoReading(info, int(database_time.unix()), whole=True))

    def failed(self, pk: int, error: LiveApiError) -> None:
        if error.retryable:
            self.prioritise(pk, RETRY_SECONDS * (1 + _RNG.random()))


class Members(Lane):
    """get_member_list: who is in the rooms while bans are in force, and counts where nothing else
    tells.

    noticed: hears of every list that was read, and when (Unix seconds).
    """

    def __init__(
        self,
        context: PollContext,
        schedule: Schedule[int],
        noticed: Callable[[Known, MemberPage, int], None],
    ) -> None:
        super().__init__(context, schedule)
        self._noticed = noticed
        self.counting = False
        self.wanted = False
        self.seen: dict[int, frozenset[str]] = {}

    @property
    def command(self) -> str:
        return "get_member_list"

    def added(self, known: Known) -> None:
        self.schedule.add(known.pk)
        self._wake.set()

    async def ask(self, known: Known) -> None:
        at = int(database_time.unix())
        page = observers.left_out(await self.context.ask(commands.get_member_list(known.room_id)))
        self._noticed(known, page, at)
        if self.counting and page.member_count is not None:
            reading = OnlineReading(page.member_count, "members", int(database_time.unix()))
            self.context.batch.online[known.pk] = reading
        if self.wanted and page.accounts:
            self.seen[known.pk] = frozenset(page.accounts)

    def take_seen(self) -> dict[int, frozenset[str]]:
        """Who was in which room since the last time."""
        seen, self.seen = self.seen, {}
        return seen


def _read_at(at: int | None) -> float:
    """The monotonic moment of a Unix second; never read: before everything."""
    return -math.inf if at is None else time.monotonic() - max(0.0, database_time.unix() - at)


def budget_of(context: PollContext) -> dict[str, float]:
    """Command -> calls a second that polls may make, for the System page."""
    names = (
        "get_room_list",
        context.client.statistics_command,
        "get_room_info",
        "get_member_list",
        "get_seat_list",
        "get_robot",
        "portrait_get",
        OVERALL,
    )
    return {name: context.rate(name) for name in names}
