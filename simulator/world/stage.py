"""What hosts and the platform's own endings need of the world, as a protocol: they are below it and
do not import it.
"""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from simulator.world import events
from simulator.world.events import Event
from simulator.world.people import People
from simulator.world.rooms import Room


class Lifetimes(NamedTuple):
    """Seconds after which the platform ends a room; 0: it does not."""

    empty: float = 1800.0
    left: float = 0.0
    offline: float = 0.0


USUAL_LIFETIMES = Lifetimes()


class Stage(Protocol):
    """The part of `world.World` that moves hosts and ends rooms.

    Times are Unix seconds of the world's clock.
    """

    lifetimes: Lifetimes
    people: People
    rooms: dict[str, Room]

    def due_at(self, at: float, act: Callable[[float, Room], None], subject: Room) -> None:
        """Calls `act(at, subject)` when the clock gets there."""

    def tell(self, event: Event) -> None:
        """Reports an event to whoever listens."""

    def reseat(
        self, room: Room, seats: dict[int, str], at: float, platform: str = events.CLIENT
    ) -> None:
        """Sets who sits where."""

    def close(self, room: Room, why: str, at: float | None = None) -> None:
        """Ends the room."""
