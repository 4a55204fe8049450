"""The past of a room: an hour, a day or a month, reduced in the database."""

import datetime as dt

import pytest
from django.utils import timezone

from moderation.core.roles import make_person
from moderation.models import Action, Alert, Policy
from monitor.pages import charts
from monitor.room_page import history as room_history
from rooms.models import Sample
from tests.support.factories import PASSWORD, log_in, make_room

pytestmark = pytest.mark.django_db
HOUR, DAY, MONTH = room_history.RANGES


@pytest.fixture
def end():
    """Of a step of all ranges, so that none is cut."""
    return timezone.now().timestamp() // 21600 * 21600


def keep(room, end, *rows):
    """rows: (minutes before the end, online, reward)."""
    for back, online, reward in rows:
        minute = int(end) // 60 - back
        Sample.objects.create(room=room, minute=minute, online=online, reward=reward)


def test_a_step_of_a_day_is_the_mean_of_its_minutes_with_its_peak(end):
    room = make_room("busy")
    keep(room, end, (30, 10, 0), (29, 20, 0), (28, 90, 0), (15, 7, 0))
    found = room_history.people(room_history.steps([room.pk], end - 86400, end, 15), 15)
    assert [(one.value, one.highest) for one in found] == [(40.0, 90), (7.0, 7)]
    assert [end - one.at for one in found] == [1800, 900]


def test_coins_count_from_the_total_before_and_never_across_broadcasts(end):
    first, second = make_room("host"), make_room("host-again")
    keep(first, end, (60, 1, 1000), (45, 1, 1300))
    keep(second, end, (30, 1, 50), (15, 1, 200))
    rows = room_history.steps([first.pk, second.pk], end - 86400, end, 15)
    found = {round((end - one.at) / 60): one.value for one in room_history.coins(rows, 15)}
    assert found == {60: 0, 45: 20, 30: 0, 15: 10}


def test_minutes_without_a_reading_are_no_zero(end):
    room = make_room("unread")
    keep(room, end, (3, None, None), (2, 5, None))
    rows = room_history.steps([room.pk], end - 3600, end, 1)
    assert [one.value for one in room_history.people(rows, 1)] == [5]
    assert room_history.coins(rows, 1) == []


def test_a_month_knows_the_broadcasts_before_under_the_same_room_id(end):
    now = timezone.now()
    before = make_room("again", create_time=1000, ended_at=now - dt.timedelta(days=3))
    long_ago = make_room("again", create_time=500, ended_at=now - dt.timedelta(days=80))
    room = make_room("again", create_time=2000)
    make_room("other", create_time=1500)
    begin = now.timestamp() - MONTH.minutes * 60
    assert room_history.broadcasts(room, begin) == [room.pk, before.pk]
    assert room_history.broadcasts(before, begin) == [before.pk]
    assert long_ago.pk not in room_history.broadcasts(room, begin)


def test_a_month_of_minutes_is_some_hundred_values_by_one_question(end, django_assert_num_queries):
    room = make_room("always-on")
    last = int(end) // 60
    Sample.objects.bulk_create(
        Sample(room=room, minute=last - back, online=back % 50, reward=0)
        for back in range(0, MONTH.minutes, 7)
    )
    with django_assert_num_queries(1):
        rows = room_history.steps([room.pk], end - MONTH.minutes * 60, end, MONTH.step)
    assert 100 < len(rows) <= MONTH.minutes // MONTH.step + 1


@pytest.mark.parametrize(
    ("asked", "name"), [("24h", "24h"), ("30d", "30d"), ("", "1h"), ("x" * 99, "1h"), ("1H", "1h")]
)
def test_a_range_that_is_none_is_the_hour(asked, name):
    assert charts.asked_range(asked, room_history.RANGES).name == name


def test_acts_and_alerts_are_marked_with_their_words(client, end):
    room = make_room("marked")
    now = int(timezone.now().timestamp())
    keep(room, now, (5, 10, 0), (4, 12, 0), (3, 11, 0))
    Action.objects.create(
        room=room,
        verb="warn",
        policy=Policy.objects.first(),
        by_name="mika",
        status="done",
        due_at=timezone.now(),
        give_up_at=timezone.now(),
    )
    Alert.objects.create(room=room, source="mika", title="Look at this <b>")
    person = make_person("watcher", "moderator", PASSWORD)
    hour = log_in(client, person).get(f"/rooms/{room.pk}/chart").content.decode()
    assert "Warn host (done), mika" in hour
    assert hour.count("chart__mark--act") == 2, "on both charts"
    assert hour.count("chart__mark--alert") == 2
    assert "Look at this &lt;b&gt;" in hour


def test_each_range_has_an_address_that_a_colleague_can_open(client):
    room = make_room("shared")
    log_in(client, make_person("watcher", "moderator", PASSWORD))
    page = client.get(f"/rooms/{room.pk}?range=30d").content.decode()
    assert f'hx-get="/rooms/{room.pk}/chart?range=30d"' in page
    fragment = client.get(f"/rooms/{room.pk}/chart?range=30d").content.decode()
    assert f'href="/rooms/{room.pk}?range=24h"' in fragment
    assert fragment.count('aria-current="true"') == 1
