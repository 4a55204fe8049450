"""Patrol coverage: hours, people, rooms that were not looked at, and the table for spreadsheets."""

import csv
import datetime as dt
import io

import pytest
from django.utils import timezone

from moderation.patrol import coverage, looks
from moderation.patrol.looks import Seen
from rooms.live import push
from rooms.models import Room
from tests.support.factories import log_in, make_room

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr(push, "publish_seen", lambda seen: None)


def look(person, room, *, minutes_ago=0):
    at = timezone.now() - dt.timedelta(minutes=minutes_ago)
    looks.record({person.pk: [Seen(room.pk, 3, "wall")]}, at=at)


def test_an_hour_tells_how_many_of_its_rooms_were_seen(people):
    now = dt.datetime(2026, 5, 4, 12, 30, tzinfo=dt.UTC)
    on_air, ended = make_room("on air"), make_room("ended")
    Room.objects.update(first_seen_at=now - dt.timedelta(hours=3))
    Room.objects.filter(pk=ended.pk).update(ended_at=now - dt.timedelta(minutes=40))
    seen = [Seen(on_air.pk, 3, "wall")]
    looks.record({people["moderator"].pk: seen}, at=now - dt.timedelta(minutes=45))
    looks.record({people["auditor"].pk: seen}, at=now - dt.timedelta(minutes=5))
    before, last, this = coverage.hours(3, now)
    assert [(hour.live, hour.seen, hour.share) for hour in (before, last, this)] == [
        (2, 0, 0),
        (2, 1, 50),
        (1, 1, 100),
    ]
    assert this.begin == dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC)


def test_people_are_told_by_rooms_and_hours(people):
    one, two = make_room("one"), make_room("two")
    look(people["moderator"], one)
    look(people["moderator"], one)
    look(people["moderator"], two)
    look(people["auditor"], two, minutes_ago=600)
    page = coverage.page(8)
    assert [(person.name, person.rooms, person.looks) for person in page["people"]] == [
        ("moderator", 2, 3)
    ]
    assert page["at_work"] == 1 and page["each"] == 2.0


def test_a_moderator_sees_the_own_line_alone_and_no_table(client, people):
    room = make_room("one")
    look(people["moderator"], room)
    look(people["banadmin"], room)
    html = log_in(client, people["moderator"]).get("/coverage").content.decode()
    assert "<td>moderator</td>" in html and "<td>banadmin</td>" not in html
    html = log_in(client, people["supervisor"]).get("/coverage?hours=24").content.decode()
    assert "<td>moderator</td>" in html and "<td>banadmin</td>" in html


def test_rooms_that_nobody_looked_at_are_named_with_a_tour_of_them(client, people):
    make_room("forgotten")
    Room.objects.update(first_seen_at=timezone.now() - dt.timedelta(hours=1))
    html = log_in(client, people["supervisor"]).get("/coverage").content.decode()
    assert "forgotten" in html and "/wall?tour=1" in html


def test_the_table_disarms_what_a_spreadsheet_would_run(client, people):
    room = make_room("=cmd|' /C calc'!A0", name="@SUM(1)")
    look(people["moderator"], room)
    answer = log_in(client, people["auditor"]).get("/coverage/table?hours=8")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer["Content-Type"].startswith("text/csv")
    assert rows[0]["room_id"] == "'=cmd|' /C calc'!A0" and rows[0]["room"] == "'@SUM(1)"
    assert rows[0]["looks"] == "1"


@pytest.mark.parametrize("asked", ["", "x", "-1", "10000000", "9"])
def test_nonsense_counts_as_the_shortest_time(client, people, asked):
    assert (
        log_in(client, people["supervisor"]).get("/coverage", {"hours": asked}).context["count"]
        == 8
    )


def test_a_week_takes_no_more_questions_than_a_shift(people, django_assert_max_num_queries):
    """It was six hundred and seventy questions, one session's page in everybody's way (ten seconds
    at 100,000 looks).
    """
    look(people["moderator"], make_room("one"), minutes_ago=200)
    for count in (8, coverage.MAX_HOURS):
        with django_assert_max_num_queries(11):
            page = coverage.page(count)
        assert sum(hour.seen for hour in page["hours"]) == 1


def test_a_page_that_is_loaded_again_and_again_is_one_reading(
    client, people, settings, monkeypatch
):
    """Of each person's own view: what one may see is never shown to another."""
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "coverage",
        }
    }
    readings = []
    read = coverage.read_page
    monkeypatch.setattr(
        coverage, "read_page", lambda count, name: readings.append(name) or read(count, name)
    )
    for room in ("one", "two"):
        look(people["banadmin"], make_room(room))
    shown = {}
    for role in ("supervisor", "moderator", "banadmin", "auditor", "supervisor"):
        for _ in range(2):
            context = log_in(client, people[role]).get("/coverage", {"hours": "24"}).context
            shown[role] = [person.name for person in context["people"]]
    assert sorted(readings) == ["", "banadmin", "moderator"]
    everybody = ["banadmin"]
    assert shown == {
        "supervisor": everybody,
        "auditor": everybody,
        "banadmin": everybody,
        "moderator": [],
    }


def test_hours_of_a_person_are_counted_by_the_clock_in_utc(people):
    room = make_room("one")
    now = dt.datetime(2026, 5, 4, 12, 30, tzinfo=dt.UTC)
    for minutes in (5, 25, 40, 170):
        looks.record(
            {people["moderator"].pk: [Seen(room.pk, 3, "wall")]},
            at=now - dt.timedelta(minutes=minutes),
        )
    with timezone.override(dt.timezone(dt.timedelta(hours=5, minutes=45))):
        (person,) = coverage.people(8, now)
        shown = [hour.seen for hour in coverage.hours(4, now)]
    assert (person.looks, person.hours, person.rooms) == (4, 3, 1)
    assert shown == [1, 0, 1, 1]
