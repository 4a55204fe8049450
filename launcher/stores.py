"""Whether the stores that somebody named are there: asked before anything is installed or started,
and answered in words.

Without this a stack on a dead server comes up for a minute, fills its logs, and then says that
pages do not come.
"""

import socket
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from launcher.terminal import Stop

CONNECT_SECONDS = 3.0
INSTEAD = {
    "REDIS_URL": "or leave REDIS_URL out: ./run brings a store of its own",
    "DATABASE_URL": "or leave DATABASE_URL out: ./run keeps an SQLite file",
}
PORTS = {
    "redis": 6379,
    "rediss": 6379,
    "postgres": 5432,
    "postgresql": 5432,
    "psql": 5432,
    "pgsql": 5432,
}


def see_that_they_answer(variables: Mapping[str, str]) -> None:
    """Connects to each server that is named, and says nothing to it.

    Raises Stop with its place and never its password.

    What is no address at all is left to the settings, which refuse it.
    """
    for name, instead in INSTEAD.items():
        value = variables.get(name, "").strip()
        try:
            address = urlsplit(value)
            port = address.port or PORTS.get(address.scheme, 0)
        except ValueError:
            continue
        if address.scheme == "unix" and address.path:
            trouble = no_answer(unquote(address.path))
            where = address.path
        elif port and address.hostname and "%" not in address.hostname:
            trouble = no_answer((address.hostname, port))
            where = f"{address.hostname}:{port}"
        else:
            continue
        if trouble:
            raise Stop(
                f"{name} names {where}, where nothing answers: {trouble}.\nStart that server, "
                f"{instead}."
            )


def no_answer(where: str | tuple[str, int], seconds: float = CONNECT_SECONDS) -> str:
    """Why nothing can be connected to there, the path of a socket or host and port; "" when
    something can.
    """
    try:
        if isinstance(where, tuple):
            socket.create_connection(where, seconds).close()
        else:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(seconds)
                client.connect(where)
    except TimeoutError:
        return f"no answer within {seconds:g} s"
    except OSError as error:
        return (error.strerror or str(error)).lower()
    return ""


def listens(where: Path | int) -> bool:
    """Whether something takes connections on a unix socket or a port of 127.0.0.1."""
    return not no_answer(("127.0.0.1", where) if isinstance(where, int) else str(where), 0.5)
