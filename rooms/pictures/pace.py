"""How often each room is taken a still of: rooms that somebody looks at, or should, oftener."""

from collections.abc import Collection
from dataclasses import dataclass

MAX_BACKOFF = 4  # a room that gives no picture is tried so many times more seldom at last
TRIES = 3  # failures in a row before that begins


@dataclass(slots=True)
class _Turn:
    due: float
    last: float = 0.0
    urgent: bool = False
    tries: int = 0


class Pace:
    """Times are monotonic seconds. urgent, calm: seconds between two stills of a room."""

    def __init__(self, urgent: float, calm: float) -> None:
        self._urgent = urgent
        self._calm = max(urgent, calm)
        self._turns: dict[int, _Turn] = {}
        self._added = 0

    def set_rooms(self, pks: Collection[int], now: float) -> None:
        """All rooms there are. New ones are spread over an interval: nothing comes in bursts."""
        wanted = set(pks)
        for pk in self._turns.keys() - wanted:
            del self._turns[pk]
        for pk in sorted(wanted - self._turns.keys()):
            self._added += 1
            spread = self._added * 0.618 % 1  # the golden ratio: evenly, however many come
            self._turns[pk] = _Turn(due=now + spread * self._urgent)

    def set_urgent(self, pks: Collection[int], now: float) -> None:
        """The rooms that get the shorter interval from now on; one of them that waits longer comes
        sooner.
        """
        for pk, turn in self._turns.items():
            was, turn.urgent = turn.urgent, pk in pks
            if turn.urgent and not was:
                soon = turn.last + self._interval(turn) if turn.last else now
                turn.due = min(turn.due, max(now, soon))

    def take(self, most: int, now: float) -> list[int]:
        """At most so many rooms whose turn it is, urgent ones and those longest due first. Each
        comes again only after `done`.
        """
        due = [pk for pk, turn in self._turns.items() if turn.due <= now]
        due.sort(key=lambda pk: (not self._turns[pk].urgent, self._turns[pk].due))
        for pk in due[: max(0, most)]:
            self._turns[pk].due = float("inf")
            self._turns[pk].last = now
        return due[: max(0, most)]

    def done(self, pk: int, *, worked: bool) -> None:
        """A room's turn is over; the next comes an interval after this one began."""
        if turn := self._turns.get(pk):
            turn.tries = 0 if worked else turn.tries + 1
            turn.due = turn.last + self._interval(turn)

    def _interval(self, turn: _Turn) -> float:
        interval = self._urgent if turn.urgent else self._calm
        longer: int = min(MAX_BACKOFF, 2 ** max(0, turn.tries - TRIES))
        return interval * longer
