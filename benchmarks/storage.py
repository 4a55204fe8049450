"""`./run bench storage`: minute samples of 5,000 rooms, and how long the database is held by one
transaction.

Two measurements on one SQLite file, as `./run` makes it:

*Writing.* The samples of one minute of every room are written by our path (`samples.write`:
fencing, upsert, short transactions, pauses for others included) and by Django's `bulk_create` of
the same figures as plain inserts, in turn, each into minutes of its own. Both begin with the same
tuples, as the collector has them.

*Holding.* The table is filled with hours of samples, an hour of them too old (what the hourly
`prune` finds). Then three processes work at the same time: one stores new figures of all 5,000
rooms once a second, as if every room had changed in every tick, 200 lines of chat, where 100 hosts
are, and a minute's samples after every third; one runs `prune`, which finds 20 old lines of chat a
room too; one writes a small row every few milliseconds, as an act does. A transaction is timed from
the moment BEGIN IMMEDIATE got the lock to the end of COMMIT, the copying of the journal into the
file included. Thirty days of 5,000 rooms are 216 million rows; the file here has 1.3 million and
its indexes a level less: `prune` sizes each step by the time the step before took, not by rows, so
that a slower file makes for more steps, not for longer ones.
"""

import argparse
import multiprocessing
import statistics
import time
from collections.abc import Callable
from queue import Empty
from typing import Any

from benchmarks.environment import BenchmarkEnvironment, benchmark_environment
from benchmarks.report import Goal, Report, percentile

LONGEST = 0.150  # seconds
FASTER = 2.0
HOLDERS = ("figures", "prune", "acts")
GIVE_UP_SECONDS = 240.0


def run(options: argparse.Namespace) -> Report:
    rooms, minutes, rounds = (1000, 60, 4) if options.quick else (5000, 240, 12)
    report = Report("storage")
    with benchmark_environment() as env:
        env.valkey()  # for what is pushed
        prepare(env, rooms)
        writing(report, rooms, rounds)
        fill(rooms, minutes)
        holding(report, env, rooms)
    return report


# --- Writing --------------------------------------------------------------------------------------


def prepare(env: BenchmarkEnvironment, rooms: int) -> None:
    """An empty database with so many live rooms; this process becomes one of the installation's."""
    env.django()
    from django.core.management import call_command
    from django.utils import timezone

    from rooms.models import Room

    call_command("migrate", verbosity=0)
    now = timezone.now()
    Room.objects.bulk_create(
        Room(
            room_id=f"room-{n}",
            owner_account="host",
            create_time=n + 1,
            first_seen_at=now,
            facts_changed_at=now,
        )
        for n in range(rooms)
    )


def minute_of(minute: int, rooms: int) -> list[tuple[int, ...]]:
    """The buckets of one minute: (room, minute, online, reward, gifts, messages)."""
    return [
        (pk, minute, pk + minute % 7, minute + pk * 3, minute % 1000, pk % 500)
        for pk in range(1, rooms + 1)
    ]


def writing(report: Report, rooms: int, rounds: int) -> None:
    """Ours and bulk_create in turn; whoever begins changes with every round."""
    from rooms.ingest import fencing, samples
    from rooms.models import Sample

    fence = fencing.raise_fence("benchmark")

    def ours(buckets: list[tuple[int, ...]]) -> None:
        assert samples.write(buckets, fence=fence) == []  # type: ignore[arg-type]

    def theirs(buckets: list[tuple[int, ...]]) -> None:
        names = ("room_id", "minute", "online", "reward", "gifts", "messages")
        Sample.objects.bulk_create(
            Sample(**dict(zip(names, bucket, strict=True))) for bucket in buckets
        )

    took: dict[Callable[[Any], None], list[float]] = {ours: [], theirs: []}
    minute = int(time.time()) // 60
    for turn in range(rounds + 1):
        for write in (ours, theirs) if turn % 2 else (theirs, ours):
            minute -= 1
            buckets = minute_of(minute, rooms)
            began = time.perf_counter()
            write(buckets)
            if turn:  # the first is for warming up
                took[write].append(time.perf_counter() - began)
    assert Sample.objects.count() == 2 * (rounds + 1) * rooms
    one, other = statistics.median(took[ours]), statistics.median(took[theirs])
    report.figures |= {
        f"{rooms:,} samples, ours, ms": one * 1000,
        f"{rooms:,} samples, bulk_create, ms": other * 1000,
    }
    report.goals.append(
        Goal("minute samples, time of bulk_create / ours", other / one, FASTER, at_least=True)
    )


# --- Holding --------------------------------------------------------------------------------------


