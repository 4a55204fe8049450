"""The switch that stops all rules at once."""

from moderation.models import RuleSwitch


def all_off() -> bool:
    """Whether the switch for all rules is off."""
    return RuleSwitch.objects.filter(all_off=True).exists()
