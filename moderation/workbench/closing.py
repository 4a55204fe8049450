"""Several alerts closed, or opened again, in one go: each by the same function as one alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from moderation.alerts import alerts
from moderation.core.errors import Refused
from moderation.models import Alert


@dataclass(slots=True)
class Done:
    """done: those that are now as asked. refused: what stood in the way of others."""

    done: list[Alert] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def asks_count(number: int) -> bool:
    """Whether so many are closed only by whoever types their number."""
    return number > settings.BULK_LIMIT


def close(
    *, by: User, chosen: Sequence[Alert], outcome: str, why: str, note: str, count: int | None
) -> Done:
    """Closes them. count: typed by the person; must be their number where asks_count says so.

    Raises Refused.
    """
    if not chosen:
        raise Refused(_("Select alerts first."), status=422)
    if asks_count(len(chosen)) and count != len(chosen):
        words = _("These are %(n)d alerts. Type the number to confirm.") % {"n": len(chosen)}
        raise Refused(words, status=422)
    said = Done()
    with transaction.atomic():
        for alert in chosen:
            try:
                alerts.close(by=by, alert=alert, outcome=outcome, why=why, note=note)
                said.done.append(alert)
            except Refused as refusal:
                said.refused.append(refusal.message)
    return said


def reopen(*, by: User, chosen: Iterable[Alert]) -> Done:
    """Opens again those that the person has closed."""
    said = Done()
    for alert in chosen:
        if alert.closed_by_name != by.get_username():
            continue
        try:
            said.done.append(alerts.reopen(by=by, alert=alert))
        except Refused as refusal:
            said.refused.append(refusal.message)
    return said
