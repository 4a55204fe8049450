"""The state of a rule in words."""

from django.utils.translation import gettext as _

from moderation.models import Rule, RuleSwitch
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
