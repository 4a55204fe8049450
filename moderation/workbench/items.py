"""The rows of the queue, in groups: the most urgent group first, and in it the most urgent row."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db.models import QuerySet

from moderation.alerts import alerts
from moderation.models import Alert
from moderation.workbench.filters import Filters

SHOWN, CLOSED_SHOWN = 200, 20


@dataclass(slots=True)
class Group:
    """The alerts of one room, or about one account. first: the most urgent of them. account: "" in
    groups of rooms.
    """

    first: Alert
    account: str = ""
    rows: list[Alert] = field(default_factory=list)


def waiting(filters: Filters, person: User) -> QuerySet[Alert]:
    return filters.of(alerts.waiting(), person)


def grouped(rows: Iterable[Alert], by: str) -> list[Group]:
    """by: room or account; an alert that names no account is about its host."""
    groups: dict[int | str, Group] = {}
    for alert in rows:
        account = alert.subject if by == "account" else ""
        key = account or alert.room_id
        groups.setdefault(key, Group(alert, account)).rows.append(alert)
    return list(groups.values())


@dataclass(frozen=True, slots=True)
class Listing:
    """What the list shows: so many alerts of `count`. first: the one on top, none or one."""

    groups: list[Group]
    first: list[Alert]
    shown: int
    count: int


def listing(filters: Filters, person: User) -> Listing:
    found = waiting(filters, person)
    rows = alerts.named(found[:SHOWN])
    count = len(rows) if len(rows) < SHOWN else found.count()
    groups = grouped(rows, filters.group)
    return Listing(groups, groups[0].rows[:1] if groups else [], len(rows), count)


def known_again(pks: Collection[int]) -> list[Alert]:
    """Rows that a page shows, as they are now, closed ones too."""
    return alerts.named(Alert.objects.filter(pk__in=pks).select_related("room", "closed_with"))


def unknown(filters: Filters, person: User, known: Collection[int]) -> int:
    """How many are asked for that the page does not show yet."""
    return waiting(filters, person).exclude(pk__in=known).count()


def lately_closed() -> list[Alert]:
    """The alerts that were closed last."""
    closed = Alert.objects.filter(closed_at__isnull=False).select_related("room")
    return alerts.named(closed.order_by("-closed_at")[:CLOSED_SHOWN])
