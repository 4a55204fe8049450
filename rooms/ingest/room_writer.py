"""From answers to rows: one short transaction a tick, and what it changed. The only writer of Room.

Only changes of `ended_at` are guarded by conditions, for only they are final: a room ended by
somebody else between our reading and our writing stays ended.
"""

import logging
import time
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from liveapi.messages import RoomInfo
from rooms.broadcasts import is_later_broadcast, is_same_broadcast
from rooms.infra.transactions import short_transaction
from rooms.ingest import fencing, notify
from rooms.ingest.changes import Changes, Known
from rooms.ingest.fencing import Fenced
from rooms.ingest.readings import (
    FACTS,
    FIGURES,
    FOLDED,
    WRITTEN,
    Batch,
    InfoReading,
    Row,
    column_values,
    figures_told,
    new_row,
    state,
    take_info,
    take_online,
    take_statistics,
)
from rooms.live.encoding import RoomState
from rooms.models import Room

logger = logging.getLogger(__name__)

# Rooms in one transaction: 250 take about 30 ms on SQLite, where nobody else can write meanwhile.
CHUNK = 250
BREATHE_SECONDS = 0.002  # between transactions: lets a waiting act have the write lock
_COLUMNS = ("id", "room_id", "create_time", "create_time_told", *FACTS, *FIGURES)


def store(batch: Batch, *, fence: int) -> Changes:
    """Stores what was learnt, in transactions of at most 250 rooms.

    Pushes and signals follow: see notify.tell().

    What the database cannot take now (locked, gone) is handed back in `left`, what it will never
    take is logged and left out. Raises Fenced when a newer leader writes.
    """
    changes = Changes()
    waiting = list(_parts(batch, CHUNK))[::-1]
    while waiting:
        part = waiting.pop()
        stored = Changes()
        try:
            with short_transaction():
                fencing.check_fence(fence)
                _store(part, stored)
        except (OperationalError, InterfaceError) as error:
            logger.warning("Facts wait for the database: %s", error)
            connection.close()  # a broken connection would fail for ever
            for rest in (part, *reversed(waiting)):
                changes.left.merge(rest)
            break
        except Fenced:
            if not changes.known and not changes.ended:
                raise
            break  # what was stored before must still be told; the next call raises
        except (DatabaseError, ValueError, OverflowError) as error:
            waiting += _split(part, error)
        else:
            changes.add(stored)
        if waiting:
            time.sleep(BREATHE_SECONDS)
    return changes


