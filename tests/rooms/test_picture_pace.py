"""How often each room is taken a still of (rooms.pictures.pace)."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from rooms.pictures.pace import MAX_BACKOFF, Pace


def run(pace: Pace, seconds: int, most: int = 1000, failing: frozenset[int] = frozenset()):
    """pk -> seconds at which it was taken."""
    taken: dict[int, list[float]] = {}
    for step in range(seconds * 4):
        for pk in pace.take(most, step / 4):
            taken.setdefault(pk, []).append(step / 4)
            pace.done(pk, worked=pk not in failing)
    return taken


def test_urgent_rooms_come_oftener():
    pace = Pace(urgent=15, calm=60)
    pace.set_rooms([1, 2], 0)
    pace.set_urgent({1}, 0)

    taken = run(pace, 300)

    assert len(taken[1]) in {20, 21}
    assert len(taken[2]) in {5, 6}


def test_a_room_that_becomes_urgent_does_not_wait_for_its_calm_turn():
    pace = Pace(urgent=15, calm=3600)
    pace.set_rooms([1], 0)
    run(pace, 20)

    pace.set_urgent({1}, 20)

    assert run(pace, 40)[1]


@given(st.integers(1, 300))
def test_all_rooms_come_and_never_in_one_burst(count):
    pace = Pace(urgent=15, calm=15)
    pace.set_rooms(range(count), 0)
    steps = [len(pace.take(1000, step / 4)) for step in range(61)]

    assert sum(steps) == count
    assert max(steps) <= count / 60 + 3


def test_urgent_rooms_are_first_when_not_all_can_be_taken():
    pace = Pace(urgent=15, calm=15)
    pace.set_rooms(range(10), 0)
    pace.set_urgent({7, 8}, 0)

    assert set(pace.take(2, 100)) == {7, 8}


def test_a_room_is_not_taken_twice_at_a_time():
    pace = Pace(urgent=1, calm=1)
    pace.set_rooms([1], 0)

    assert pace.take(9, 10) == [1]
    assert pace.take(9, 100) == []


def test_a_room_without_a_picture_is_tried_more_and_more_seldom():
    pace = Pace(urgent=10, calm=10)
    pace.set_rooms([1], 0)

    taken = run(pace, 600, failing=frozenset({1}))[1]

    gaps = [round(after - before) for before, after in itertools.pairwise(taken)]
    assert gaps[:2] == [10, 10]
    assert set(gaps[5:]) == {10 * MAX_BACKOFF}


def test_rooms_that_are_gone_are_forgotten():
    pace = Pace(urgent=10, calm=10)
    pace.set_rooms([1, 2], 0)
    pace.set_rooms([2], 1)

    assert pace.take(9, 100) == [2]
    pace.done(1, worked=True)
