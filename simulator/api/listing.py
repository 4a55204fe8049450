"""The public list: rooms by falling ViewCount, cut into pages by a cursor.

The cursor says how many rows were told (and, as in the vendor's samples, a second number). Counts
move between two pages: a room that climbs past the cursor is missed and pushes another into the
next page once more; when one ends above it, the next page begins a row too late. As with the
vendor, a sweep can miss and repeat.
"""

from simulator.errors import Refusal
from simulator.world.rooms import Room
from simulator.world.world import World

RANKED_FOR = (
    0.5  # seconds: sorting 5,000 rooms for every page would cost more than everything else together
)


class Listing:
    """The order of the rooms, at most half a second old."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._ranked: list[tuple[int, int, Room]] = []
        self._state: tuple[float, int] | None = None

    def page(self, cursor: str, count: int) -> tuple[list[tuple[int, Room]], str]:
        """([(ViewCount, room), ...], next cursor or "" at the end); Refusal 100002 for a cursor
        that is not ours.
        """
        ranked = self._order()
        start = 0
        if cursor not in {"", "0"}:
            place, _, number = cursor.partition("-")
            if not all(
                part.isascii() and part.isdigit() and len(part) < 10 for part in (place, number)
            ):
                raise Refusal(100002, "Next is not one of ours")
            start = int(place)
        page = ranked[start : start + count]
        following = f"{start + count}-{page[-1][1]}" if start + count < len(ranked) else ""
        return [(-views, room) for views, _, room in page], following

    def _order(self) -> list[tuple[int, int, Room]]:
        now, version = self._world.clock.now(), self._world.version
        if (
            self._state is None
            or self._state[1] != version
            or not 0 <= now - self._state[0] < RANKED_FOR
        ):
            self._state = (now, version)
            self._ranked = sorted(
                (-room.views(now), room.number, room)
                for room in self._world.rooms.values()
                if room.info["IsPublicVisible"]
            )
        return self._ranked
