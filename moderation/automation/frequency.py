"""How many findings a rule asks for before it acts: n within so many seconds, below that an alert.

One frame of a classifier and one line of chat are mistaken too often to act upon. A rule about them
that says nothing else asks for two within 30 seconds.
"""

import bisect
import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from moderation.models import Rule, RuleHit
from moderation.values.evidence import LOOK, Evidence, Labelled, Said, of_rule

COUNTED = (Rule.Kind.WORDS, Rule.Kind.LABEL)  # kinds whose findings are counted
USUAL, USUAL_SECONDS = 2, 30
MAX_FINDINGS, MAX_SECONDS = 20, 3600
MAX_READ = 200  # hits of one rule about one account in one room
SKEW = dt.timedelta(minutes=1)  # the vendor's clock and the classifier's are not ours


def needed(rule: Rule) -> tuple[int, int]:
    """How many findings within how many seconds let the rule act; (1, 0): each one does."""
    if rule.act == Rule.Act.ALERT or rule.kind not in COUNTED:
        return 1, 0
    count, seconds = rule.settings.get("findings"), rule.settings.get("within")
    return int(count or USUAL), int(seconds or USUAL_SECONDS)


def is_enough(times_ms: Iterable[int], at_ms: int, count: int, seconds: int) -> bool:
    """Whether some `seconds` that hold at_ms hold at least `count` of the findings, that of at_ms
    counted; the other findings are at times_ms (Unix milliseconds), in any order.
    """
    times = sorted([*times_ms, at_ms])
    length = seconds * 1000
    first, last = bisect.bisect_left(times, at_ms - length), bisect.bisect_right(times, at_ms)
    starts = range(first, last)
    return any(
        bisect.bisect_right(times, times[start] + length) - start >= count for start in starts
    )


def counted_at(evidence: Evidence) -> int | None:
    """When the fact of a finding was (Unix milliseconds); None: it is only worth a look."""
    match evidence:
        case Labelled(level=level) if level == LOOK:
            return None
        case Said(at_ms=at_ms) | Labelled(at_ms=at_ms):
            return at_ms
    return 0


def short_of(rule: Rule, hit: RuleHit, evidence: Evidence) -> str:
    """Why a finding calls for no more than an alert, in words; "" when the rule acts on it.

    Called under the rule's lock: of two findings at once the second sees the first.
    """
    if rule.act == Rule.Act.ALERT or rule.kind not in COUNTED:
        return ""
    at_ms = counted_at(evidence)
    if at_ms is None:
        return _("The score calls for a look, not for the action of the rule.")
    count, seconds = needed(rule)
    if count <= 1 or is_enough(others(rule, hit, at_ms, seconds), at_ms, count, seconds):
        return ""
    values = {"count": count, "seconds": seconds}
    return _("The rule acts on %(count)s findings within %(seconds)s s.") % values


def others(rule: Rule, hit: RuleHit, at_ms: int, seconds: int) -> list[int]:
    """When the rule's other findings about this account in this room were."""
    begin = dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC) - dt.timedelta(seconds=seconds) - SKEW
    same = RuleHit.objects.filter(rule=rule, room=hit.room_id, account=hit.account, at__gt=begin)
    kept = same.exclude(pk=hit.pk).order_by("-at").values_list("evidence", flat=True)[:MAX_READ]
    times = (counted_at(of_rule(rule.kind, evidence)) for evidence in kept)
    return [time for time in times if time is not None]
