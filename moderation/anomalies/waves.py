"""What the whole platform does: the median of the rooms' deviations, and their spread around it.

An evening, a cup final or an outage moves every room: a room is odd by what it differs from the
others. The spread is the median absolute deviation times 1.4826, which is the standard deviation of
normal values (Rousseeuw and Croux, "Alternatives to the Median Absolute Deviation", JASA 88 (1993),
1273-1283).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from moderation.anomalies.levels import NORMAL

MIN_ROOMS = 10  # fewer rooms are no platform
HALF_LIFE = 60.0  # seconds: so long an old wave counts where too few rooms were read


@dataclass(slots=True)
class Wave:
    """Of one figure, in logarithms. at: Unix seconds of the last measurement."""

    middle: float = 0.0
    spread: float = 0.0
    at: float = 0.0

    def measure(self, deviations: Sequence[float], at: float) -> None:
        """Takes the deviations of the rooms that were read for this look; of too few: fades."""
        if len(deviations) >= MIN_ROOMS:
            self.middle = median(deviations)
            self.spread = NORMAL * median([abs(one - self.middle) for one in deviations])
        else:
            kept = 0.5 ** (max(0.0, at - self.at) / HALF_LIFE)
            self.middle, self.spread = self.middle * kept, self.spread * kept
        self.at = at
