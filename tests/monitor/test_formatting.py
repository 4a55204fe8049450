"""The one form of a time on a screen: relative within the hour, of 24 hours today, else with the
date; in the person's zone, with UTC under the pointer.
"""

import datetime as dt
import zoneinfo

import pytest
from django.utils import timezone

from monitor import formatting

TOKYO = zoneinfo.ZoneInfo("Asia/Tokyo")
NOW = dt.datetime(2026, 11, 30, 16, 30, tzinfo=dt.UTC)  # 01:30 of the next day in Tokyo


@pytest.mark.parametrize(
    ("ago", "in_tokyo"),
    [
        (dt.timedelta(seconds=5), "5 s ago"),
        (dt.timedelta(minutes=59), "59 min ago"),
        (dt.timedelta(minutes=75), "00:15"),
        (dt.timedelta(minutes=105), "2026-11-30 23:45"),
        (dt.timedelta(days=1), "2026-11-30 01:30"),
        (-dt.timedelta(hours=20), "21:30"),
    ],
)
def test_a_moment_is_relative_within_the_hour_and_has_its_date_beyond_today(ago, in_tokyo):
    with timezone.override(TOKYO):
        written = formatting.moment(NOW - ago, now=NOW)
    assert f">{in_tokyo}</time>" in written
    assert f'title="{(NOW - ago):%Y-%m-%d %H:%M:%S} UTC"' in written


def test_a_time_of_day_has_24_hours_and_none_is_a_dash():
    with timezone.override(TOKYO):
        assert ">01:30</time>" in formatting.clock_time(NOW)
    assert formatting.clock_time(None) == "–"
