"""What time it is, for all that time decides (graces, leases, limits, expiry): the database's time,
whatever this machine says.

Two machines whose clocks are apart must not disagree about whether an end is due. Each process
measures every few seconds how far its clock is from the database's (`start`) and reckons from there
by a clock that nobody sets (monotonic). A process that has not measured, such as a test, takes its
own clock.
"""

import datetime as dt
import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

logger = logging.getLogger(__name__)
MEASURE_SECONDS = 5.0
FIRST_SECONDS = 2.0  # how long a process waits for its first measurement before it begins
MAX_OFFSET_SECONDS = (
    1.0  # a third of the shortest usual grace; a machine beyond it is told on System and in /readyz
)
SAY_SECONDS = 60.0
# An answer tells the time to half of what it took: of slow ones the quickest counts.
QUICK_SECONDS = 0.05
TRIES = 5
SQL = {
    "postgresql": "SELECT extract(epoch FROM clock_timestamp())::float8",
    "sqlite": "SELECT (julianday('now') - 2440587.5) * 86400.0",
}
# SQLite reckons in days, and a day's fraction has no room for less than a twentieth of a
# millisecond.
FINEST_SECONDS = 0.001


class Measured(NamedTuple):
    """offset: seconds that this machine's clock is ahead. database: Unix seconds there, at
    `monotonic` here.
    """

    offset: float
    database: float
    monotonic: float


_last: Measured | None = None
_said_at = -SAY_SECONDS
_started = threading.Lock()


def now() -> dt.datetime:
    """The database's time, aware, in UTC."""
    if _last is None:
        return timezone.now()
    return dt.datetime.fromtimestamp(unix(), dt.UTC)


def unix() -> float:
    """The database's time, in Unix seconds."""
    last = _last
    return time.time() if last is None else last.database + time.monotonic() - last.monotonic


def offset() -> float:
    """How many seconds this machine's clock is ahead of the database's just now (behind: negative),
    as far as is known.
    """
    return 0.0 if _last is None else time.time() - unix()


def agrees() -> bool:
    """Whether this machine's clock is near enough to the database's."""
    return abs(offset()) <= MAX_OFFSET_SECONDS


def surely_ahead(theirs: float, before: float, after: float) -> float:
    """Seconds that this clock is ahead of theirs (behind: negative), when they told it between
    `before` and `after` of ours.

    Nothing, when the round trip explains it; else reckoned from its middle.
    """
    if before - FINEST_SECONDS <= theirs <= after + FINEST_SECONDS:
        return 0.0
    return (before + after) / 2 - theirs


def measure() -> Measured:
    """Asks the database and remembers. Raises what its driver raises."""
    global _last
    tries = []
    with (
        connection.cursor() as cursor
    ):  # connected before the first try: that may take longer than any offset
        for _ in range(TRIES):
            before = time.time()
            cursor.execute(SQL[connection.vendor])
            [theirs] = cursor.fetchone()
            after, monotonic = time.time(), time.monotonic()
            found = surely_ahead(float(theirs), before, after)
            tries.append((after - before, Measured(found, after - found, monotonic)))
            if after - before < QUICK_SECONDS:
                break
    _last = min(tries)[1]
    return _last


def forget() -> None:
    """As a process that has not measured."""
    global _last
    _last = None


def start(name: str, tell: Callable[[str], None] = lambda name: None) -> None:
    """Measures now and then every few seconds, in a thread of its own; once a process.

    name: of the process, without its number. tell: called after each round with the whole name.
    Returns after the first measurement, or when it takes too long: the database may be away.
    """
    if not _started.acquire(blocking=False):
        return
    done = threading.Event()
    threading.Thread(
        target=_go_on, args=(whole_name(name), tell, done), name="database time", daemon=True
    ).start()
    done.wait(FIRST_SECONDS)


def whole_name(name: str) -> str:
    """worker-acts -> worker-acts machine 4711."""
    return f"{name} {socket.gethostname()[:60]} {os.getpid()}"


def _go_on(name: str, tell: Callable[[str], None], done: threading.Event) -> None:
    pause = threading.Event()
    while True:
        try:
            measure()
            say()
        except Exception as error:  # the database is away, which others say
            logger.debug("the database tells no time: %s", type(error).__name__)
        finally:
            connection.close()
        done.set()
        try:
            tell(name)
        except Exception as error:
            logger.debug("nobody hears of this process: %s", type(error).__name__)
        pause.wait(MEASURE_SECONDS)


def say() -> None:
    """A line in the log, once a minute, while this machine's clock is wrong."""
    global _said_at
    if agrees() or time.monotonic() - _said_at < SAY_SECONDS:
        return
    _said_at = time.monotonic()
    logger.warning(
        "This machine's clock is %+.1f s off the database's. Times that decide are the database's; "
        "set the clock (NTP): "
        "the vendor refuses signatures of another time",
        offset(),
    )
