"""The facts that scores rest on, out of the database: of all live rooms, or what has changed since.

Each question is one for all rooms, and answered by an index: they are asked once a second.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from django.db.models import Max, Min

from moderation.attention.scoring import (
    LABEL_MINUTES,
    MINUTE,
    NEW_HOST_SECONDS,
    REOPENED_SECONDS,
    Labelled,
    Raised,
    RoomFacts,
    term_of,
)
from moderation.core import strikes
from moderation.models import Alert, AuditEntry, LastLook, Look
from rooms.event_details import LabelFound
from rooms.infra import json_values
from rooms.models import Room, RoomEvent

Value = TypeVar("Value")

AT_ONCE = 500  # values of one question: SQLite takes no more than some thousands
UNSCORED_LABEL = 50.0  # a classifier that tells no score is believed by half


class Known(NamedTuple):
    """Who and what a live room is, as far as the score asks. first_seen: Unix seconds."""

    pk: int
    room_id: str
    owner: str
    first_seen: float


def online() -> dict[int, int | None]:
    """Live room -> people online."""
    return dict(Room.objects.live().values_list("pk", "online"))


def known(pks: Collection[int]) -> dict[int, Known]:
    found: dict[int, Known] = {}
    for part in parts(pks):
        rows = Room.objects.filter(pk__in=part).values_list(
            "pk", "room_id", "owner_account", "first_seen_at"
        )
        found |= {pk: Known(pk, room, owner, at.timestamp()) for pk, room, owner, at in rows}
    return found


def raised() -> dict[int, tuple[Raised, ...]]:
    """Room -> its open alerts."""
    found: dict[int, list[Raised]] = {}
    rows = Alert.objects.filter(closed_at=None).order_by("pk")
    for room, source, severity, at in rows.values_list(
        "room_id", "source", "severity", "raised_at"
    ):
        found.setdefault(room, []).append(Raised(term_of(source), severity, at.timestamp()))
    return {room: tuple(some) for room, some in found.items()}


def labelled(now: float) -> dict[int, tuple[Labelled, ...]]:
    """Room -> the labels that still count."""
    found: dict[int, list[Labelled]] = {}
    since = (now - LABEL_MINUTES * MINUTE) * 1000
    rows = RoomEvent.objects.filter(kind=RoomEvent.Kind.LABEL, at_ms__gte=since).order_by("at_ms")
    for room, at_ms, detail in rows.values_list("room_id", "at_ms", "detail"):
        found.setdefault(room, []).append(Labelled(score_of(detail), at_ms / 1000))
    return {room: tuple(some) for room, some in found.items()}


def score_of(detail: object) -> float:
    """The score of a label, 0 to 100."""
    score = json_values.read(LabelFound, detail).score
    return UNSCORED_LABEL if score is None else score


def last_looks(pks: Collection[int]) -> dict[int, float]:
    rows = (
        row
        for part in parts(pks)
        for row in LastLook.objects.filter(room_id__in=part).values_list("room_id", "at")
    )
    return {room: at.timestamp() for room, at in rows}


def looks_since(at: dt.datetime) -> dict[int, float]:
    """Room -> when somebody looked at it last, of those looked at since then."""
    rows = Look.objects.filter(at__gte=at).order_by().values("room_id").annotate(last=Max("at"))
    return {room: last.timestamp() for room, last in rows.values_list("room_id", "last")}


def newest_entry() -> int:
    """The number of the newest entry of the audit log: every change is in there."""
    return AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def has_struck(after: int, until: int) -> bool:
    """Whether an entry of these numbers tells of an act that may be a strike."""
    between = AuditEntry.objects.filter(pk__gt=after, pk__lte=until)
    return between.filter(verb__in=strikes.STRIKING, action_id__isnull=False).exists()


def strikes_of(owners: Iterable[str], now: dt.datetime) -> dict[str, int]:
    """Host -> strikes; those without any are left out."""
    found: dict[str, int] = {}
    for part in parts({owner for owner in owners if owner}):
        found |= strikes.count(part, now - strikes.STRIKES_FOR)
    return found


def new_hosts(owners: Iterable[str], now: dt.datetime) -> dict[str, float]:
    """Host -> when its first broadcast was seen, of those that are new.

    While this console is younger than that itself, it does not know who is new.
    """
    since = now - dt.timedelta(seconds=NEW_HOST_SECONDS)
    if not Room.objects.filter(first_seen_at__lt=since).exists():
        return {}
    found: dict[str, float] = {}
    for part in parts({owner for owner in owners if owner}):
        rows = (
            Room.objects.filter(owner_account__in=part)
            .order_by()
            .values("owner_account")
            .annotate(first=Min("first_seen_at"))
            .filter(first__gte=since)
        )
        firsts = rows.values_list("owner_account", "first")
        found |= {owner: first.timestamp() for owner, first in firsts if first is not None}
    return found


class Ends(NamedTuple):
    """When RoomIds, and hosts, were ended from this console (Unix seconds)."""

    by_room_id: Mapping[str, Sequence[float]]
    by_owner: Mapping[str, Sequence[float]]

    def reopened_at(self, room: Known) -> float | None:
        """When this broadcast began, if it follows an end."""
        began = room.first_seen
        times = (*self.by_room_id.get(room.room_id, ()), *self.by_owner.get(room.owner, ()))
        return began if any(0 <= began - at <= REOPENED_SECONDS for at in times) else None


def ends(now: dt.datetime) -> Ends:
    """The ends after which a broadcast counts as one that was opened again."""
    # A broadcast counts so for a day, and follows an end by a day at most.
    return ends_between(now - dt.timedelta(seconds=2 * REOPENED_SECONDS), now)


def ends_between(since: dt.datetime, until: dt.datetime) -> Ends:
    rows = Room.objects.filter(
        ended_at__gte=since, ended_at__lte=until, end_cause=Room.EndCause.ACT
    )
    by_room_id: dict[str, list[float]] = {}
    by_owner: dict[str, list[float]] = {}
    for room_id, owner, ended_at in rows.values_list("room_id", "owner_account", "ended_at"):
        assert ended_at is not None  # by the filter
        by_room_id.setdefault(room_id, []).append(ended_at.timestamp())
        if owner:
            by_owner.setdefault(owner, []).append(ended_at.timestamp())
    return Ends(by_room_id, by_owner)


def of_rooms(rooms: Collection[Known], now: dt.datetime) -> dict[int, RoomFacts]:
    """The facts of these rooms, but for alerts, labels and figures, which are asked for of all."""
    owners = {room.owner for room in rooms}
    struck, new, ended = strikes_of(owners, now), new_hosts(owners, now), ends(now)
    looked = last_looks([room.pk for room in rooms])
    return {
        room.pk: RoomFacts(
            pk=room.pk,
            first_seen=room.first_seen,
            last_look=looked.get(room.pk),
            host_since=new.get(room.owner),
            strikes=struck.get(room.owner, 0),
            reopened_at=ended.reopened_at(room),
        )
        for room in rooms
    }


def parts(values: Collection[Value]) -> Iterable[list[Value]]:
    """The values, so many at a time as one question may hold."""
    ordered = list(values)
    return (ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE))
