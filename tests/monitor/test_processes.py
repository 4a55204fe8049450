"""The System page says which processes live and whose clock is off; /readyz refuses a machine that
is.
"""

import json
import time

import pytest
from django.test import Client

from moderation.core.roles import make_person
from rooms.infra import database_time, processes, redis
from tests.support.factories import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forgotten():
    yield
    database_time.forget()


def system() -> str:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(make_person("sup", "supervisor", PASSWORD))
    return client.get("/system").content.decode()


def test_each_process_is_there_with_its_age_and_its_clock(hot, monkeypatch):
    processes.tell("worker-acts machine 11")
    database_time._last = database_time.Measured(12.0, time.time() - 12, time.monotonic())
    processes.tell("collector other machine with blanks 12")
    hot.hset(redis.key("processes"), "beat machine 13", f"{database_time.unix() - 90:.1f} 0.000")
    hot.hset(redis.key("processes"), "web machine 14", f"{database_time.unix() - 9000:.1f} 0.000")

    shown = {process.number: process for process in processes.all_of_them()}

    assert set(shown) == {"11", "12", "13"}
    assert not hot.hexists(redis.key("processes"), "web machine 14")
    assert shown["12"].is_off and not shown["11"].is_off
    assert shown["12"].ahead == pytest.approx(12, abs=0.5)
    assert shown["13"].is_late
    html = system()
    assert "worker-acts" in html
    assert "clock 12.0 s off" in html
    assert "clock correct" in html


def test_without_redis_the_page_says_so(settings):
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    html = system()

    assert "No process has sent a heartbeat." in html
    assert "not answering" in html


@pytest.mark.parametrize(("ahead", "status"), [(0.0, 200), (0.5, 200), (10.0, 503), (-10.0, 503)])
def test_a_machine_whose_clock_is_off_is_not_ready(ahead, status, monkeypatch, settings):
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    right = time.time
    monkeypatch.setattr(time, "time", lambda: right() + ahead)
    answer = Client().get("/readyz")

    assert answer.status_code == status
    assert json.loads(answer.content)["clock"] is (status == 200)


def test_a_wrong_clock_is_said_once_a_minute(caplog, monkeypatch):
    monkeypatch.setattr(database_time, "_said_at", -database_time.SAY_SECONDS)
    database_time._last = database_time.Measured(12.0, time.time() - 12, time.monotonic())
    database_time.say()
    database_time.say()

    assert caplog.text.count("clock is +12.0 s off") == 1
