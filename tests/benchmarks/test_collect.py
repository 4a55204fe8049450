"""What the collector's benchmark makes of the calls it saw."""

import pytest

from benchmarks.collect import refresh_of_unwatched
from benchmarks.platform import Measured


def measured(rooms, seconds, calls):
    readings = [{"command": "get_room_stats", "room_id": f"room-{n}", "at": at} for n, at in calls]
    return Measured(rooms, {"room-watched"}, seconds, readings, [], 0.0, 0, 0.0)


def test_a_refresh_is_the_time_between_two_readings_where_refreshes_fit():
    # 110 rooms without 40 watched: 70, at 50 - 40/3 calls a second in 1.91 s at the least.
    calls = [(n, turn * 2.0) for turn in range(5) for n in range(70)]

    assert refresh_of_unwatched(measured(110, 10.0, calls)) == pytest.approx(
        2.0 / (70 / (50 - 40 / 3))
    )


def test_a_refresh_that_does_not_fit_is_computed_from_the_rate():
    calls = [(n, n / 30) for n in range(600)]

    assert refresh_of_unwatched(measured(5040, 20.0, calls)) == pytest.approx((50 - 40 / 3) / 30)


def test_a_room_read_twice_before_all_were_read_once_proves_it_wrong():
    with pytest.raises(AssertionError, match="read twice"):
        refresh_of_unwatched(measured(5040, 20.0, [(1, 0.0), (1, 5.0), (2, 6.0)]))
