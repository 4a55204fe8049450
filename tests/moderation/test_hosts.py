"""Hosts that are gone: when the clock runs, when it stops, and that nothing ends without reading
back.
"""

import datetime as dt

import pytest

from liveapi import LiveApiError
from liveapi.messages import MemberPage, Seat
from moderation.automation import host_absence
from moderation.lifecycle import host_clock
from moderation.models import Action, Hold, PlannedRoom, Rule, RuleHit, RuleSwitch
from moderation.worker import executor
from rooms.live import demand
from rooms.models import Room
from tests.support.clocks import NOW
from tests.support.factories import make_room

pytestmark = pytest.mark.usefixtures("clock")

SECOND = int(NOW.timestamp())
HOST = "anna"


def seats(account):
    return (Seat(0, account, None, None, None),)


@pytest.fixture(autouse=True)
def host_rule(db, service, monkeypatch):
    monkeypatch.setattr(demand, "want_hosts", lambda seconds: None)
    monkeypatch.setattr(host_absence, "is_turn", lambda room: True)
    Rule.objects.filter(slug="host-gone").update(phase="on")
    service.answers |= {
        "get_seat_list": (),
        "get_robot": (),
        "get_member_list": MemberPage(("ben",), 1, ""),
    }


def a_room(room_id="room-1", state="away", gone_for=300, **fields):
    known = {
        "owner_account": HOST,
        "create_time": SECOND - 3600,
        "host_state": state,
        "host_state_at": SECOND - gone_for,
        "host_state_source": "members",
        "host_read_at": SECOND,
        "host_started_at": SECOND - 3500,
    }
    begun = fields.pop("first_seen_at", NOW - dt.timedelta(hours=1))
    room = make_room(room_id, **(known | fields))
    Room.objects.filter(pk=room.pk).update(first_seen_at=begun)
    room.refresh_from_db()
    return room


def ends(room=None) -> list[Action]:
    found = Action.objects.filter(verb="end", by_name="system:host-gone")
    return list(found.filter(room=room) if room else found)


@pytest.mark.parametrize("state", ["away", "lost", "inside"])
def test_a_host_gone_for_the_grace_ends_the_room_once(state, service):
    service.answers["get_member_list"] = MemberPage((HOST,) if state == "inside" else (), 1, "")
    room = a_room(state=state)
    assert host_absence.watch() == 1
    assert host_absence.watch() == 0
    (end,) = ends(room)
    assert "The host has been gone since 11:55:00 UTC" in end.note
    hit = RuleHit.objects.get()
    assert (hit.evidence["since"], hit.evidence["grace"]) == (SECOND - 300, 300)
    executor.execute(end.pk)
    assert not Hold.objects.exists(), "the host may come back with a new broadcast"


def test_within_the_grace_nothing_ends():
    a_room(gone_for=299)
    assert host_absence.watch() == 0
    assert not RuleHit.objects.exists()


def test_a_host_who_is_back_on_a_seat_stops_the_clock(service):
    a_room(state="seated", gone_for=900)
    assert host_absence.watch() == 0
    assert service.calls == []


def test_what_is_stored_ends_nothing_when_the_vendor_tells_otherwise(service):
    a_room()
    service.answers["get_seat_list"] = seats(HOST)
    assert host_absence.watch() == 0
    assert not Action.objects.exists()


@pytest.mark.parametrize("kind", ["timeout", "transport", "budget"])
def test_what_cannot_be_read_back_ends_nothing(service, kind):
    a_room(host_read_at=SECOND - 3600)
    service.answers["get_seat_list"] = LiveApiError("no answer", kind=kind)
    assert host_absence.watch() == 0
    assert not Action.objects.exists()


def test_a_robot_is_no_host_but_the_robot_that_streams_for_the_host_is(service):
    service.answers |= {"get_seat_list": seats("robot_1"), "get_robot": ("robot_1",)}
    room = a_room()
    assert host_absence.watch() == 1
    assert ends(room)
    service.answers |= {
        "get_seat_list": seats(f"live_obs_{HOST}"),
        "get_robot": (f"live_obs_{HOST}",),
    }
    a_room("room-2")
    assert host_absence.watch() == 0


def test_a_room_never_entered_is_ended_counted_from_when_it_was_known():
    fresh = a_room(host_started_at=None, first_seen_at=NOW - dt.timedelta(seconds=299))
    assert host_absence.watch() == 0
    Room.objects.filter(pk=fresh.pk).update(first_seen_at=NOW - dt.timedelta(seconds=300))
    assert host_absence.watch() == 1
    assert ends(fresh)[0].note == "The host has not started since 11:55:00 UTC."


def test_a_planned_room_is_not_late_before_its_time(policy):
    room = a_room(host_started_at=None)
    PlannedRoom.objects.create(
        room_id=room.room_id,
        owner_account=HOST,
        seat_template="VideoDynamicGrid9Seats",
        policy=policy,
        by_name="api:shop",
        status="created",
        broadcast=room,
        due_at=NOW,
        give_up_at=NOW,
        starts_at=NOW - dt.timedelta(seconds=200),
    )
    assert host_absence.watch() == 0
    PlannedRoom.objects.update(starts_at=NOW - dt.timedelta(seconds=300))
    assert host_absence.watch() == 1


def test_somebody_who_came_and_went_by_webhooks_alone_is_counted_from_then():
    room = a_room(host_started_at=None, gone_for=100, host_state_source="event", state="lost")
    assert host_absence.watch() == 0
    clock = host_clock.clock_of(room, 300)
    assert clock is not None
    assert (clock.since, clock.has_started) == (SECOND - 100, False)


def test_where_nobody_has_told_of_the_host_no_clock_runs(service):
    room = a_room(state="", host_state_at=None, host_read_at=None, host_started_at=None)
    assert host_clock.clock_of(room, 300) is None
    assert host_absence.watch() == 0
    assert service.calls == []


def test_the_grace_is_the_rules_own():
    Rule.objects.filter(slug="host-gone").update(settings={"grace": 60})
    a_room(gone_for=61)
    assert host_absence.watch() == 1


def test_off_switched_off_or_dry_it_orders_nothing(service):
    a_room()
    Rule.objects.filter(slug="host-gone").update(phase="off")
    host_absence.watch()
    Rule.objects.filter(slug="host-gone").update(phase="on")
    RuleSwitch.objects.update(all_off=True)
    host_absence.watch()
    assert service.calls == []
    RuleSwitch.objects.update(all_off=False)
    Rule.objects.filter(slug="host-gone").update(phase="shadow")
    host_absence.watch()
    assert RuleHit.objects.get().outcome == "dry"
    assert not Action.objects.exists()


def test_an_end_that_was_given_up_is_tried_again_a_minute_later(clock):
    a_room()
    host_absence.watch()
    Action.objects.update(status="failed", finished_at=NOW)
    host_absence.watch()
    assert len(ends()) == 1
    clock.shift(61)
    host_absence.watch()
    assert len(ends()) == 2


def test_one_look_reads_a_bounded_number_of_rooms(service):
    for number in range(host_absence.MAX_READ + 3):
        a_room(f"room-{number}")
    assert host_absence.watch() == host_absence.MAX_READ
    assert host_absence.watch() == 3
