"""Looks: which room was on whose screen long enough to count. Who looked last, who never looked, who is at work.

A browser tells of them over its websocket; `monitor.hub` gathers them and calls `record` every few seconds.
"""

import datetime as dt
import time
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db.models import F, QuerySet
from django.utils import timezone

from moderation.models import LastLook, Look
from moderation.roles import code_name
from rooms import live
from rooms.models import Room, RoomQuerySet
from rooms.transactions import writing

MOST_SECONDS = 3600
AT_WORK = dt.timedelta(minutes=15)  # who looked at a room within it is at work


class Seen(NamedTuple):
    """One look as a tab told it. seconds: how long the room had been on the screen."""

    room: int
    seconds: int
    where: str


def record(seen: Mapping[int, Collection[Seen]], *, at: dt.datetime | None = None) -> int:
    """Stores the looks of several people (by primary key) and tells the pages; how many were stored.

    Rooms and people that are not there are left out. Of one person and room the longest counts.
    """
    at = at or timezone.now()
    people = {user.pk: user for user in User.objects.select_related("staff").filter(pk__in=list(seen))}
    wanted = {look.room for looks in seen.values() for look in looks}
    rooms = set(Room.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    looks: dict[tuple[int, int], Look] = {}
    for person, told in seen.items():
        for look in told:
            if person not in people or look.room not in rooms:
                continue
            seconds = max(0, min(look.seconds, MOST_SECONDS))
            before = looks.get((person, look.room))
            if before is None or before.seconds < seconds:
                looks[person, look.room] = Look(
                    room_id=look.room, by=people[person], by_name=people[person].get_username(),
                    where=look.where, at=at, seconds=seconds,
                )  # fmt: skip
    if not looks:
        return 0
    last = {
        look.room_id: LastLook(
            room_id=look.room_id, at=at, by_name=look.by_name, code_name=code_name(people[person])
        )
        for (person, _room), look in looks.items()
    }
    with writing():
        Look.objects.bulk_create(looks.values(), batch_size=500)
        LastLook.objects.bulk_create(
            last.values(), batch_size=500, update_conflicts=True, unique_fields=["room"],
            update_fields=["at", "by_name", "code_name"],
        )  # fmt: skip
    live.publish_seen({pk: [int(at.timestamp()), row.code_name or row.by_name] for pk, row in last.items()})
    return len(looks)


def of(pks: Collection[int]) -> dict[int, list[Any]]:
    """Room -> [when it was looked at last (Unix seconds), by whom (code name)]; those never looked at are left out."""
    rows = LastLook.objects.filter(room_id__in=pks).values_list("room_id", "at", "code_name", "by_name")
    return {pk: [int(at.timestamp()), code or name] for pk, at, code, name in rows}


def longest_unseen_first() -> tuple[Any, ...]:
    """The order of rooms for patrols: never looked at first, then those looked at longest ago."""
    return (F("last_look__at").asc(nulls_first=True), "create_time", "id")


def overdue(minutes: float) -> RoomQuerySet:
    """Live rooms that nobody has looked at for so long, the worst first. A room just opened is not overdue yet."""
    since = timezone.now() - dt.timedelta(minutes=minutes)
    rooms = Room.objects.live().exclude(last_look__at__gte=since).filter(first_seen_at__lt=since)
    return rooms.select_related("last_look").order_by(*longest_unseen_first())


def at_work(now: dt.datetime | None = None) -> int:
    """How many people have looked at a room lately."""
    since = (now or timezone.now()) - AT_WORK
    return Look.objects.filter(at__gte=since).order_by().values("by_name").distinct().count()


def between(since: dt.datetime, until: dt.datetime) -> QuerySet[Look]:
    return Look.objects.filter(at__gte=since, at__lt=until)


def read(told: Iterable[Any], watched: Collection[int], most: int) -> list[Seen]:
    """The looks in a message of a browser: [[pk, seconds, where], ...]. What is not on its page is left out.

    Raises ValueError for anything of another shape.
    """
    looks = list(told)
    if len(looks) > most:
        raise ValueError("too many looks")
    found = []
    for look in looks:
        if not (isinstance(look, list) and len(look) == 3):
            raise ValueError("no look")
        pk, seconds, where = look
        if type(pk) is not int or type(seconds) is not int or where not in Look.Where.values:
            raise ValueError("no look")
        if pk in watched:
            found.append(Seen(pk, seconds, where))
    return found


def seconds_since(at: dt.datetime | None) -> float | None:
    """How long ago, in seconds; None: never."""
    return None if at is None else max(0.0, time.time() - at.timestamp())
