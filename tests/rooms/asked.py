"""A vendor in memory for the lanes: answers by rule, notes what it was asked, grants every call."""

from dataclasses import dataclass, field
from typing import Any

from liveapi import Answer, LiveApiError
from rooms.collector.known_rooms import KnownRooms
from rooms.collector.poll_context import PollContext
from rooms.ingest.changes import Known


class Budget:
    """Grants everything at once; notes who was held back."""

    def __init__(self) -> None:
        self.held: list[tuple[str, float]] = []
        self.polls = 100

    async def acquire_many(self, command: str, lane: str, want: int, timeout: float = 1.0) -> int:
        assert lane == "poll"
        return want

    async def penalise(self, command: str, seconds: float) -> None:
        self.held.append((command, seconds))

    def allowance(self, command: str) -> "Budget":
        return self


@dataclass
class Vendor:
    """answers: command -> what parse() should have made, an exception, or a function of the
    body.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, Any]] = field(default_factory=list)
    statistics_command: str = "get_room_stats"

    async def call(self, call: Any, *, granted: bool) -> Answer[Any]:
        assert granted, "a lane asked without a turn in the budget"
        self.asked.append((call.command, dict(call.body)))
        found = self.answers[call.command]
        found = found(call.body) if callable(found) else found
        if isinstance(found, Exception):
            raise found
        return Answer(found, "request", 0.0)

    def bodies(self, command: str) -> list[Any]:
        return [body for name, body in self.asked if name == command]


def poll_context(vendor: Vendor, *rooms: Known) -> PollContext:
    made = PollContext(vendor, Budget(), KnownRooms())  # type: ignore[arg-type]
    for room in rooms:
        made.registry.put(room)
    return made


def known(pk: int, owner: str = "host", name: str = "", statistics_at: int | None = None) -> Known:
    return Known(pk, f"room-{pk}", 1000, owner, name, None, statistics_at)


def gone(command: str) -> LiveApiError:
    return LiveApiError("no such room", kind="vendor", code=100004, command=command)


def refusal(code: int, command: str = "get_room_stats") -> LiveApiError:
    return LiveApiError("refused", kind="vendor", code=code, retryable=True, command=command)
