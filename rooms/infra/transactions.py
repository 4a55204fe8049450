"""Transactions that hold the database no longer than their own work takes, and whose turn it is to
write.

SQLite has one writer at a time, and lets a writer that finds it busy sleep, up to 100 ms at a time,
before it looks again: of a hundred threads that settled a hundred acts at once the unlucky ones
slept for a second. Here the threads of a process queue up for it and are woken. Other processes are
met as ever; other databases need none of it.
"""

import contextlib
import gc
import threading
from collections.abc import Iterator

from django.db import connection, transaction

MAX_SECONDS = 5.0  # as long as SQLite itself would wait; a turn is a courtesy, no right
_writer = threading.Lock()
# Whoever can wait does so here first: one of them at a time stands in the way of the urgent ones.
_patient = threading.Lock()


@contextlib.contextmanager
def short_transaction() -> Iterator[None]:
    """As transaction.atomic(), and Python collects no garbage meanwhile.

    SQLite has one writer at a time. With 5,000 rooms in memory a full collection takes 150 ms and
    more, and it begins wherever the next object is made: in the middle of a transaction of 8 ms
    everybody waited for it.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        with transaction.atomic():
            yield
    finally:
        if collecting:
            gc.enable()


@contextlib.contextmanager
def write_turn(*, priority: bool = False) -> Iterator[None]:
    """A transaction in its turn. The turn ends with the commit, before what was to follow on it.

    priority: something waits for it that has not reached the vendor yet.
    """
    with contextlib.ExitStack() as turn, contextlib.ExitStack() as work:
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            for lock in (_writer,) if priority else (_patient, _writer):
                if lock.acquire(timeout=MAX_SECONDS):
                    turn.callback(lock.release)
        work.enter_context(transaction.atomic())
        transaction.on_commit(turn.close)
        yield
