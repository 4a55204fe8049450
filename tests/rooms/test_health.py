"""How the vendor is doing: three failures in a row are trouble, one answer ends it."""

import time
from collections import Counter

from liveapi import LiveApiError
from rooms.collector import vendor_health
from rooms.collector.vendor_health import VendorHealth
from rooms.infra import call_counter
from rooms.live import health
from tests.support.clocks import Clock

LOST = LiveApiError("no answer in time", kind="timeout", retryable=True, command="get_room_list")


def test_one_failure_is_no_trouble():
    seen = VendorHealth(Clock())
    seen.failed(LOST)
    seen.failed(LOST)

    assert seen.ok


def test_three_failures_in_a_row_are_trouble_since_the_first():
    clock = Clock()
    seen = VendorHealth(clock)
    for _ in range(3):
        seen.failed(LOST)
        clock.now += 2

    assert not seen.ok
    assert seen.since == 1000
    assert "no answer in time" in seen.text


def test_an_answer_in_between_starts_the_count_anew():
    seen = VendorHealth(Clock())
    for _ in range(5):
        seen.failed(LOST)
        seen.failed(LOST)
        seen.answered()

    assert seen.ok


def test_ten_seconds_of_failures_are_trouble_however_few():
    clock = Clock()
    seen = VendorHealth(clock)
    seen.failed(LOST)
    clock.now += vendor_health.SILENCE
    seen.failed(LOST)

    assert not seen.ok


def test_an_answer_ends_the_trouble():
    clock = Clock()
    seen = VendorHealth(clock)
    for _ in range(3):
        seen.failed(LOST)
    clock.now += 60
    seen.answered()

    assert (seen.ok, seen.since, seen.text) == (True, 1060, "")


def test_what_is_written_is_read(hot):
    seen = VendorHealth()
    for _ in range(3):
        seen.failed(LOST)
    now = int(time.time() * 1000)
    health.write(
        {**seen.fields(), "tick_at": now, "leader": "me", "budget": b'{"get_room_list": 5}'}
    )

    found = health.read()

    assert (found["ok"], found["leader"], found["collecting"]) == (False, "me", True)
    assert found["tick_at"] == now // 1000
    assert found["budget"] == {"get_room_list": 5}


def test_a_collector_that_is_silent_does_not_collect(hot):
    health.write({"tick_at": int((time.time() - 60) * 1000)})

    assert health.read()["collecting"] is False


def test_calls_of_all_processes_are_added_up(hot, monkeypatch):
    monkeypatch.setattr(call_counter, "_flush_at", 0.0)
    monkeypatch.setattr(call_counter, "_counted", Counter())
    for _ in range(20):
        call_counter.count("get_room_stats", 0, 0.01)
    call_counter.flush()
    later = time.time() + call_counter.STEP
    monkeypatch.setattr("time.time", lambda: later)

    assert call_counter.rates() == {"get_room_stats": 2.0}


def test_counting_without_redis_raises_nothing(no_redis, monkeypatch):
    monkeypatch.setattr(call_counter, "_flush_at", 0.0)

    call_counter.observe("get_room_stats", None, 0.01)
