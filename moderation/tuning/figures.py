"""What became of the findings of each rule in the last days, and whether that is good enough.

A false alarm is an alert that a person dismissed. An ending is right while nobody takes it back: a
quarantine that is released, and an end that is undone or whose re-open block somebody lifts, was
wrong. Alerts that ended with their broadcast and quarantines that nobody has decided about count
for neither. Below MIN_CASES nothing is said of a share: three of four are no figure.
"""

import datetime as dt
import statistics
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet

from moderation.models import Action, Alert, Hold, RuleHit
from rooms.infra import database_time

PERIODS = (7, 30)  # days
MOST_FALSE = 0.30  # of the alerts that were handled or dismissed
LEAST_RIGHT = 0.95  # of the endings
MOSTLY = 0.50  # false alarms from which on a rule is mostly dismissed
MIN_CASES = 20
MAX_READ = 20_000  # decisions whose time is looked at
BY_PEOPLE = (Alert.Outcome.HANDLED, Alert.Outcome.DISMISSED)
Verb, Status = Action.Verb, Action.Status


@dataclass(slots=True)
class Figures:
    """One rule in one period. decision: median seconds from an alert to its decision; None: none
    was made. wrong: endings that were taken back.
    """

    days: int = PERIODS[0]
    found: int = 0
    alerted: int = 0
    handled: int = 0
    dismissed: int = 0
    endings: int = 0
    wrong: int = 0
    decision: float | None = None

    @property
    def decided(self) -> int:
        return self.handled + self.dismissed

    @property
    def false_alarms(self) -> float | None:
        """The share of the decided alerts that were dismissed; None: too few to say."""
        return self.dismissed / self.decided if self.decided >= MIN_CASES else None

    @property
    def right_endings(self) -> float | None:
        """The share of the endings that nobody took back; None: too few to say."""
        return 1 - self.wrong / self.endings if self.endings >= MIN_CASES else None

    @property
    def misses_false_alarms(self) -> bool:
        return self.false_alarms is not None and self.false_alarms >= MOST_FALSE

    @property
    def misses_right_endings(self) -> bool:
        return self.right_endings is not None and self.right_endings <= LEAST_RIGHT

    @property
    def false_alarm_percent(self) -> str:
        return percent(self.false_alarms)

    @property
    def right_percent(self) -> str:
        return percent(self.right_endings)

    @property
    def decision_text(self) -> str:
        """The median time to a decision: minutes and seconds, or hours and minutes."""
        if self.decision is None:
            return "—"
        minutes, seconds = divmod(round(self.decision), 60)
        hours, rest = divmod(minutes, 60)
        return f"{hours} h {rest:02} min" if hours else f"{minutes}:{seconds:02} min"

    @property
    def is_mostly_dismissed(self) -> bool:
        return self.false_alarms is not None and self.false_alarms > MOSTLY


def percent(share: float | None) -> str:
    """A share for people; a dash while there are too few cases to say."""
    return "—" if share is None else f"{share:.0%}".replace("%", " %")


def of_rules(days: int) -> dict[str, Figures]:
    """Slug -> figures of the last days, of the rules that found anything or whose alerts or acts
    there are: four questions, however many rules.
    """
    since = database_time.now() - dt.timedelta(days=days)
    found: dict[str, Figures] = {}
    count_findings(found, since)
    count_alerts(found, since)
    count_endings(found, since)
    for figures in found.values():
        figures.days = days
    return found


def count_findings(found: dict[str, Figures], since: dt.datetime) -> None:
    """What the rules found, the shadow phase included."""
    hits = RuleHit.objects.filter(at__gt=since).order_by()
    for slug, number in hits.values_list("rule__slug").annotate(n=Count("pk")):
        found.setdefault(slug, Figures()).found = number


def count_alerts(found: dict[str, Figures], since: dt.datetime) -> None:
    """Their alerts, what people decided, and how long that took."""
    alerts = Alert.objects.filter(source__startswith="system:", raised_at__gt=since).order_by()
    for source, outcome, number in alerts.values_list("source", "outcome").annotate(n=Count("pk")):
        figures = found.setdefault(source.removeprefix("system:"), Figures())
        figures.alerted += number
        if outcome == Alert.Outcome.HANDLED:
            figures.handled += number
        if outcome == Alert.Outcome.DISMISSED:
            figures.dismissed += number
    took: dict[str, list[float]] = {}
    decided = alerts.filter(outcome__in=BY_PEOPLE, closed_at__isnull=False).order_by("-raised_at")
    for source, raised, closed in decided.values_list("source", "raised_at", "closed_at")[
        :MAX_READ
    ]:
        if closed is not None:
            slug = source.removeprefix("system:")
            took.setdefault(slug, []).append((closed - raised).total_seconds())
    for slug, seconds in took.items():
        found[slug].decision = statistics.median(seconds)


def count_endings(found: dict[str, Figures], since: dt.datetime) -> None:
    """The ends and quarantines that the rules ordered, and those that were taken back."""
    over = [*Action.SUCCEEDED, Status.UNDONE]
    hits = RuleHit.objects.filter(at__gt=since, action__status__in=over)
    rows = (
        hits.filter(action__verb__in=[Verb.END, Verb.QUARANTINE])
        .annotate(
            is_lifted=Exists(lifted_hold()),
            is_released=Exists(later(Verb.RELEASE)),
            is_ended=Exists(later(Verb.END)),
        )
        .order_by("-at")
        .values_list(
            *("rule__slug", "action_id", "action__verb", "action__status"),
            *("is_lifted", "is_released", "is_ended"),
        )
    )
    counted: set[int] = set()
    for slug, action, verb, status, is_lifted, is_released, is_ended in rows[:MAX_READ]:
        is_end = verb == Verb.END
        if action in counted or not (is_end or is_released or is_ended):
            continue
        counted.add(action)
        figures = found.setdefault(slug, Figures())
        figures.endings += 1
        figures.wrong += status == Status.UNDONE or (is_lifted if is_end else is_released)


def later(verb: str) -> QuerySet[Action]:
    """Acts of this kind that were done in the room of a hit after what the hit ordered."""
    return Action.objects.filter(
        room=OuterRef("room"),
        verb=verb,
        status__in=Action.SUCCEEDED,
        requested_at__gt=OuterRef("action__requested_at"),
    )


def lifted_hold() -> QuerySet[Hold]:
    """Re-open blocks of a hit's room that somebody lifted before their time."""
    return Hold.objects.filter(
        room_id=OuterRef("room_key"),
        placed_at__gte=OuterRef("action__requested_at"),
        lifted_at__isnull=False,
    ).exclude(lifted_by_name__startswith="system:")


def mostly_dismissed(found: Mapping[str, Figures]) -> list[str]:
    """The slugs of the rules that raise more false alarms than right ones."""
    return sorted(slug for slug, figures in found.items() if figures.is_mostly_dismissed)
