"""The call budget inside one process, and the waiting that all budgets share. See pacing."""

import asyncio
import random
import threading
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable

from liveapi.budget.limits import OVERALL, WINDOW, Allowance, Lane, allowance
from liveapi.errors import LiveApiError

# How long an act's wait keeps polls aside after it should have been served: it must come back and
# renew it.
STEP_ASIDE = 0.05
_JITTER = 0.005
_RNG = random.Random()  # noqa: S311 (spreads load, guards nothing)


Take = Callable[[str, Lane, int], tuple[int, float]]
AsyncTake = Callable[[str, Lane, int], Awaitable[tuple[int, float]]]


def no_room(command: str) -> LiveApiError:
    return LiveApiError(
        "the call budget had no room in time",
        kind="budget",
        retryable=True,
        command=command,
        sent=False,
    )


def pause(wait: float, left: float) -> float:
    """How long to sleep: what the budget says and a little jitter, never past the deadline."""
    return min(wait + _RNG.random() * _JITTER, max(left, 0.0))


def wait_for_many(take: Take, command: str, lane: Lane, want: int, timeout: float) -> int:
    """Asks `take` until it grants at least one call; 0 when `timeout` seconds passed first."""
    deadline = time.monotonic() + timeout
    while True:
        granted, wait = take(command, lane, want)
        left = deadline - time.monotonic()
        if granted or left <= 0:
            return granted
        time.sleep(pause(wait, left))


async def wait_for_many_async(
    take: AsyncTake, command: str, lane: Lane, want: int, timeout: float
) -> int:
    """As wait_for_many, in an event loop."""
    deadline = time.monotonic() + timeout
    while True:
        granted, wait = await take(command, lane, want)
        left = deadline - time.monotonic()
        if granted or left <= 0:
            return granted
        await asyncio.sleep(pause(wait, left))


class LocalBudget:
    """A budget in this process; safe to share between threads.

    `clock` gives seconds, never going back.
    """

    def __init__(self, share: float = 0.5, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.share = share
        self._clock = clock
        self._lock = threading.Lock()
        self._grants: defaultdict[str, deque[float]] = defaultdict(deque)
        self._waiting: dict[str, float] = {}  # polls step aside until then
        self._held: dict[str, float] = {}  # polls are held back until then

    def take(self, command: str, lane: Lane, want: int = 1) -> tuple[int, float]:
        """(calls granted now, at most `want`; seconds to wait when none was)."""
        own, overall = allowance(command, self.share), allowance(OVERALL, self.share)
        with self._lock:
            now = self._clock()
            if lane == "poll" and (blocked := self._blocked(command, now)):
                return 0, blocked
            free, wait, full = want, 0.0, command
            for name, allowed in ((command, own), (OVERALL, overall)):
                room, until = self._room(name, allowed.of(lane), now)
                free = min(free, room)
                if until > wait:
                    wait, full = until, name
            if free > 0:
                self._grants[command].extend([now] * free)
                self._grants[OVERALL].extend([now] * free)
                return free, 0.0
            if lane == "act":
                self._waiting[full] = now + wait + STEP_ASIDE
            return 0, wait

    def _blocked(self, command: str, now: float) -> float:
        ends = (
            marks.get(name, now)
            for marks in (self._waiting, self._held)
            for name in (command, OVERALL)
        )
        return max(0.0, max(ends) - now)

    def _room(self, name: str, allowed: int, now: float) -> tuple[int, float]:
        """(calls still free in this window, seconds until one is)."""
        grants = self._grants[name]
        while grants and now - grants[0] >= WINDOW:
            grants.popleft()
        if len(grants) < allowed:
            return allowed - len(grants), 0.0
        return 0, grants[len(grants) - allowed] + WINDOW - now

    def try_acquire(self, command: str, lane: Lane = "poll") -> float:
        """0.0 when one call was granted, else the seconds to wait before asking again."""
        return self.take(command, lane)[1]

    def acquire(self, command: str, lane: Lane = "poll", timeout: float = 5.0) -> None:
        """Waits for one call; raises LiveApiError(kind="budget") after `timeout` seconds."""
        if not wait_for_many(self.take, command, lane, 1, timeout):
            raise no_room(command)

    def acquire_many(self, command: str, lane: Lane, want: int, timeout: float = 1.0) -> int:
        """Waits until at least one call is free and takes up to `want`; 0 after `timeout`
        seconds.
        """
        return wait_for_many(self.take, command, lane, want, timeout)

    def penalise(self, command: str, seconds: float) -> None:
        """Holds the polls of a command ("*": of all) back for so long."""
        with self._lock:
            until = self._clock() + seconds
            self._held[command] = max(self._held.get(command, until), until)

    def allowance(self, command: str) -> Allowance:
        """What this budget allows of a command in one second."""
        return allowance(command, self.share)


class AsyncLocalBudget:
    """A LocalBudget for an event loop."""

    def __init__(self, share: float = 0.5, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.local = LocalBudget(share, clock=clock)

    async def take(self, command: str, lane: Lane, want: int = 1) -> tuple[int, float]:
        return self.local.take(command, lane, want)

    async def try_acquire(self, command: str, lane: Lane = "poll") -> float:
        return self.local.try_acquire(command, lane)

    async def acquire(self, command: str, lane: Lane = "poll", timeout: float = 5.0) -> None:
        if not await wait_for_many_async(self.take, command, lane, 1, timeout):
            raise no_room(command)

    async def acquire_many(self, command: str, lane: Lane, want: int, timeout: float = 1.0) -> int:
        return await wait_for_many_async(self.take, command, lane, want, timeout)

    async def penalise(self, command: str, seconds: float) -> None:
        self.local.penalise(command, seconds)

    def allowance(self, command: str) -> Allowance:
        return self.local.allowance(command)
