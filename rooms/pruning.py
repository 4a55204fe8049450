"""Forgetting what is old, in transactions so short that no act waits for them."""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils import timezone

from rooms.models import Room, RoomQuerySet, Sample
from rooms.transactions import short_transaction

logger = logging.getLogger(__name__)

# Rows deleted in one transaction: at first, and at most; halved when one takes long, doubled while all is quick.
SAMPLES_AT_FIRST = 250
SAMPLES_AT_ONCE = 2000
ROOMS_AT_ONCE = 50
AIM_SECONDS = 0.05
BREATHE_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Pruned:
    """How much was deleted; longest: seconds of the longest transaction."""

    samples: int
    rooms: int
    longest: float


def prune() -> Pruned:
    """Deletes samples and ended broadcasts older than the settings say.

    A broadcast that anything but samples refers to (an act) is kept. Safe to run twice at a time.
    """
    now = timezone.now()
    last_minute = int((now - timedelta(days=settings.KEEP_SAMPLE_DAYS)).timestamp()) // 60
    samples, longest = _in_steps(Sample.objects.filter(minute__lt=last_minute).order_by("minute"))
    rooms = 0
    old = unreferenced(now - timedelta(days=settings.KEEP_ROOM_DAYS))
    position = 0
    while pks := list(old.filter(pk__gt=position).values_list("pk", flat=True)[:ROOMS_AT_ONCE]):
        position = pks[-1]
        for pk in pks:
            longest = max(longest, _in_steps(Sample.objects.filter(room_id=pk))[1])
        began = time.perf_counter()
        rooms += _delete_rooms(pks)
        longest = max(longest, time.perf_counter() - began)
        time.sleep(BREATHE_SECONDS)
    return Pruned(samples, rooms, longest)


def unreferenced(ended_before: datetime) -> RoomQuerySet:
    """Ended broadcasts that nothing but samples refers to, whichever applications are installed."""
    found = Room.objects.filter(ended_at__lt=ended_before).order_by("pk")
    for relation in Room._meta.related_objects:
        if relation.related_model is not Sample:
            found = found.exclude(**{f"{relation.name}__isnull": False})
    return found


def _in_steps(found: QuerySet[Sample]) -> tuple[int, float]:
    """Deletes samples in steps: (rows deleted, seconds of the longest transaction)."""
    most, total, longest = min(SAMPLES_AT_FIRST, SAMPLES_AT_ONCE), 0, 0.0
    while True:
        began = time.perf_counter()
        with short_transaction():
            # _raw_delete: nothing refers to a sample, so there is nothing to collect and load first.
            part = Sample.objects.filter(pk__in=found.values("pk")[:most])
            deleted = part._raw_delete(part.db)
        took = time.perf_counter() - began
        total, longest = total + deleted, max(longest, took)
        if deleted < most:
            return total, longest
        if took > AIM_SECONDS:
            most = max(50, most // 2)
        elif took < AIM_SECONDS / 3:
            most = min(SAMPLES_AT_ONCE, most * 2)
        time.sleep(BREATHE_SECONDS)


def _delete_rooms(pks: list[int]) -> int:
    try:
        with short_transaction():
            part = Room.objects.filter(pk__in=pks)
            return part._raw_delete(part.db)
    except IntegrityError as error:
        logger.warning("Broadcasts are kept for now, something refers to them since a moment: %s", error)
        return 0
