"""One short wait for a Redis that is away, in every kind of absence; one breaker a process.

Against servers of their own.
"""

import asyncio
import os
import shutil
import signal
import tempfile
import threading
import time
from pathlib import Path

import pytest
import redis as library
from asgiref.sync import async_to_sync

from rooms.infra import redis
from rooms.infra.breaker import Breaker
from rooms.live import demand, hot_state, push
from tests.fixtures_valkey import start_valkey
from tests.rooms.stores import WAYS


@pytest.fixture
def by_hand(monkeypatch):
    """Nobody asks by itself whether a store is back."""
    monkeypatch.setattr(Breaker, "_start", lambda self: None)


@pytest.fixture
def own_server(settings, by_hand):
    folder = Path(tempfile.mkdtemp(prefix="lw-"))
    server = start_valkey(folder)
    settings.REDIS_URL = f"unix://{folder}/valkey.sock"
    yield server
    os.kill(server.pid, signal.SIGCONT)
    server.terminate()
    server.wait(timeout=5)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=WAYS)
def away(request, settings, by_hand):
    """An address where no Redis answers, in one of the ways."""
    with WAYS[request.param]() as url:
        settings.REDIS_URL = url
        yield request.param


@pytest.fixture
def waits(monkeypatch):
    """The seconds that each wait for a socket may take, of threads and of event loops, as they
    begin.
    """
    begun = []
    connect, read = (
        library.connection.AbstractConnection.connect_check_health,
        library.connection.AbstractConnection.read_response,
    )
    base = library.asyncio.connection.AbstractConnection
    connect_async, read_async = base.connect_check_health, base.read_response

    def count(whole, name):
        def counted(self, *args, **options):
            begun.append(getattr(self, name))
            return whole(self, *args, **options)

        return counted

    monkeypatch.setattr(
        library.connection.AbstractConnection,
        "connect_check_health",
        count(connect, "_socket_connect_timeout"),
    )
    monkeypatch.setattr(
        library.connection.AbstractConnection, "read_response", count(read, "_socket_timeout")
    )
    monkeypatch.setattr(
        base, "connect_check_health", count(connect_async, "socket_connect_timeout")
    )
    monkeypatch.setattr(base, "read_response", count(read_async, "socket_timeout"))
    return begun


def a_page():
    """What a page asks, and what a click says."""
    hot_state.states([1])
    hot_state.look([1], [1])
    hot_state.changes()
    push.publish_act(1, 1)


def test_a_page_waits_once_at_most_in_every_kind_of_absence(away, waits):
    for _ in range(5):
        a_page()

    assert sum(waits) <= redis.QUICK_CONNECT_SECONDS * 2 + redis.QUICK_SECONDS < 1.2
    # A refusal is no wait and may be tried twice; of real waits there is one.
    assert len(waits) <= 2
    assert redis.breaker().is_open


def test_an_event_loop_waits_once_at_most_and_shares_the_judgement(away, waits):
    async def ask():
        for _ in range(5):
            assert await demand.watched_async() == set()
            assert await hot_state.snapshot_async([1]) is None
        await redis.close_async_client()

    asyncio.run(ask())
    once = len(waits)
    a_page()

    assert 0 < once <= 2
    assert len(waits) == once


def test_a_thread_that_waited_in_vain_saves_the_event_loop_its_wait(away, waits):
    hot_state.changes()
    waits.clear()

    async def ask():
        assert await redis_is_refused()
        await redis.close_async_client()

    asyncio.run(ask())
    assert waits == []


async def redis_is_refused():
    with pytest.raises(library.ConnectionError):
        await redis.async_client().get("x")
    return True


def test_the_patient_clients_share_the_judgement_too(away, waits):
    hot_state.changes()
    waits.clear()

    push.publish_tick({}, {})
    hot_state.reset({1: {"o": 5}})

    assert waits == []


