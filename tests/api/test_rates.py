"""So many requests a second a token, with Redis and without."""

import time

import pytest

from api import rates
from rooms.infra import redis

pytestmark = pytest.mark.django_db


def test_more_than_the_setting_allows_are_refused_with_the_time_to_wait(
    backend, settings, monkeypatch
):
    settings.API_RATE = 2
    monkeypatch.setattr(rates, "_second", 0)
    monkeypatch.setattr(time, "time", lambda: 1_800_000_000.0)

    answers = [backend.get("rooms") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert answers[3]["Retry-After"] == "1"
    assert "2 requests a second" in answers[3].json()["detail"]


@pytest.fixture
def counted(valkey, settings, monkeypatch):
    """The real counting, on a server of the tests."""
    monkeypatch.undo()
    settings.REDIS_URL = valkey
    settings.REDIS_PREFIX = "test-rates:"
    redis.sync_client().flushdb()


def test_redis_counts_each_token_and_second_apart(counted):
    taken = [
        rates.take(token, 1, now=second)
        for token, second in ((1, 100), (1, 100), (2, 100), (1, 101))
    ]

    assert taken == [True, False, True, True]
    keys = redis.sync_client().keys("test-rates:api:*")
    assert len(keys) == 3
    assert all(0 < redis.sync_client().ttl(key) <= 5 for key in keys)


def test_without_redis_it_is_counted_here(monkeypatch, settings):
    monkeypatch.undo()
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    monkeypatch.setattr(rates, "_second", 0)

    taken = [rates.take(7, 2, now=second) for second in (200, 200, 200, 201)]

    assert taken == [True, True, False, True]
    assert redis.breaker().is_open


def test_what_is_kept_here_is_of_one_second_only(monkeypatch):
    for second in range(300, 400):
        for token in range(5):
            rates.counted_here(token, second)

    assert len(rates._counts) == 5
