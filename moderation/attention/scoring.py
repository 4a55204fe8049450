"""The risk score: facts and weights in, a sum and its terms out. Pure.

Each term is its weight (points) times a strength from 0 to 1, rounded; the score is the sum of the
terms. A strength never falls when there is more of what it measures. Times are Unix seconds.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from moderation.values.risk import Code, Term, Weights

MINUTE, DAY = 60, 86_400
SEVERITY = {1: 0.35, 2: 0.65, 3: 1.0}
# An alert that waits counts more with every minute; a label less, for what it saw is over.
ALERT_AT_FIRST, ALERT_MINUTES = 0.7, 15
LABEL_MINUTES = 60
UNSEEN_STEP, UNSEEN_STEPS = 5, 6  # minutes; full strength after 30
NEW_HOST_SECONDS = DAY
REOPENED_SECONDS = DAY
PEOPLE = (10, 18, 32, 56, 100, 178, 316, 562, 1000, 1778, 3162, 5623, 10000)
LEVELS = (25, 60, 100)  # points from which a mark has one, two, three bars

# Which term an open alert belongs to, by how its source begins; the first that fits.
SOURCES: tuple[tuple[str, Code], ...] = (
    ("system:anomaly-reward", "reward"),
    ("system:anomaly-", "viewers"),
    ("system:picture-", "picture"),
    ("system:words-", "words"),
    ("system:label-", "labels"),
)
OF_ALERTS: tuple[Code, ...] = ("alerts", "labels", "words", "reward", "viewers", "picture")


class Raised(NamedTuple):
    """An open alert. code: its term; severity: 1 to 3; at: when it was raised."""

    code: Code
    severity: int
    at: float


class Labelled(NamedTuple):
    """A classifier's label. score: 0 to 100."""

    score: float
    at: float


@dataclass(slots=True)
class RoomFacts:
    """What the score of a room rests on. last_look, host_since: None for never and not new.

    host_since: when the host's first broadcast was seen. reopened_at: when this broadcast began
    after an end from this console.
    """

    pk: int
    first_seen: float
    online: int | None = None
    last_look: float | None = None
    raised: tuple[Raised, ...] = ()
    labelled: tuple[Labelled, ...] = ()
    host_since: float | None = None
    strikes: int = 0
    reopened_at: float | None = None


Strength = tuple[Code, float, int]  # term, 0 to 1, what it counts


class Scored(NamedTuple):
    """score: the sum of the terms. due: when time alone may change it; inf: never."""

    score: int
    terms: tuple[Term, ...]
    due: float


def term_of(source: str) -> Code:
    """The term that an alert of this source belongs to."""
    return next((code for begin, code in SOURCES if source.startswith(begin)), "alerts")


def level(score: int) -> int:
    """0 to 3: how loud the mark of a score is."""
    return bisect_right(LEVELS, score)


def scored(facts: RoomFacts, weights: Weights, now: float) -> Scored:
    """The score of a room at a moment."""
    found, due = strengths(facts, now)
    terms = tuple(
        Term(code, points, number)
        for code, strength, number in found
        if (points := round(weights[code] * strength))
    )
    return Scored(sum(term.points for term in terms), terms, due)


def strengths(facts: RoomFacts, now: float) -> tuple[list[Strength], float]:
    """The strengths that are not 0, and when time alone may change one."""
    found: list[Strength] = []
    due = _of_findings(facts, now, found) if facts.raised or facts.labelled else math.inf
    if facts.strikes:
        found.append(("strikes", 1 - 0.5**facts.strikes, facts.strikes))
    lasting: tuple[tuple[Code, float | None, int], ...] = (
        ("new_host", facts.host_since, NEW_HOST_SECONDS),
        ("reopened", facts.reopened_at, REOPENED_SECONDS),
    )
    for code, since, lasts in lasting:
        if since is not None and now < since + lasts:
            found.append((code, 1.0, 0))
            due = min(due, since + lasts)
    looked = facts.first_seen if facts.last_look is None else facts.last_look
    step = UNSEEN_STEP * MINUTE
    steps = min(UNSEEN_STEPS, max(0, int((now - looked) // step)))
    if steps:
        found.append(("unseen", steps / UNSEEN_STEPS, steps * UNSEEN_STEP))
    if steps < UNSEEN_STEPS:
        due = min(due, looked + (steps + 1) * step)
    if facts.online and (band := bisect_right(PEOPLE, facts.online)):
        found.append(("people", band / len(PEOPLE), PEOPLE[band - 1]))
    return found, due


def _of_findings(facts: RoomFacts, now: float, found: list[Strength]) -> float:
    """Adds the strengths of open alerts and of labels; when the next of them is another."""
    kinds: dict[Code, list[float]] = {}
    due = math.inf
    for code, severity, at in facts.raised:
        kinds.setdefault(code, []).append(of_alert(severity, now - at))
        if (minutes := _minutes(now - at)) < ALERT_MINUTES:
            due = min(due, at + (minutes + 1) * MINUTE)
    for score, at in facts.labelled:
        if (minutes := _minutes(now - at)) < LABEL_MINUTES:
            kinds.setdefault("labels", []).append(of_label(score, now - at))
            due = min(due, at + (minutes + 1) * MINUTE)
    found += [(code, together(several), len(several)) for code, several in kinds.items()]
    return due


def _minutes(age: float) -> int:
    return max(0, int(age // MINUTE))


def together(strengths: Iterable[float]) -> float:
    """The strength of several findings: more than the strongest, never more than 1."""
    left = 1.0
    for strength in strengths:
        left *= 1 - strength
    return 1 - left


def of_alert(severity: int, age: float) -> float:
    """The strength of an open alert of this age (seconds)."""
    minutes = min(ALERT_MINUTES, _minutes(age))
    waiting = ALERT_AT_FIRST + (1 - ALERT_AT_FIRST) * minutes / ALERT_MINUTES
    return SEVERITY[max(1, min(severity, 3))] * waiting


def of_label(score: float, age: float) -> float:
    """The strength of a label of this age (seconds)."""
    left = 1 - _minutes(age) / LABEL_MINUTES
    return max(0.0, left) * max(0.0, min(score, 100.0)) / 100
