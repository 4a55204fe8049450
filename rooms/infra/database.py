"""Whether the database answers: one judgement a process, so that nobody waits for a PostgreSQL that
others found away.
"""

import logging
from functools import cache
from typing import Any

from django.db import InterfaceError, OperationalError, connections

from rooms.infra.breaker import Breaker

logger = logging.getLogger(__name__)
PROBE_SECONDS = 2  # libpq's least
# Classes and codes of PostgreSQL that mean "not now": connection exceptions, shutting down,
# starting up, too many connections.
NOT_NOW = ("08", "57P01", "57P02", "57P03", "53300")

# the server ended a transaction in which nothing was said for too long: an InternalError to Django
WAS_IDLE = "25P03"


@cache
def breaker() -> Breaker:
    """The process's one judgement."""
    return Breaker("PostgreSQL", probe)


def is_away() -> bool:
    """Whether nobody need ask. SQLite, a file, never is."""
    return breaker().is_open


def probe() -> None:
    """Asks by a connection of its own; once it is answered, the connections from before are
    replaced. Raises what the driver raises."""
    import psycopg

    ours: Any = connections["default"]  # of PostgreSQL: it has a pool
    with psycopg.connect(
        **{**ours.get_connection_params(), "connect_timeout": PROBE_SECONDS}
    ) as connection:
        connection.execute("SELECT 1")
    if ours.pool is not None:
        ours.pool.drain()


def says_away(error: BaseException | None) -> bool:
    """Whether this error says that the database does not answer now, and not that a statement is
    wrong.
    """
    if error is None:
        return False
    if getattr(error.__cause__, "sqlite_errorname", "") == "SQLITE_ERROR":
        return False  # the statement: SQLite calls a missing table operational too
    return isinstance(error, (OperationalError, InterfaceError)) or _code(error) == WAS_IDLE


def _code(error: BaseException) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)


def is_gone(error: BaseException) -> bool:
    """Of an error that says away: whether the server itself is, and did not answer with a lock or a
    time-out.
    """
    code = _code(error)
    return connections["default"].vendor == "postgresql" and (
        code is None or code.startswith(NOT_NOW)
    )


def note_outage(error: BaseException | None) -> bool:
    """As `says_away`, and takes note of it."""
    if error is None or not says_away(error):
        return False
    if is_gone(error):
        breaker().failed(type(error.__cause__ or error).__name__)
    else:
        logger.warning("the database did not take a statement in time: %s", error)
    return True
