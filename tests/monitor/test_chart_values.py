"""Charts carry their values as text: in words, in a table, and for the keyboard."""

import datetime as dt
import re

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from moderation.core.roles import make_person
from monitor.pages import charts
from monitor.pages.charts import Mark, Value
from monitor.personal import preferences
from rooms.models import Sample
from tests.support.factories import PASSWORD, log_in, make_room

NOW = 1_800_000_000.0
HOUR = 3600.0


def drawn(values, **options):
    shape = {"begin": NOW - HOUR, "end": NOW, "step": 60.0}
    return charts.chart(values, **{**shape, **options})


def test_a_chart_tells_least_most_and_last_and_of_equal_ones_the_latest():
    values = [
        Value(NOW - 60 * back, value) for back, value in ((6, 9), (5, 2), (3, 9), (2, 2), (0, 7))
    ]
    told = drawn(values).summary
    assert [one.words for one in (told.least, told.most, told.last)] == ["2", "9", "7"]
    assert [float(one.x) for one in (told.least, told.most, told.last)] == pytest.approx(
        [100 - 2 / 0.6, 95, 100], abs=0.01
    )


@pytest.mark.parametrize("count", [0, 1])
def test_what_is_no_line_tells_nothing(count):
    assert drawn([Value(NOW, 1)] * count).summary is None


def test_a_hole_in_the_values_is_a_hole_in_the_line():
    values = [Value(NOW - 60 * back, 5) for back in (30, 29, 28, 10, 9)]
    assert [len(line.split()) for line in drawn(values).lines] == [3, 2]


def test_what_lies_outside_the_time_is_not_drawn():
    values = [Value(NOW - 2 * HOUR, 1), Value(NOW - 60, 2), Value(NOW, 3)]
    marks = [Mark(NOW - 2 * HOUR, "act", "before"), Mark(NOW - HOUR / 2, "alert", "within")]
    chart = drawn(values, marks=marks)
    assert [one.words for one in chart.values] == ["2", "3"]
    assert [(one.words, one.x, one.kind) for one in chart.marks] == [("within", "50.00", "alert")]


@pytest.mark.parametrize(
    ("seconds", "labels"),
    [(HOUR, 5), (24 * HOUR, 7), (30 * 24 * HOUR, 7)],
)
def test_the_time_axis_has_a_handful_of_round_labels(seconds, labels):
    with timezone.override("Asia/Tokyo"):
        found = charts.alongs(NOW - seconds, NOW)
    assert labels - 1 <= len(found) <= labels
    assert all(re.fullmatch(r"\d\d:(00|15|30|45)|\d\d-\d\d", words) for _x, words in found)


@given(
    st.lists(st.tuples(st.floats(0, HOUR), st.integers(0, 10**12)), max_size=30),
    st.booleans(),
)
def test_whatever_the_values_are_they_stay_in_the_plot(points, is_bars):
    values = [Value(NOW - HOUR + at, value) for at, value in sorted(points)]
    chart = drawn(values, is_bars=is_bars)
    assert len(chart.values) == len(values)
    assert all(0 <= float(one.x) <= 100 and 0 <= float(one.y) <= 100 for one in chart.values)


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "least"), [("en", "lowest 10"), ("ja", "最小 10")])
def test_the_page_says_it_in_words_and_as_a_table_in_the_persons_zone(language, least, client):
    room = make_room("charted", create_time=int(timezone.now().timestamp()) - 3600)
    minute = int(timezone.now().timestamp()) // 60
    for back, online in ((9, 40), (6, 10), (2, 30)):
        Sample.objects.create(room=room, minute=minute - back, online=online, reward=0)
    person = make_person("noor", "moderator", PASSWORD)
    preferences.save(by=person, language=language, time_zone="Asia/Tokyo")
    page = log_in(client, person).get(f"/rooms/{room.pk}/chart").content.decode()
    assert least in page
    assert 'aria-describedby="online-told"' in page
    table = re.search(r'id="online-told".*?<tbody>(.*?)</tbody>', page, re.S).group(1)
    assert re.findall(r'<td class="num">(\d+)</td>', table) == ["40", "10", "30"]
    tokyo = dt.timezone(dt.timedelta(hours=9))
    at = dt.datetime.fromtimestamp((minute - 2) * 60 + 59, tokyo)
    assert f'scope="row">{at:%H:%M}</th>' in table or f"{at:%Y-%m-%d %H:%M}</th>" in table
