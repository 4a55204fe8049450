"""The loop that scores: one process of several leads, and no tick in trouble ends it."""

import threading

import pytest
import redis as redis_library

from moderation.attention import store
from moderation.attention.scorer import Scorer
from moderation.worker import risk_loop
from rooms.infra import redis
from tests.support.waiting import eventually

pytestmark = pytest.mark.usefixtures("without_waits")


@pytest.fixture(autouse=True)
def valkey_of_this_test(valkey, settings):
    settings.REDIS_URL = valkey
    with redis_library.Redis.from_url(valkey) as client:
        client.flushall()
        yield client


@pytest.fixture
def without_waits(monkeypatch):
    monkeypatch.setattr(risk_loop, "TICK_SECONDS", 0.01)
    monkeypatch.setattr(risk_loop, "MAX_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(risk_loop, "close_old_connections", lambda: None)
    monkeypatch.setattr(risk_loop, "release_db_connection", lambda: None)


@pytest.fixture
def running():
    stops: list[threading.Event] = []
    before = threading.active_count()
    yield lambda: stops.append(risk_loop.start())
    for stop in stops:
        stop.set()
    eventually("the threads have ended", lambda: threading.active_count() <= before)


def test_a_tick_in_trouble_is_followed_by_another_with_a_new_scorer(running, monkeypatch, caplog):
    ticks: list[Scorer] = []

    def tick(self):
        ticks.append(self)
        if len(ticks) == 1:
            raise ValueError("nonsense")

    monkeypatch.setattr(Scorer, "tick", tick)
    running()
    eventually("three ticks were made", lambda: len(ticks) >= 3)
    assert ticks[0] is not ticks[1] and ticks[1] is ticks[2]
    assert "rooms could not be scored" in caplog.text


def test_only_the_process_with_the_lease_scores(running, monkeypatch, valkey_of_this_test):
    ticks: list[int] = []
    monkeypatch.setattr(Scorer, "tick", lambda self: ticks.append(1))
    valkey_of_this_test.set(redis.key("risk:lease"), "another", px=300)
    assert store.is_late()
    running()
    eventually("the other's lease is over", lambda: ticks)
    assert valkey_of_this_test.get(redis.key("risk:lease")) == risk_loop._ME
    eventually("it says that it works", lambda: not store.is_late())


def test_another_process_keeps_the_lease(valkey_of_this_test):
    assert risk_loop.leads()
    assert risk_loop.leads()
    valkey_of_this_test.set(redis.key("risk:lease"), "another", ex=60)
    assert not risk_loop.leads()
    assert valkey_of_this_test.get(redis.key("risk:lease")) == b"another"


def test_without_redis_everybody_scores(settings):
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    assert risk_loop.leads()
    assert not store.is_late(), "nobody knows, so nothing is claimed"
