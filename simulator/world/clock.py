"""The world's time: follows the real clock, or moves only when told to."""

import time


class Clock:
    """Unix seconds as a float. A frozen clock moves only by `step`."""

    def __init__(self, *, frozen_at: float | None = None) -> None:
        self._frozen = frozen_at
        self._ahead = 0.0

    def now(self) -> float:
        base = time.time() if self._frozen is None else self._frozen
        return base + self._ahead

    def step(self, seconds: float) -> None:
        """Moves the world ahead; it never goes back."""
        if seconds < 0:
            raise ValueError("the clock does not go back")
        self._ahead += seconds
