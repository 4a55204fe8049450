"""The state of a platform ban in words."""

from django.utils.translation import gettext as _

from moderation.models import Ban
from moderation.web.badge import Badge


def badge(ban: Ban) -> Badge:
    if ban.in_force:
        return Badge(_("in force"), "shield-ban", "bad")
    if ban.lifted_at:
        return Badge(_("lifted"), "undo-2")
    return Badge(_("expired"), "clock")


def badge_with_name(ban: Ban) -> Badge:
    """As `badge`; says also who lifted it."""
    if not ban.in_force and ban.lifted_at:
        return Badge(" ".join((_("lifted by"), ban.lifted_by_name)), "undo-2")
    return badge(ban)
