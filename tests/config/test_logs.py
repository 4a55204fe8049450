"""What log lines leave out."""

import logging
import sys

import pytest
import redis
from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError, ProgrammingError

from config.logs import OneLine
from liveapi import LiveApiError


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
    line = one_line("celery.beat", "Message Error: %s\n%s", "Connection refused", "  File x\n" * 150)

    assert line == "Message Error: Connection refused"


def test_each_try_to_reach_the_broker_is_one_line() -> None:
    words = "consumer: Connection to broker lost. Trying to re-establish the connection..."

    assert one_line("celery.worker.consumer.consumer", words) == words


def test_a_fault_of_ours_keeps_its_trace() -> None:
    assert "Traceback" in one_line("moderation.execution", "act %s", 7)
    assert one_line("celery.beat", "a line", trace=False) == "a line"


def test_a_bad_host_header_is_one_short_line() -> None:
    try:
        raise DisallowedHost("evil")
    except DisallowedHost:
        info = sys.exc_info()
    record = logging.LogRecord(
        "django.security.DisallowedHost", 40, "", 0, "Invalid HTTP_HOST header: %s", ("x\n" * 900,), info
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
    record = logging.LogRecord("celery.app.trace", 40, "", 0, "Task %s raised unexpected", ("verify",), info)
    assert OneLine().filter(record)
    return logging.Formatter().format(record)


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (OperationalError("couldn't get a connection after 1.50 sec"), None),
        (InterfaceError("the connection is closed"), None),
        (OperationalError("canceling statement due to lock timeout"), None),
        (redis.ConnectionError("refused"), None),
        (redis.TimeoutError("Timeout reading from socket"), None),
        (LiveApiError("no budget", kind="network", retryable=True), redis.ConnectionError("refused")),
    ],
)
def test_what_meets_an_absent_store_is_one_line(error, cause) -> None:
    """A second without PostgreSQL was seventy lines for each task that was due."""
    met = cause or error
    assert of_error(error, cause) == f"Task verify raised unexpected ({type(met).__name__}: {met})"


def test_a_wrong_statement_keeps_its_trace() -> None:
    assert "Traceback" in of_error(ProgrammingError("no such column"))
