"""Generated histories of rooms for `alerts`: ordinary broadcasts, planted incidents, benign waves,
and the faults of a real wire. Seeded.

It shares nothing with the detector but its input. Rates are per minute, times are seconds from the
beginning. A room has one event at most, so that what an alert is about is never in doubt.
"""

import math
import random
from dataclasses import dataclass, field

from moderation.anomalies.kinds import Kind
from moderation.anomalies.readings import Figures

STEP = 5.0  # seconds between two states of the world
BEGIN = 1_700_000_000.0  # Unix seconds of its beginning
LASTS = (420.0, 900.0)  # of an incident
# What a crowd does together, and what happens on any day.
BENIGN = (
    "raid",
    "ending",
    "birthday",
    "trending",
    "excitement",
    "combo",
    "whale",
    "muted",
    "host left",
)
FAULTS = ("gap", "late", "back", "stuck", "source")


@dataclass(slots=True)
class Event:
    """What happens in a room from `start` to `end`; size: how strong."""

    what: str
    start: float
    end: float
    size: float


@dataclass(slots=True)
class Broadcast:
    """A room of the world. viewers: usual; chat and gifts a minute; coins of a usual gift."""

    pk: int
    rng: random.Random
    viewers: float
    chat: float
    gifts: float
    coins: float
    opened: float
    event: Event | None = None
    fault: str = ""
    drift: float = 0.0
    mood: float = 0.0
    likes: float = 0.0
    online: int = 0
    totals: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0, 0.0])
    seen: Figures = field(default_factory=Figures)
    viewers_due: float = 0.0
    totals_due: float = 0.0
    ended: bool = False


def poisson(rng: random.Random, mean: float) -> int:
    """A count of independent events; by the normal distribution where many are expected."""
    if mean > 30:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, count, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count


