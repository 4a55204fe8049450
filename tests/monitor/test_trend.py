"""What is compared with a few minutes ago."""

import pytest
from django.utils.safestring import SafeString

from monitor.formatting import a_minute, signed, spike
from monitor.pages import charts, trends
from monitor.pages.trends import Trend
from monitor.templatetags.console import source


@pytest.fixture(autouse=True)
def fresh():
    trends.forget()


def test_the_oldest_known_figures_of_five_minutes_are_compared_with():
    trends.learn({1: [(100, 5, 10), (650, 7, None), (700, 8, 20), (900, 9, 30)]}, 900.0)
    found = trends.of(1)
    assert (found.online, found.reward, found.reward_at) == (7, 20, 700)


def test_the_change_and_the_rate_are_since_then():
    found = Trend(SafeString(), online=50, reward=600, reward_at=1000)
    assert found.online_change(62) == 12
    assert found.coins_a_minute(900, 1120) == 150.0


def test_what_is_not_known_has_no_change():
    nothing, something = (
        Trend(SafeString()),
        Trend(SafeString(), online=5, reward=5, reward_at=1000),
    )
    assert nothing.online_change(5) is None
    assert nothing.coins_a_minute(5, 1100) is None
    assert something.online_change(None) is None
    assert something.coins_a_minute(None, 1100) is None
    assert something.coins_a_minute(9, None) is None


def test_a_rate_of_a_few_seconds_is_not_told():
    assert Trend(SafeString(), reward=5, reward_at=1000).coins_a_minute(9, 1019) is None


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


def test_a_sparkline_has_a_point_every_other_pixel_at_most():
    drawn = charts.spark([(at, at % 7) for at in range(900)], width=76, height=22)
    assert drawn.line.count(",") <= 76 / charts.SPARK_STEP + 1
    assert drawn.line.endswith(f"76.0,{drawn.last_y}")


def steady(until, a_minute=60):
    """(Unix seconds, total) every 10 seconds of a room that takes so many coins a minute."""
    return [(at, at * a_minute // 60) for at in range(0, until + 1, 10)]


def test_a_minute_of_many_times_the_usual_coins_is_a_spike():
    rewards = steady(600)
    rewards += [(610 + 10 * n, rewards[-1][1] + 100 * (n + 1)) for n in range(6)]
    assert trends.spike_of(rewards) == 10


def test_steady_coins_are_no_spike_and_neither_are_a_few():
    assert trends.spike_of(steady(600)) is None
    assert trends.spike_of([*steady(600, 0), (660, 90)]) is None


def test_without_minutes_to_compare_with_nothing_is_a_spike():
    assert trends.spike_of([]) is None
    assert trends.spike_of([(0, 0), (60, 5000)]) is None


def test_a_spike_is_marked_in_words():
    assert "6 times its usual coins" in spike(6)
    assert spike(None) == ""