def _split(part: Batch, error: Exception) -> list[Batch]:
    """The halves of a batch that the database refused, so that one bad value costs one room."""
    size = max(len(part.infos), len(part.pks()))
    if size <= 1 and not (part.infos and part.pks()):
        logger.error("The database refuses %s: %s", list(part.infos) or list(part.pks()), error)
        return []
    if size <= 1:
        by_pk = Batch(
            statistics=part.statistics, online=part.online, names=part.names, gone=part.gone
        )
        return [Batch(infos=part.infos), by_pk]
    return list(_parts(part, (size + 1) // 2))


def stored_states() -> dict[int, RoomState]:
    """pk -> state of every live room, as stored."""
    return {row["id"]: state(row) for row in Room.objects.live().values(*_COLUMNS)}


def end_room(room: Room, *, cause: str, at: datetime) -> bool:
    """Marks a broadcast as ended, pushes and tells. False when it had ended already."""
    changed = Room.objects.filter(pk=room.pk, ended_at__isnull=True).update(
        ended_at=at, end_cause=cause
    )
    if not changed:
        return False
    now = Room.objects.get(pk=room.pk)
    row = {name: getattr(now, name) for name in _COLUMNS}
    second = int(at.timestamp())
    changes = Changes(
        changed={room.pk: {"e": second}}, full={room.pk: state(row, second)}, ended=[room.pk]
    )
    transaction.on_commit(lambda: notify.tell(changes, {room.pk: now}))
    return True


def upsert_room(info: RoomInfo, *, at: int) -> Room | None:
    """Stores a room read with get_room_info outside of the collector. `at`: Unix seconds.

    None when that broadcast is known to have ended.
    """
    changes = Changes()
    with transaction.atomic():
        _store(Batch(infos={info.room_id: InfoReading(info, at, whole=True)}), changes)
    notify.tell(changes)
    return Room.objects.live().filter(room_id=info.room_id).first()


# --- One transaction ------------------------------------------------------------------------------


def _parts(batch: Batch, size: int) -> Iterable[Batch]:
    """The batch in pieces of at most so many rooms of each kind."""
    by_pk = list(batch.pks())
    room_ids = list(batch.infos)
    for start in range(0, max(len(by_pk), len(room_ids)), size):
        pks, ids = set(by_pk[start : start + size]), room_ids[start : start + size]
        yield Batch(
            infos={room_id: batch.infos[room_id] for room_id in ids},
            statistics={pk: value for pk, value in batch.statistics.items() if pk in pks},
            online={pk: value for pk, value in batch.online.items() if pk in pks},
            names={pk: value for pk, value in batch.names.items() if pk in pks},
            gone={pk: value for pk, value in batch.gone.items() if pk in pks},
        )


class _Work:
    """The rows of one transaction: as they were, as they will be, and what has to be written."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows: dict[int, Row] = {row["id"]: row for row in rows}
        self.pk_of = {row["room_id"]: pk for pk, row in self.rows.items()}
        self.before = {pk: state(row) for pk, row in self.rows.items()}
        self.written = {pk: written(row) for pk, row in self.rows.items()}
        self.facts: set[int] = set()
        self.figures: set[int] = set()
        self.ended: dict[int, tuple[int, str]] = {}
        self.new: list[Row] = []


def _store(batch: Batch, changes: Changes) -> None:
    work = _Work(_live_rows(batch.pks(), batch.infos))
    for pk, at in batch.gone.items():
        if pk in work.rows:
            work.ended[pk] = at, Room.EndCause.GONE
    for reading in batch.infos.values():
        _take_reading(work, reading)
    for pk, online in batch.online.items():
        if pk in work.rows:
            take_online(work.rows[pk], online)
            work.figures.add(pk)
    for pk, (statistics, at) in batch.statistics.items():
        if pk in work.rows:
            take_statistics(work.rows[pk], statistics, at, over=pk in batch.gone)
            work.figures.add(pk)
    for pk, (name, avatar) in batch.names.items():
        row = work.rows.get(pk)
        if row and (row["owner_name"], row["owner_avatar"]) != (name, avatar):
            row["owner_name"], row["owner_avatar"] = name, avatar
            work.facts.add(pk)
    _write(work, changes)
    _note(work, batch, changes)


def _live_rows(pks: Collection[int], room_ids: Iterable[str]) -> Iterable[Row]:
    rooms = Room.objects.live().values(*_COLUMNS)
    found: dict[int, Row] = (
        {row["id"]: dict(row) for row in rooms.filter(pk__in=pks)} if pks else {}
    )
    known = {row["room_id"] for row in found.values()}
    if missing := [room_id for room_id in room_ids if room_id not in known]:
        found |= {row["id"]: dict(row) for row in rooms.filter(room_id__in=missing)}
    return found.values()


def _take_reading(work: _Work, reading: InfoReading) -> None:
    info = reading.info
    pk = work.pk_of.get(info.room_id)
    if pk is None:
        work.new.append(new_row(reading))
        return
    row = work.rows[pk]
    is_told = row["create_time_told"]
    if is_later_broadcast(info.create_time, row["create_time"], row_told=is_told):
        # Opened again: of two broadcasts with one RoomId the older is over.
        work.ended[pk] = reading.at, Room.EndCause.REPLACED
        work.new.append(new_row(reading))
        return
    same = is_same_broadcast(info.create_time, row["create_time"])
    corrects = info.create_time > 0 and not (same and is_told)
    # Told for the first time, or earlier than we have it. A page of the listing may be older than
    # what we know; an answer about this one room is not, unless it is about the broadcast before.
    if corrects and ((is_told and not reading.whole) or not _correct(row, info.create_time)):
        return
    if take_info(row, reading):
        work.facts.add(pk)
    work.figures.add(pk)


def _correct(row: Row, create_time: int) -> bool:
    """Stores a CreateTime told later or otherwise; False when it is that of another broadcast we
    know.
    """
    others = Room.objects.filter(room_id=row["room_id"], create_time=create_time).exclude(
        pk=row["id"]
    )
    if others.exists():
        return False
    Room.objects.filter(pk=row["id"]).update(create_time=create_time, create_time_told=True)
    row["create_time"], row["create_time_told"] = create_time, True
    return True


def _write(work: _Work, changes: Changes) -> None:
    # A broadcast that is over keeps its last totals; what was read of one that was replaced may be
    # its successor's.
    replaced = {pk for pk, (_, cause) in work.ended.items() if cause == Room.EndCause.REPLACED}
    rows = [work.rows[pk] for pk in work.facts - replaced]
    update_rows("facts_changed_at", (*FACTS, *FOLDED), rows)
    update_rows("", figures_told(), [work.rows[pk] for pk in work.figures - replaced])
    for pk, (at, cause) in work.ended.items():
        moment = datetime.fromtimestamp(at, UTC)
        if Room.objects.filter(pk=pk, ended_at__isnull=True).update(
            ended_at=moment, end_cause=cause
        ):
            changes.ended.append(pk)
    if work.new:
        _insert(work)


def _now() -> datetime | str | None:
    return connection.ops.adapt_datetimefield_value(datetime.now(UTC))


def update_rows(stamp: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Writes these columns of many rows in one round; `stamp` names a column to be set to now."""
    if not rows:
        return
    assignments = ", ".join(f"{name} = %s" for name in ((stamp, *columns) if stamp else columns))
    now = [_now()] if stamp else []
    with connection.cursor() as cursor:
        cursor.executemany(
            # Column names are ours; the values are parameters.
            f"UPDATE rooms_room SET {assignments} WHERE id = %s AND ended_at IS NULL",  # noqa: S608
            [[*now, *column_values(row, columns), row["id"]] for row in rows],
        )


def _insert(work: _Work) -> None:
    """Inserts the new broadcasts and finds their numbers.

    One that has ended already stays as it is.
    """
    columns = (*_COLUMNS[1:], *FOLDED)
    names = ", ".join((*columns, "first_seen_at", "facts_changed_at", "end_cause"))
    marks = f"({', '.join(['%s'] * (len(columns) + 2))}, '')"
    now = _now()
    values = [part for row in work.new for part in (*column_values(row, columns), now, now)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO rooms_room ({names}) VALUES {', '.join([marks] * len(work.new))} "  # noqa: S608
            "ON CONFLICT (room_id, create_time) DO NOTHING",
            values,
        )


def _note(work: _Work, batch: Batch, changes: Changes) -> None:
    """Fills `changes` from what was written."""
    created: dict[tuple[str, int], Row] = {
        (row["room_id"], row["create_time"]): row for row in work.new
    }
    if created:
        ids = {room_id for room_id, _ in created}
        stored = (
            Room.objects.live().filter(room_id__in=ids).values_list("pk", "room_id", "create_time")
        )
        for pk, room_id, create_time in stored:
            if row := created.get((room_id, create_time)):
                row["id"] = pk
                work.rows[pk] = row
                changes.opened.append(pk)
                changes.note(pk, None, state(row))
    for pk, before in work.before.items():
        at = work.ended[pk][0] if pk in work.ended else 0
        changes.note(pk, before, state(work.rows[pk], at))
    for pk, row in work.rows.items():
        if pk not in work.ended:
            changes.known[pk] = Known(
                pk,
                row["room_id"],
                row["create_time"],
                row["owner_account"],
                row["owner_name"],
                row["online_at"],
                row["statistics_at"],
            )
    _note_texts(work, changes)
    _note_readings(work, batch, changes)


def _note_texts(work: _Work, changes: Changes) -> None:
    """Which texts of rooms that go on say something new; one that became empty says nothing."""
    for pk, row in work.rows.items():
        before = work.written.get(pk, {})
        new = {name for name, text in written(row).items() if text and text != before.get(name)}
        if new and pk not in work.ended:
            changes.texts[pk] = frozenset(new)


def written(row: Row) -> dict[str, str]:
    """What people wrote of a room, by column."""
    return {name: str(row.get(name) or "") for name in WRITTEN}


def _note_readings(work: _Work, batch: Batch, changes: Changes) -> None:
    counted = {r.info.room_id for r in batch.infos.values() if r.info.online_count is not None}
    for pk, row in work.rows.items():
        if (
            (pk in batch.online or row["room_id"] in counted)
            and row["online_at"]
            and row["online"] is not None
        ):
            changes.online[pk] = row["online_at"], row["online"]
        if pk in batch.statistics:
            changes.totals[pk] = row["statistics_at"], row["reward"], row["gifts"], row["messages"]
