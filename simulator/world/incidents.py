"""What is wrong in a room for a while, seen from its figures: planted by order, or by the world in
turns. No total falls by it, and none jumps when it is over.
"""

from dataclasses import dataclass

# kind -> (factor of viewers, lines, gifts and new givers that come on top a minute and viewer,
# whether the chat, whether the gifts stand still)
KINDS: dict[str, tuple[float, float, float, float, bool, bool]] = {
    "viewers-jump": (4.0, 0.0, 0.0, 0.0, False, False),
    "viewers-ramp": (5.0, 0.0, 0.0, 0.0, False, False),
    "viewers-drop": (0.15, 0.0, 0.0, 0.0, False, False),
    "chat-flood": (1.0, 1.5, 0.0, 0.0, False, False),
    "chat-silence": (1.0, 0.0, 0.0, 0.0, True, False),
    "gifts-few-givers": (1.0, 0.0, 0.4, 0.0, False, False),
    "gifts-flood": (1.0, 0.0, 0.4, 0.3, False, False),
    "gifts-stopped": (1.0, 0.0, 0.0, 0.0, False, True),
}
COINS = 50  # of a gift that comes on top
COMES = 20.0  # seconds until it has its full strength; a ramp takes all its time
LASTS = 600.0
LEAST_AUDIENCE = 800  # in a smaller room gifts are too few for any of it to show


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident from `begins` to `ends`, Unix seconds."""

    kind: str
    begins: float
    ends: float

    def lasted(self, now: float) -> float:
        """Seconds of it so far."""
        return max(0.0, min(now, self.ends) - self.begins)

    def people(self, now: float) -> float:
        """What it makes of the audience: a factor."""
        if not self.begins <= now < self.ends:
            return 1.0
        whole = self.ends - self.begins if self.kind == "viewers-ramp" else COMES
        return 1.0 + (KINDS[self.kind][0] - 1.0) * min(1.0, self.lasted(now) / whole)

    def added(self, now: float, size: int) -> tuple[int, int, int]:
        """(lines, gifts, givers) on top so far."""
        minutes = self.lasted(now) / 60.0 * max(size, 1)
        lines, gifts, givers = (int(rate * minutes) for rate in KINDS[self.kind][1:4])
        return lines, gifts, givers

    def still(self, now: float) -> tuple[float, float]:
        """Seconds for which chat and gifts have stood still."""
        chat, gifts = KINDS[self.kind][4:]
        lasted = self.lasted(now)
        return lasted * chat, lasted * gifts
