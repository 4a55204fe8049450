"""How a room's figures move: functions of its seed and its age, so that nobody has to step thousands of rooms."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """What kind of broadcast it is. `size` is its usual audience, `generosity` coins a viewer and minute."""

    size: int
    generosity: float
    phase: float
    pace: float
    seed: int


def online(shape: Shape, age: float) -> int:
    """People in the room at `age` seconds: a rise, slow waves, quick ripples, now and then a raid that ebbs."""
    if shape.size == 0:
        return 0
    rise = 1 - math.exp(-age / 240)
    waves = (
        1
        + 0.25 * math.sin(age / 310 * shape.pace + shape.phase)
        + 0.08 * math.sin(age / 41 + 3 * shape.phase)
    )
    ripple = 1 + 0.03 * noise(shape.seed, int(age // 5))
    return max(0, round(shape.size * rise * waves * ripple + shape.size * 1.5 * raid(shape, age)))


def raid(shape: Shape, age: float) -> float:
    """0 to 1: how much of a raid is still there. One in a few quarters of an hour."""
    period = 900.0
    number = int(age // period)
    if noise(shape.seed + 17, number) < 0.4:
        return 0.0
    since = age - number * period - 300
    return math.exp(-since / 90) if since > 0 else 0.0


def growth(shape: Shape, age: float) -> float:
    """Viewer-minutes so far, smooth and never falling: what views, likes and messages grow with."""
    return shape.size * max(0.0, age - 200 * (1 - math.exp(-age / 200))) / 60


def gift_in(shape: Shape, step: int) -> int:
    """Coins of the big gift in half minute `step`, mostly 0: a heavy tail."""
    luck = (noise(shape.seed + 5, step) + 1) / 2
    if luck <= 0.93:
        return 0
    return int(20 * (1 / (1.0001 - luck)) ** 0.9 * (1 + shape.size) ** 0.3)


def noise(seed: int, step: int) -> float:
    """-1 to 1, the same for the same two numbers."""
    mixed = (seed * 2654435761 + step * 40503 + 12345) & 0xFFFFFFFF
    mixed = ((mixed ^ (mixed >> 15)) * 2246822519) & 0xFFFFFFFF
    mixed = ((mixed ^ (mixed >> 13)) * 3266489917) & 0xFFFFFFFF
    return (mixed ^ (mixed >> 16)) / 2147483648.0 - 1.0
