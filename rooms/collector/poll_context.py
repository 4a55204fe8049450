"""What the lanes of one leading collector share: how to ask, what was learnt, and what a failure
means.
"""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from liveapi import AsyncLiveClient, AsyncRedisBudget, Call, LiveApiError, backoff, commands
from liveapi.budget.pacing import OVERALL
from liveapi.errors import APPLICATION_TOO_OFTEN, TOO_OFTEN
from liveapi.messages import RoomStatistics
from rooms.collector.known_rooms import KnownRooms
from rooms.collector.vendor_health import VendorHealth
from rooms.infra import database_time
from rooms.ingest.readings import Batch

logger = logging.getLogger(__name__)
T = TypeVar("T")

LONGEST_PAUSE = 15.0
# The client itself holds a command for 1 s and everything for 2 s when the vendor says "too often".
CLIENT_COMMAND_PAUSE = 1.0
CLIENT_OVERALL_PAUSE = 2.0
_ROOM_CODES = 100_002  # from here on a refusal concerns one room, not us
_INTERNAL_ERROR = 100_001
_LOG_EVERY = 5.0


class PollContext:
    """The client, the call budget, the known rooms and what was learnt since the last tick."""

    def __init__(
        self,
        client: AsyncLiveClient,
        budget: AsyncRedisBudget,
        registry: KnownRooms,
        hurry: Callable[[], None] = lambda: None,
    ) -> None:
        """hurry: asks for what was learnt to be stored and published at once."""
        self.client = client
        self.budget = budget
        self.registry = registry
        self.hurry = hurry
        self.batch = Batch()
        # Last totals that a webhook told of a room said to be over, and when (monotonic), by
        # primary key: good once it is.
        self.final_statistics: dict[int, tuple[RoomStatistics, float]] = {}
        self.health = VendorHealth()
        self.calls = 0
        self._failures: dict[str, int] = {}
        self._paused_at: dict[str, float] = {}
        self._logged_at = 0.0

    async def granted(self, command: str, want: int) -> int:
        """Calls of a command that may be made now, at most `want`; waits up to a second for the
        first.
        """
        return await self.budget.acquire_many(command, "poll", want, timeout=1.0)

    def over(self, pk: int) -> None:
        """The vendor says that this room is gone (100004): it is stored at once, with the last
        totals that were told.
        """
        now = int(database_time.unix())
        self.batch.gone.setdefault(pk, now)
        if (final := self.final_statistics.pop(pk, None)) is not None:
            self.batch.statistics[pk] = final[0], now
        self.hurry()

    def lives(self, pk: int, asked_at: float) -> None:
        """The vendor has told of a room that was asked for at this monotonic moment: who said
        before that it is over was wrong about its totals too."""
        final = self.final_statistics.get(pk)
        if final is not None and final[1] < asked_at:
            del self.final_statistics[pk]

    def rate(self, command: str) -> int:
        """Calls a second that polls may make of a command."""
        return self.budget.allowance(command).polls

    async def ask(self, call: Call[T]) -> T:
        """Makes a call whose turn has been granted. Raises LiveApiError after taking note of it."""
        began = time.monotonic()
        self.calls += 1
        try:
            answer = await self.client.call(call, granted=True)
        except LiveApiError as error:
            await self._failed(error, began)
            raise
        self.health.answered()
        # A success of one command says nothing of another that is still being called too often.
        self._failures.pop(OVERALL, None)
        self._failures.pop(self._name(call), None)
        return answer.value

    def _name(self, call: Call[T]) -> str:
        """The command as it is sent: an account knows one of two names for the statistics."""
        names = commands.STATISTICS_COMMANDS
        return self.client.statistics_command if call.command in names else call.command

    async def _failed(self, error: LiveApiError, began: float) -> None:
        if error.kind == "vendor" and (error.code or 0) >= _ROOM_CODES:
            self.health.answered()
            return
        if time.monotonic() - self._logged_at > _LOG_EVERY:
            self._logged_at = time.monotonic()
            logger.warning("%s", error)
        if error.kind in {"budget", "invalid"}:
            return
        too_often = error.code in TOO_OFTEN or error.code == APPLICATION_TOO_OFTEN
        if too_often:
            self.health.answered()
        else:
            self.health.failed(error)
        await self._pause(error, began)

    async def _pause(self, error: LiveApiError, began: float) -> None:
        """Holds back the polls of all processes: of the command where the trouble is its own, else
        all.
        """
        own = error.code in TOO_OFTEN or error.code == _INTERNAL_ERROR or error.kind == "malformed"
        name = error.command if own and error.command else OVERALL
        if began < self._paused_at.get(name, 0.0):
            return  # asked before the last pause: its failure is no news
        failures = self._failures[name] = self._failures.get(name, 0) + 1
        seconds = backoff(failures, base=1.0, cap=LONGEST_PAUSE)
        if error.code in TOO_OFTEN:
            seconds += CLIENT_COMMAND_PAUSE
        elif error.code == APPLICATION_TOO_OFTEN:
            seconds += CLIENT_OVERALL_PAUSE
        seconds = max(seconds, error.least_wait)
        self._paused_at[name] = time.monotonic()
        await self.budget.penalise(name, seconds)
