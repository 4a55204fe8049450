"""A PostgreSQL that hangs: it takes statements and answers none, and neither libpq nor the kernel
ever gives up.

Whoever waits for an answer is on a list. When the oldest has waited for SUSPICIOUS_SECONDS the
server is asked, by a connection of its own, for the one byte that it owes every newcomer. If it
says nothing the process's breaker opens, and everybody who waits is woken by the end of his
connection: an OperationalError, as if the server had gone. A server that answers is merely slow,
and statement_timeout is the limit.
"""

import contextlib
import itertools
import logging
import os
import socket
import struct
import threading
import time
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq.abc import PGconn
from psycopg.rows import RowFactory, TupleRow, tuple_row

from rooms.infra import database

logger = logging.getLogger(__name__)
SUSPICIOUS_SECONDS = 0.75
ANSWER_SECONDS = 0.5
LOOK_SECONDS = 0.25
# PostgreSQL's protocol, SSLRequest: eight bytes, answered with one, before anybody has logged in.
SSL_REQUEST = struct.pack("!ii", 8, 80877103)
Value = TypeVar("Value")

_waiting: dict[int, tuple[float, "WatchedConnection"]] = {}
_numbers = itertools.count()
_watcher: threading.Thread | None = None
_lock = threading.Lock()


class WatchedConnection(psycopg.Connection[TupleRow]):
    """Every wait for the server's answer goes through `wait`."""

    def __init__(self, pgconn: PGconn, row_factory: RowFactory[TupleRow] = tuple_row) -> None:
        super().__init__(pgconn, row_factory)
        self._outages = database.breaker().outages

    def wait(self, gen: PQGen[Value], *arguments: Any, **options: Any) -> Value:
        """As psycopg.Connection.wait."""
        breaker = database.breaker()
        if breaker.is_open and self._outages != breaker.outages:
            # from before: the pool has several, and whoever is handed one after another would wait
            # for each
            self.cut()
        number = next(_numbers)
        _waiting[number] = time.monotonic(), self
        _watch()
        try:
            return super().wait(gen, *arguments, **options)
        finally:
            del _waiting[number]

    def cut(self) -> None:
        """Ends the connection under whoever waits. For other threads."""
        with contextlib.suppress(OSError, psycopg.Error):
            copy = socket.socket(fileno=os.dup(self.pgconn.socket))
            with copy:
                copy.shutdown(socket.SHUT_RDWR)


def _watch() -> None:
    """Has somebody look; one thread a process, which ends when nobody has waited for a while."""
    global _watcher
    if _watcher is not None and _watcher.is_alive():
        return
    with _lock:
        if _watcher is None or not _watcher.is_alive():
            _watcher = threading.Thread(target=_look_on, name="watches PostgreSQL", daemon=True)
            _watcher.start()


def _look_on() -> None:
    while True:
        time.sleep(LOOK_SECONDS)
        try:
            look(time.monotonic())
        except Exception:
            logger.exception("watching PostgreSQL goes on")


def look(now: float) -> bool:
    """Whether the server was found to hang. now: monotonic."""
    late = [waits for since, waits in list(_waiting.values()) if now - since > SUSPICIOUS_SECONDS]
    if not late or answers(late[0].info.host, late[0].info.port):
        return False
    database.breaker().failed("hangs")
    for _since, waits in list(_waiting.values()):
        waits.cut()
    return True


def answers(host: str, port: int) -> bool:
    """Whether a PostgreSQL says its one byte to a newcomer in time. host: a name, or the folder of
    a Unix socket.
    """
    try:
        if host.startswith("/"):
            with socket.socket(socket.AF_UNIX) as newcomer:
                newcomer.settimeout(ANSWER_SECONDS)
                newcomer.connect(str(Path(host) / f".s.PGSQL.{port}"))
                return _owed(newcomer)
        with socket.create_connection((host, port), ANSWER_SECONDS) as newcomer:
            return _owed(newcomer)
    except OSError:
        return False


def _owed(newcomer: socket.socket) -> bool:
    newcomer.sendall(SSL_REQUEST)
    return bool(newcomer.recv(1))
