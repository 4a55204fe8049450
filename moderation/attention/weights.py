"""The weights of the terms, in versions: each change is a row and an entry of the audit log.

Keyword-only. Raises Refused in words for people.
"""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from moderation.audit import audit_log
from moderation.core.errors import Refused
from moderation.models import RiskWeights
from moderation.values.risk import CODES, DEFAULTS, MAX_WEIGHT, Weights

SHOWN = 50


def current() -> RiskWeights:
    """The version in force; one that is not stored, number 0, while nobody has changed them."""
    return RiskWeights.objects.first() or RiskWeights(version=0, weights=dict(DEFAULTS))


def version(number: str) -> RiskWeights:
    """The version of this number; 0: the defaults, anything else: the one in force."""
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        return current()
    if int(number) == 0:
        return RiskWeights(version=0, weights=dict(DEFAULTS))
    return RiskWeights.objects.filter(version=int(number)).first() or current()


def versions() -> Sequence[RiskWeights]:
    """The newest versions, newest first."""
    return list(RiskWeights.objects.all()[:SHOWN])


def change(*, by: User, weights: Weights, version: int, note: str) -> RiskWeights:
    """A new version, if the one in force still is the one that the person saw.

    Nothing is recorded when nothing differs; the same form sent twice is one version.
    """
    if not note.strip():
        raise Refused(_("Explain why."), status=422)
    if any(not 0 <= weights[code] <= MAX_WEIGHT for code in CODES):
        raise Refused(
            _("A weight is a whole number from 0 to %(most)s.") % {"most": MAX_WEIGHT}, status=422
        )
    wanted = {code: weights[code] for code in CODES}
    now = current()
    if now.points == wanted:
        return now
    if now.version != version:
        raise _meanwhile()
    try:
        with transaction.atomic():
            made = RiskWeights.objects.create(
                version=version + 1,
                weights=wanted,
                note=note.strip(),
                by=by,
                by_name=by.get_username(),
            )
            different = [code for code in CODES if now.points[code] != wanted[code]]
            audit_log.record(
                by=by,
                verb="edit_risk_weights",
                outcome="done",
                note=made.note,
                before={"version": version} | {code: now.points[code] for code in different},
                after={"version": made.version} | {code: wanted[code] for code in different},
            )
    except IntegrityError:  # somebody was first
        if (first := current()).points == wanted and first.by_name == by.get_username():
            return first
        raise _meanwhile() from None
    return made


def _meanwhile() -> Refused:
    return Refused(_("Somebody has changed the weights meanwhile. Look at them again."))
