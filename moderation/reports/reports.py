"""Reports of users: stored once each, and merged into one open alert a room and account.

The alert says how many different people report, and what they wrote last. How urgent it is follows
from how many they are: one person with many accounts is the platform's to find. Nothing but an
alert ever follows.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from moderation.alerts import alerts
from moderation.models import Alert, UserReport
from moderation.models.rules import REPORTS
from moderation.values.evidence import Reported
from rooms.infra import database_time
from rooms.infra.transactions import write_turn
from rooms.models import Room

MAX_REPORTS = 100  # in one request
MAX_KEPT = 1000  # about one account in one room; what is beyond is not stored
CATEGORY_LENGTH, TEXT_LENGTH = 60, 500
SHOWN_TEXTS, SHOWN_TEXT, SHOWN_CATEGORIES = 5, 200, 5
# How urgent an alert is from so many different reporters on.
URGENCY = ((10, 3), (3, 2), (1, 1))


@dataclass(frozen=True, slots=True)
class Report:
    """One report. key: the backend's own name of it; account: whom it is about, "" for the room;
    category: what is wrong, in the platform's words.
    """

    key: str
    reporter: str
    category: str
    account: str = ""
    text: str = ""


def store(room: Room, reports: Sequence[Report], *, source: str) -> int:
    """Stores the reports that are new, and raises or renews the alerts of whom they are about; how
    many were new.

    source: who sends them, part of the key. Reports of a broadcast that is over are stored, and
    raise nothing.
    """
    with write_turn():
        new = unknown(room, {key_of(report, source): report for report in reports})
        UserReport.objects.bulk_create(new, ignore_conflicts=True)
        if room.is_live:
            for account in sorted({report.account for report in new}):
                raise_alert(room, account)
    return len(new)


def unknown(room: Room, reports: dict[str, Report]) -> list[UserReport]:
    """Those of these reports that are not stored, as many as there is place for."""
    of_room = UserReport.objects.filter(room=room)
    known = set(of_room.filter(key__in=list(reports)).values_list("key", flat=True))
    accounts = {report.account for report in reports.values()}
    kept = Counter({each: of_room.filter(account=each).count() for each in accounts})
    found = []
    for key, report in reports.items():
        if key in known or kept[report.account] >= MAX_KEPT:
            continue
        kept[report.account] += 1
        found.append(row_of(room, report, key))
    return found


def row_of(room: Room, report: Report, key: str) -> UserReport:
    """The row of a report, not stored."""
    return UserReport(
        room=room,
        account=report.account[:128],
        reporter=report.reporter[:128],
        category=clean(report.category)[:CATEGORY_LENGTH],
        text=clean(report.text)[:TEXT_LENGTH],
        key=key,
        at=database_time.now(),
    )


def key_of(report: Report, source: str) -> str:
    """What makes a report told twice one report."""
    return hashlib.sha256(f"{source}\n{report.key}".encode()).hexdigest()


def clean(text: str) -> str:
    """A text in one line, without what PostgreSQL does not store."""
    return " ".join(text.replace("\x00", "").split())


def raise_alert(room: Room, account: str) -> Alert:
    """Raises the alert about an account, or the room, or renews it with what is reported since the
    last one was closed.
    """
    reports = since_last(room, account)
    reporters = reports.order_by().values("reporter").distinct().count()
    return alerts.raise_alert(
        room=room,
        source=REPORTS,
        title="Reports from users",
        account=account,
        evidence=evidence_of(list(reports[:MAX_REPORTS]), reporters),
        severity=urgency(reporters),
    )


def since_last(room: Room, account: str) -> QuerySet[UserReport]:
    """The reports that nobody has decided about, newest first."""
    same = Alert.objects.filter(room=room, source=REPORTS, account=account)
    last = same.exclude(closed_at=None).order_by("-closed_at").first()
    reports = UserReport.objects.filter(room=room, account=account).order_by("-at", "-pk")
    return reports if last is None else reports.filter(at__gt=last.closed_at)


def urgency(reporters: int) -> int:
    """The severity of an alert by how many people report."""
    return next((severity for least, severity in URGENCY if reporters >= least), 1)


@translation.override("en")  # what is stored is said again by `retold`
def evidence_of(reports: Sequence[UserReport], reporters: int) -> Reported:
    """What the alert keeps of the newest reports, newest first."""
    categories = tuple(dict.fromkeys(report.category for report in reports))[:SHOWN_CATEGORIES]
    texts = tuple(report.text[:SHOWN_TEXT] for report in reports if report.text)[:SHOWN_TEXTS]
    values = {
        "reporters": reporters,
        "categories": ", ".join(categories),
        "texts": " · ".join(f"“{text}”" for text in texts),
    }
    if texts:
        words = _("Reporters: %(reporters)s (%(categories)s): %(texts)s") % values
    else:
        words = _("Reporters: %(reporters)s (%(categories)s)") % values
    return Reported(words=words, reporters=reporters, categories=categories, texts=texts)
