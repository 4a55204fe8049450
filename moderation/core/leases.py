"""How long a worker holds what it has claimed, and what it does when it has lost it."""

import datetime as dt

from django.conf import settings
from django.db import connection

# A timer may fire a moment before its time; the sweep would come seconds after it.
EARLY = dt.timedelta(milliseconds=50)
MIN_WAIT = 0.25  # seconds between two tries


class TakenOver(Exception):
    """The claim has run out meanwhile: another worker goes on with the act."""


def sending_time() -> dt.timedelta:
    """The longest that one call may take: its turn in the budget, then two requests (a signature
    made anew).
    """
    return dt.timedelta(seconds=5 + 2 * settings.LIVE_TIMEOUT)


def lease() -> dt.timedelta:
    """How long a claim holds before the sweep takes its worker for dead: a reading, and a call
    after it.
    """
    return sending_time() + dt.timedelta(seconds=5)


def release_db_connection() -> None:
    """Gives the connection back to its pool, where there is one: it has fewer than threads that
    wait for the vendor.
    """
    if connection.settings_dict["OPTIONS"].get("pool") and not connection.in_atomic_block:
        connection.close()
