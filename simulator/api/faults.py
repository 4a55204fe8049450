"""Trouble on order: which commands fail, how, and how often."""

import random
from dataclasses import dataclass

KINDS = (
    "latency",
    "http500",
    "http502",
    "code",
    "malformed",
    "empty",
    "lost_answer",
    "hang",
    "truncated",
    "dropped",
)


@dataclass(slots=True)
class Fault:
    """`command` or "*"; `seconds` for latency and hang, and after the effect for lost_answer;
    `code` for code; dropped: a message is taken with ErrorCode 0, and not delivered; `times` left,
    None: until cleared."""

    command: str
    kind: str
    seconds: float = 0.0
    code: int = 0
    times: int | None = None
    probability: float = 1.0
    room_id: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}")
        if not all(isinstance(text, str) for text in (self.command, self.room_id)):
            raise ValueError("command and room_id take texts")
        if not all(
            isinstance(number, (int, float))
            for number in (self.seconds, self.probability, self.times or 0)
        ):
            raise ValueError("seconds, probability and times take numbers")
        if type(self.code) is not int:
            raise ValueError("code takes an integer")


class Faults:
    """The orders in force. The first that fits a request is used up by one."""

    def __init__(self, seed: int = 0) -> None:
        self._orders: list[Fault] = []
        self._rng = random.Random(seed)

    def order(self, fault: Fault) -> None:
        self._orders.append(fault)

    def clear(self) -> None:
        self._orders.clear()

    def for_call(self, command: str, room_id: str) -> Fault | None:
        """The fault this call meets, or None."""
        for fault in self._orders:
            fits = fault.command in {"*", command} and fault.room_id in {"", room_id}
            if not fits or fault.times == 0 or self._rng.random() >= fault.probability:
                continue
            if fault.times is not None:
                fault.times -= 1
            return fault
        return None
