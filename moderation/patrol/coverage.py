"""Patrol coverage: which share of the live rooms was looked at, hour by hour and by whom, and which
rooms were not.
"""

import csv
import datetime as dt
import io
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Count, F, Func, Max, Q, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from moderation.patrol import looks
from rooms.infra import database_time
from rooms.models import Room
from rooms.text import trimmed, without_overrides

MAX_HOURS = 7 * 24
SHOWN = 100
KEPT_SECONDS = 10
HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Hour:
    """begin: of the hour. live: rooms that were on air in it; seen: those of them that somebody
    looked at.
    """

    begin: dt.datetime
    live: int
    seen: int

    @property
    def share(self) -> int | None:
        """Per cent; None when nothing was on air."""
        return round(100 * self.seen / self.live) if self.live else None


@dataclass(frozen=True, slots=True)
class Person:
    """What one person looked at in the time asked for. rooms_an_hour: rooms by hours in which there
    was any look.
    """

    name: str
    rooms: int
    looks: int
    hours: int
    last: dt.datetime

    @property
    def rooms_an_hour(self) -> float:
        return self.rooms / self.hours if self.hours else 0.0


class HourOf(Func):
    """The UTC hour of a moment as text, like 2026-05-04 11: the same on both databases, and no
    Python for each row.
    """

    output_field = CharField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        return self.as_sql(compiler, connection, template="substr(%(expressions)s, 1, 13)", **more)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        template = "to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24')"
        return self.as_sql(compiler, connection, template=template, **more)


def by_hour(found: QuerySet[Any], field: str, number: Count) -> dict[str, int]:
    """Hour -> number, by one question for all hours."""
    rows = found.order_by().annotate(hour=HourOf(field)).values("hour").annotate(number=number)
    return dict(rows.values_list("hour", "number"))


def hours(count: int, now: dt.datetime) -> list[Hour]:
    """The last `count` hours, the one that runs now as the last.

    Four questions, however many hours: of looks there are many.
    """
    begins = hours_until(count, now)
    rooms = Room.objects.filter(Q(ended_at=None) | Q(ended_at__gt=begins[0]))
    on_air = rooms.filter(first_seen_at__lt=begins[0]).count()
    opened = by_hour(
        rooms.filter(first_seen_at__gte=begins[0], first_seen_at__lt=now),
        "first_seen_at",
        Count("pk"),
    )
    ended = by_hour(rooms.filter(ended_at__lte=now), "ended_at", Count("pk"))
    seen = by_hour(looks.between(begins[0], now), "at", Count("room", distinct=True))
    found = []
    for begin in begins:
        hour = begin.astimezone(dt.UTC).strftime("%Y-%m-%d %H")
        on_air += opened.get(hour, 0)
        found.append(Hour(begin, on_air, seen.get(hour, 0)))
        on_air -= ended.get(hour, 0)
    return found


def hours_until(count: int, now: dt.datetime) -> list[dt.datetime]:
    """When the last `count` hours began."""
    this = now.replace(minute=0, second=0, microsecond=0)
    return [this - HOUR * back for back in reversed(range(count))]


def people(count: int, now: dt.datetime, name: str = "") -> list[Person]:
    """Who looked at how many rooms in the last `count` hours, the busiest first; of one account
    only, when it is named.
    """
    begins = hours_until(count, now)
    found = looks.between(begins[0], now)
    if name:
        found = found.filter(by_name=name)
    counted = (
        found.order_by()
        .values("by_name")
        .annotate(
            rooms=Count("room", distinct=True),
            looks=Count("pk"),
            hours=Count(HourOf("at"), distinct=True),
            last=Max("at"),
        )
    )
    made = [
        Person(**row)
        for row in counted.values("rooms", "looks", "hours", "last", name=F("by_name"))
    ]
    return sorted(made, key=lambda person: (-person.rooms, person.name))


def page(count: int, *, name: str = "") -> dict[str, Any]:
    """All that the page shows of the last `count` hours, at most KEPT_SECONDS old: a page that is
    loaded again and again costs one reading. name: an account that may see its own line alone."""
    found = cache.get_or_set(
        f"coverage:{count}:{name.encode().hex()}", lambda: read_page(count, name), KEPT_SECONDS
    )
    return dict(found or {})


def read_page(count: int, name: str) -> dict[str, Any]:
    """As `page`, read now."""
    now = database_time.now()
    live, at_work = Room.objects.live().count(), looks.at_work(now)
    late = looks.overdue(settings.PATROL_MINUTES)
    each = round(live / at_work, 1) if at_work else None
    return {
        "hours": hours(count, now),
        "people": people(count, now, name),
        "live": live,
        "at_work": at_work,
        "each": each,
        "line": settings.ROOMS_PER_MODERATOR,
        "is_over_line": each is not None and each > settings.ROOMS_PER_MODERATOR,
        "minutes": settings.PATROL_MINUTES,
        "late": list(late[:SHOWN]),
        "late_count": late.count(),
        "never": Room.objects.live().filter(last_look=None).count(),
    }


def table(count: int) -> str:
    """The looks of the last `count` hours by room and person, as CSV; texts that a spreadsheet
    would run are disarmed.
    """
    now = database_time.now()
    rows = (
        looks.between(now - HOUR * count, now)
        .values("room__room_id", "room__name", "by_name", "where")
        .annotate(number=Count("pk"))
        .order_by("room__room_id", "by_name", "where")
    )
    out = io.StringIO()
    out.write("\ufeff")  # or spreadsheets take the names for another encoding
    writer = csv.writer(out)
    writer.writerow(["room_id", "room", "person", "where", "looks"])
    for row in rows.iterator():
        writer.writerow(map(disarmed, row.values()))
    return out.getvalue()


def disarmed(value: object) -> object:
    """A text that a spreadsheet would take for a formula gets a quote before it: whatever stands
    before its sign, and at whatever width the sign is.
    """
    if not isinstance(value, str):
        return value
    begins = unicodedata.normalize("NFKC", trimmed(value))[:1]
    shown = without_overrides(value)
    return f"'{shown}" if begins in {*"=+-@"} or value[:1] in {*"\t\r\n"} else shown
