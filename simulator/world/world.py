"""The simulated platform: rooms that open and end, people who enter. Seeded; moves with its clock.

What happens by itself stands in a queue by its time, so the world at a moment does not depend on
who looked before.
"""

import heapq
import itertools
import math
import random
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from simulator.bodies import Body
from simulator.errors import Refusal
from simulator.world import dissolution, events, hosts, names, new_rooms, planting
from simulator.world.audience import Audience
from simulator.world.catalogue import Catalogue
from simulator.world.clock import Clock
from simulator.world.events import Event
from simulator.world.options import WorldOptions
from simulator.world.people import People, host_account
from simulator.world.rooms import INSIDE, NEVER, SEATED, Room

T = TypeVar("T")
# A broadcast's usual length, seconds: with 60 rooms one opens or ends about every half minute.
USUAL_STAY = 3600.0
MAX_AGE = 4 * USUAL_STAY  # of a room when the world begins
MAX_ENDED = 5000
NEAR_LIMIT = 0.7  # of the rooms that the package allows: then one is told
STUBBORN_EVERY = 20  # hosts
STRETCHED_FOR = 5.0  # seconds


@dataclass(frozen=True, slots=True)
class Ending:
    """A broadcast that is over.

    `why`: left (by its host), destroyed (by REST), from inside (by the control endpoint), dissolved
    (by the platform)."""

    room_id: str
    opened_at: float
    at: float
    why: str


