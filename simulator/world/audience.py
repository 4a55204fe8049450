"""Who of the many is in which room.

Nobody is stored: a room holds a stretch of a circle on which all viewers stand.

Viewer k stands at a place of its own, neighbours in number far apart. A room's stretch moves on
with time, who came first leaves first, and grows and shrinks with its crowd. So whether somebody is
in a room is one comparison.
"""

import math
from collections.abc import Collection, Iterable

from simulator.world.people import VIEWER
from simulator.world.rooms import Reading, Room

# The vendor's member list: refreshed about every 40 s, at most 1,000 names. https://trtc.io/document/66908
REFRESH = 40
MAX_LISTED = 1000
USUAL_VISIT = 900.0  # seconds


class Audience:
    """The circle of `viewers` places. `now` is Unix seconds throughout."""

    def __init__(self, viewers: int) -> None:
        self._viewers = viewers
        stride = 7919
        while math.gcd(stride, viewers) != 1:
            stride += 2
        self._stride = stride
        self._inverse = pow(stride, -1, viewers) if viewers > 1 else 0

    def stretch(self, room: Room, now: float) -> tuple[int, int]:
        """(first place, number of places) of the room's crowd."""
        first = room.shape.seed + int((now - room.opened_at) * room.shape.size / USUAL_VISIT)
        return first % self._viewers, min(room.crowd(now), self._viewers)

    def place(self, account: str) -> int | None:
        """Where the account stands; None when it is none of the many."""
        digits = account.removeprefix(VIEWER)
        if digits == account or not (digits.isascii() and digits.isdigit()) or len(digits) > 9:
            return None
        number = int(digits)
        return number * self._inverse % self._viewers if number < self._viewers else None

    def within(self, place: int, stretch: tuple[int, int]) -> bool:
        return (place - stretch[0]) % self._viewers < stretch[1]

    def inside(self, room: Room, accounts: Collection[str], now: float) -> int:
        """How many of these accounts are in the room's stretch."""
        if not accounts:
            return 0
        stretch = self.stretch(room, now)
        places = (self.place(account) for account in accounts)
        return sum(place is not None and self.within(place, stretch) for place in places)

    def names(self, first: int, count: int, without: Collection[str] = ()) -> Iterable[str]:
        for k in range(first, first + count):
            account = f"{VIEWER}{k * self._stride % self._viewers}"
            if account not in without:
                yield account

    def online(self, room: Room, now: float) -> int:
        """People in the room: the crowd without the banned, who entered by name, robots, the host
        unless it is empty.
        """
        apart = room.banned.keys() | room.guests if room.guests else room.banned
        hosting = 1 if self.counts_host(room) else 0
        return (
            room.crowd(now)
            - self.inside(room, apart, now)
            + len(room.guests)
            + len(room.robots)
            + hosting
        )

    def counts_host(self, room: Room) -> bool:
        return room.host_present and bool(room.shape.size or room.guests or room.host_came)

    def holds(self, room: Room, account: str, now: float) -> bool:
        """Whether the account is in the room now, in whatever role."""
        if account in room.guests or account in room.robots:
            return True
        if account == room.owner:
            return room.host_present
        return account not in room.banned and self.inside(room, (account,), now) == 1

    def members(self, room: Room, now: float) -> tuple[list[str], int]:
        """(at most 1,000 ids, total) as the vendor tells them: one reading for 40 s, each room's in
        its own second.
        """
        period = int((now + room.shape.seed % REFRESH) // REFRESH)
        reading = room.reading
        if reading is None or reading.period != period:
            named = [room.owner] if self.counts_host(room) else []
            named += [*sorted(room.guests), *room.robots]
            without = frozenset(room.banned) | room.guests
            total = self.online(room, now)
            reading = Reading(
                period,
                tuple(dict.fromkeys(named)),
                *self.stretch(room, now),
                without=without,
                total=total,
            )
            room.reading = reading
        crowd = self.names(reading.first, min(reading.count, MAX_LISTED), reading.without)
        return [*reading.named, *crowd][:MAX_LISTED], reading.total
