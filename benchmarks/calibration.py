"""Machine calibration: the time of a fixed loop on one core, in milliseconds.

Goals in milliseconds of computing are about the machine as much as about the console, and a shared
one is half as fast at one hour as at another. They were set on a machine whose loop takes
REFERENCE; on a slower one their limit grows in proportion, by what the quicker of two loops, before
and after the run, took there. It never shrinks.
"""

import time

REFERENCE = 135.0  # ms
STEPS = 3_000_000
TRIES = 5


def calibrate() -> float:
    """The median of a few loops, ms."""
    return sorted(_loop() for _ in range(TRIES))[TRIES // 2] * 1000


def slowness(before: float, after: float) -> float:
    """How many times slower than the reference a machine was during a run, by its calibration
    (ms) before and after; at least 1.
    """
    return max(1.0, min(before, after) / REFERENCE)


def _loop() -> float:
    began = time.perf_counter()
    total = 0
    for step in range(STEPS):
        total += step * step % 7
    return time.perf_counter() - began
