"""What is compared with a few minutes ago."""

import pytest

from monitor import charts, past
from monitor.past import Trend, trend
from monitor.templatetags.console import a_minute, signed, source


@pytest.fixture(autouse=True)
def fresh():
    past.forget()


def test_the_oldest_reading_of_five_minutes_is_the_base():
    past.learn({1: [(100, 5, 10), (650, 7, 20), (900, 9, 30)]}, 900.0)
    assert past.of(1).then == (650, 7, 20)


def test_a_trend_is_the_change_and_the_rate_since_then():
    found = trend((1000, 50, 600), online=62, reward=900, statistics_at=1120)
    assert found == Trend(at=1000, online=50, reward=600, online_change=12, coins_a_minute=150.0)


@pytest.mark.parametrize(
    ("then", "figures"),
    [
        (None, {"online": 5, "reward": 5, "statistics_at": 1000}),
        ((1000, None, None), {"online": 5, "reward": 5, "statistics_at": 1100}),
        ((1000, 5, 5), {"online": None, "reward": None, "statistics_at": None}),
        ((1000, 5, 5), {"online": None, "reward": 9, "statistics_at": 1010}),
    ],
)
def test_what_is_not_known_has_no_trend(then, figures):
    found = trend(then, **figures)
    assert found.online_change is None
    assert found.coins_a_minute is None


def test_changes_are_written_with_their_sign():
    assert signed(1234) == "+1,234"
    assert signed(-5) == "\N{MINUS SIGN}5"
    assert signed(0) == signed(None) == ""
    assert a_minute(1234.4) == "+1,234/min"
    assert a_minute(0.2) == a_minute(None) == a_minute(-3.0) == ""


def test_a_source_is_told_in_words_and_an_unknown_one_as_it_is():
    assert "40 s" in source("members")
    assert source("Popularity") == "Popularity"


def test_a_line_needs_two_readings():
    assert charts.spark([(1, 5)]) is None
    assert charts.spark([(1, 5), (2, None)]) is None
    drawn = charts.spark([(0, 0), (10, 10)], width=76, height=22)
    assert drawn is not None
    assert drawn.line == "0.0,20.0 76.0,2.0"
    assert (drawn.last_x, drawn.last_y) == ("76.0", "2.0")
