"""Rooms with steady figures, read every ten seconds, and what tests make of them."""

import random
from dataclasses import dataclass, field, replace

from moderation.anomalies import detector
from moderation.anomalies.kinds import Finding
from moderation.anomalies.memory import Memory, pack, unpack
from moderation.anomalies.readings import Figures

BEGIN = 1_700_000_000
STEP = 10
OTHERS = range(100, 112)


@dataclass
class Steady:
    """A room of 1,000 people, 120 lines and 30 gifts of 10 coins a minute. The factors multiply
    what comes in a step.
    """

    seed: int = 1
    now: int = BEGIN
    people: float = 1.0
    talk: float = 1.0
    giving: float = 1.0
    givers: float = 0.5
    totals: list[int] = field(default_factory=lambda: [5000, 900, 9000, 400, 20_000])

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)

    def step(self) -> Figures:
        """Ten seconds later."""
        self.now += STEP
        gifts = round(5 * self.giving)
        scatter = self.rng.uniform(0.9, 1.1)
        more = (
            *(round(20 * self.talk * scatter), gifts, 10 * gifts),
            *(round(gifts * self.givers), round(40 * scatter)),
        )
        self.totals = [total + came for total, came in zip(self.totals, more, strict=True)]
        messages, gifts, coins, givers, likes = self.totals
        return Figures(
            online=round(1000 * self.people * self.rng.uniform(0.98, 1.02)),
            online_at=self.now,
            source="OnlineCount",
            totals_at=self.now,
            messages=messages,
            gifts=gifts,
            coins=coins,
            givers=givers,
            likes=likes,
        )


class Watched:
    """One room of interest, number 1, beside a dozen steady ones; the memory goes through its JSON
    at every look.
    """

    def __init__(self, seed: int = 1) -> None:
        self.room = Steady(seed)
        self.others = {pk: Steady(pk) for pk in OTHERS}
        self.memory = Memory()
        self.found: list[Finding] = []

    def go(self, seconds: int, *, others: dict[str, float] | None = None, **room: float) -> None:
        """So many seconds, with these factors from now on; `others`: those of the other rooms."""
        self.room = replace_factors(self.room, room)
        for pk, other in self.others.items():
            self.others[pk] = replace_factors(other, others or {})
        for _ in range(seconds // STEP):
            self.show(self.room.step())

    def show(self, figures: Figures) -> None:
        """One look, at these figures of the room."""
        seen = {1: figures} | {pk: other.step() for pk, other in self.others.items()}
        self.memory = unpack(pack(self.memory))
        self.found += detector.look(self.memory, seen, float(self.room.now)).found

    @property
    def kinds(self) -> list[str]:
        """What was found in the room, in order."""
        return [one.kind.value for one in self.found if one.room == 1]


def replace_factors(room: Steady, factors: dict[str, float]) -> Steady:
    for name, value in factors.items():
        setattr(room, name, value)
    return room


def without(figures: Figures, **changed: object) -> Figures:
    """The same figures, some of them otherwise."""
    return replace(figures, **changed)
