"""The state of a re-open block in words."""

from django.utils.translation import gettext as _

from moderation.models import Hold
from moderation.web.badge import Badge


def hold_badge(hold: Hold) -> Badge:
    if hold.in_force:
        return Badge(_("re-open blocked"), "octagon-x", "bad")
    if hold.lift_note:
        who = " ".join((_("lifted by"), hold.lifted_by_name))
        return Badge(who, "undo-2", hint=hold.lift_note)
    return Badge(_("over"), "clock")
