"""Patrol coverage: which share of the live rooms was looked at, hour by hour and by whom, and which rooms were not."""

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Q
from django.utils import timezone

from moderation import looks
from rooms.models import Room

MOST_HOURS = 7 * 24
SHOWN = 100
HOUR = dt.timedelta(hours=1)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Hour:
    """begin: of the hour. live: rooms that were on air in it; seen: those of them that somebody looked at."""

    begin: dt.datetime
    live: int
    seen: int

    @property
    def share(self) -> int | None:
        """Per cent; None when nothing was on air."""
        return round(100 * self.seen / self.live) if self.live else None


@dataclass(frozen=True, slots=True)
class Person:
    """What one person looked at in the time asked for. rooms_an_hour: rooms by hours in which there was any look."""

    name: str
    rooms: int
    looks: int
    hours: int
    last: dt.datetime

    @property
    def rooms_an_hour(self) -> float:
        return self.rooms / self.hours if self.hours else 0.0


def hours(count: int, now: dt.datetime) -> list[Hour]:
    """The last `count` hours, the one that runs now as the last. The database counts: of looks there are many."""
    rooms, found = Room.objects.all(), []
    begins = hours_until(count, now)
    on_air = rooms.filter(Q(ended_at=None) | Q(ended_at__gt=begins[0]), first_seen_at__lt=begins[0]).count()
    for begin in begins:
        end = min(begin + HOUR, now)
        opened = rooms.filter(first_seen_at__gte=begin, first_seen_at__lt=end).count()
        seen = looks.between(begin, end).aggregate(rooms=Count("room", distinct=True))["rooms"]
        found.append(Hour(begin, on_air + opened, seen))
        on_air += opened - rooms.filter(ended_at__gt=begin, ended_at__lte=end).count()
    return found


def hours_until(count: int, now: dt.datetime) -> list[dt.datetime]:
    """When the last `count` hours began."""
    this = now.replace(minute=0, second=0, microsecond=0)
    return [this - HOUR * back for back in reversed(range(count))]


def people(count: int, now: dt.datetime, name: str = "") -> list[Person]:
    """Who looked at how many rooms in the last `count` hours, the busiest first; of one account only, when it is named."""
    begins = hours_until(count, now)
    found = looks.between(begins[0], now)
    if name:
        found = found.filter(by_name=name)
    active: Counter[str] = Counter()
    for begin in begins:
        some = found.filter(at__gte=begin, at__lt=begin + HOUR)
        active.update(some.order_by().values_list("by_name", flat=True).distinct())
    rows = (
        found.order_by().values_list("by_name").annotate(Count("room", distinct=True), Count("pk"), Max("at"))
    )
    made = [Person(who, rooms, number, active[who], last) for who, rooms, number, last in rows]
    return sorted(made, key=lambda person: (-person.rooms, person.name))


def page(count: int, *, name: str = "") -> dict[str, Any]:
    """All that the page shows of the last `count` hours. name: an account that may see its own line alone."""
    now = timezone.now()
    live, at_work = Room.objects.live().count(), looks.at_work(now)
    late = looks.overdue(settings.PATROL_MINUTES)
    return {
        "hours": hours(count, now), "people": people(count, now, name), "live": live, "at_work": at_work,
        "each": round(live / at_work, 1) if at_work else None, "line": settings.ROOMS_PER_MODERATOR,
        "minutes": settings.PATROL_MINUTES, "late": list(late[:SHOWN]), "late_count": late.count(),
        "never": Room.objects.live().filter(last_look=None).count(),
    }  # fmt: skip


def table(count: int) -> str:
    """The looks of the last `count` hours by room and person, as CSV; texts that a spreadsheet would run are disarmed."""
    now = timezone.now()
    rows = (
        looks.between(now - HOUR * count, now)
        .values("room__room_id", "room__name", "by_name", "where")
        .annotate(number=Count("pk"))
        .order_by("room__room_id", "by_name", "where")
    )
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["room_id", "room", "person", "where", "looks"])
    for row in rows.iterator():
        writer.writerow(map(disarmed, row.values()))
    return out.getvalue()


def disarmed(value: Any) -> Any:
    """A text that begins as a formula does gets a quote before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def bars(found: Iterable[Hour]) -> list[dict[str, Any]]:
    """The hours as bars of a picture of 720 by 120: x, y, height, and the words on hover."""
    all_hours = list(found)
    width = 700 / max(1, len(all_hours))
    return [
        {
            "x": f"{20 + number * width:.1f}", "width": f"{max(1.0, width - 2):.1f}", "height": (share := hour.share or 0),
            "y": 104 - share, "hour": hour,
        }
        for number, hour in enumerate(all_hours)
    ]  # fmt: skip
