"""Patrol coverage: which share of the live rooms was looked at, hour by hour and by whom, and which rooms were not."""

import csv
import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone

from moderation import looks
from rooms.models import Room

MOST_HOURS = 7 * 24
SHOWN = 100
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
    """The last `count` hours, the one that runs now as the last."""
    first = now.replace(minute=0, second=0, microsecond=0) - dt.timedelta(hours=count - 1)
    seen: dict[dt.datetime, set[int]] = defaultdict(set)
    for room, at in looks.between(first, now).order_by().values_list("room_id", "at"):
        seen[at.replace(minute=0, second=0, microsecond=0)].add(room)
    found = []
    for number in range(count):
        begin = first + dt.timedelta(hours=number)
        end = min(begin + dt.timedelta(hours=1), now)
        over_before = Q(ended_at__isnull=False, ended_at__lte=begin)
        live = Room.objects.filter(first_seen_at__lt=end).exclude(over_before).count()
        found.append(Hour(begin, live, len(seen[begin])))
    return found


def people(since: dt.datetime, until: dt.datetime, name: str = "") -> list[Person]:
    """Who looked at how many rooms, the busiest first; of one account only, when its name is given."""
    found = looks.between(since, until)
    if name:
        found = found.filter(by_name=name)
    rows: dict[str, tuple[set[int], int, set[int], dt.datetime]] = {}
    for who, room, at in found.order_by("at").values_list("by_name", "room_id", "at"):
        rooms, number, active, _last = rows.get(who, (set(), 0, set(), at))
        rooms.add(room)
        active.add(int(at.timestamp()) // 3600)
        rows[who] = rooms, number + 1, active, at
    made = [
        Person(who, len(rooms), number, len(active), last)
        for who, (rooms, number, active, last) in rows.items()
    ]
    return sorted(made, key=lambda person: (-person.rooms, person.name))


def page(count: int, *, name: str = "") -> dict[str, Any]:
    """All that the page shows of the last `count` hours. name: an account that may see its own line alone."""
    now = timezone.now()
    since = now - dt.timedelta(hours=count)
    live, at_work = Room.objects.live().count(), looks.at_work(now)
    late = looks.overdue(settings.PATROL_MINUTES)
    return {
        "hours": hours(count, now), "people": people(since, now, name), "live": live, "at_work": at_work,
        "each": round(live / at_work, 1) if at_work else None, "line": settings.ROOMS_PER_MODERATOR,
        "minutes": settings.PATROL_MINUTES, "late": list(late[:SHOWN]), "late_count": late.count(),
        "never": Room.objects.live().filter(last_look=None).count(),
    }  # fmt: skip


def table(count: int) -> str:
    """The looks of the last `count` hours by room and person, as CSV; texts that a spreadsheet would run are disarmed."""
    now = timezone.now()
    rows = (
        looks.between(now - dt.timedelta(hours=count), now)
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
