"""The shared budget against a real Valkey: windows, lanes, penalties, and life without it."""

import asyncio
import logging
import threading
import time
import uuid

import pytest
import redis
import redis.asyncio

from liveapi import AsyncRedisBudget, LiveApiError, RedisBudget
from liveapi.budget.limits import OVERALL, allowance

STATS = "get_room_stats"
LIST = "get_room_list"


@pytest.fixture
def client(valkey):
    with redis.Redis.from_url(valkey) as connection:
        yield connection


@pytest.fixture
def prefix():
    return f"{uuid.uuid4().hex}:"


@pytest.fixture
def budget(client, prefix):
    return RedisBudget(client, 1400000000, 0.5, prefix)


def grant_times(client, budget, command):
    """When the logged calls were granted, in microseconds of the server's clock, oldest first."""
    return sorted(int(stamp) for stamp in client.lrange(budget._key("log", command), 0, -1))


def test_it_grants_the_whole_share_at_once_and_then_says_how_long_to_wait(budget):
    assert budget.take(LIST, "poll", 20) == (5, 0.0)

    granted, wait = budget.take(LIST, "poll", 20)

    assert granted == 0
    assert 0 < wait <= 1


def test_it_grants_one_at_a_time_up_to_the_share(budget):
    assert [budget.try_acquire(LIST) for _ in range(5)] == [0.0] * 5
    assert budget.try_acquire(LIST) > 0


def test_no_window_of_a_second_ever_holds_more_than_the_share(client, budget):
    stamps = []
    for _ in range(17):
        budget.acquire(LIST, "poll", 10)
        stamps.append(max(grant_times(client, budget, LIST)))

    gaps = [later - earlier for earlier, later in zip(stamps, stamps[5:], strict=False)]

    assert len(gaps) == 12
    assert min(gaps) >= 1_000_000


def test_many_threads_and_loops_share_one_budget(valkey, client, prefix):
    granted = []

    def threads():
        with redis.Redis.from_url(valkey) as own:
            budget = RedisBudget(own, 1400000000, 0.5, prefix)
            for _ in range(30):
                granted.append(budget.take(STATS, "act", 1)[0])

    async def loop():
        own = redis.asyncio.Redis.from_url(valkey)
        budget = AsyncRedisBudget(own, 1400000000, 0.5, prefix)
        for _ in range(30):
            granted.append((await budget.take(STATS, "act", 1))[0])
        await own.aclose()

    workers = [threading.Thread(target=threads) for _ in range(3)]
    for worker in workers:
        worker.start()
    asyncio.run(loop())
    for worker in workers:
        worker.join()

    stamps = grant_times(client, RedisBudget(client, 1400000000, 0.5, prefix), STATS)
    assert len(granted) == 120
    assert len(stamps) == 50
    # All in the window that the last 50 grants span, or 50 of them were a second apart.
    assert sum(granted) == 50 or stamps[-1] - stamps[0] < 1_000_000


def test_polls_leave_a_reserve_that_acts_may_use(budget):
    allowed = allowance(STATS, 0.5)

    assert budget.take(STATS, "poll", 1000)[0] == allowed.polls == 49
    assert budget.take(STATS, "poll", 1)[0] == 0
    assert budget.take(STATS, "act", 1000)[0] == 1


def test_polls_step_aside_while_an_act_waits(client, budget):
    budget.take(STATS, "act", 1000)
    budget.take(STATS, "act", 1)
    client.delete(budget._key("log", STATS))

    granted, wait = budget.take(STATS, "poll", 1)

    assert granted == 0
    assert wait > 0
    assert budget.take(STATS, "act", 1)[0] == 1


def test_an_act_is_granted_while_polls_hammer_the_same_command(budget):
    stop = threading.Event()

    def poll():
        while not stop.is_set():
            budget.try_acquire(STATS, "poll")

    pollers = [threading.Thread(target=poll) for _ in range(4)]
    for poller in pollers:
        poller.start()
    try:
        for _ in range(60):
            budget.acquire(STATS, "act", 10)
    finally:
        stop.set()
        for poller in pollers:
            poller.join()


def test_all_commands_together_have_a_limit_too(budget):
    commands = [f"command_{number}" for number in range(5)]

    granted = sum(budget.take(command, "poll", 1000)[0] for command in commands)

    assert granted == allowance(OVERALL, 0.5).polls


