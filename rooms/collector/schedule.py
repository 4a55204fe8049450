"""What one command is asked for next.

Pure: no clock, no network, no database; times are given in seconds.

Rooms that must be read at once go first (an act, a room just opened, a room to be confirmed as
gone), then rooms on somebody's screen when their interval has passed, then the rest by oldest
reading. The rest always keeps a share, so that no number of watched rooms starves it. Every step
costs O(log n).
"""

import heapq
import itertools
import math
import random
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)

REST_SHARE = 0.2
MAX_REST_SHARE = 0.9
# Parts of the interval by which watched rooms get out of step: at first, and with every later
# reading.
FIRST_STEP = 2 / 3
STEP = 0.15


@dataclass(slots=True)
class _Entry:
    """read_at: when it was last asked for, about. ticket: of its valid place in a heap. urgent_at:
    not before. fresh: it came onto a screen and has not been read since."""

    read_at: float
    ticket: int = 0
    urgent_at: float | None = None
    watched: bool = False
    fresh: bool = True
    asked: bool = False


class Schedule(Generic[Key]):
    """The turns of the rooms for one command.

    watched_interval, rest_interval: seconds between two readings; infinity: not at all. least_gap:
    seconds between two readings that nothing may shorten, because the vendor has no newer figures.
    rate: calls a second that may be made, 0: not known.
    """

    def __init__(
        self,
        *,
        watched_interval: float,
        rest_interval: float,
        least_gap: float = 0.0,
        rng: random.Random | None = None,
    ) -> None:
        self.watched_interval = watched_interval
        self.rest_interval = rest_interval
        self.least_gap = least_gap
        self.rate = 0.0
        self._watching = 0
        self._credit = 0.0
        self._entries: dict[Key, _Entry] = {}
        self._tickets = itertools.count(1)
        self._rng = rng or random.Random(1)  # noqa: S311 (spreads load, guards nothing)
        # (moment, ticket, key); the moment is "not before" for urgent ones, the last reading for
        # the others.
        self._urgent: list[tuple[float, int, Key]] = []
        self._watched: list[tuple[float, int, Key]] = []
        self._rest: list[tuple[float, int, Key]] = []
        self._seen: set[Key] = set()

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: Key) -> bool:
        return key in self._entries

    def add(self, key: Key, read_at: float = -math.inf) -> None:
        """A room to be read from now on, last read at `read_at`. Known ones stay as they are."""
        if key not in self._entries:
            entry = self._entries[key] = _Entry(read_at, watched=key in self._seen)
            self._place(key, entry)

    def remove(self, key: Key) -> None:
        """A room that needs no more reading."""
        self._entries.pop(key, None)

    def watch(self, keys: Iterable[Key]) -> None:
        """Exactly these rooms are on somebody's screen now."""
        seen = set(keys)
        for key in seen ^ self._seen:
            if entry := self._entries.get(key):
                entry.watched, entry.fresh = key in seen, True
                self._place(key, entry)
        self._seen = seen
        self._watching = sum(key in self._entries for key in seen)

    def prioritise(self, key: Key, at: float = -math.inf) -> None:
        """Reads a room before all others, not before `at`.

        One just being asked for is asked again.
        """
        entry = self._entries.get(key)
        if entry is None or (entry.urgent_at is not None and entry.urgent_at <= at):
            return
        entry.urgent_at = at
        self._place(key, entry)

    def due(self, now: float, limit: int) -> int:
        """How many rooms are due, counted up to `limit`: no more turns need be asked of the
        budget.
        """
        count = 0
        for heap in (self._urgent, self._watched, self._rest):
            counted = []
            while count < limit and self._due(heap) <= now:
                counted.append(heapq.heappop(heap))
                count += 1
            for place in counted:
                heapq.heappush(heap, place)
        return count

    def take(self, now: float, limit: int) -> list[Key]:
        """The next rooms to ask for, at most so many; each must be reported by finished()."""
        taken: list[Key] = []
        while len(taken) < limit and (key := self._next(now)) is not None:
            entry = self._entries[key]
            entry.asked, entry.urgent_at, entry.ticket = True, None, 0
            entry.read_at = now + self._shift(entry)
            taken.append(key)
        return taken

    def _shift(self, entry: _Entry) -> float:
        """How much later (or earlier) than it was a reading of a watched room counts.

        Rooms that came onto a screen together, or waited together while the vendor was away, must
        not stay in step: every few seconds a bunch of them would hold up all others. On average an
        interval stays what it is.
        """
        room = self.watched_interval - self.least_gap
        if not entry.watched or not 0 < room < math.inf:
            return 0.0
        fresh, entry.fresh = entry.fresh, False
        return room * (
            self._rng.uniform(-FIRST_STEP, 0.0) if fresh else self._rng.uniform(-STEP, STEP)
        )

    def finished(self, key: Key) -> None:
        """A room has been answered for, or could not be read: it has its next turn."""
        if (entry := self._entries.get(key)) and entry.asked:
            entry.asked = False
            self._place(key, entry)

    def wait(self, now: float) -> float:
        """Seconds until a room is due: 0 when one is, infinity when none ever will be."""
        moments = [self._due(heap) for heap in (self._urgent, self._watched, self._rest)]
        return max(0.0, min(moments) - now)

    # --- Heaps ------------------------------------------------------------------------------------

    def _place(self, key: Key, entry: _Entry) -> None:
        """Enters a room where it belongs now; its older places are void."""
        if entry.asked:
            return
        entry.ticket = next(self._tickets)
        if entry.urgent_at is not None:
            moment = max(entry.urgent_at, entry.read_at + self.least_gap)
            heapq.heappush(self._urgent, (moment, entry.ticket, key))
        # One place suffices, but an urgent room that has to wait a moment must keep its ordinary
        # turn.
        heap = self._watched if entry.watched else self._rest
        heapq.heappush(heap, (entry.read_at, entry.ticket, key))

    def _top(self, heap: list[tuple[float, int, Key]]) -> tuple[float, int, Key] | None:
        while heap:
            _, ticket, key = heap[0]
            entry = self._entries.get(key)
            if entry is not None and entry.ticket == ticket:
                return heap[0]
            heapq.heappop(heap)
        return None

    def _due(self, heap: list[tuple[float, int, Key]]) -> float:
        top = self._top(heap)
        if top is None:
            return math.inf
        if heap is self._urgent:
            return top[0]
        interval = self.watched_interval if heap is self._watched else self.rest_interval
        # -inf + inf is not a number: what is never read is never due.
        return math.inf if interval == math.inf else top[0] + max(interval, self.least_gap)

    def _rest_share(self) -> float:
        """The part of the calls that the rest gets while watched rooms are due too.

        What the watched do not need, less a tenth for them to catch up with; never less than
        REST_SHARE.
        """
        if not self.rate or not 0 < self.watched_interval < math.inf:
            return REST_SHARE
        need = self._watching / self.watched_interval / self.rate
        return min(MAX_REST_SHARE, max(REST_SHARE, 0.9 * (1 - need)))

    def _next(self, now: float) -> Key | None:
        if self._due(self._urgent) <= now:
            return heapq.heappop(self._urgent)[2]
        watched, rest = self._due(self._watched) <= now, self._due(self._rest) <= now
        if rest and (not watched or self._credit >= 1):
            self._credit = max(0.0, self._credit - 1) if watched else 0.0
            return heapq.heappop(self._rest)[2]
        if watched:
            share = self._rest_share()
            self._credit = self._credit + share / (1 - share) if rest else 0.0
            return heapq.heappop(self._watched)[2]
        return None
