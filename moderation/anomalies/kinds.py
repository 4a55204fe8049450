"""The kinds of incidents that stored figures can show, and when a deviation is one.

Thresholds are factors (figure over what is usual); a rule's sensitivity moves them all.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import log

RULE_PREFIX = "anomaly-"


class Kind(StrEnum):
    """What is wrong. `anomaly-<kind>` is the rule's slug, `system:anomaly-<kind>` its alerts'
    source.
    """

    VIEWERS_JUMP = "viewers-jump"
    VIEWERS_RAMP = "viewers-ramp"
    VIEWERS_DROP = "viewers-drop"
    CHAT_FLOOD = "chat-flood"
    CHAT_SILENCE = "chat-silence"
    GIFTS_FEW_GIVERS = "gifts-few-givers"
    GIFTS_FLOOD = "gifts-flood"
    GIFTS_STOPPED = "gifts-stopped"


# Logarithms of factors. What an audience does together (a raid, a birthday) moves more than one
# figure: a rise is an incident only when the others do not follow.
THRESHOLDS: dict[Kind, float] = {
    Kind.VIEWERS_JUMP: log(2),
    Kind.VIEWERS_RAMP: log(2),
    Kind.VIEWERS_DROP: log(2.2),
    Kind.CHAT_FLOOD: log(3.5),
    Kind.CHAT_SILENCE: log(10),
    Kind.GIFTS_FEW_GIVERS: log(4),
    Kind.GIFTS_FLOOD: log(4),
    Kind.GIFTS_STOPPED: log(10),
}
LOW, USUAL, HIGH = "low", "usual", "high"
# A rule's setting -> what its threshold is multiplied with.
SENSITIVITIES: dict[str, float] = {LOW: 1.5, USUAL: 1.0, HIGH: 0.75}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One incident, told once.

    value, usual: people, or messages, gifts or coins a minute. usual: the room's own level times
    what the whole platform does now (`platform`, a factor). since, at: Unix seconds, of the first
    odd figure and of the one that settled it.
    """

    room: int
    kind: Kind
    since: float
    at: float
    value: float
    usual: float
    platform: float = 1.0

    @property
    def factor(self) -> float:
        """How many times what is usual; of a fall less than 1."""
        return self.value / self.usual if self.usual else 0.0


def of_slug(slug: str) -> Kind | None:
    """The kind of a rule by its slug."""
    name = slug.removeprefix(RULE_PREFIX)
    return Kind(name) if name != slug and name in {kind.value for kind in Kind} else None
