"""How urgent an alert is, and what raised it, in words."""

from django.utils.translation import gettext as _

from moderation.models import Alert
from moderation.models.rules import QUARANTINE, title_of
from moderation.web.badge import Badge


def severity_badge(alert: Alert) -> Badge:
    match alert.severity:
        case 3:
            return Badge(_("urgent"), "triangle-alert", "bad")
        case 2:
            return Badge(_("soon"), "triangle-alert", "warn")
        case _other:
            return Badge(_("when there is time"), "triangle-alert")


def source_label(source: str, title: str) -> str:
    """What raised an alert. title: of the alert, which names a rule as its people do."""
    if source == QUARANTINE:
        return _("Quarantine")
    if source.startswith("system:"):
        return title_of(source.removeprefix("system:"), title)
    return _("Escalated by %(who)s") % {"who": source}