def test_a_request_waits_once_even_when_the_store_comes_and_goes(away, waits):
    """A server that answers small questions and is too slow for large ones closes the breaker each
    time.
    """
    with redis.one_wait():
        hot_state.changes()
        waits.clear()
        for _ in range(3):
            redis.breaker()._open = False
            assert redis.is_away()
            a_page()

    assert waits == []
    assert not redis.is_away()


def test_a_hung_server_is_asked_once_and_again_when_it_is_back(own_server, waits):
    hot_state.reset({1: {"o": 5}})
    assert hot_state.states([1]) == {1: {"o": 5}}
    os.kill(own_server.pid, signal.SIGSTOP)
    waits.clear()

    for _ in range(3):
        assert hot_state.states([1]) == {}
        assert hot_state.look([1], [1]) == hot_state.NOTHING
    assert waits.count(redis.QUICK_SECONDS) == 1
    assert not redis.breaker().ask()

    os.kill(own_server.pid, signal.SIGCONT)
    assert hot_state.states([1]) == {}
    assert redis.breaker().ask()
    assert hot_state.states([1]) == {1: {"o": 5}}


def test_a_loop_that_stood_still_is_no_judgement(own_server, monkeypatch):
    async def ask():
        os.kill(own_server.pid, signal.SIGSTOP)
        asked = asyncio.create_task(hot_state.snapshot_async([1]))
        await asyncio.sleep(0.05)  # it waits for the answer: of that there is no sign
        late = time.monotonic() + 60
        monkeypatch.setattr(redis.time, "monotonic", lambda: late)
        found = await asked
        monkeypatch.undo()
        os.kill(own_server.pid, signal.SIGCONT)
        await redis.close_async_client()
        return found

    assert async_to_sync(ask)() is None
    assert not redis.breaker().is_open


def test_the_store_is_asked_by_a_thread_of_its_own_until_it_is_back():
    answers, back = [OSError(), OSError(), None], threading.Event()

    def probe():
        if error := answers.pop(0):
            raise error

    breaker = Breaker("a store", probe)
    breaker.failed()
    for thread in threading.enumerate():
        if thread.name == "asks a store":
            thread.join(10)
            back.set()

    assert back.is_set()
    assert (answers, breaker.is_open, breaker.outages) == ([], False, 1)


def test_nobody_asks_for_a_store_that_is_another_by_now():
    breaker = Breaker("an old store", lambda: pytest.fail("it was asked"), lambda: False)
    breaker.failed()
    for thread in threading.enumerate():
        if thread.name == "asks an old store":
            thread.join(10)

    assert not breaker.is_open


def test_a_refusal_of_the_server_is_an_answer(hot):
    hot.set("lw:live", "no hash")

    assert hot_state.states([1]) == {}
    assert not redis.breaker().is_open


def test_a_server_that_was_restarted_costs_no_answer(own_server):
    client = redis.sync_client()
    assert client.ping()
    client.connection_pool.disconnect()

    assert client.ping()
    assert not redis.breaker().is_open


def test_a_click_does_not_ask_the_broker_while_the_store_is_away(away, waits, monkeypatch):
    from moderation.core import broker

    monkeypatch.setattr(broker, "producers", lambda: pytest.fail("the broker was asked"))

    assert broker.enqueue(1) is False
    assert redis.breaker().is_open
    once = len(waits)
    assert broker.enqueue(1) is False
    assert len(waits) == once


def test_how_many_acts_wait_is_one_question_and_none_while_the_store_is_away(own_server, waits):
    from moderation.core import broker

    assert broker.waiting() == 0
    redis.sync_client().rpush(redis.key("celery:acts"), "a", "b")
    waits.clear()
    assert broker.waiting() == 2
    assert waits.count(redis.QUICK_SECONDS) == 1
    os.kill(own_server.pid, signal.SIGSTOP)
    assert broker.waiting() == 0
    waits.clear()
    assert broker.waiting() == 0
    assert waits == []
