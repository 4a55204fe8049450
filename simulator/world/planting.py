"""Where and when something goes wrong by itself: each kind of incident in its turn, in rooms large
enough to show it.
"""

from collections.abc import Callable, Collection
from functools import partial
from typing import Protocol

from simulator.world.incidents import KINDS, LASTS, LEAST_AUDIENCE, Incident
from simulator.world.rooms import Room

FIRST_INCIDENT = 480.0  # seconds: whoever watches must know first what is usual


class Field(Protocol):
    """The part of `world.World` in which incidents are planted."""

    rooms: dict[str, Room]

    def due_at(self, at: float, act: Callable[[float, int], None], subject: int) -> None:
        """Calls `act(at, subject)` when the clock gets there."""


def plant(room: Room, kind: str, now: float, seconds: float = LASTS) -> None:
    """Something is wrong in a room from now on, for so many seconds."""
    room.incidents.append(Incident(kind, now, now + seconds))


def in_turns(field: Field, every: float, without: Collection[int], at: float, number: int) -> None:
    """The next kind, in a large room that had none; then again after `every` seconds.

    without: hosts that are left alone.
    """
    fits = [
        room
        for room in field.rooms.values()
        if room.shape.size >= LEAST_AUDIENCE
        and room.host not in without
        and not room.incidents
        and at - room.opened_at > LASTS
    ]
    if fits:
        plant(fits[number * 7 % len(fits)], tuple(KINDS)[number % len(KINDS)], at)
    field.due_at(at + every, partial(in_turns, field, every, without), number + 1)
