"""What log lines leave out."""

import logging
import sys
from types import SimpleNamespace

import pytest
import redis
from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError, ProgrammingError

from config.logs import OneLine
from liveapi import LiveApiError
from rooms.infra import database


def one_line(name: str, text: str, *arguments: object, trace: bool = True) -> str:
    try:
        raise ConnectionError("Connection refused")
    except ConnectionError:
        info = sys.exc_info()
    record = logging.LogRecord(name, 40, "", 0, text, arguments, info if trace else None)
    assert OneLine().filter(record)
    return logging.Formatter().format(record)


def test_a_chore_that_the_broker_did_not_take_is_one_line() -> None:
    """Celery hands over the stack as text, and the trace beside it: 150 lines every two seconds."""
    line = one_line(
        "celery.beat", "Message Error: %s\n%s", "Connection refused", "  File x\n" * 150
    )

    assert line == "Message Error: Connection refused"


def test_each_try_to_reach_the_broker_is_one_line() -> None:
    words = "consumer: Connection to broker lost. Trying to re-establish the connection..."

    assert one_line("celery.worker.consumer.consumer", words) == words


def test_a_fault_of_ours_keeps_its_trace() -> None:
    assert "Traceback" in one_line("moderation.worker.executor", "act %s", 7)
    assert one_line("celery.beat", "a line", trace=False) == "a line"


def test_a_bad_host_header_is_one_short_line() -> None:
    try:
        raise DisallowedHost("evil")
    except DisallowedHost:
        info = sys.exc_info()
    record = logging.LogRecord(
        "django.security.DisallowedHost",
        40,
        "",
        0,
        "Invalid HTTP_HOST header: %s",
        ("x\n" * 900,),
        info,
    )
    assert OneLine().filter(record)
    line = logging.Formatter().format(record)
    assert len(line) <= 300
    assert "\n" not in line


def of_error(error: BaseException, cause: BaseException | None = None) -> str:
    try:
        raise error from cause
    except type(error):
        info = sys.exc_info()
    record = logging.LogRecord(
        "celery.app.trace", 40, "", 0, "Task %s raised unexpected", ("verify",), info
    )
    assert OneLine().filter(record)
    return logging.Formatter().format(record)


def of_postgres(text: str, code: str | None = None) -> OperationalError:
    """As Django raises what psycopg raised: with the server's code, none when the connection is
    gone.
    """
    error = OperationalError(text)
    error.__cause__ = type("Cause", (Exception,), {"sqlstate": code})()
    return error


@pytest.fixture
def postgres(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "connections", {"default": SimpleNamespace(vendor="postgresql")})


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (OperationalError("couldn't get a connection after 1.50 sec, password=hunter2"), None),
        (InterfaceError("the connection is closed"), None),
        (redis.ConnectionError("refused, password=hunter2"), None),
        (redis.TimeoutError("Timeout reading from socket"), None),
        (
            LiveApiError("no budget", kind="network", retryable=True),
            redis.ConnectionError("refused"),
        ),
    ],
)
def test_what_meets_an_absent_store_is_one_line(error, cause, postgres) -> None:
    """A second without PostgreSQL was seventy lines for each task that was due."""
    assert (
        of_error(error, cause) == f"Task verify raised unexpected ({type(cause or error).__name__})"
    )


def test_what_a_database_said_that_answered_stands_in_the_line(postgres) -> None:
    error = of_postgres("canceling statement due to lock timeout\nCONTEXT: while updating", "55P03")
    words = "OperationalError: canceling statement due to lock timeout"
    assert of_error(error, error.__cause__) == f"Task verify raised unexpected ({words})"
    gone = of_postgres("terminating connection", "57P01")
    assert of_error(gone, gone.__cause__) == "Task verify raised unexpected (OperationalError)"


def test_what_sqlite_said_stands_in_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "connections", {"default": SimpleNamespace(vendor="sqlite")})
    words = "OperationalError: database is locked"
    assert (
        of_error(OperationalError("database is locked"))
        == f"Task verify raised unexpected ({words})"
    )


def test_a_wrong_statement_keeps_its_trace() -> None:
    assert "Traceback" in of_error(ProgrammingError("no such column"))
