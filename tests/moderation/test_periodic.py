"""The looks every few seconds: one at a time, and a part in trouble does not stop the others."""

import datetime as dt

import pytest
import redis as redis_library
import time_machine

from moderation.models import Hold, TimeLimit
from moderation.worker import periodic
from rooms.infra import redis
from rooms.live import demand


@pytest.fixture(autouse=True)
def store(valkey, settings):
    settings.REDIS_URL = valkey
    with redis_library.Redis.from_url(valkey) as client:
        client.flushall()
        yield client


def test_a_part_in_trouble_does_not_stop_the_others(caplog):
    done = []

    def trouble():
        raise ValueError("nonsense")

    assert periodic.look("a-look", trouble, lambda: done.append(1))
    assert done == [1]
    assert "goes on without one of its parts" in caplog.text


def test_a_look_that_takes_long_is_not_joined(caplog):
    joined = []
    assert periodic.look(
        "a-look", lambda: joined.append(periodic.look("a-look", lambda: joined.append("inner")))
    )
    assert joined == [False]
    assert periodic.look("a-look"), "after its end the next one has its turn"


def test_a_look_that_never_ended_keeps_the_others_away_for_a_while_only(store):
    joined: list[int] = []
    periodic.look("a-look", lambda: joined.append(store.pttl(redis.key("a-look"))))
    assert 0 < joined[0] <= periodic.LONGEST * 1000


def test_a_store_that_is_away_at_the_end_of_a_look_keeps_nobody_from_the_next(store, monkeypatch):
    """A blip of Redis kept limits from being watched over for a minute, and the task ended in a
    trace.
    """

    def away(self, *keys):
        raise redis_library.TimeoutError

    with monkeypatch.context() as patched:
        patched.setattr(redis_library.Redis, "delete", away)
        assert periodic.look("a-look")
    assert store.exists(redis.key("a-look"))
    assert periodic.look("a-look")
    assert not store.exists(redis.key("a-look"))


def test_what_another_process_looks_at_is_left_to_it(store):
    store.set(redis.key("a-look"), b"another process", ex=60)
    assert not periodic.look("a-look")


@pytest.mark.django_db
def test_the_looks_of_the_clock_go_through_on_an_empty_installation(caplog):
    assert periodic.run_periodic_checks()
    assert periodic.watch_hosts()
    assert caplog.text == ""


def test_what_may_not_broadcast_is_looked_for_by_name_now_and_then(room, policy, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(demand, "discover", asked.append)
    now = dt.datetime(2026, 11, 25, 12, 0, tzinfo=dt.UTC)
    known = {"policy": policy, "by_name": "wren"}
    with time_machine.travel(now, tick=False) as clock:
        Hold.objects.create(room_id="held", until=now + dt.timedelta(minutes=5), **known)
        Hold.objects.create(room_id="held no more", until=now, **known)
        Hold.objects.create(room_id=room.room_id, until=now + dt.timedelta(minutes=5), **known)
        TimeLimit.objects.create(room_id="over", ends_at=now, **known)
        TimeLimit.objects.create(room_id="not over", ends_at=now + dt.timedelta(minutes=5), **known)
        for _look in range(periodic.PARTS):
            periodic.look_for_hidden()
            clock.shift(periodic.LOOK_SECONDS)
    assert sorted(asked) == ["held", "over"]
