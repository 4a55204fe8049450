"""The state of a rule in words, and its figures as a table shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from moderation.models import Rule, RuleSwitch
from moderation.tuning.figures import Figures
from moderation.web.badge import Badge


def rule_badge(rule: Rule, switch: RuleSwitch) -> Badge:
    """What it does now: its own switch comes first, then the switch for all rules."""
    if not rule.is_looking:
        return Badge(_("off"), "x")
    if switch.all_off:
        return Badge(_("on, but all rules are off"), "triangle-alert", "warn")
    if rule.phase == Rule.Phase.SHADOW:
        return Badge(_("shadow"), "circle-dashed", "warn")
    return Badge(_("on"), "check")


@dataclass(frozen=True, slots=True)
class TuningRow:
    """The figures of one rule, one for each period, shortest first."""

    rule: Rule
    periods: list[Figures]


def tuning(rules: Iterable[Rule], periods: Mapping[int, Mapping[str, Figures]]) -> list[TuningRow]:
    """A row for each rule that found anything in the longest period."""
    rows = (
        TuningRow(rule, [found.get(rule.slug, Figures(days)) for days, found in periods.items()])
        for rule in rules
    )
    return [row for row in rows if any(each.found or each.alerted for each in row.periods)]
