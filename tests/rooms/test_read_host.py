"""Asking at once where a host is."""

import pytest

from liveapi import Answer, LiveApiError
from liveapi.messages import MemberPage, Seat
from rooms.ingest import host_events
from rooms.models import Room


class Vendor:
    """Answers by command; notes what was asked, and in which lane."""

    def __init__(self, **answers):
        self.answers = {"get_seat_list": (), "get_robot": (), **answers}
        self.asked = []

    def call(self, call, *, lane):
        self.asked.append((call.command, lane))
        found = self.answers[call.command]
        if isinstance(found, LiveApiError):
            raise found
        return Answer(found, "request", 0.0)


def refusal(code):
    return LiveApiError("refused", kind="vendor", code=code)


def seat(account):
    return (Seat(0, account, None, None, None),)


def room(**fields):
    return Room(room_id="room-1", owner_account="anna", **fields)


def test_a_host_on_a_seat_needs_two_calls():
    vendor = Vendor(get_seat_list=seat("anna"), get_robot=("robot",))

    found = host_events.read_host(vendor, room(), "act")

    assert (found.state, found.robots) == (Room.HostState.SEATED, ("robot",))
    assert vendor.asked == [("get_seat_list", "act"), ("get_robot", "act")]


def test_without_a_seat_the_member_list_tells():
    page = MemberPage(("ben",), 1, "")
    assert host_events.read_host(Vendor(get_member_list=page), room()).state == Room.HostState.AWAY
    page = MemberPage(("ben", "anna"), 2, "")
    assert (
        host_events.read_host(Vendor(get_member_list=page), room()).state == Room.HostState.INSIDE
    )


def test_a_lost_heartbeat_is_looked_up_in_the_member_list_though_the_seat_is_kept():
    vendor = Vendor(get_seat_list=seat("anna"), get_member_list=MemberPage(("ben",), 1, ""))
    lost = room(host_state="lost", host_state_at=1000, host_state_source="event")
    assert host_events.read_host(vendor, lost).state == Room.HostState.LOST
    vendor.answers["get_member_list"] = MemberPage(("ben", "anna"), 2, "")
    assert host_events.read_host(vendor, lost).state == Room.HostState.SEATED


def test_codes_that_say_none_are_no_trouble_and_others_are():
    page = MemberPage((), 0, "")
    vendor = Vendor(get_seat_list=refusal(100251), get_robot=refusal(100006), get_member_list=page)
    assert host_events.read_host(vendor, room()).state == Room.HostState.AWAY
    with pytest.raises(LiveApiError):
        host_events.read_host(Vendor(get_seat_list=refusal(100004)), room())
