"""Forgetting what is old, in transactions so short that no act waits for them."""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError
from django.db.models import SET_NULL, Exists, ManyToOneRel, Model, OuterRef, QuerySet

from rooms import signals
from rooms.infra import database_time
from rooms.infra.transactions import short_transaction
from rooms.models import ChatLine, ReportedGift, Room, RoomEvent, RoomQuerySet, Sample

logger = logging.getLogger(__name__)

# Rows deleted in one transaction: at first, and at most; halved when one takes long, doubled while
# all is quick.
SAMPLES_AT_FIRST = 250
SAMPLES_AT_ONCE = 2000
ROOMS_AT_ONCE = 50
AIM_SECONDS = 0.05
BREATHE_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many rows were deleted; others: of other applications (`kept_days`); longest: seconds of
    the longest transaction.
    """

    samples: int
    chat: int
    events: int
    gifts: int
    others: int
    rooms: int
    longest: float

    @property
    def rows(self) -> int:
        return self.samples + self.chat + self.events + self.gifts + self.others + self.rooms


def prune() -> Pruned:
    """Deletes samples, lines of chat, events, reports of gifts and ended broadcasts older than the
    settings say.

    So does it with what names a setting by `kept_days` and has a moment `at` (looks). A broadcast
    goes with what belongs to it; one that anything else refers to (an act) is kept. Safe to run
    twice at a time.
    """
    now = database_time.now()
    young = now - timedelta(days=settings.KEEP_SAMPLE_DAYS)
    chat_from = _milliseconds(now - timedelta(days=settings.KEEP_CHAT_DAYS))
    last_minute = int(young.timestamp()) // 60
    samples, longest = _in_steps(Sample.objects.filter(minute__lt=last_minute).order_by("minute"))
    chat, took = _in_steps(ChatLine.objects.filter(at_ms__lt=chat_from).order_by("at_ms"))
    longest, events = max(longest, took), 0
    for kind in RoomEvent.Kind.values:  # the index begins with the kind
        old = RoomEvent.objects.filter(kind=kind, at_ms__lt=_milliseconds(young))
        deleted, took = _in_steps(old.order_by("at_ms"))
        longest, events = max(longest, took), events + deleted
    gifts, took = _in_steps(ReportedGift.objects.filter(at__lt=young).order_by("at"))
    longest, others = max(longest, took), 0
    for relation in _relations():
        if setting := getattr(relation.related_model, "kept_days", ""):
            until = now - timedelta(days=getattr(settings, setting))
            deleted, took = _in_steps(
                relation.related_model._default_manager.filter(at__lt=until).order_by("at")
            )
            longest, others = max(longest, took), others + deleted
    rooms, took = _prune_rooms(now - timedelta(days=settings.KEEP_ROOM_DAYS))
    done = Pruned(samples, chat, events, gifts, others, rooms, max(longest, took))
    if done.rows:
        signals.pruned.send(Pruned, done=done)
    return done


def _prune_rooms(ended_before: datetime) -> tuple[int, float]:
    """(broadcasts deleted, seconds of the longest transaction)."""
    old, position, rooms, longest = unreferenced(ended_before), 0, 0, 0.0
    while pks := list(old.filter(pk__gt=position).values_list("pk", flat=True)[:ROOMS_AT_ONCE]):
        position = pks[-1]
        for relation in _relations():
            if _goes_along(relation):
                belonging = relation.related_model._default_manager.filter(
                    **{f"{relation.field.name}__in": pks}
                )
                longest = max(longest, _in_steps(belonging.order_by())[1])
        began = time.perf_counter()
        rooms += _delete_rooms(pks)
        longest = max(longest, time.perf_counter() - began)
        time.sleep(BREATHE_SECONDS)
    return rooms, longest


def unreferenced(ended_before: datetime) -> RoomQuerySet:
    """Ended broadcasts that nothing refers to but what belongs to them (`goes_with_its_room`) or
    can do without them (SET_NULL), whichever applications are installed."""
    found = Room.objects.filter(ended_at__lt=ended_before).order_by("pk")
    for relation in _relations():
        if not _goes_along(relation) and relation.on_delete is not SET_NULL:
            others = relation.related_model._default_manager.filter(
                **{relation.field.attname: OuterRef("pk")}
            )
            found = found.exclude(Exists(others))
    return found


def _relations() -> Iterator[ManyToOneRel]:
    """What refers to broadcasts, relations without a name of their own included."""
    for relation in Room._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel):
            yield relation


def _goes_along(relation: ManyToOneRel) -> bool:
    return getattr(relation.related_model, "goes_with_its_room", False)


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _in_steps(found: QuerySet[Model]) -> tuple[int, float]:
    """Deletes rows that nothing refers to in steps: (rows deleted, seconds of the longest
    transaction).
    """
    step, total, longest = min(SAMPLES_AT_FIRST, SAMPLES_AT_ONCE), 0, 0.0
    while True:
        began = time.perf_counter()
        with short_transaction():
            # _raw_delete: nothing refers to them, so there is nothing to collect and load first.
            part = found.model._default_manager.filter(pk__in=found.values("pk")[:step])
            deleted = part._raw_delete(part.db)
        took = time.perf_counter() - began
        total, longest = total + deleted, max(longest, took)
        if deleted < step:
            return total, longest
        if took > AIM_SECONDS:
            step = max(50, step // 2)
        elif took < AIM_SECONDS / 3:
            step = min(SAMPLES_AT_ONCE, step * 2)
        time.sleep(BREATHE_SECONDS)


def _delete_rooms(pks: list[int]) -> int:
    try:
        with short_transaction():
            for relation in _relations():
                if relation.on_delete is SET_NULL:
                    named = relation.related_model._default_manager.filter(
                        **{f"{relation.field.name}__in": pks}
                    )
                    named.update(**{relation.field.name: None})
            part = Room.objects.filter(pk__in=pks)
            return part._raw_delete(part.db)
    except IntegrityError as error:
        logger.warning(
            "Broadcasts are kept for now, something refers to them since a moment: %s", error
        )
        return 0
