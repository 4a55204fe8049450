"""How a room's figures move: functions of its seed and its age, so that nobody has to step
thousands of rooms.

Every running total here never falls with age, and never depends on when it was read.
"""

import math
from dataclasses import dataclass

GIFT_STEP = 30.0  # seconds
RAID_EVERY = 900.0
RAID_AFTER = 300.0  # into its quarter of an hour
RAID_STAYS = 120.0  # seconds until a third of the raiders are left
RAID_SIZE = 1.5  # times the usual audience of a small room, at full strength
STEADY_AT = 20_000  # an audience of this size moves half as much as a small one


@dataclass(frozen=True, slots=True)
class Shape:
    """What kind of broadcast it is.

    `size` is its usual audience, `generosity` coins a viewer and minute.
    """

    size: int
    generosity: float
    phase: float
    pace: float
    seed: int


@dataclass(slots=True)
class Counted:
    """What was summed up to a step, so that no reading starts from the beginning."""

    raids: int = 0
    raided: float = 0.0
    steps: int = 0
    gifts: int = 0
    coins: int = 0


def noise(seed: int, step: int) -> float:
    """-1 to 1, the same for the same two numbers."""
    mixed = (seed * 2654435761 + step * 40503 + 12345) & 0xFFFFFFFF
    mixed = ((mixed ^ (mixed >> 15)) * 2246822519) & 0xFFFFFFFF
    mixed = ((mixed ^ (mixed >> 13)) * 3266489917) & 0xFFFFFFFF
    return (mixed ^ (mixed >> 16)) / 2147483648.0 - 1.0


def filled(age: float) -> float:
    """0 to 1: how much of the usual audience has found the room."""
    return 1 - math.exp(-age / 240) if age > 0 else 0.0


def online(shape: Shape, age: float) -> int:
    """The crowd at `age` seconds: a rise, slow waves, quick ripples, now and then a raid that
    ebbs.
    """
    if not shape.size or age <= 0:
        return 0
    slow = 0.25 * math.sin(age / 310 * shape.pace + shape.phase)
    waves = slow + 0.08 * math.sin(age / 41 + 3 * shape.phase)
    ripple = 1 + 0.03 * noise(shape.seed, int(age // 5))
    unrest = restless(shape.size)
    arrived, since = raid(shape, age)
    raiders = RAID_SIZE * unrest * arrived * math.exp(-since / RAID_STAYS) if arrived else 0.0
    return int(shape.size * (filled(age) * (1 + unrest * waves) * ripple + raiders))


def restless(size: int) -> float:
    """1 for the smallest audience, less for larger ones: many people even one another out."""
    return 1 / (1 + size / STEADY_AT)


def raid_strength(shape: Shape, number: int) -> float:
    """0 to 1: how strong the raid of this quarter of an hour is; mostly there is none."""
    luck = noise(shape.seed + 17, number)
    return (luck - 0.5) * 2 if luck > 0.5 else 0.0


def raid(shape: Shape, age: float) -> tuple[float, float]:
    """(how much of this quarter's raid has come in, seconds since it began)."""
    number = int(age // RAID_EVERY)
    since = age - number * RAID_EVERY - RAID_AFTER
    return (raid_strength(shape, number) * (1 - math.exp(-since / 20)) if since > 0 else 0.0), since


def entries(shape: Shape, age: float, counted: Counted) -> int:
    """Entries of the crowd so far, every return counted again.

    Never fewer than the people in the room.
    """
    if not shape.size or age <= 0:
        return 0
    while counted.raids < int(age // RAID_EVERY):
        counted.raided += raid_strength(shape, counted.raids)
        counted.raids += 1
    raided = counted.raided + raid(shape, age)[0]
    return int(
        shape.size
        * (1.4 * filled(age) + 0.04 * age / 60 + RAID_SIZE * restless(shape.size) * raided)
    )


def watched(shape: Shape, age: float) -> float:
    """Viewer-minutes so far, smooth: what likes and gifts grow with."""
    return shape.size * max(0.0, age - 200 * (1 - math.exp(-age / 200))) / 60


def chat(shape: Shape, age: float) -> int:
    """Messages of the crowd so far. A large crowd writes less a head than a small one."""
    return int((watched(shape, age) + raiders_watched(shape, age)) * 0.6 / (1 + shape.size) ** 0.3)


def raiders_watched(shape: Shape, age: float) -> float:
    """Viewer-minutes of the raids so far: who comes with a raid writes, too."""
    if not shape.size or age <= 0:
        return 0.0
    number = int(age // RAID_EVERY)
    since = age - number * RAID_EVERY - RAID_AFTER
    strengths = sum(raid_strength(shape, past) for past in range(number))
    if since > 0:
        strengths += raid_strength(shape, number) * (1 - math.exp(-since / RAID_STAYS))
    return shape.size * RAID_SIZE * restless(shape.size) * strengths * RAID_STAYS / 60


def gift_in(shape: Shape, step: int) -> int:
    """Coins of the big gift in half minute `step`, mostly 0: a heavy tail."""
    luck = (noise(shape.seed + 5, step) + 1) / 2
    if luck <= 0.93 or not shape.size:
        return 0
    return int(20 * (1 / (1.0001 - luck)) ** 0.9 * (1 + shape.size) ** 0.3)


def gifts(shape: Shape, age: float, counted: Counted) -> tuple[int, int]:
    """(gifts, coins) so far: many small ones, and the big ones of each half minute that is over."""
    for step in range(counted.steps, int(max(0.0, age) // GIFT_STEP)):
        coins = gift_in(shape, step)
        counted.gifts += bool(coins)
        counted.coins += coins
        counted.steps = step + 1
    minutes = watched(shape, age)
    return int(minutes * 0.02) + counted.gifts, int(
        minutes * 0.02 * shape.generosity
    ) + counted.coins
