"""The lane that reads who is on the seats of a room, so that it is known where hosts are."""

import time
from collections.abc import Callable

from liveapi import ROOM_GONE, LiveApiError, commands
from liveapi.messages import MemberPage, Seat
from rooms.collector.lanes import Lane
from rooms.collector.poll_context import PollContext
from rooms.collector.schedule import Schedule
from rooms.infra import database_time
from rooms.ingest import host_state
from rooms.ingest.changes import Known
from rooms.ingest.host_events import NO_SEATS, NOT_LIVE, SeatsRead
from rooms.ingest.host_state import Named

# hosts come and go more slowly than figures: an interval of this lane is so many of the others'
TIMES = 3
ROBOTS_SECONDS = 120.0  # how long an answer about the robots of a room is good for


class Seats(Lane):
    """get_seat_list, with what the member lists said; get_robot where a host is on a seat: a robot
    is no host.

    wanted: somebody wants to know of all rooms, not only of those on a screen.
    """

    def __init__(
        self, context: PollContext, schedule: Schedule[int], confirm: Callable[[int], None]
    ) -> None:
        super().__init__(context, schedule)
        self._confirm = confirm
        self.wanted = False
        self.read: dict[int, SeatsRead] = {}
        self._named: dict[int, Named] = {}
        self._robots: dict[int, tuple[tuple[str, ...], float]] = {}

    @property
    def command(self) -> str:
        return "get_seat_list"

    def removed(self, known: Known) -> None:
        super().removed(known)
        for kept in (self._named, self._robots, self.read):
            kept.pop(known.pk, None)

    async def ask(self, known: Known) -> None:
        at = int(database_time.unix())
        try:
            seats: tuple[Seat, ...] = await self.context.ask(commands.get_seat_list(known.room_id))
        except LiveApiError as error:
            if error.code != NO_SEATS:
                raise
            seats = ()
        robots: tuple[str, ...] = ()
        if host_state.on_seat(known.owner_account, seats) == known.owner_account:
            robots = await self._robots_of(known)
        self.read[known.pk] = SeatsRead(seats, robots, self._named.get(known.pk), at)

    def failed(self, pk: int, error: LiveApiError) -> None:
        if error.code == ROOM_GONE:
            self._confirm(pk)

    def noticed(self, known: Known, page: MemberPage, at: int) -> None:
        """The lane of members has read a list; the next reading of the seats takes it into
        account.
        """
        self._named[known.pk] = host_state.named(
            page, known.owner_account, at, self._named.get(known.pk)
        )

    def take_read(self) -> dict[int, SeatsRead]:
        """What was read since the last time."""
        read, self.read = self.read, {}
        return read

    async def _robots_of(self, known: Known) -> tuple[str, ...]:
        """The robots of a room, kept for a while; what was known before when there is no turn for
        the question now.
        """
        robots, until = self._robots.get(known.pk, ((), 0.0))
        if time.monotonic() < until or not await self.context.granted("get_robot", 1):
            return robots
        try:
            robots = await self.context.ask(commands.get_robot(known.room_id))
        except LiveApiError as error:
            if error.code != NOT_LIVE:
                return robots
        self._robots[known.pk] = robots, time.monotonic() + ROBOTS_SECONDS
        return robots