def fill(rooms: int, minutes: int) -> None:
    """Samples of every room for so many minutes, a quarter of them too old to be kept."""
    from django.conf import settings
    from django.db import connection

    oldest = int(time.time()) // 60 - settings.KEEP_SAMPLE_DAYS * 1440 - minutes // 4
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO rooms_sample (room_id, minute, online, reward, gifts, messages) "
            "WITH RECURSIVE minutes(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM minutes WHERE n + "
            "1 < %s) "
            "SELECT rooms_room.id, %s + n, n, n * 10, n, n FROM minutes, rooms_room",
            [minutes, oldest],
        )
        cursor.execute(
            "INSERT INTO rooms_chatline (room_id, at_ms, message_id, account, text) "
            "WITH RECURSIVE lines(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM lines WHERE n < 19) "
            "SELECT rooms_room.id, 1000 * n, 'old ' || n, 'viewer', 'a line of the usual length' "
            "FROM lines, rooms_room"
        )
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def holding(report: Report, env: BenchmarkEnvironment, rooms: int) -> None:
    """The three writers at once, until `prune` is done; each tells how long it held and awaited the
    lock.
    """
    from rooms.models import Sample

    before = Sample.objects.count()
    context = multiprocessing.get_context("spawn")
    found, done = context.Queue(), context.Event()
    writers = [
        context.Process(
            target=write_as, args=(name, env.variables, rooms, found, done), daemon=True
        )
        for name in HOLDERS
    ]
    for writer in writers:
        writer.start()
    try:
        measured = dict(found.get(timeout=GIVE_UP_SECONDS) for _ in writers)
    except Empty:
        raise TimeoutError("the writers of the benchmark do not end") from None
    finally:
        done.set()
        for writer in writers:
            writer.join(10)
            writer.kill()
    for name in HOLDERS:
        held, waited, what = measured[name]
        report.figures |= {
            f"{name}: {what}, transactions": len(held),
            f"{name}: longest transaction, ms": max(held) * 1000,
            f"{name}: longest wait for the lock, ms": max(waited) * 1000,
        }
    report.figures["acts: wait for the lock, p99, ms"] = (
        percentile(measured["acts"][1], 0.99) * 1000
    )
    report.figures["samples in the file"] = before
    longest = max(max(held) for held, _, _ in measured.values())
    report.goals.append(
        Goal(
            "longest SQLite transaction, retention included, ms",
            longest * 1000,
            LONGEST * 1000,
            of_machine=True,
        )
    )


class Timed:
    """How long this process's transactions hold the write lock, and how long they wait for it."""

    def __init__(self) -> None:
        from django.db import connection

        self.held: list[float] = []
        self.waited: list[float] = []
        begin, commit = connection._start_transaction_under_autocommit, connection._commit
        at = 0.0

        def timed_begin() -> None:
            nonlocal at
            asked = time.perf_counter()
            begin()
            at = time.perf_counter()
            self.waited.append(at - asked)

        def timed_commit() -> None:
            commit()
            self.held.append(time.perf_counter() - at)

        connection._start_transaction_under_autocommit = timed_begin
        connection._commit = timed_commit


def write_as(name: str, variables: dict[str, str], rooms: int, found: Any, done: Any) -> None:
    """One writer, in a process of its own; puts (name, (held, waited, what it did)) into
    `found`.
    """
    env = BenchmarkEnvironment.__new__(BenchmarkEnvironment)
    env.variables = variables
    env.django()
    timed = Timed()
    what = {"figures": write_figures, "prune": run_prune, "acts": write_acts}[name](rooms, done)
    found.put((name, (timed.held, timed.waited, what)))


def run_prune(rooms: int, done: Any) -> str:
    """`prune`, once figures and acts are being written."""
    from rooms import retention

    time.sleep(1.0)
    pruned = retention.prune()
    time.sleep(1.0)
    done.set()
    assert pruned.samples and pruned.chat, "nothing was old enough to be forgotten"
    return f"{pruned.samples:,} samples and {pruned.chat:,} lines of chat deleted"


def write_figures(rooms: int, done: Any) -> str:
    """Every room has new figures in every tick, some say something, and there are samples after
    every third.
    """
    from django.conf import settings

    from liveapi.messages import RoomStatistics
    from rooms.ingest import fencing, readings, room_writer, samples

    fence = fencing.raise_fence("benchmark")
    ticks, minute = 0, int(time.time()) // 60 + 100
    next_at = time.monotonic()
    while not done.is_set():
        time.sleep(max(0.0, next_at - time.monotonic()))
        next_at += settings.TICK_SECONDS
        ticks, at = ticks + 1, int(time.time())
        batch = readings.Batch(
            statistics={
                pk: (RoomStatistics(ticks, ticks, ticks, 1, 1, 1), at) for pk in range(1, rooms + 1)
            },
            online={pk: readings.OnlineReading(ticks, "members", at) for pk in range(1, rooms + 1)},
        )
        changes = room_writer.store(batch, fence=fence)
        assert len(changes.totals) == rooms and not changes.left
        write_life(ticks, rooms, fence)
        if ticks % 3 == 0:
            assert samples.write(minute_of(minute + ticks, rooms), fence=fence) == []  # type: ignore[arg-type]
    return f"{ticks} ticks of {rooms:,} rooms"


def write_life(tick: int, rooms: int, fence: int) -> None:
    """200 lines of chat, as they come in five parts of a second, and where the hosts of 100 rooms
    are.
    """
    from liveapi.messages import Seat
    from liveapi.webhook_events import MessageSent
    from rooms.ingest import chat, host_events

    for part in range(5):
        at_ms = time.time_ns() // 1_000_000
        lines = [
            (
                1 + (tick * 200 + part * 40 + n) % rooms,
                MessageSent(
                    "", at_ms, f"viewer {n}", "a line of the usual length", f"{tick} {part} {n}"
                ),
            )
            for n in range(40)
        ]
        assert sum(map(len, chat.take(lines, fence=fence).lines.values())) == len(lines)
    seats = (Seat(0, "host" if tick % 2 else "", None, None, None),)
    reads = {
        1 + (tick * 100 + n) % rooms: host_events.SeatsRead(seats, (), None, int(time.time()))
        for n in range(100)
    }
    host_events.apply_readings(reads, fence=fence)


def write_acts(rooms: int, done: Any) -> str:
    """A small write every few milliseconds, as of a person who acts."""
    from django.db import transaction

    from rooms.models import Room

    count = 0
    while not done.is_set():
        with transaction.atomic():
            Room.objects.filter(pk=1 + count % rooms).update(notice=str(count))
        count += 1
        time.sleep(0.005)
    return "small writes"
