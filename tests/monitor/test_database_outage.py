"""While the database is away: 503 in words, at once for all but the first, one line in the log, and
back by itself.
"""

import json
import logging
from types import SimpleNamespace

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import DataError, InterfaceError, InternalError, OperationalError, connection
from django.test import Client

from monitor.health import error_pages
from monitor.realtime import sessions
from rooms.infra import database
from rooms.infra.breaker import Breaker

PATHS = ["/", "/wall", "/rooms/1", "/summary", "/system", "/live?rooms=1", "/api/v1/rooms"]


def failing(code=None, kind=OperationalError):
    """As Django raises what psycopg raised: with its code, none when the connection is gone."""
    error = kind("the connection is closed, password=hunter2")
    error.__cause__ = type("Cause", (Exception,), {"sqlstate": code})()
    return error


@pytest.fixture
def postgres(monkeypatch):
    """A process with a PostgreSQL, whose state is known by hand."""
    found = Breaker("PostgreSQL", lambda: None)
    monkeypatch.setattr(Breaker, "_start", lambda self: None)
    monkeypatch.setattr(database, "breaker", lambda: found)
    monkeypatch.setattr(database, "connections", {"default": SimpleNamespace(vendor="postgresql")})
    return found


@pytest.fixture
def client():
    client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    client.cookies["sessionid"] = "of-somebody"
    return client


@pytest.fixture
def broken(monkeypatch):
    """Sessions cannot be read; what is raised, and how often it was tried."""
    told = SimpleNamespace(error=failing(), tried=0)

    def load(self):
        told.tried += 1
        raise told.error

    monkeypatch.setattr(SessionStore, "load", load)
    return told


@pytest.mark.parametrize("path", [path for path in PATHS if not path.startswith("/api")])
@pytest.mark.parametrize("kind", [OperationalError, InterfaceError])
def test_a_page_is_503_in_words_and_the_log_has_one_line(
    postgres, broken, client, caplog, path, kind
):
    broken.error = failing(kind=kind)
    with caplog.at_level(logging.INFO):
        answer = client.get(path)

    assert answer.status_code == 503
    assert "The database does not answer" in answer.content.decode()
    assert answer["Retry-After"] == "2"
    assert "hunter2" not in answer.content.decode() + caplog.text
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert not any(record.exc_info for record in caplog.records)


def test_whoever_comes_after_is_answered_without_asking(postgres, broken, client):
    for _ in range(20):
        assert client.get("/").status_code == 503
    assert client.post("/rooms/1/end", {"policy": "1"}).status_code == 503
    assert broken.tried == 1

    assert postgres.ask()
    client.get("/")
    assert broken.tried == 2


def test_the_words_are_in_the_readers_language_and_a_page_comes_again_by_itself(postgres, client):
    postgres.failed()
    page = client.get("/", headers={"accept-language": "ja"}).content.decode()
    click = client.post("/rooms/1/end", headers={"hx-request": "true"}).content.decode()

    assert 'lang="ja"' in page
    assert 'http-equiv="refresh"' in page
    assert "refresh" not in click
    assert "data-words" in click


def test_programs_are_told_as_programs_are_told(postgres, client):
    postgres.failed()
    answer = client.get("/api/v1/rooms", headers={"authorization": "Bearer lw_x"})

    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["status"] == 503


@pytest.mark.parametrize(
    ("code", "is_away"),
    [
        (None, True),
        ("08006", True),
        ("57P01", True),
        ("57P03", True),
        ("53300", True),
        ("57014", False),
        ("25P03", False),
        ("40P01", False),
        ("55P03", False),
    ],
)
def test_what_took_too_long_is_503_too_and_keeps_nobody_else_out(
    postgres, broken, client, code, is_away
):
    broken.error = failing(code, kind=InternalError if code == "25P03" else OperationalError)

    assert client.get("/").status_code == 503
    assert postgres.is_open is is_away


@pytest.mark.parametrize("error", [DataError("out of range"), ValueError("a fault of ours")])
def test_a_fault_of_ours_stays_one(postgres, broken, client, error):
    broken.error = error

    assert client.get("/").status_code == 500
    assert not postgres.is_open


def test_a_locked_sqlite_is_503_and_keeps_nobody_else_out(broken, client):
    assert client.get("/").status_code == 503
    assert not database.is_away()


def test_a_statement_that_is_wrong_is_a_fault_of_ours_in_sqlite_too(broken, client):
    """SQLite calls a missing table operational, as it calls a lock that was not had in time."""
    broken.error.__cause__.sqlite_errorname = "SQLITE_ERROR"

    assert client.get("/").status_code == 500


def test_health_is_answered_by_itself(postgres, client, monkeypatch):
    postgres.failed()
    assert client.get("/healthz").status_code == 200


def test_a_session_is_not_asked_for_while_it_is_away(postgres, broken):
    postgres.failed()
    with pytest.raises(OperationalError):
        sessions.standing("of-somebody")
    assert broken.tried == 0


@pytest.mark.skipif(connection.vendor != "postgresql", reason="asks a PostgreSQL")
@pytest.mark.django_db
def test_the_question_is_answered_by_a_real_server():
    database.probe()


def test_the_refusal_needs_no_database(client, monkeypatch, rf):
    assert error_pages.unavailable(rf.get("/")).status_code == 503
