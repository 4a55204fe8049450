"""How the installation did is kept a minute each, for a day and no longer."""

import pytest

from rooms.infra import call_counter, database_time
from rooms.live import health, system_history
from tests.support.factories import make_room

pytestmark = pytest.mark.django_db
NOON = 1_800_000_000


@pytest.fixture
def at(hot, monkeypatch):
    """A function: it is so many minutes after noon."""

    def now(minutes: float) -> None:
        monkeypatch.setattr(database_time, "unix", lambda: NOON + minutes * 60)

    now(0)
    return now


def test_a_minute_says_what_the_system_page_says(at, monkeypatch):
    monkeypatch.setattr(call_counter, "rates", lambda: {"get_room_stats": 45.0, "other": 9.0})
    health.write({"ok": 1, "budget": b'{"get_room_stats": 90, "other": 100}'})
    for number, age in enumerate((5, 7, 30)):
        make_room(f"room-{number}", statistics_at=NOON - age)
    make_room("unread")
    system_history.keep(waiting=12.7)
    assert system_history.read(60) == [system_history.Minute(NOON // 60, 50, 30, 12, True)]


def test_a_minute_noted_twice_is_one_and_a_day_is_all_that_is_kept(at, hot):
    health.write({"ok": 0})
    for minutes in (0, 0.4, 1, 2, 1441):
        at(minutes)
        system_history.keep(waiting=0)
    assert [one.minute - NOON // 60 for one in system_history.read(1440)] == [2, 1441]
    assert not any(one.ok for one in system_history.read(1440))
    at(3000)
    system_history.keep(waiting=0)
    assert hot.zcard(hot.keys("*system-history")[0]) == 1


def test_without_rooms_there_is_no_age_and_without_redis_nothing(at, hot, settings):
    assert system_history.ages() == (0, None, None)
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    system_history.keep(waiting=0)
    assert system_history.read(60) == []
