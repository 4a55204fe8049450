"""What of the crowd's doings webhooks tell: a bounded sample of its lines, its comings and goings,
and its gifts.

The crowd is numbers (`figures`, `chat`, `audience`); here some of them become events, room after
room, so that 5,000 rooms cost no more than 60. A room of which more is wanted is ordered.
"""

import random
from collections import defaultdict
from collections.abc import Iterator

from simulator.world import chat, events, figures
from simulator.world.rooms import Room
from simulator.world.world import World

ROOMS_A_TURN = 40
NEWEST_LINES = 3  # of a room each time it is visited
MAX_TURN = 2.0  # seconds that are made up for after a pause
MAX_ORDERED = 1000  # lines a second, of a room
SMALL_GIFTS = ("rose", "heart", "coffee")


class Crowd:
    """`lines`, `moves`, `gifts`: events a second, of all rooms together.

    `ordered`: lines a second of single rooms.
    """

    def __init__(self, world: World) -> None:
        self.lines = self.moves = self.gifts = 0.0
        self.ordered: dict[str, float] = {}
        self._world = world
        self._rng = random.Random(f"{world.seed} crowd")
        self._rooms: Iterator[Room] = iter(())
        self._last = world.clock.now()
        self._owed: defaultdict[str, float] = defaultdict(float)

    def pulse(self) -> None:
        """Tells what has come together since the last time."""
        now = self._world.clock.now()
        passed, self._last = min(now - self._last, MAX_TURN), now
        for what, rate in (("lines", self.lines), ("moves", self.moves), ("gifts", self.gifts)):
            self._owed[what] = min(self._owed[what] + rate * passed, 2 * rate * MAX_TURN)
        for _ in range(ROOMS_A_TURN):
            room = self._next_room()
            if room is None or max(self._owed[what] for what in ("lines", "moves", "gifts")) < 1:
                break
            if room.shape.size:
                self._lines_of(room, now)
                self._moves_of(room, now)
                self._gift_in(room, now)
        for room_id, rate in list(self.ordered.items()):
            self._ordered_in(room_id, rate, passed, now)

    def _next_room(self) -> Room | None:
        """The next one that is live, in turns; None for a world without rooms."""
        for _ in range(2):
            for room in self._rooms:
                if self._world.rooms.get(room.room_id) is room:
                    return room
            self._rooms = iter(list(self._world.rooms.values()))
        return None

    def _may(self, what: str) -> bool:
        if self._owed[what] < 1:
            return False
        self._owed[what] -= 1
        return True

    def _lines_of(self, room: Room, now: float) -> None:
        until = now if room.quiet_since is None else room.quiet_since
        total = figures.chat(room.shape, until - room.opened_at)
        first = max(room.chat_from, room.chat_told, total - NEWEST_LINES)
        if not room.chat_told:
            first = max(first, total - 1)  # what was said before anybody listened is not told
        for number in range(first, total):
            if not self._may("lines"):
                return
            line = chat.line(room, self._world.audience, number)
            # The number makes lines of one second distinguishable by their time, as the vendor's
            # milliseconds do.
            at = line["Time"] + number % 1000 / 1000
            said = events.text(line["Text"])
            self._world.tell(events.message(room, at, line["From_Account"], said, number))
            room.chat_told = number + 1

    def _moves_of(self, room: Room, now: float) -> None:
        if not self._may("moves"):
            return
        first, count = self._world.audience.stretch(room, now)
        comes = self._rng.random() < 0.5
        # Who came last stands at the end of the stretch, who has just left before its beginning.
        start = first + count - 2 if comes else first - 2
        apart = room.banned.keys() | room.guests
        accounts = list(self._world.audience.names(start, min(2, count), apart))
        if accounts:
            cause = events.ENTER if comes else events.LEAVE
            self._world.tell(events.members(room, now, cause, accounts))

    def _gift_in(self, room: Room, now: float) -> None:
        if room.info["IsGiftEnabled"] and self._may("gifts"):
            gift_id, giver = self._rng.choice(SMALL_GIFTS), self._somebody(room, now)
            gift = self._world.catalogue.gifts.get(
                gift_id
            )  # it may have been taken out of the catalogue
            if giver and gift:
                self._world.tell(events.before_gift(room, now, giver, gift_id, 1, gift.coins))

    def _ordered_in(self, room_id: str, rate: float, passed: float, now: float) -> None:
        room = self._world.rooms.get(room_id)
        if room is None or not rate:
            del self.ordered[room_id]
            self._owed.pop(room_id, None)
            return
        owed = self._owed.pop(room_id, 0.0) + rate * passed
        count = int(owed)
        self._owed[room_id] = owed - count
        if room.quiet_since is not None:
            return
        for k in range(count):
            speaker = self._somebody(room, now)
            if speaker:
                room.sent_messages += 1
                at, number = (
                    now - passed * (count - 1 - k) / count,
                    events.FIRST_SENT + room.sent_messages,
                )
                self._world.tell(
                    events.message(room, at, speaker, events.text(chat.anything(self._rng)), number)
                )

    def _somebody(self, room: Room, now: float) -> str | None:
        """Somebody of the crowd who may speak; None when nobody is there."""
        first, count = self._world.audience.stretch(room, now)
        if not count:
            return None
        start = first + self._rng.randrange(count)
        apart = room.muted.keys() | room.banned.keys()
        return next(iter(self._world.audience.names(start, len(apart) + 1, apart)))
