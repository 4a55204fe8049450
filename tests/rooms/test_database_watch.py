"""A PostgreSQL that takes statements and answers none: who waits is woken, and a server that is
merely slow is left alone.
"""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from rooms.infra import database, database_watch
from rooms.infra.breaker import Breaker
from rooms.infra.database_watch import WatchedConnection

SECONDS = 30  # the longest wait of a test on a busy machine


@pytest.fixture
def breaker(monkeypatch) -> Breaker:
    found = Breaker("PostgreSQL", lambda: None)
    monkeypatch.setattr(Breaker, "_start", lambda self: None)
    monkeypatch.setattr(database, "breaker", lambda: found)
    return found


def test_who_waits_for_a_server_that_hangs_is_woken_and_it_goes_on_later(postgres_process, breaker):
    with WatchedConnection.connect(postgres_process.url) as one, ThreadPoolExecutor(1) as pool:
        one.execute("SELECT 1")
        postgres_process.hang()
        try:
            waits = pool.submit(one.execute, "SELECT 1")
            with pytest.raises(psycopg.OperationalError):
                waits.result(SECONDS)
        finally:
            postgres_process.resume()
    assert breaker.is_open
    with WatchedConnection.connect(postgres_process.url) as again:
        assert again.execute("SELECT 2").fetchone() == (2,)


def test_nobody_waits_for_a_second_connection_from_before(postgres_process, breaker):
    """The pool hands out the next one when the first fails its check: each would be waited for
    anew.
    """
    with WatchedConnection.connect(postgres_process.url) as before:
        breaker.failed("hangs")
        with pytest.raises(psycopg.OperationalError):
            before.execute("SELECT 1")
    with WatchedConnection.connect(postgres_process.url) as since:
        assert since.execute("SELECT 1").fetchone() == (1,), "whoever reaches it again is not cut"


def test_a_commit_that_is_not_answered_is_woken_too(postgres_process, breaker):
    with WatchedConnection.connect(postgres_process.url) as one, ThreadPoolExecutor(1) as pool:
        one.execute("CREATE TEMPORARY TABLE it (n int)")
        postgres_process.hang()
        try:
            with pytest.raises(psycopg.OperationalError):
                pool.submit(one.commit).result(SECONDS)
        finally:
            postgres_process.resume()


def test_a_slow_statement_of_a_server_that_answers_runs_to_its_end(postgres_process, breaker):
    with WatchedConnection.connect(postgres_process.url) as one:
        assert one.execute("SELECT 1 FROM pg_sleep(2.5)").fetchone() == (1,)
    assert not breaker.is_open
    assert not database_watch._waiting


@pytest.fixture
def silent(tmp_path: Path) -> Iterator[tuple[str, int]]:
    """Somebody who listens and says nothing: host and port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()


def test_a_newcomer_that_hears_nothing_knows_that_it_hangs(silent):
    assert not database_watch.answers(*silent)
    assert not database_watch.answers("127.0.0.1", 1)


@pytest.mark.parametrize("is_unix", [False, True])
def test_a_newcomer_that_hears_its_byte_knows_that_it_does_not(tmp_path, is_unix):
    family, address = (
        (socket.AF_UNIX, str(tmp_path / ".s.PGSQL.5432"))
        if is_unix
        else (socket.AF_INET, ("127.0.0.1", 0))
    )
    with socket.socket(family) as listener:
        listener.bind(address)
        listener.listen()

        def serve() -> None:
            with listener.accept()[0] as caller:
                assert caller.recv(8) == database_watch.SSL_REQUEST
                caller.sendall(b"N")

        thread = threading.Thread(target=serve)
        thread.start()
        host, port = (str(tmp_path), 5432) if is_unix else listener.getsockname()
        assert database_watch.answers(host, port)
        thread.join(SECONDS)


def test_nobody_is_asked_while_nobody_waits_long(monkeypatch):
    monkeypatch.setattr(database_watch, "answers", pytest.fail)
    assert database_watch.look(10.0) is False