class World:
    """Everything behind the REST API. Not for several threads: the server is one event loop.

    `listener` gets every event, as it happens.
    """

    def __init__(self, options: WorldOptions, clock: Clock) -> None:
        rooms, seed, address = options.rooms, options.seed, options.address
        self.clock = clock
        self.admin = options.admin
        self.lifetimes = options.lifetimes
        self.most_rooms = options.most_rooms
        self.host_comes = options.host_comes
        self.listener: Callable[[Event], None] | None = None
        self.drops_messages = False  # while a message arrives that is taken and not delivered
        self.groups: set[str] = set()  # ids of ordinary Chat groups
        self.address = address
        self.target = rooms
        self.viewers = max(1, options.viewers)
        self.churn = options.churn
        self.seed = seed
        self.rng = random.Random(seed)
        self.people = People(viewers=self.viewers, hosts=2 * rooms + 20, seed=seed, address=address)
        self.catalogue = Catalogue(address)
        self.people.include(self.admin, clock.now(), nick="Administrator")
        self.rooms: dict[str, Room] = {}
        self.version = 0  # changes whenever the set of listed rooms may have
        self.ended: deque[Ending] = deque(maxlen=MAX_ENDED)
        self.live_rooms_of: Counter[str] = Counter()
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._broadcasts = itertools.count()
        self.audience = Audience(self.viewers)
        self._stretched: tuple[float, list[tuple[int, int]]] = (-STRETCHED_FOR, [])
        self.stations = new_rooms.STATIONS if self.viewers >= new_rooms.STATIONS_FROM else {}
        for host in range(rooms):
            age = self.rng.expovariate(1 / USUAL_STAY) + (1800 if host in self.stations else 60)
            self.open_host(host, clock.now() - min(age, MAX_AGE), seen_until=clock.now())
        if every := options.incidents:
            begin = partial(planting.in_turns, self, every, self.stations)
            self.due_at(clock.now() + planting.FIRST_INCIDENT, begin, 0)

    # --- motion -----------------------------------------------------------------------------------

    def move(self) -> None:
        """Brings comings and goings up to the clock. Costs nothing when nothing is due."""
        now = self.clock.now()
        while self._due and self._due[0][0] <= now:
            _, _, act = heapq.heappop(self._due)
            act()

    def due_at(self, at: float, act: Callable[[float, T], None], subject: T) -> None:
        """Calls `act(at, subject)` when the clock gets there."""
        call: Callable[[], None] = partial(act, at, subject)
        heapq.heappush(self._due, (at, next(self._order), call))

    def tell(self, event: Event) -> None:
        """Something happened that the vendor calls back for."""
        if self.listener is not None:
            self.listener(event)

    def _leave(self, at: float, room: Room) -> None:
        if self.rooms.get(room.room_id) is room:
            self.close(room, "left", at)

    def _arrive(self, at: float, _: None) -> None:
        if self.churn and len(self.rooms) < self.target:
            self.open_host(self._idle_host(), at)

    def _come_back(self, at: float, room: Room) -> None:
        if room.room_id not in self.rooms:
            self.reopen(room, at)

    def _idle_host(self) -> int:
        start = self.rng.randrange(self.people.hosts)
        candidates = ((start + k) % self.people.hosts for k in range(self.people.hosts))
        return next((h for h in candidates if not self.live_rooms_of[host_account(h)]), start)

    # --- opening and ending -----------------------------------------------------------------------

    def open_host(self, host: int, at: float, *, seen_until: float | None = None) -> Room:
        """A host of the world goes live, and will leave in time: not before `seen_until`."""
        broadcast = next(self._broadcasts)
        rng = random.Random(f"{self.seed} {host} {broadcast}")
        room_id = names.room_id(host, broadcast)
        if room_id in self.rooms:
            room_id = f"live_{host:04d}{broadcast:05d}"
        about = names.theme(self.seed, host)
        room = self.made(
            {
                "RoomId": room_id,
                "RoomName": names.title(rng, host, about),
                "Owner_Account": host_account(host),
                "CoverURL": f"{self.address}/covers/{about}-{host}.svg",
                "IsPublicVisible": host % 31 != 17,
            },
            at=at,
            size=self._size(host),
            rng=rng,
            host=host,
        )
        self._add(room, at)
        self._stays(room, at if seen_until is None else seen_until, rng)
        return room

    def _stays(self, room: Room, since: float, rng: random.Random) -> None:
        """The host will leave in time; a station's never does."""
        if self.churn and room.host not in self.stations:
            self.due_at(since + 120 + rng.expovariate(self.churn / USUAL_STAY), self._leave, room)
            hosts.may_stumble(self, room, since, rng)

    def open_room(
        self,
        *,
        size: int = 0,
        at: float | None = None,
        by_rest: bool = False,
        host_state: str = SEATED,
        stubborn: bool = False,
        **fields: object,
    ) -> Room:
        """A room that somebody else opened: it stays until it is ended. `fields` are the vendor's.

        `by_rest`: by the administrator, and its host is not there yet.
        """
        broadcast = next(self._broadcasts)
        rng = random.Random(f"{self.seed} opened {broadcast}")
        made = {"RoomId": f"live_opened_{broadcast:05d}", "Owner_Account": f"streamer_{broadcast}"}
        info: Body = {
            **made,
            "RoomName": fields.get("RoomId", made["RoomId"]),
            "IsPublicVisible": True,
            **fields,
        }
        at = self.clock.now() if at is None else at
        room = self.made(info, at=at, size=size, rng=rng)
        room.host_state, room.stubborn = NEVER if by_rest else host_state, stubborn
        room.opened_by = 0 if room.host_state == NEVER else 1
        self._add(room, at, by_rest=by_rest)
        if by_rest and self.host_comes:
            hosts.will_come(self, room, at + self.host_comes)
        return room

    def made(
        self, info: Body, *, at: float, size: int, rng: random.Random, host: int | None = None
    ) -> Room:
        """A room that is not there yet."""
        return new_rooms.new_room(
            info,
            at=at,
            size=size,
            rng=rng,
            number=next(self._order),
            host=host,
            address=self.address,
        )

    def _add(self, room: Room, at: float, *, by_rest: bool = False) -> Room:
        """Opens a room; its host comes with it unless `host_state` says otherwise."""
        owner = room.owner
        if self.people.find(owner) is None:
            self.people.include(owner, at, nick=owner)
        if room.info["IsMessageDisabled"]:
            room.mute_everybody(True, at)
        self.people.sessions_ended.pop(owner, None)
        self.rooms[room.room_id] = room
        self.live_rooms_of[owner] += 1
        self.version += 1
        by, platform = (self.admin, events.REST) if by_rest else (owner, events.CLIENT)
        self.tell(events.created(room, at, by, platform))
        if self.most_rooms and len(self.rooms) == math.ceil(NEAR_LIMIT * self.most_rooms):
            self.tell(events.near_limit(room, at, by, len(self.rooms), self.most_rooms))
        room.host_since = at
        if room.host_present:
            self.tell(events.members(room, at, events.ENTER, [owner]))
        if room.host_state == SEATED:
            self.reseat(room, {0: owner}, at)
        return room

    def reseat(
        self, room: Room, seats: dict[int, str], at: float, platform: str = events.CLIENT
    ) -> None:
        """Who sits where from now on. Who leaves the seat pushes no more."""
        if seats != room.seats:
            room.seats = seats
            room.streams &= set(seats.values())
            hosts.settle(room, at)
            self.tell(events.seats(room, at, platform))

    def _size(self, host: int) -> int:
        if host in self.stations:
            return self.stations[host]
        return new_rooms.usual_audience(host, self.viewers / max(1, self.target), self.seed)

    def is_stubborn(self, room: Room) -> bool:
        """Whether the host opens again whenever the room is ended from outside."""
        return room.stubborn or (room.host is not None and room.host % STUBBORN_EVERY == 3)

    def close(self, room: Room, why: str, at: float | None = None) -> None:
        """The room is gone with its bans; a stubborn host ended from outside comes back some
        seconds later.
        """
        at = self.clock.now() if at is None else at
        if self.rooms.pop(room.room_id, None) is None:
            return
        self.version += 1
        self.live_rooms_of[room.owner] -= 1
        if not self.live_rooms_of[room.owner]:
            del self.live_rooms_of[room.owner]
        self.ended.append(Ending(room.room_id, room.opened_at, at, why))
        self.tell(events.destroyed(room, at, *self._ended_by(room, why)))
        if why == "destroyed" and self.is_stubborn(room):
            self.due_at(at + self.rng.uniform(4, 12), self._come_back, room)
        elif self.churn:
            self.due_at(at + self.rng.uniform(5, 90) / self.churn, self._arrive, None)

    def _ended_by(self, room: Room, why: str) -> tuple[str, str]:
        """(operator, platform)."""
        known = {"left": (room.owner, events.CLIENT), "destroyed": (self.admin, events.REST)}
        return known.get(why, (events.SYSTEM, events.UNKNOWN))

    def reopen(self, room: Room, at: float | None = None) -> Room:
        """The same RoomId and host again, as a new broadcast without the old bans and counts."""
        at = self.clock.now() if at is None else at
        info = {name: value for name, value in room.info.items() if name != "CreateTime"}
        rng = random.Random(f"{self.seed} again {next(self._broadcasts)}")
        again = self.made(info, at=at, size=room.shape.size, rng=rng, host=room.host)
        again.stubborn = room.stubborn
        self._add(again, at)
        if room.host is not None:
            self._stays(again, at, rng)
        return again

    def made_up(self, room_id: str, owner: str, at: float) -> Room:
        """A room that there is not: what a false event speaks of."""
        info = {
            "RoomId": room_id,
            "RoomName": room_id,
            "Owner_Account": owner,
            "IsPublicVisible": True,
        }
        return self.made(info, at=at, size=0, rng=random.Random(f"{self.seed} {room_id}"))

    def hand_over(self, room: Room, account: str) -> None:
        """The room has another owner, who is in it; Refusal 100005 when the account is not."""
        now, before = self.clock.now(), room.owner
        if not self.audience.holds(room, account, now):
            raise Refusal(100005, "not a member of the room")
        if room.host_present:
            room.guests.add(before)
        self.live_rooms_of.subtract([before])
        self.live_rooms_of += Counter()  # drops what is 0
        self.live_rooms_of[account] += 1
        room.guests.discard(account)
        room.info["Owner_Account"] = account
        room.host_state, room.host_since, room.host_came = INSIDE, now, True
        hosts.settle(room, now)
        self.tell(events.owner(room, now, before, before))

    def populate(self, rooms: int) -> None:
        """At least so many rooms from now on."""
        self.target = rooms
        self.people.hosts = max(self.people.hosts, 2 * rooms + 20)
        while len(self.rooms) < rooms:
            self.open_host(self._idle_host(), self.clock.now())

    # --- finding ----------------------------------------------------------------------------------

    def room(self, room_id: object) -> Room:
        """The live room of that id; Refusal 100002 for no id, 100004 for none such."""
        if not isinstance(room_id, str) or not room_id:
            raise Refusal(100002, "RoomId is missing or not a string")
        room = self.rooms.get(room_id)
        if room is None:
            raise Refusal(100004, "the room does not exist or is dissolved")
        room.drop_expired(self.clock.now())
        return room

    # --- people in rooms --------------------------------------------------------------------------

    def online(self, room: Room) -> int:
        return self.audience.online(room, self.clock.now())

    def is_online(self, account: str) -> bool:
        """Whether the account is logged in: it is in a room, and its sessions were not ended since
        it came.
        """
        if account in self.people.sessions_ended or self.people.find(account) is None:
            return False
        if self.live_rooms_of[account] or any(
            account in room.guests for room in self.rooms.values()
        ):
            return True
        place = self.audience.place(account)
        return place is not None and any(
            self.audience.within(place, stretch) for stretch in self._stretches()
        )

    def _stretches(self) -> list[tuple[int, int]]:
        """Where the rooms' crowds stand, read at most every few seconds: 100 accounts may be asked
        for at once.
        """
        now = self.clock.now()
        if not 0 <= now - self._stretched[0] < STRETCHED_FOR:
            self._stretched = (
                now,
                [self.audience.stretch(room, now) for room in self.rooms.values()],
            )
        return self._stretched[1]

    def enter(self, room: Room, account: str) -> None:
        """Somebody comes in by name. Refusal 100016 while banned, 100008 when the room is full."""
        now = self.clock.now()
        if room.banned.get(account, 0) > now:
            raise Refusal(100016, "the member is banned from this room")
        if account == room.owner:
            hosts.comes(self, room, now, seat=False)
            return
        if account not in room.guests and self.online(room) >= room.info["MaxMemberCount"]:
            raise Refusal(100008, "the room is full")
        if self.people.find(account) is None:
            self.people.include(account, now)
        self.people.sessions_ended.pop(account, None)
        room.guests.add(account)
        room.entered += 1
        dissolution.somebody_came(room)
        self.tell(events.members(room, now, events.ENTER, [account]))

    def leave(self, room: Room, accounts: Iterable[str]) -> None:
        """Those of the accounts that are in the room are not any more."""
        now = self.clock.now()
        inside = [account for account in accounts if self.audience.holds(room, account, now)]
        gone = [account for account in inside if account != room.owner]
        if room.owner in inside:
            hosts.leaves(self, room, now)
        room.guests -= set(gone)
        if gone:
            room.robots = [account for account in room.robots if account not in gone]
            self.reseat(
                room, {index: on for index, on in room.seats.items() if on not in gone}, now
            )
            self.tell(events.members(room, now, events.LEAVE, gone))
            dissolution.somebody_went(self, room, now)
