"""One short wait for a Redis that hangs, and one breaker a process: waits do not add up. Against a real, stopped server."""

import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest
import redis as library

from rooms import live, redis
from tests.fixtures_valkey import start_valkey


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def own_server(settings):
    folder = Path(tempfile.mkdtemp(prefix="lw-"))
    server = start_valkey(folder)
    settings.REDIS_URL = f"unix://{folder}/valkey.sock"
    yield server
    os.kill(server.pid, signal.SIGCONT)
    server.terminate()
    server.wait(timeout=5)
    shutil.rmtree(folder, ignore_errors=True)


def test_a_hung_server_is_asked_once_then_everybody_is_answered_from_nothing(own_server, monkeypatch):
    clock = Clock()
    monkeypatch.setitem(redis._breakers, redis.settings.REDIS_URL, redis.Breaker(clock))
    live.reset({1: {"o": 5}})
    assert live.states([1]) == {1: {"o": 5}}
    calls = []
    whole = library.connection.AbstractConnection.send_packed_command
    monkeypatch.setattr(
        library.connection.AbstractConnection,
        "send_packed_command",
        lambda self, *args, **options: (calls.append(1), whole(self, *args, **options))[1],
    )
    os.kill(own_server.pid, signal.SIGSTOP)

    assert live.states([1]) == {}
    once = len(calls)
    assert once > 0
    for _ in range(5):
        assert live.look([1], [1]) == live.Look({}, {}, 0)
        assert live.changes() == 0
        live.publish_act(1, 1)
    assert len(calls) == once
    assert redis.breaker().is_open()

    os.kill(own_server.pid, signal.SIGCONT)
    assert live.states([1]) == {}
    clock.now += redis.AWAY_SECONDS
    assert live.states([1]) == {1: {"o": 5}}
    assert not redis.breaker().is_open()


def test_one_caller_tries_while_the_others_are_refused():
    clock = Clock()
    breaker = redis.Breaker(clock)
    breaker.failed()
    clock.now += redis.AWAY_SECONDS

    breaker.enter()
    with pytest.raises(library.ConnectionError):
        breaker.enter()
    breaker.answered()
    breaker.enter()


def test_a_refusal_of_the_server_is_an_answer(hot):
    hot.set("lw:live", "no hash")

    assert live.states([1]) == {}
    assert not redis.breaker().is_open()


def test_a_server_that_was_restarted_costs_no_answer(own_server):
    client = redis.sync_client()
    assert client.ping()
    client.connection_pool.disconnect()

    assert client.ping()
    assert not redis.breaker().is_open()


def test_a_click_does_not_ask_the_broker_while_the_store_is_away(own_server, monkeypatch):
    from moderation import tasks

    monkeypatch.setattr(tasks, "producers", lambda: pytest.fail("the broker was asked"))
    os.kill(own_server.pid, signal.SIGSTOP)

    assert tasks.enqueue(1) is False
    assert redis.breaker().is_open()
    assert tasks.enqueue(1) is False
