"""Charts carry their values for whoever does not see them."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from moderation.core.roles import make_person
from monitor.pages import charts
from monitor.personal import preferences
from rooms.models import Sample
from tests.support.factories import PASSWORD, log_in, make_room

NOW = 1_800_000_000.0


def test_a_chart_tells_least_most_and_last_with_their_times():
    values = [5, 9, 2, 9, 2, None, 7]
    points = [(NOW - 60 * (len(values) - n), value) for n, value in enumerate(values)]
    told = charts.chart(points, minutes=60, now=NOW).told
    assert [one.value for one in (told.least, told.most, told.last)] == [2, 9, 7]
    assert [(NOW - one.at.timestamp()) / 60 for one in (told.least, told.most, told.last)] == [
        3,
        4,
        1,
    ]


def test_some_readings_are_told_oldest_first_and_not_all():
    points = [(NOW - 60 * back, float(back)) for back in range(59, -1, -1)]
    some = charts.chart(points, minutes=60, now=NOW).told.some
    assert len(some) in (12, 13)
    assert [one.at for one in some] == sorted(one.at for one in some)
    assert some[-1].value == 0


@pytest.mark.parametrize("points", [[], [(NOW, 1)], [(NOW, None), (NOW - 60, None)]])
def test_what_is_not_drawn_tells_nothing(points):
    assert charts.chart(points, minutes=60, now=NOW).told is None


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
    assert re.findall(r"<td>(\d+)</td>", table)[-1] == "30"
    tokyo = dt.timezone(dt.timedelta(hours=9))
    at = dt.datetime.fromtimestamp((minute - 2) * 60 + 59, tokyo)
    assert f'<th scope="row">{at:%H:%M}</th>' in table
