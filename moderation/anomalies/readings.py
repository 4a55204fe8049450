"""What is new in a room's figures: deviations from its own levels, in logarithms.

What was not read anew says nothing. After a gap, after a change of the source of a count, and after
totals that stay lower than they were, a room begins anew and is not judged for SETTLE seconds. A
total lower than before is a late answer and ignored; while no total at all moves the vendor has not
counted anew, and the window goes on.
"""

from dataclasses import dataclass
from math import expm1, hypot, log1p, sqrt

from moderation.anomalies.levels import Level
from moderation.anomalies.memory import RoomMemory, Totals
from moderation.anomalies.waves import Wave

WARM_SECONDS, WARM_READINGS = 300.0, 10  # what a level must have seen before it says what is usual
AGAIN_READINGS = 5  # the same of a level that began anew
GAP = 180.0  # seconds without a reading after which what was usual may be so no more
SETTLE = 120.0
CHANCE = 2.5  # deviations of fewer scales may be chance
WINDOW = 8.0  # seconds that a rate is measured over, at least
BACK = 180.0  # so long totals may be lower than before
HALF_LIFE = 600.0
SLOW = 1800.0  # half-life of gifts, which come in bursts
LATELY = 60.0
# The least scale of each figure, in logarithms: no audience is steadier.
FLOORS = {"viewers": 0.05, "chat": 0.12, "gifts": 0.25, "coins": 0.5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A room as it is stored now. Totals so far; None: not told. online_at, totals_at: Unix seconds
    of the readings. source: what the count of people is. is_muted: nobody may write. host_gone: no
    heartbeat, or not in the room.
    """

    online: int | None = None
    online_at: float = 0.0
    source: str = ""
    totals_at: float = 0.0
    messages: int | None = None
    gifts: int | None = None
    coins: int | None = None
    givers: int | None = None
    likes: int | None = None
    is_muted: bool = False
    host_gone: bool = False


@dataclass(frozen=True, slots=True)
class Odd:
    """A figure against its level: by how much it deviates without the platform's share (`off`, in
    logarithms), how many times its usual scatter that is (`score`), and both sides of it: people,
    or so many a minute.
    """

    off: float
    score: float
    value: float
    usual: float

    @property
    def sure(self) -> float:
        """What it deviates by, 0 while that may be chance."""
        return self.off if abs(self.score) >= CHANCE else 0.0


@dataclass(slots=True)
class Window:
    """What came together between two readings of the totals; rates in logarithms. begins: Unix
    seconds.
    """

    begins: float
    seconds: float
    messages: int
    gifts: int
    coins: int
    givers: int | None

    def rate(self, figure: str) -> float:
        """log(1 + so many a minute)."""
        counts = {"chat": self.messages, "gifts": self.gifts, "coins": self.coins}
        return log1p(counts[figure] * 60.0 / self.seconds)


@dataclass(slots=True)
class New:
    """What this look has read of a room: log(1 + viewers), and a window; None: nothing new."""

    viewers: float | None = None
    window: Window | None = None


def take(room: RoomMemory, seen: Figures) -> New:
    """What is new since the last look, kept as read."""
    return New(_viewers(room, seen), _window(room, seen))


def _viewers(room: RoomMemory, seen: Figures) -> float | None:
    at = seen.online_at
    if seen.online is None or at <= room.viewers_at:
        return None
    room.people = float(max(0, seen.online))
    count = log1p(room.people)
    if seen.source != room.source or at - room.viewers_at > GAP:
        room.viewers = Level()
        room.viewers_ready = at + SETTLE if room.viewers_at else at
        room.lately, room.source = count, seen.source
    room.lately += (1 - 0.5 ** ((at - room.viewers_at) / LATELY)) * (count - room.lately)
    room.viewers_at = at
    return count


def _window(room: RoomMemory, seen: Figures) -> Window | None:
    if seen.totals_at <= room.totals_at:
        return None
    room.totals_at = at = seen.totals_at
    told = (seen.messages, seen.gifts, seen.coins, seen.givers, seen.likes)
    now = Totals(at, *(-1 if value is None else value for value in told))
    before = room.totals
    if not before.at or at - before.at > GAP:
        _begin_totals(room, now)
        return None
    steps = _steps(before, now)
    if min(steps) < 0:
        room.back = room.back or at
        if at - room.back > BACK:
            _begin_totals(room, now)
        return None
    room.back = 0.0
    if at - before.at < WINDOW or not any(steps):
        return None
    room.totals = now
    messages, gifts, coins, givers, _likes = steps
    known = givers if min(before.givers, now.givers) >= 0 else None
    return Window(before.at, at - before.at, messages, gifts, coins, known)


def _steps(before: Totals, now: Totals) -> tuple[int, int, int, int, int]:
    """How far each total has moved; one that was not told both times has not."""

    def step(earlier: int, later: int) -> int:
        return later - earlier if min(earlier, later) >= 0 else 0

    return (
        step(before.messages, now.messages),
        step(before.gifts, now.gifts),
        step(before.coins, now.coins),
        step(before.givers, now.givers),
        step(before.likes, now.likes),
    )


def _begin_totals(room: RoomMemory, now: Totals) -> None:
    room.totals_ready = now.at + SETTLE if room.totals.at else now.at
    room.totals, room.back = now, 0.0
    room.chat, room.gifts, room.coins = Level(), Level(), Level()


def is_warm(level: Level, at: float) -> bool:
    """Whether a level has seen enough to say what is usual."""
    return level.readings >= WARM_READINGS and at - level.since >= WARM_SECONDS


def odd(figure: str, level: Level, value: float, wave: Wave, seconds: float = 0.0) -> Odd:
    """A reading against its level. seconds: of the window of a rate.

    Counts scatter by themselves, more so where the rate moves: the variance of n events of which m
    are expected is m + (scale m)^2, that of the negative binomial distribution (McCullagh and
    Nelder, "Generalized Linear Models", 1989, 6.2.3).
    """
    usual = max(0.0, expm1(level.value + wave.middle))
    seen, off = max(0.0, expm1(value)), value - level.value - wave.middle
    scale = hypot(max(level.scale, FLOORS[figure]), wave.spread)
    if not seconds:
        return Odd(off, off / scale, seen, usual)
    expected = usual * seconds / 60.0
    more = (seen - usual) * seconds / 60.0
    return Odd(off, more / sqrt(expected + (scale * expected) ** 2 + 0.1), seen, usual)


def learn(room: RoomMemory, figure: str, value: float, at: float) -> None:
    """What was read becomes part of what is usual."""
    level: Level = getattr(room, figure)
    half_life = HALF_LIFE if figure in ("viewers", "chat") else SLOW
    level.learn(value, at, half_life=half_life, floor=FLOORS[figure])
