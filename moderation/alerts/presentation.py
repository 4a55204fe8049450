"""How urgent an alert is, in words."""

from django.utils.translation import gettext as _

from moderation.models import Alert
from moderation.web.badge import Badge


def severity_badge(alert: Alert) -> Badge:
    match alert.severity:
        case 3:
            return Badge(_("urgent"), "triangle-alert", "bad")
        case 2:
            return Badge(_("soon"), "triangle-alert", "warn")
        case _other:
            return Badge(_("when there is time"), "triangle-alert")
