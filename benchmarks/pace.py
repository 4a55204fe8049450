"""How fast this machine is at this moment: milliseconds of a fixed loop on one core.

Goals in milliseconds are about the machine as much as about the console, and a shared one is half as fast at one hour as
at another. Each run tells its pace before and after, so that its milliseconds can be read.
"""

import time

STEPS = 3_000_000
TRIES = 5


def pace() -> float:
    """The median of a few loops, ms."""
    return sorted(_loop() for _ in range(TRIES))[TRIES // 2] * 1000


def _loop() -> float:
    began = time.perf_counter()
    total = 0
    for step in range(STEPS):
        total += step * step % 7
    return time.perf_counter() - began