def test_a_penalty_holds_back_the_polls_of_one_command_in_every_process(client, budget, prefix):
    other = RedisBudget(client, 1400000000, 0.5, prefix)

    other.penalise(STATS, 30)

    assert budget.try_acquire(STATS, "poll") > 1
    assert budget.try_acquire(STATS, "act") == 0
    assert budget.try_acquire(LIST, "poll") == 0


def test_a_penalty_of_all_holds_back_every_poll(budget):
    budget.penalise(OVERALL, 30)

    assert budget.try_acquire(LIST, "poll") > 1
    assert budget.try_acquire(LIST, "act") == 0


def test_a_short_penalty_does_not_shorten_a_long_one(budget):
    budget.penalise(STATS, 30)
    budget.penalise(STATS, 0.001)

    assert budget.try_acquire(STATS, "poll") > 1


def test_waiting_in_vain_is_an_error_that_may_be_retried(budget):
    budget.take(LIST, "act", 1000)

    with pytest.raises(LiveApiError) as caught:
        budget.acquire(LIST, "act", 0.01)

    assert caught.value.kind == "budget"
    assert caught.value.retryable
    assert not caught.value.effect_unknown


def test_another_application_has_its_own_budget(client, prefix, budget):
    budget.take(LIST, "act", 1000)

    assert RedisBudget(client, 7, 0.5, prefix).try_acquire(LIST) == 0


def test_nothing_is_left_behind_for_ever(client, budget, prefix):
    budget.take(STATS, "act", 1000)
    budget.take(STATS, "act", 1)
    budget.penalise(STATS, 1)

    keys = list(client.scan_iter(f"{prefix}*"))

    assert len(keys) == 4
    assert all(client.pttl(key) > 0 for key in keys)


def test_a_grant_is_one_round_trip(client, budget):
    budget.take(STATS, "poll", 1)
    before = client.info("commandstats")["cmdstat_evalsha"]["calls"]

    budget.take(STATS, "poll", 40)

    assert client.info("commandstats")["cmdstat_evalsha"]["calls"] == before + 1


async def test_the_budget_of_a_loop_takes_many_at_once(valkey, prefix):
    async with redis.asyncio.Redis.from_url(valkey) as own:
        budget = AsyncRedisBudget(own, 1400000000, 0.5, prefix)

        assert await budget.acquire_many(STATS, "poll", 20) == 20
        assert await budget.acquire_many(STATS, "poll", 1000) == 29
        assert await budget.acquire_many(STATS, "poll", 20, timeout=0) == 0
        assert await budget.try_acquire(STATS, "act") == 0
        await budget.penalise(LIST, 30)
        assert await budget.try_acquire(LIST) > 1
        with pytest.raises(LiveApiError):
            await budget.acquire(LIST, "poll", 0.01)


def test_without_redis_each_process_goes_on_alone_and_says_so_once(tmp_path, caplog):
    with redis.Redis.from_url(f"unix://{tmp_path}/nobody.sock") as nobody:
        budget = RedisBudget(nobody, 1400000000)
        with caplog.at_level(logging.WARNING):
            assert [budget.try_acquire(LIST, "act") for _ in range(5)] == [0.0] * 5
            assert budget.try_acquire(LIST, "act") > 0
            budget.penalise(STATS, 30)

        assert budget.try_acquire(STATS, "poll") > 1
    assert len(caplog.records) == 1


async def test_without_redis_a_loop_goes_on_alone_too(tmp_path):
    async with redis.asyncio.Redis.from_url(f"unix://{tmp_path}/nobody.sock") as nobody:
        budget = AsyncRedisBudget(nobody, 1400000000)

        assert await budget.acquire_many(LIST, "poll", 10) == 5
        await budget.penalise(STATS, 30)
        assert await budget.try_acquire(STATS, "poll") > 1


def test_it_returns_to_redis_when_redis_is_back(client, budget, monkeypatch, caplog):
    with monkeypatch.context() as away:
        away.setattr(
            budget, "_take", lambda **_: (_ for _ in ()).throw(redis.ConnectionError("gone"))
        )
        budget.try_acquire(LIST)
    budget._away_until = time.monotonic()

    budget.try_acquire(LIST)

    assert len(grant_times(client, budget, LIST)) == 1
    assert [record.message for record in caplog.records][-1] == "The shared call budget is back"