class World:
    """A platform of `rooms` broadcasts for `minutes`.

    viewers_every, totals_every: seconds between two readings of a room, as the vendor's limits
    allow them. wave: seconds at which the whole platform doubles for twenty minutes.
    """

    def __init__(
        self,
        *,
        rooms: int,
        minutes: float,
        seed: int,
        viewers_every: float = 25.0,
        totals_every: float = 50.0,
        events: bool = True,
    ) -> None:
        self.rng = random.Random(seed)
        self.viewers_every, self.totals_every = viewers_every, totals_every
        self.length = minutes * 60
        self.now = 0.0
        self.wave = self.rng.uniform(0.35, 0.5) * self.length
        self.restart = self.rng.uniform(0.6, 0.7) * self.length  # of the collector
        self.restart_for = self.rng.uniform(60, 400)
        self.rooms = [self._room(pk) for pk in range(1, rooms + 1)]
        if events:
            self._plant()

    def _room(self, pk: int) -> Broadcast:
        rng = random.Random(self.rng.getrandbits(64))
        viewers = min(40_000.0, 30 * rng.paretovariate(0.9))
        chat = viewers * 0.6 / (1 + viewers) ** 0.3 * rng.lognormvariate(0, 0.4)
        gifts = viewers * 0.02 * rng.lognormvariate(0, 0.5)
        opened = -rng.expovariate(1 / 2400) if rng.random() < 0.8 else rng.uniform(0, self.length)
        room = Broadcast(pk, rng, viewers, chat, gifts, rng.lognormvariate(2.5, 0.9), opened)
        room.viewers_due = rng.uniform(0, self.viewers_every)
        room.totals_due = rng.uniform(0, self.totals_every)
        room.totals = [rng.uniform(0, 10_000) for _ in range(4)]
        return room

    def _plant(self) -> None:
        """Incidents in rooms whose figures can show them, benign waves and faults in the others."""
        kinds = list(Kind)
        for room in self.rooms:
            if room.opened > -900:
                room.event = self._benign(room) if room.rng.random() < 0.3 else None
                continue
            lot = room.rng.random()
            kind = room.rng.choice(kinds)
            if lot < 0.35 and self._shows(room, kind):
                room.event = self._incident(room, kind)
            elif lot < 0.8:
                room.event = self._benign(room)
            if room.event is None or room.event.what in BENIGN:
                room.fault = room.rng.choice(("", *FAULTS))

    def _shows(self, room: Broadcast, kind: Kind) -> bool:
        match kind:
            case Kind.VIEWERS_JUMP | Kind.VIEWERS_RAMP | Kind.VIEWERS_DROP:
                return room.viewers >= 120
            case Kind.CHAT_FLOOD:
                return room.chat >= 8
            case Kind.CHAT_SILENCE:
                return room.chat >= 30
            case Kind.GIFTS_STOPPED:
                return room.gifts >= 12
            case _:
                return room.gifts >= 2

    def _incident(self, room: Broadcast, kind: Kind) -> Event:
        rng = room.rng
        lasts = rng.uniform(*LASTS) * (1.5 if kind is Kind.VIEWERS_RAMP else 1)
        start = rng.uniform(900, max(901, self.length - lasts - 60))
        size = {
            Kind.VIEWERS_JUMP: rng.uniform(2.6, 7),
            Kind.VIEWERS_RAMP: rng.uniform(3, 6),
            Kind.VIEWERS_DROP: rng.uniform(0.08, 0.35),
            Kind.CHAT_FLOOD: rng.uniform(6, 20),
            Kind.CHAT_SILENCE: rng.uniform(0, 0.03),
            Kind.GIFTS_FEW_GIVERS: rng.uniform(10, 40),
            Kind.GIFTS_FLOOD: rng.uniform(8, 25),
            Kind.GIFTS_STOPPED: 0.0,
        }[kind]
        return Event(kind.value, start, start + lasts, size)

    def _benign(self, room: Broadcast) -> Event:
        rng = room.rng
        what = rng.choice(BENIGN)
        start = rng.uniform(max(600, room.opened + 400), max(700, self.length - 400))
        lasts, size = {
            "raid": (rng.uniform(180, 600), rng.uniform(2, 6)),
            "ending": (rng.uniform(15, 70), rng.uniform(0.1, 0.6)),
            "birthday": (rng.uniform(240, 900), rng.uniform(5, 20)),
            "trending": (rng.uniform(1500, 2400), rng.uniform(2, 4)),
            "excitement": (rng.uniform(10, 25), rng.uniform(3, 6)),
            "combo": (rng.uniform(5, 15), rng.uniform(30, 120)),
            "whale": (STEP, rng.uniform(500, 30_000)),
            "muted": (rng.uniform(300, 900), 0.0),
            "host left": (rng.uniform(200, 300), rng.uniform(0.1, 0.4)),
        }[what]
        return Event(what, start, start + lasts, size)

    # --- The world moves --------------------------------------------------------------------------

    def step(self) -> None:
        """Five seconds more."""
        self.now += STEP
        since = self.now - self.wave
        together = 1 + min(1.0, max(0.0, since / 240), max(0.0, (1440 - since) / 240))
        for room in self.rooms:
            if room.ended or room.opened > self.now:
                continue
            self._move(room, together)
            if room.event and room.event.what in ("ending", "host left"):
                room.ended = self.now >= room.event.end

    def _move(self, room: Broadcast, together: float) -> None:
        rng, age = room.rng, self.now - room.opened
        room.drift += -room.drift * STEP / 400 + rng.gauss(0, 0.015)
        room.mood += -room.mood * STEP / 120 + rng.gauss(0, 0.05)
        fill = 1 - math.exp(-age / 240)
        people, talk, giving, likes = effects(room.event, self.now)
        viewers = room.viewers * fill * math.exp(room.drift) * together
        room.online = max(0, round(viewers * people * (1 + rng.gauss(0, 0.02))))
        part = STEP / 60
        activity = fill * math.exp(room.drift) * together
        room.totals[0] += poisson(rng, room.chat * activity * math.exp(room.mood) * talk * part)
        room.likes += poisson(rng, room.viewers * activity * likes * part)
        self._give(room, activity, giving, part)

    def _give(self, room: Broadcast, activity: float, giving: float, part: float) -> None:
        rng, event = room.rng, room.event
        usual = poisson(rng, room.gifts * activity * (giving if giving < 1 else 1.0) * part)
        coins = usual * room.coins * rng.lognormvariate(0, 0.3)
        givers = sum(rng.random() < 0.6 for _ in range(min(usual, 200)))
        if giving > 1 and event is not None:
            more = poisson(rng, room.gifts * activity * (giving - 1) * part)
            if event.what == Kind.GIFTS_FEW_GIVERS:
                usual, coins = usual + more, coins + more * max(room.coins, 20.0) * 2
                givers = min(givers, 1)
            else:
                usual, coins = usual + more, coins + more * room.coins * 1.5
                givers += round(more * rng.uniform(0.4, 0.9))
        if event and event.start <= self.now < event.end:
            if event.what == "combo":
                usual, coins = usual + round(event.size / 2), coins + event.size * 2
            elif event.what == "whale":
                usual, coins = usual + 1, coins + event.size
        room.totals[1] += usual
        room.totals[2] += coins
        room.totals[3] += givers

    # --- What is read of it -----------------------------------------------------------------------

    def read(self, at_once: frozenset[int]) -> None:
        """The collector's readings of these five seconds. at_once: rooms asked for."""
        if self.restart <= self.now < self.restart + self.restart_for:
            return
        for room in self.rooms:
            if room.ended or room.opened > self.now:
                continue
            asked = room.pk in at_once
            if asked or self.now >= room.viewers_due:
                room.viewers_due = self.now + self.viewers_every * room.rng.uniform(0.9, 1.15)
                self._read_viewers(room)
            if asked or self.now >= room.totals_due:
                room.totals_due = self.now + self.totals_every * room.rng.uniform(0.9, 1.15)
                self._read_totals(room)

    def _read_viewers(self, room: Broadcast) -> None:
        event, seen = room.event, room.seen
        source = "OnlineCount"
        online = room.online
        if room.fault == "source" and self.now > self.length * 0.55:
            source, online = "members", round(online * 0.4)  # another way of counting
        if self._is_gap(room):
            return
        gone = bool(event and event.what == "host left" and event.start <= self.now)
        muted = bool(event and event.what == "muted" and event.start <= self.now < event.end)
        room.seen = Figures(
            online=online,
            online_at=BEGIN + self.now,
            source=source,
            totals_at=seen.totals_at,
            messages=seen.messages,
            gifts=seen.gifts,
            coins=seen.coins,
            givers=seen.givers,
            likes=seen.likes,
            is_muted=muted,
            host_gone=gone,
        )

    def _read_totals(self, room: Broadcast) -> None:
        if self._is_gap(room):
            return
        at, totals, likes = BEGIN + self.now, room.totals, room.likes
        seen, rng = room.seen, room.rng
        told = [int(totals[0]), int(totals[1]), int(totals[2]), int(totals[3]), int(likes)]
        known = (seen.messages, seen.gifts, seen.coins, seen.givers, seen.likes)
        if room.fault == "late" and rng.random() < 0.3 and None not in known:
            told = [value or 0 for value in known]  # an answer of before, with today's stamp
        elif room.fault == "stuck" and None not in known and 1500 < self.now < 1500 + 400:
            told = [value or 0 for value in known]
        elif room.fault == "back" and rng.random() < 0.1:
            told = [round(value * rng.uniform(0.3, 0.99)) for value in told]
        room.seen = Figures(
            online=seen.online,
            online_at=seen.online_at,
            source=seen.source,
            totals_at=at,
            messages=told[0],
            gifts=told[1],
            coins=told[2],
            givers=told[3],
            likes=told[4],
            is_muted=seen.is_muted,
            host_gone=seen.host_gone,
        )

    def _is_gap(self, room: Broadcast) -> bool:
        return room.fault == "gap" and self.now % 1100 < 100 + room.pk % 500

    def figures(self) -> dict[int, Figures]:
        """What is stored of the live rooms."""
        return {room.pk: room.seen for room in self.rooms if not room.ended and room.seen.online_at}


