"""The simulated platform: accounts, rooms, and hosts that come and go. Seeded; moves with its clock."""

import random
from collections import deque
from typing import Any

from simulator import figures, names
from simulator.clock import Clock
from simulator.refusal import Refusal
from simulator.rooms import Room

TEMPLATES = (
    ("VideoDynamicGrid9Seats", 9), ("VideoDynamicFloat7Seats", 7), ("VideoFixedGrid9Seats", 9),
    ("VideoFixedFloat7Seats", 7), ("VideoLandscape4Seat", 4),
)  # fmt: skip
# A room stays about this long, seconds; with 60 rooms one opens and one ends every 25 s or so.
USUAL_STAY = 1500.0
# The vendor's member list: refreshed about every 40 s, at most 1,000 names. https://trtc.io/document/66908
MEMBERS_REFRESH = 40.0
MOST_MEMBERS = 1000
STUBBORN_AFTER = 8.0
MOST_ENDED = 2000


class World:
    """Everything behind the REST door. Not for several threads: the server is one event loop."""

    def __init__(
        self, *, rooms: int, viewers: int, seed: int, clock: Clock, address: str = "", churn: float = 1.0
    ) -> None:
        self.clock = clock
        self.address = address
        self.target = rooms
        self.viewers = viewers
        self.churn = churn
        self.rng = random.Random(seed)
        self.rooms: dict[str, Room] = {}
        self.ended: deque[tuple[str, float, str]] = deque(maxlen=MOST_ENDED)
        self.accounts: dict[str, dict[str, str]] = {}
        self.kicked: dict[str, float] = {}
        self.silenced: dict[str, float] = {}
        self.stubborn: set[str] = set()
        self._reopening: list[tuple[float, Room]] = []
        self._number = 0
        self._moved_at = clock.now()
        for _ in range(rooms):
            self.open_room(age=self.rng.uniform(60, USUAL_STAY * 2))

    # --- motion -------------------------------------------------------------------------------------

    def move(self) -> None:
        """Brings comings and goings up to the clock. Cheap when nothing is due."""
        now = self.clock.now()
        if now - self._moved_at < 1.0:
            return
        elapsed, self._moved_at = now - self._moved_at, now
        for due, room in [item for item in self._reopening if item[0] <= now]:
            self._reopening.remove((due, room))
            if room.room_id not in self.rooms:
                self.reopen(room)
        if not self.churn:
            return
        for room in [room for room in self.rooms.values() if room.closes_at <= now]:
            self.close(room, "left")
        missing = self.target - len(self.rooms)
        chance = min(1.0, elapsed * self.churn * max(1, self.target) / USUAL_STAY)
        if missing > 0 and self.rng.random() < chance * (1 + missing):
            for _ in range(max(1, missing // 4)):
                self.open_room()

    def open_room(self, *, age: float = 0.0, **fields: Any) -> Room:
        """A host goes live. `fields` override the vendor's fields; `size` the usual audience."""
        number, self._number = self._number, self._number + 1
        rng, now = self.rng, self.clock.now()
        owner = str(fields.pop("Owner_Account", "") or f"host_{1000 + number}")
        self.account(owner, nick=names.host_name(rng))
        template, seats = rng.choice(TEMPLATES)
        info = {
            "RoomId": names.room_id(number), "RoomName": names.room_name(rng, number), "RoomType": "Live",
            "Owner_Account": owner, "CoverURL": f"{self.address}/covers/{number}.svg", "CreateTime": int(now - age),
            "Category": sorted(rng.sample(range(1, 12), rng.randint(0, 3))), "ActivityStatus": 0, "Notice": "",
            "IsPublicVisible": number % 31 != 17, "IsMessageDisabled": False, "IsSeatEnabled": True,
            "TakeSeatMode": rng.choice(("FreeToTake", "ApplyToTake")), "MaxSeatCount": seats, "MaxMemberCount": 100000,
            "SeatTemplate": template, "IsUnlimitedRoomEnabled": True,
        } | fields  # fmt: skip
        size = int(fields.get("size", self._size(number)))
        info.pop("size", None)
        shape = figures.Shape(
            size,
            rng.lognormvariate(-0.7, 0.9),
            rng.uniform(0, 6.28),
            rng.uniform(0.5, 2),
            rng.getrandbits(30),
        )
        stay = rng.expovariate(1 / USUAL_STAY) + 300
        room = Room(info=info, shape=shape, opened_at=now - age, closes_at=now + stay, number=number)
        room.seats[0] = owner
        if number % 19 == 3:
            self.stubborn.add(owner)
        self.rooms[room.room_id] = room
        return room

    def _size(self, number: int) -> int:
        """A heavy-tailed audience: a few very large rooms, many small, some with nobody."""
        if number % 13 == 5:
            return 0
        if number == 1 and self.viewers >= 20_000:
            return 52_000
        usual = max(1.0, self.viewers / max(1, self.target))
        return int(min(60_000, usual * 0.35 * self.rng.paretovariate(1.15)))

    def close(self, room: Room, why: str) -> None:
        """The room is gone; a stubborn host comes back with the same RoomId after an end from outside."""
        now = self.clock.now()
        if self.rooms.pop(room.room_id, None) is None:
            return
        self.ended.append((room.room_id, now, why))
        if why == "destroyed" and room.owner in self.stubborn:
            self._reopening.append((now + STUBBORN_AFTER, room))

    def reopen(self, room: Room) -> Room:
        """The same RoomId and host again, as a new broadcast without the old bans."""
        kept = {name: value for name, value in room.info.items() if name != "CreateTime"}
        return self.open_room(size=room.shape.size, **kept)

    # --- finding ------------------------------------------------------------------------------------

    def room(self, room_id: object) -> Room:
        """The live room of that id; Refusal 100002 for no id, 100004 for none such."""
        if not isinstance(room_id, str) or not room_id:
            raise Refusal(100002, "RoomId is missing or not a string")
        room = self.rooms.get(room_id)
        if room is None:
            raise Refusal(100004, "the room does not exist or is dissolved")
        room.drop_expired(self.clock.now())
        return room

    def account(self, account: str, *, nick: str = "", face: str = "") -> dict[str, str]:
        """The profile of an account, imported when it is new."""
        profile = self.accounts.setdefault(account, {"nick": "", "face": ""})
        if nick:
            profile["nick"] = nick
        number = sum(account.encode()) % 97
        profile["face"] = face or profile["face"] or f"{self.address}/avatars/{number}.svg"
        return profile

    # --- people in rooms ----------------------------------------------------------------------------

    def enter(self, room: Room, account: str) -> None:
        """Somebody comes in by name. Refusal 100016 while banned."""
        if room.banned.get(account, 0) > self.clock.now():
            raise Refusal(100016, "the member is banned from this room")
        self.account(account)
        room.guests.add(account)
        room.entries_before += 1

    def crowd(self, room: Room) -> list[str]:
        """Up to 1,000 ids of the room's crowd, always the same people for the same room, without the banned."""
        now = self.clock.now()
        count = min(figures.online(room.shape, now - room.opened_at), MOST_MEMBERS)
        start = room.shape.seed % max(1, self.viewers)
        ids = (f"viewer_{(start + k) % max(1, self.viewers)}" for k in range(count))
        return [account for account in ids if account not in room.banned]

    def members(self, room: Room) -> tuple[list[str], int]:
        """(ids, total) as the vendor tells them: up to 40 s old."""
        now = self.clock.now()
        known = room.listed_members
        if known is None or now - known[0] >= MEMBERS_REFRESH:
            named = [room.owner, *sorted(room.guests), *self.crowd(room)][:MOST_MEMBERS]
            # Staggered, so that not every room's list is refreshed in the same second.
            since = now if known else now - room.shape.seed % int(MEMBERS_REFRESH)
            known = room.listed_members = (since, named, room.online(now))
        return known[1], known[2]
