"""Minute buckets: the last reading of each room in each minute, gathered in memory, written once a
minute.
"""

import logging
import time
from collections.abc import Sequence

from django.db import DatabaseError, InterfaceError, OperationalError, connection

from rooms.infra.transactions import short_transaction
from rooms.ingest import fencing

logger = logging.getLogger(__name__)

# (room pk, minute, online, reward, gifts, messages)
Bucket = tuple[int, int, int | None, int | None, int | None, int | None]

CHUNK = 500  # buckets in one transaction: about 10 ms on SQLite
KEPT = 60_000  # buckets waiting for a database that takes none; older ones are dropped
RECENT_SECONDS = 10  # the spacing of the readings in live.recent


class Minutes:
    """The buckets of the minute that runs, and those that wait to be written."""

    def __init__(self) -> None:
        self._running: dict[tuple[int, int], list[int | None]] = {}
        self._recent_at: dict[int, int] = {}

    def online(self, pk: int, at: int, count: int) -> None:
        """A count of people, read at Unix second `at`."""
        self._bucket(pk, at)[0] = count

    def totals(self, pk: int, at: int, *values: int | None) -> None:
        """Reward, gifts and messages so far, read at Unix second `at`."""
        bucket = self._bucket(pk, at)
        for position, value in enumerate(values, start=1):
            if value is not None:
                bucket[position] = value

    def _bucket(self, pk: int, at: int) -> list[int | None]:
        return self._running.setdefault((pk, at // 60), [None, None, None, None])

    def take(self, now: float) -> list[Bucket]:
        """Takes out the buckets of the minutes that are over; everything with now=inf."""
        over = [found for found in self._running if found[1] * 60 + 60 <= now]
        return [(pk, minute, *self._running.pop((pk, minute))) for pk, minute in over]  # type: ignore[misc]

    def put_back(self, buckets: Sequence[Bucket]) -> None:
        """Keeps buckets that could not be written, up to a limit."""
        room = max(0, KEPT - len(self._running))
        if len(buckets) > room:
            logger.error("%s minute samples are lost: the database takes none", len(buckets) - room)
        for pk, minute, *values in buckets[len(buckets) - room :]:
            self._running.setdefault((pk, minute), values)

    def due(self, pk: int, at: int) -> bool:
        """Whether a reading is far enough from the one before to go into the short history."""
        if at - self._recent_at.get(pk, 0) < RECENT_SECONDS:
            return False
        self._recent_at[pk] = at
        return True

    def forget(self, pk: int) -> None:
        """A room has ended."""
        self._recent_at.pop(pk, None)


def write(buckets: Sequence[Bucket], *, fence: int) -> list[Bucket]:
    """Writes buckets in short transactions and returns those the database could not take now.

    A bucket written before is completed, not emptied. Raises Fenced when a newer leader writes.
    """
    for start in range(0, len(buckets), CHUNK):
        try:
            with short_transaction():
                fencing.check_fence(fence)
                upsert(buckets[start : start + CHUNK])
        except (OperationalError, InterfaceError) as error:
            logger.warning("Minute samples wait for the database: %s", error)
            connection.close()
            return list(buckets[start:])
        except DatabaseError as error:
            logger.error("The database refuses minute samples: %s", error)
        time.sleep(0.002)  # lets a waiting act have the write lock
    return []


def upsert(buckets: Sequence[Bucket]) -> None:
    """Stores them in one statement."""
    names = ("online", "reward", "gifts", "messages")
    updates = ", ".join(
        f"{name} = COALESCE(excluded.{name}, rooms_sample.{name})" for name in names
    )
    marks = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(buckets))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO rooms_sample (room_id, minute, {', '.join(names)}) VALUES {marks} "  # noqa: S608
            f"ON CONFLICT (room_id, minute) DO UPDATE SET {updates}",
            [part for bucket in buckets for part in bucket],
        )
