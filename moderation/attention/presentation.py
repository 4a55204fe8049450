"""Terms of the risk score in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from django.utils.translation import gettext_lazy as _

from moderation.attention import scoring
from moderation.attention.replay import Decision
from moderation.models import RiskWeights, RoomRisk
from moderation.values.risk import CODES, DEFAULTS, Code, Weights
from moderation.web.badge import Badge

# {n}: what the term counts; static/js/rooms/risk.js has them too.
TERMS = {
    "alerts": _("open alerts: {n}"),
    "labels": _("labels of a classifier: {n}"),
    "words": _("alerts about words: {n}"),
    "reward": _("reward out of the ordinary: {n}"),
    "viewers": _("viewers or chat out of the ordinary: {n}"),
    "picture": _("alerts about the picture: {n}"),
    "new_host": _("new host, first broadcast in the last 24 hours"),
    "strikes": _("strikes of the host in 90 days: {n}"),
    "reopened": _("opened again after an end"),
    "unseen": _("not looked at for {n} minutes or more"),
    "people": _("people online: {n} or more"),
}
# As the weights are called; a term as it is told of a room is above.
NAMES = {
    "alerts": _("open alerts"),
    "labels": _("labels of a classifier"),
    "words": _("alerts about words"),
    "reward": _("reward out of the ordinary"),
    "viewers": _("viewers or chat out of the ordinary"),
    "picture": _("alerts about the picture"),
    "new_host": _("new host"),
    "strikes": _("strikes of the host"),
    "reopened": _("opened again after an end"),
    "unseen": _("not looked at for long"),
    "people": _("many people"),
}
LEVELS = (_("low"), _("raised"), _("high"), _("very high"))


@dataclass(frozen=True, slots=True)
class Line:
    """A term as a line of the panel. share: per cent of its weight's largest possible points."""

    words: str
    points: int
    weight: int

    @property
    def share(self) -> int:
        return min(100, round(100 * self.points / self.weight)) if self.weight else 0


def words(code: Code, number: int) -> str:
    return str(TERMS[code]).replace("{n}", f"{number:,}")


def names() -> str:
    """The words of all terms for a script: `code=words|code=words`."""
    return "|".join(f"{code}={TERMS[code]}" for code in CODES)


def lines(risk: RoomRisk, weights: Weights) -> Sequence[Line]:
    """The terms of a room, the largest first."""
    return [Line(words(t.code, t.number), t.points, weights[t.code]) for t in risk.parts]


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the weights. changes: what it has changed, in words."""

    row: RiskWeights
    changes: Sequence[str]


def versions(rows: Sequence[RiskWeights]) -> Sequence[Version]:
    """Versions, newest first, each with what differs from the one before it (the oldest given: from
    the defaults, where it is the first).
    """
    found = []
    for row, before in zip_longest(rows, rows[1:]):
        old = before.points if before else DEFAULTS if row.version == 1 else row.points
        new = row.points
        told = [
            f"{NAMES[code]} {old[code]} → {new[code]}" for code in CODES if old[code] != new[code]
        ]
        found.append(Version(row, told))
    return found


def time_saved(decision: Decision) -> str:
    """How much sooner or later a decision would have come; nothing for less than a minute."""
    minutes = round(abs(decision.saved) / 60)
    if not minutes:
        return ""
    words = _("%(n)d min sooner") if decision.saved > 0 else _("%(n)d min later")
    return str(words) % {"n": minutes}


def badge(risk: RoomRisk) -> Badge:
    """How high a risk is."""
    level = scoring.level(risk.score)
    icons = ("circle-dashed", "circle-dashed", "triangle-alert", "triangle-alert")
    return Badge(str(LEVELS[level]), icons[level], "warn" if level > 1 else "")
