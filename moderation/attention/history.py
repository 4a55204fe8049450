"""The stored past as scores need it: the facts of every room at any moment of a stretch of time.

What was known then is made again from what is kept: alerts by when they were raised and closed,
labels, looks, acts, the figures of the minute. The severity of an alert is the one it has now.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Min, Q

from moderation.attention import facts
from moderation.attention.facts import Ends, Known
from moderation.attention.scoring import (
    LABEL_MINUTES,
    MINUTE,
    NEW_HOST_SECONDS,
    REOPENED_SECONDS,
    UNSEEN_STEP,
    UNSEEN_STEPS,
    Labelled,
    Raised,
    RoomFacts,
    term_of,
)
from moderation.core import strikes
from moderation.models import Alert, Look
from rooms.models import Room, RoomEvent, Sample

MAX_ROOMS = 50_000
MAX_ROWS = 300_000  # of looks, labels, alerts or acts each; the newest


class Broadcast(NamedTuple):
    """A broadcast of that time. until: Unix seconds; inf while it goes on."""

    known: Known
    until: float


class OpenTime(NamedTuple):
    """An alert, and how long it was open (Unix seconds; inf: it still is)."""

    raised: Raised
    until: float


@dataclass(slots=True)
class History:
    """is_whole: whether all that there is was read."""

    rooms: dict[int, Broadcast]
    alerts: dict[int, list[OpenTime]] = field(default_factory=dict)
    labels: dict[int, list[Labelled]] = field(default_factory=dict)
    looks: dict[int, list[float]] = field(default_factory=dict)
    struck: dict[str, list[float]] = field(default_factory=dict)
    first_of: dict[str, float] = field(default_factory=dict)
    began: float = 0.0  # when the first broadcast of all was seen
    ends: Ends = field(default_factory=lambda: Ends({}, {}))
    is_whole: bool = True

    def live_at(self, at: float) -> Iterator[int]:
        return (pk for pk, one in self.rooms.items() if one.known.first_seen <= at < one.until)

    def facts_at(self, pk: int, at: float, online: int | None) -> RoomFacts:
        """The facts of a room at a moment."""
        known = self.rooms[pk].known
        looks, struck = self.looks.get(pk), self.struck.get(known.owner)
        looked = bisect_right(looks, at) if looks else 0
        first = self.first_of.get(known.owner)
        is_new = first is not None and self.began < at - NEW_HOST_SECONDS < first
        room = RoomFacts(pk, known.first_seen, online)
        if looks and looked:
            room.last_look = looks[looked - 1]
        if pk in self.alerts:
            room.raised = tuple(
                one.raised for one in self.alerts[pk] if one.raised.at <= at < one.until
            )
        if pk in self.labels:
            room.labelled = tuple(label for label in self.labels[pk] if label.at <= at)
        if struck:
            since = at - strikes.STRIKES_FOR.total_seconds()
            room.strikes = bisect_right(struck, at) - bisect_right(struck, since)
        room.host_since = first if is_new else None
        room.reopened_at = self.ends.reopened_at(known)
        return room


def read(since: dt.datetime, until: dt.datetime) -> History:
    """What is stored of a time."""
    rows = (
        Room.objects.filter(Q(ended_at=None) | Q(ended_at__gt=since), first_seen_at__lt=until)
        .order_by("-first_seen_at")
        .values_list("pk", "room_id", "owner_account", "first_seen_at", "ended_at")
    )
    rooms = {
        pk: Broadcast(
            Known(pk, room_id, owner, first.timestamp()),
            ended.timestamp() if ended else float("inf"),
        )
        for pk, room_id, owner, first, ended in rows[:MAX_ROOMS]
    }
    history = History(rooms, is_whole=len(rooms) < MAX_ROOMS)
    owners = {one.known.owner for one in rooms.values()} - {""}
    _alerts(history, since, until)
    _labels(history, since, until)
    _looks(history, since, until)
    _hosts(history, owners, since, until)
    return history


def _alerts(history: History, since: dt.datetime, until: dt.datetime) -> None:
    rows = (
        Alert.objects.filter(Q(closed_at=None) | Q(closed_at__gt=since), raised_at__lt=until)
        .order_by("-raised_at")
        .values_list("room_id", "source", "severity", "raised_at", "closed_at")
    )
    found = list(rows[:MAX_ROWS])
    history.is_whole &= len(found) < MAX_ROWS
    for room, source, severity, at, closed in found:
        if room in history.rooms:
            raised = Raised(term_of(source), severity, at.timestamp())
            end = closed.timestamp() if closed else float("inf")
            history.alerts.setdefault(room, []).append(OpenTime(raised, end))


def _labels(history: History, since: dt.datetime, until: dt.datetime) -> None:
    first = since.timestamp() - LABEL_MINUTES * MINUTE
    rows = RoomEvent.objects.filter(
        kind=RoomEvent.Kind.LABEL, at_ms__gte=first * 1000, at_ms__lt=until.timestamp() * 1000
    ).order_by("-at_ms")
    found = list(rows.values_list("room_id", "at_ms", "detail")[:MAX_ROWS])
    history.is_whole &= len(found) < MAX_ROWS
    for room, at_ms, detail in found:
        if room in history.rooms:
            label = Labelled(facts.score_of(detail), at_ms / 1000)
            history.labels.setdefault(room, []).append(label)


def _looks(history: History, since: dt.datetime, until: dt.datetime) -> None:
    first = since - dt.timedelta(minutes=UNSEEN_STEP * UNSEEN_STEPS)
    rows = Look.objects.filter(at__gte=first, at__lt=until).order_by("-at")
    found = list(rows.values_list("room_id", "at")[:MAX_ROWS])
    history.is_whole &= len(found) < MAX_ROWS
    for room, at in reversed(found):
        if room in history.rooms:
            history.looks.setdefault(room, []).append(at.timestamp())


def _hosts(history: History, owners: set[str], since: dt.datetime, until: dt.datetime) -> None:
    for part in facts.parts(owners):
        acts = strikes.against(part, since - strikes.STRIKES_FOR).filter(requested_at__lt=until)
        rows = acts.order_by("requested_at").values_list("room__owner_account", "requested_at")
        for owner, at in rows[:MAX_ROWS]:
            history.struck.setdefault(owner, []).append(at.timestamp())
        firsts = (
            Room.objects.filter(owner_account__in=part)
            .order_by()
            .values("owner_account")
            .annotate(first=Min("first_seen_at"))
            .values_list("owner_account", "first")
        )
        history.first_of |= {owner: at.timestamp() for owner, at in firsts if at is not None}
    oldest = Room.objects.order_by("first_seen_at").values_list("first_seen_at", flat=True).first()
    history.began = oldest.timestamp() if oldest else 0.0
    history.ends = facts.ends_between(since - dt.timedelta(seconds=REOPENED_SECONDS), until)


def online_at(minute: int) -> dict[int, int | None]:
    """Room -> people online in a minute (Unix seconds divided by 60), where it is stored."""
    return dict(Sample.objects.filter(minute=minute).values_list("room_id", "online"))
