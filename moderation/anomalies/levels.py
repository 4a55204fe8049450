"""Robust exponential smoothing: the usual level of a figure, and how much it moves around it.

The formulas are those of Gelper, Fried and Croux, "Robust Forecasting with Exponential and
Holt-Winters Smoothing", Journal of Forecasting 29 (2010), 285-300, without a trend:

    r = y - level,  scale^2 = (1 - w) scale^2 + w rho(r / scale) scale^2
    level = level + w scale psi(r / scale)

psi is Huber's (bounded by K), rho the bounded biweight that goes with it. So one reading, however
far off, moves the level by no more than K scales. Readings come at any distance in time, so the
weight w follows from the time that has passed: half of the past is forgotten after a half-life.

Plain Python on purpose: two multiplications a reading. A library (river, statsmodels) brings numpy,
and keeps more for each of 5,000 rooms than these five numbers.
"""

from dataclasses import dataclass
from math import sqrt
from statistics import median

K = 2.0
EARLY = 7  # readings whose median and median deviation begin a level: one of them may be anything
NORMAL = 1.4826  # times the median absolute deviation is the standard deviation of normal values
BOUND = 2.52  # of rho: makes it consistent for normal readings with K = 2 (the paper's c_k)
FIRST_SCALE = 0.25  # of a figure just met, in logarithms


@dataclass(slots=True)
class Level:
    """What is usual, in logarithms. since, at: Unix seconds of the first and the newest reading."""

    value: float = 0.0
    scale: float = FIRST_SCALE
    readings: int = 0
    since: float = 0.0
    at: float = 0.0
    early: tuple[float, ...] = ()

    def learn(self, seen: float, at: float, *, half_life: float, floor: float) -> None:
        """Takes in a reading; `floor`: the least scale."""
        if self.readings < EARLY:
            self._begin_by(seen, at, floor)
            return
        weight = 1.0 - 0.5 ** (max(0.0, at - self.at) / half_life)
        weight = max(weight, 1.0 / (self.readings + 1))
        scale, off = max(self.scale, floor), seen - self.value
        self.scale = max(floor, scale * sqrt(1.0 - weight + weight * rho(off / scale)))
        self.value += weight * self.scale * psi(off / self.scale)
        self.readings += 1
        self.at = at

    def begin(self, seen: float, at: float) -> None:
        """Forgets what was; this reading is the first of the level from now on."""
        self.value, self.scale, self.early = seen, FIRST_SCALE, (seen,)
        self.readings, self.since, self.at = 1, at, at

    def _begin_by(self, seen: float, at: float, floor: float) -> None:
        if not self.readings:
            self.begin(seen, at)
            return
        self.early, self.readings, self.at = (*self.early, seen), self.readings + 1, at
        self.value = median(self.early)
        if self.readings == EARLY:
            off = median([abs(one - self.value) for one in self.early])
            self.scale, self.early = max(floor, FIRST_SCALE / 2, NORMAL * off), ()


def psi(off: float) -> float:
    """Huber's: what counts of a deviation of so many scales."""
    return max(-K, min(K, off))


def rho(off: float) -> float:
    """Bounded biweight: what a deviation of so many scales says about the scale."""
    if abs(off) >= K:
        return BOUND
    return BOUND * (1.0 - (1.0 - (off / K) ** 2) ** 3)
