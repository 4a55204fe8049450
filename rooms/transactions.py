"""Transactions that hold the database no longer than their own work takes."""

import contextlib
import gc
from collections.abc import Iterator

from django.db import transaction


@contextlib.contextmanager
def short_transaction() -> Iterator[None]:
    """As transaction.atomic(), and Python collects no garbage meanwhile.

    SQLite has one writer at a time. With 5,000 rooms in memory a full collection takes 150 ms and more, and it
    begins wherever the next object is made: in the middle of a transaction of 8 ms everybody waited for it.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        with transaction.atomic():
            yield
    finally:
        if collecting:
            gc.enable()
