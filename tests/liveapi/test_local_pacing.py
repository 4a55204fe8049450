"""The budget in one process, with a clock that the test moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveapi import AsyncLocalBudget, LiveApiError, LocalBudget
from liveapi.budget.limits import LIMITS, OVERALL, allowance, limit
from liveapi.budget.local_pacing import STEP_ASIDE
from tests.support.clocks import Clock

STATS = "get_room_stats"
LIST = "get_room_list"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def budget(clock):
    return LocalBudget(0.5, clock=clock)


def test_the_published_limits():
    assert LIMITS[LIST] == 10
    assert LIMITS[STATS] == LIMITS["get_room_statistic"] == 100
    assert limit("destroy_room") == 200
    assert limit("a command of next year") == 200


@pytest.mark.parametrize(
    ("command", "share", "acts", "polls"),
    [
        (LIST, 0.5, 5, 5),
        (STATS, 0.5, 50, 49),
        ("get_room_info", 0.5, 100, 80),
        ("destroy_room", 0.5, 100, 98),
        (OVERALL, 0.5, 300, 200),
        ("get_member_list", 0.5, 100, 100),
        (LIST, 0.01, 1, 1),
        (STATS, 0.01, 1, 1),
        (STATS, 1, 100, 98),
    ],
)
def test_the_share_of_each_lane(command, share, acts, polls):
    assert allowance(command, share) == (acts, polls)


def test_it_grants_the_share_and_says_when_the_next_is_free(budget, clock):
    for _ in range(5):
        assert budget.try_acquire(LIST) == 0
        clock.now += 0.1

    assert budget.try_acquire(LIST) == pytest.approx(0.5)
    clock.now += 0.51
    assert budget.try_acquire(LIST) == 0
    assert budget.try_acquire(LIST) > 0


@given(
    st.lists(
        st.tuples(st.floats(0, 0.4), st.integers(1, 60), st.sampled_from(["poll", "act"])),
        max_size=80,
    )
)
def test_no_window_of_a_second_ever_holds_more_than_the_share(steps):
    clock = Clock()
    budget = LocalBudget(0.5, clock=clock)
    grants = []
    for pause, want, lane in steps:
        clock.now += pause
        granted, wait = budget.take(STATS, lane, want)
        assert (granted > 0) == (wait == 0)
        grants.extend([clock.now] * granted)

    for start in grants:
        assert sum(1 for at in grants if 0 <= at - start < 1) <= 50


def test_polls_leave_a_reserve_that_acts_may_use(budget):
    assert budget.take(STATS, "poll", 1000) == (49, 0.0)
    assert budget.take(STATS, "poll", 1)[0] == 0
    assert budget.take(STATS, "act", 1000) == (1, 0.0)


def test_a_hundred_acts_go_at_once_though_polls_have_just_used_up_all_of_theirs(budget):
    for command in (LIST, STATS, "get_room_info", "get_member_list"):
        budget.take(command, "poll", 1000)
    assert budget.try_acquire("portrait_get", "poll") > 0

    assert budget.take("destroy_room", "act", 80) == (80, 0.0)
    assert budget.take("get_room_info", "act", 20) == (20, 0.0)


def test_polls_step_aside_while_an_act_waits_and_no_longer(budget, clock):
    budget.take(STATS, "act", 1000)
    budget.take(STATS, "act", 1)
    clock.now += 1

    assert budget.try_acquire(STATS, "poll") == pytest.approx(STEP_ASIDE)
    assert budget.try_acquire(LIST, "poll") == 0
    assert budget.try_acquire(STATS, "act") == 0
    clock.now += STEP_ASIDE + 0.001
    assert budget.try_acquire(STATS, "poll") == 0


def test_all_commands_together_have_a_limit_too(budget):
    granted = sum(budget.take(f"command_{number}", "act", 1000)[0] for number in range(5))

    assert granted == allowance(OVERALL, 0.5).acts == 300


def test_an_act_that_waits_for_the_whole_makes_every_poll_step_aside(budget, clock):
    for number in range(4):
        budget.take(f"command_{number}", "act", 1000)
    clock.now += 0.9
    budget.take("destroy_room", "act", 1)
    clock.now += 0.1

    assert budget.try_acquire(LIST, "poll") > 0


def test_a_penalty_holds_the_polls_back_until_it_ends(budget, clock):
    budget.penalise(STATS, 2)
    budget.penalise(STATS, 1)

    assert budget.try_acquire(STATS, "poll") == pytest.approx(2)
    assert budget.try_acquire(STATS, "act") == 0
    assert budget.try_acquire(LIST, "poll") == 0
    clock.now += 2
    assert budget.try_acquire(STATS, "poll") == 0


def test_waiting_is_paid_back_and_bounded():
    budget = LocalBudget(0.5)
    assert budget.acquire_many(LIST, "poll", 100) == 5
    assert budget.acquire_many(LIST, "poll", 100, timeout=0.01) == 0
    with pytest.raises(LiveApiError) as caught:
        budget.acquire(LIST, "poll", 0.01)
    assert caught.value.kind == "budget"
    assert caught.value.command == LIST
    budget.acquire(LIST, "act", 5)


async def test_the_budget_of_a_loop_is_the_same():
    budget = AsyncLocalBudget(0.5)
    assert await budget.acquire_many(LIST, "poll", 100) == 5
    assert await budget.try_acquire(LIST) > 0
    with pytest.raises(LiveApiError):
        await budget.acquire(LIST, "poll", 0.01)
    await budget.acquire(LIST, "act", 5)
    await budget.penalise(STATS, 5)
    assert await budget.try_acquire(STATS) > 0
    assert budget.allowance(STATS).acts == 50
