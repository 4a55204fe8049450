"""The waiting between attempts."""

import random

import pytest

from liveapi import backoff


class Highest(random.Random):
    def random(self):
        return 1.0


@pytest.mark.parametrize(
    ("attempt", "most"), [(0, 0.5), (1, 0.5), (2, 1), (3, 2), (6, 16), (7, 30), (10_000, 30)]
)
def test_the_longest_wait_doubles_up_to_the_cap(attempt, most):
    assert backoff(attempt, rng=Highest()) == most


def test_the_waits_are_spread_from_nothing_on():
    waits = [backoff(4, base=1, cap=100, rng=random.Random(seed)) for seed in range(200)]

    assert 0 <= min(waits) < 1
    assert 7 < max(waits) <= 8