def effects(event: Event | None, now: float) -> tuple[float, float, float, float]:
    """What an event makes of viewers, chat, gifts and likes: factors."""
    if event is None or not event.start <= now < event.end:
        return 1.0, 1.0, 1.0, 1.7
    since, size = now - event.start, event.size
    comes = 1 - math.exp(-since / 15)
    match event.what:
        case Kind.VIEWERS_JUMP:
            return 1 + (size - 1) * comes, 1.0, 1.0, 1.7
        case Kind.VIEWERS_RAMP:
            return 1 + (size - 1) * min(1.0, since / 0.8 / (event.end - event.start)), 1.0, 1.0, 1.7
        case Kind.VIEWERS_DROP:
            return 1 - (1 - size) * comes, max(size, 0.3), max(size, 0.3), 0.7
        case Kind.CHAT_FLOOD | Kind.CHAT_SILENCE:
            return 1.0, size, 1.0, 1.7
        case Kind.GIFTS_FEW_GIVERS | Kind.GIFTS_FLOOD | Kind.GIFTS_STOPPED:
            return 1.0, 1.0, size, 1.7
        case "raid":
            people = 1 + (size - 1) * comes * math.exp(-since / 200)
            return people, people**1.2, people**0.5, 2.5
        case "ending" | "host left":
            people = 1 - (1 - size) * min(1.0, since / (event.end - event.start))
            return people, 1.3, 1.0, 1.0
        case "birthday":
            shape = math.sin(math.pi * since / (event.end - event.start)) ** 0.5
            return 1 + 0.3 * shape, 1 + 1.5 * shape, 1 + (size - 1) * shape, 4.0
        case "trending":
            # As slowly as it came it goes: nobody falls off a cliff.
            part = since / (event.end - event.start)
            grows = 1 + (size - 1) * math.sin(math.pi * part)
            return grows, grows**0.8, grows**0.8, 1.7 * grows
        case "excitement":
            return 1.0, size, 1.3, 3.0
        case "muted":
            return 0.95, 0.0, 1.0, 1.7
    return 1.0, 1.0, 1.0, 1.7
