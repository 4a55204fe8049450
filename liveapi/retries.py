"""How long to wait before trying again. Whether to try again is the caller's policy, not ours."""

import random

_RNG = random.Random()  # noqa: S311 (spreads load, guards nothing)


def backoff(
    attempt: int, *, base: float = 0.5, cap: float = 30.0, rng: random.Random = _RNG
) -> float:
    """Seconds to wait before attempt number `attempt` (1 = the first repetition): full jitter.

    Anything between 0 and min(cap, base * 2^(attempt - 1)), so that many callers do not return in
    step.
    """
    longest: float = min(cap, base * 2.0 ** min(max(attempt, 1) - 1, 60))
    return rng.random() * longest
