"""The lane that finds out where hosts are. The vendor is in memory, the loop is real."""

from liveapi.messages import MemberPage, Seat
from rooms.collector.lanes import Members
from rooms.collector.seats import Seats
from rooms.ingest.host_state import Named
from tests.rooms.asked import Vendor, gone, known, poll_context, refusal
from tests.rooms.test_lanes import ignore, lane_of, run_until


def seat(account):
    return (Seat(0, account, None, None, None),)


async def test_seats_are_read_and_robots_only_where_the_host_is_on_one():
    vendor = Vendor(
        {
            "get_seat_list": lambda body: seat("host" if body["RoomId"] == "room-1" else "guest"),
            "get_robot": ("robot",),
        }
    )
    lane = lane_of(Seats, poll_context(vendor, known(1), known(2)), ignore)

    await run_until(lane, lambda: len(lane.read) == 2)

    read = lane.take_read()
    assert {pk: (found.seats, found.robots) for pk, found in read.items()} == {
        1: (seat("host"), ("robot",)),
        2: (seat("guest"), ()),
    }
    assert vendor.bodies("get_robot") == [{"RoomId": "room-1"}]
    assert lane.take_read() == {}


async def test_robots_are_not_asked_for_each_time():
    vendor = Vendor({"get_seat_list": seat("host"), "get_robot": ("host",)})
    lane = lane_of(Seats, poll_context(vendor, known(1)), ignore, rest_interval=0.0)

    await run_until(lane, lambda: len(vendor.bodies("get_seat_list")) > 3)

    assert len(vendor.bodies("get_robot")) == 1
    assert lane.take_read()[1].robots == ("host",), "the answer is kept"


async def test_a_room_without_seats_and_one_without_robots_are_read_all_the_same():
    vendor = Vendor({"get_seat_list": refusal(100251)})
    lane = lane_of(Seats, poll_context(vendor, known(1)), ignore)
    await run_until(lane, lambda: lane.read)
    assert lane.take_read()[1].seats == ()

    vendor = Vendor({"get_seat_list": seat("host"), "get_robot": refusal(100006)})
    lane = lane_of(Seats, poll_context(vendor, known(1)), ignore)
    await run_until(lane, lambda: lane.read)
    assert lane.take_read()[1].robots == ()


async def test_a_room_that_is_gone_is_confirmed_not_ended():
    confirmed = []
    lane = lane_of(
        Seats,
        poll_context(Vendor({"get_seat_list": gone("get_seat_list")}), known(1)),
        confirmed.append,
    )

    await run_until(lane, lambda: confirmed)

    assert (confirmed[0], lane.take_read()) == (1, {})


async def test_what_the_member_lists_say_of_the_host_goes_along():
    pages = [MemberPage(("host", "ben"), 2, ""), MemberPage(("ben",), 1, "")]
    vendor = Vendor({"get_seat_list": seat(""), "get_member_list": lambda _body: pages.pop(0)})
    at = poll_context(vendor, known(1))
    lane = lane_of(Seats, at, ignore)
    members = lane_of(Members, at, lane.noticed, rest_interval=0.0)

    await run_until(members, lambda: not pages)
    await run_until(lane, lambda: lane.read)

    found = lane.take_read()[1].members
    assert found == Named(host=False, everybody=True, before=True, at=found.at)


async def test_a_room_that_ended_is_forgotten():
    vendor = Vendor({"get_seat_list": seat("host"), "get_robot": ()})
    at = poll_context(vendor, known(1))
    lane = lane_of(Seats, at, ignore)
    await run_until(lane, lambda: lane.read)
    at.registry.drop(1)
    assert lane.take_read() == {}
