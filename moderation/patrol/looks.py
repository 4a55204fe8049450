"""Looks: which room was on whose screen long enough to count.

Who looked last, who never looked, who is at work.

A browser tells of them over its websocket; `monitor.realtime.hub` gathers them and calls `record`
every few seconds.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from operator import itemgetter
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy

from moderation.core.roles import code_name
from moderation.models import LastLook, Look
from rooms.infra import database_time
from rooms.infra.transactions import write_turn
from rooms.live import push
from rooms.models import Room, RoomQuerySet

MAX_SECONDS = 3600
INSERT = """
    INSERT INTO moderation_look (room_id, by_id, by_name, "where", at, seconds)
    VALUES (%s, %s, %s, %s, %s, %s)
"""
UPSERT = """
    INSERT INTO moderation_lastlook (room_id, at, by_name, code_name) VALUES (%s, %s, %s, %s)
    ON CONFLICT (room_id) DO UPDATE
    SET at = excluded.at, by_name = excluded.by_name, code_name = excluded.code_name
"""
AT_WORK = dt.timedelta(minutes=15)  # who looked at a room within it is at work


class Seen(NamedTuple):
    """One look as a tab told it. seconds: how long the room had been on the screen."""

    room: int
    seconds: int
    where: str


def record(seen: Mapping[int, Collection[Seen]], *, at: dt.datetime | None = None) -> int:
    """Stores the looks of several people (by primary key) and tells the pages; how many were
    stored.

    Rooms and people that are not there are left out. Of one person and room the longest counts.
    """
    at = at or database_time.now()
    people = {
        user.pk: user for user in User.objects.select_related("staff").filter(pk__in=list(seen))
    }
    wanted = {look.room for looks in seen.values() for look in looks}
    rooms = set(Room.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    kept: dict[tuple[int, int], Seen] = {}
    for person, reported in seen.items():
        for look in reported:
            before = kept.get((person, look.room))
            if (
                person in people
                and look.room in rooms
                and (before is None or before.seconds < look.seconds)
            ):
                kept[person, look.room] = look
    if not kept:
        return 0
    names = {pk: (user.get_username(), code_name(user)) for pk, user in people.items()}
    moment = connection.ops.adapt_datetimefield_value(at)
    looks = [
        (
            room,
            person,
            names[person][0],
            look.where,
            moment,
            max(0, min(look.seconds, MAX_SECONDS)),
        )
        for (person, room), look in kept.items()
    ]
    # In the order of their rooms: two processes that write the same rows in two orders wait for
    # each other for ever.
    last = {
        room: (room, moment, *names[person]) for person, room in sorted(kept, key=itemgetter(1))
    }
    # Two hundred people who open walls of forty tiles are eight thousand rows: as objects they
    # would cost half a second.
    with write_turn(), connection.cursor() as cursor:
        cursor.executemany(INSERT, looks)
        cursor.executemany(UPSERT, list(last.values()))
    push.publish_seen(
        {room: [int(at.timestamp()), code or name] for room, _at, name, code in last.values()}
    )
    return len(looks)


def of(pks: Collection[int]) -> dict[int, list[object]]:
    """Room -> [when it was looked at last (Unix seconds), by whom (code name)]; those never looked
    at are left out.
    """
    rows = LastLook.objects.filter(room_id__in=pks).values_list(
        "room_id", "at", "code_name", "by_name"
    )
    return {pk: [int(at.timestamp()), code or name] for pk, at, code, name in rows}


def longest_unseen_first() -> tuple[OrderBy | str, ...]:
    """The order of rooms for patrols: never looked at first, then those looked at longest ago."""
    return (F("last_look__at").asc(nulls_first=True), "create_time", "id")


def overdue(minutes: float) -> RoomQuerySet:
    """Live rooms that nobody has looked at for so long, the worst first."""
    rooms = not_looked_at(Room.objects.live(), minutes)
    return rooms.select_related("last_look").order_by(*longest_unseen_first())


def not_looked_at(rooms: RoomQuerySet, minutes: float) -> RoomQuerySet:
    """Those of these rooms that nobody has looked at for so long.

    A room just opened is not overdue yet.
    """
    since = database_time.now() - dt.timedelta(minutes=minutes)
    return rooms.exclude(last_look__at__gte=since).filter(first_seen_at__lt=since)


def at_work(now: dt.datetime | None = None) -> int:
    """How many people have looked at a room lately."""
    since = (now or database_time.now()) - AT_WORK
    return Look.objects.filter(at__gte=since).order_by().values("by_name").distinct().count()


def between(since: dt.datetime, until: dt.datetime) -> QuerySet[Look]:
    return Look.objects.filter(at__gte=since, at__lt=until)


def read(reported: Iterable[object], watched: Collection[int], limit: int) -> list[Seen]:
    """The looks in a message of a browser: [[pk, seconds, where], ...].

    What is not on its page is left out.

    Raises ValueError for anything of another shape.
    """
    looks = list(reported)
    if len(looks) > limit:
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
    return None if at is None else max(0.0, database_time.unix() - at.timestamp())
