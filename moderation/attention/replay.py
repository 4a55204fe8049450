"""Weights over the stored past: which decisions would have come sooner.

A decision is what a person did about a room: an alert handled, or an end, a quarantine or a warning
ordered. For each it is asked when its room would first have stood among the first rooms of the
list, in the hours before. The order of all rooms is made again every STEP seconds; the room's own
score every minute. Reads, and changes nothing.

Newest first, so that a bound leaves out what is longest ago: MAX_DECISIONS, and LONGEST seconds.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from time import monotonic

from moderation.attention import history
from moderation.attention.history import History
from moderation.attention.scoring import MINUTE, strengths
from moderation.core.long_reads import Breather
from moderation.models import Action, Alert
from moderation.values.risk import Weights
from rooms.infra import database_time
from rooms.models import Room

MAX_DECISIONS = 500
SHOWN = 100
LONGEST = 8.0  # seconds: a person waits for it
STEP = 300  # seconds
LOOK_BACK = 2 * 3600  # seconds before a decision
SAME = 600  # seconds: what is done about a room within it is one decision
DECIDING = (Action.Verb.END, Action.Verb.QUARANTINE, Action.Verb.WARN)


@dataclass(slots=True)
class Decision:
    """What somebody did about a room. at: Unix seconds. what: the act or the alert.

    before, after: when the room would first have been among the first ones, with the weights in
    force and with the others; None: not before the decision.
    """

    room: int
    at: float
    what: Action | Alert
    before: float | None = None
    after: float | None = None

    @property
    def lead(self) -> float | None:
        """How many seconds before the decision the room would have been there."""
        return None if self.after is None else self.at - self.after

    @property
    def lead_before(self) -> float | None:
        """As lead, with the weights in force."""
        return None if self.before is None else self.at - self.before

    @property
    def words(self) -> str:
        return self.what.headline if isinstance(self.what, Alert) else self.what.get_verb_display()

    @property
    def by(self) -> str:
        return self.what.closed_by_name if isinstance(self.what, Alert) else self.what.by_name

    @property
    def saved(self) -> float:
        """Seconds sooner than with the weights in force; negative: later."""
        return (self.before or self.at) - (self.after or self.at)


@dataclass(slots=True)
class Replay:
    """What came out. top: how many rooms count as the first. read: decisions that were looked at;
    is_whole: all there were, over all that is stored.
    """

    hours: int
    top: int
    decisions: list[Decision] = field(default_factory=list)
    is_whole: bool = True
    most: int = 0  # rooms live at once
    rooms: dict[int, Room] = field(default_factory=dict)

    @property
    def sooner(self) -> int:
        return sum(one.saved >= MINUTE for one in self.decisions)

    @property
    def later(self) -> int:
        return sum(one.saved <= -MINUTE for one in self.decisions)

    @property
    def seen(self) -> int:
        """Decisions whose room would have been among the first before they came."""
        return sum(one.after is not None for one in self.decisions)

    @property
    def lead(self) -> float | None:
        """The median of the seconds before the decision, of those."""
        leads = [lead for one in self.decisions if (lead := one.lead) is not None]
        return median(leads) if leads else None

    @property
    def shown(self) -> list[tuple[Decision, Room | None]]:
        """Those with the greatest difference first."""
        ordered = sorted(self.decisions, key=lambda one: (-abs(one.saved), -one.at))
        return [(one, self.rooms.get(one.room)) for one in ordered[:SHOWN]]

    @property
    def shows_all(self) -> bool:
        """Whether every live room is among the first anyway."""
        return self.most <= self.top


def run(
    current: Weights,
    other: Weights,
    *,
    hours: int,
    top: int,
    clock: Callable[[], float] = monotonic,
) -> Replay:
    """Replays two sets of weights over the last hours."""
    until, now = clock() + LONGEST, database_time.now()
    since = now - dt.timedelta(hours=hours)
    found = decisions(since, now)
    result = Replay(hours, top, is_whole=len(found) <= MAX_DECISIONS)
    stored = history.read(since - dt.timedelta(seconds=LOOK_BACK), now)
    result.is_whole &= stored.is_whole
    past = _Past(stored, (current, other))
    for decision in found[:MAX_DECISIONS]:
        if decision.room not in stored.rooms:
            continue
        if not past.find(decision, top, lambda: clock() > until):
            result.is_whole = False
            break
        result.decisions.append(decision)
    result.most = past.most
    shown = [decision.room for decision, _room in result.shown]
    result.rooms = Room.objects.in_bulk(shown)
    return result


def decisions(since: dt.datetime, until: dt.datetime) -> list[Decision]:
    """What people decided in that time, newest first; one more than MAX_DECISIONS at most."""
    closed = Alert.objects.filter(
        closed_at__gte=since, closed_at__lt=until, outcome=Alert.Outcome.HANDLED
    ).exclude(closed_by_name__startswith="system:")
    ordered = Action.objects.filter(
        requested_at__gte=since, requested_at__lt=until, verb__in=DECIDING, by__isnull=False
    )
    most = 2 * MAX_DECISIONS
    told: list[Decision] = []
    for alert in closed.order_by("-closed_at")[:most]:
        assert alert.closed_at is not None  # by the filter
        told.append(Decision(alert.room_id, alert.closed_at.timestamp(), alert))
    for act in ordered.order_by("-requested_at")[:most]:
        told.append(Decision(act.room_id, act.requested_at.timestamp(), act))
    firsts: list[Decision] = []
    last: dict[int, float] = {}
    for one in sorted(told, key=lambda one: one.at):
        if one.at - last.get(one.room, 0.0) > SAME:
            firsts.append(one)
        last[one.room] = one.at
    return firsts[::-1][: MAX_DECISIONS + 1]


class _Past:
    """The order of all rooms at the steps that were asked for, with both sets of weights."""

    def __init__(self, stored: History, weights: tuple[Weights, Weights]) -> None:
        self.stored, self.weights = stored, weights
        self.most = 0
        self._orders: dict[int, tuple[_Order, _Order]] = {}
        self._online: dict[int, dict[int, int | None]] = {}
        self._breather = Breather()

    def find(self, decision: Decision, top: int, is_over: Callable[[], bool]) -> bool:
        """Fills in when the room of a decision would have been among the first; False: the time
        was over.
        """
        began = self.stored.rooms[decision.room].known.first_seen
        at = max(began, decision.at - LOOK_BACK)
        found: list[float | None] = [None, None]
        while at < decision.at and None in found:
            if is_over():
                return False
            orders, scores = self._orders_at(at), self._scores(decision.room, at)
            for side in (0, 1):
                if found[side] is None and orders[side].has_among(top, decision.room, scores[side]):
                    found[side] = at
            at += MINUTE
            self._breather.rest()
        decision.before, decision.after = found
        return True

    def _scores(self, pk: int, at: float) -> tuple[int, int]:
        online = self._online_at(int(at // STEP)).get(pk)
        found, _due = strengths(self.stored.facts_at(pk, at, online), at)
        one, other = (
            sum(round(weights[code] * strength) for code, strength, _number in found)
            for weights in self.weights
        )
        return one, other

    def _online_at(self, step: int) -> dict[int, int | None]:
        if step not in self._online:
            # A minute is stored when it is over: the one before is the newest that was known.
            self._online[step] = history.online_at(step * STEP // MINUTE - 1)
        return self._online[step]

    def _orders_at(self, at: float) -> "tuple[_Order, _Order]":
        step = int(at // STEP)
        if step not in self._orders:
            moment = float(step * STEP)
            rooms: dict[int, tuple[int, int]] = {}
            for pk in self.stored.live_at(moment):
                rooms[pk] = self._scores(pk, moment)
                self._breather.rest()
            self.most = max(self.most, len(rooms))
            one, other = (
                _Order({pk: scores[side] for pk, scores in rooms.items()}) for side in (0, 1)
            )
            self._orders[step] = one, other
        return self._orders[step]


class _Order:
    """The scores of all rooms at a moment."""

    def __init__(self, scores: dict[int, int]) -> None:
        self.scores = scores
        self.ascending: Sequence[int] = sorted(scores.values())

    def has_among(self, top: int, pk: int, score: int) -> bool:
        """Whether fewer than `top` other rooms have as many points."""
        as_high = len(self.ascending) - bisect_left(self.ascending, score)
        own = self.scores.get(pk)
        return as_high - (own is not None and own >= score) < top
