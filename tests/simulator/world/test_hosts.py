"""Hosts: where they are, what is told of it, and what else depends on it."""

import itertools
import time

import aiohttp
import pytest

from liveapi.usersig import sign
from simulator.world import events
from simulator.world.rooms import AWAY, INSIDE, LOST, NEVER, SEATED
from tests.simulator.conftest import SDKAPPID, SECRET, make_world

NEW = {"RoomId": "live_new", "RoomType": "Live", "Owner_Account": "viewer_7"}


@pytest.fixture
def told(vendor):
    """What is told from now on, event by event."""
    heard = []
    vendor.world.listener = heard.append
    return heard


async def order(vendor, what, **fields):
    answer = await vendor.client.post(f"/_simulator/{what}", json=fields)
    return answer.status, await answer.json()


def seated(event):
    return {
        seat["Index"]: seat["Member_Account"]
        for seat in event.body["SeatList"]
        if "Member_Account" in seat
    }


async def host(vendor, does, room_id=None, **how):
    status, answer = await order(
        vendor, "host", room_id=room_id or vendor.room.room_id, does=does, **how
    )
    assert status == 200, answer
    return answer["host"]


async def test_a_lost_heartbeat_empties_the_seat_and_a_host_who_is_back_takes_it_again(
    vendor, told
):
    before = vendor.world.online(vendor.room)
    assert await host(vendor, "loses_heartbeat") == LOST
    assert (
        (await vendor.in_room("get_seat_list"))["SeatList"][0].keys().isdisjoint({"Member_Account"})
    )
    assert vendor.world.online(vendor.room) == before - 1
    assert await host(vendor, "back") == SEATED
    assert vendor.world.online(vendor.room) == before
    members = [event.body for event in told if event.command == events.MEMBERS]
    assert [(body["EventType"], body["EventCause"]) for body in members] == [
        ("Offline", "HeartbeatInterrupt"),
        ("Online", "HeartbeatRecover"),
    ]
    assert [seated(event) for event in told if event.command == events.SEATS] == [
        {},
        {0: vendor.room.owner},
    ]


async def test_a_host_leaves_and_comes_without_taking_a_seat(vendor, told):
    entered = vendor.room.entered
    assert await host(vendor, "leaves") == AWAY
    assert await host(vendor, "comes", seat=False) == INSIDE
    assert await host(vendor, "takes_seat") == SEATED
    assert await host(vendor, "leaves_seat") == INSIDE
    assert vendor.room.entered == entered + 1
    causes = [event.body["EventCause"] for event in told if event.command == events.MEMBERS]
    assert causes == ["Leave", "Enter"]


async def test_what_is_so_already_is_not_told_again(vendor, told):
    for does in ("comes", "back", "takes_seat"):
        assert await host(vendor, does) == SEATED
    assert told == []
    await host(vendor, "leaves")
    told.clear()
    for does in ("leaves", "loses_heartbeat", "takes_seat", "leaves_seat"):
        assert await host(vendor, does) == AWAY
    assert told == []


async def test_the_host_of_a_room_created_by_rest_is_not_there_until_ordered(vendor, told):
    await vendor.get("create_room", {"RoomInfo": NEW})
    assert [event.command for event in told] == [events.CREATED]
    room = vendor.world.rooms["live_new"]
    assert (room.host_state, vendor.world.online(room), room.seats) == (NEVER, 0, {})
    assert await host(vendor, "comes", "live_new") == SEATED
    assert vendor.world.online(room) == 1
    assert [event.command for event in told[1:]] == [events.MEMBERS, events.SEATS]


async def test_the_host_of_a_created_room_comes_by_itself_when_the_world_is_so():
    world = make_world(host_comes=20.0)
    room = world.open_room(by_rest=True)
    world.clock.step(19)
    world.move()
    assert room.host_state == NEVER
    world.clock.step(1)
    world.move()
    assert (room.host_state, room.seats) == (SEATED, {0: room.owner})


async def test_a_banned_host_does_not_come_in(vendor):
    await host(vendor, "leaves")
    await vendor.in_room("ban_member", MemberList_Account=[vendor.room.owner], Duration=60)
    status, answer = await order(vendor, "host", room_id=vendor.room.room_id, does="comes")
    assert (status, answer["code"]) == (409, 100016)


async def test_the_seat_commands_move_the_host_too(vendor):
    await vendor.in_room("kick_user_off_seat", Member_Account=vendor.room.owner)
    assert vendor.room.host_state == INSIDE
    await vendor.in_room("pick_user_on_seat", Member_Account=vendor.room.owner, Index=3)
    assert vendor.room.host_state == SEATED
    await host(vendor, "leaves")
    assert (
        await vendor.code_in_room("pick_user_on_seat", Member_Account=vendor.room.owner, Index=1)
        == 100005
    )


async def test_a_room_is_opened_with_its_host_elsewhere(vendor):
    await order(vendor, "rooms", RoomId="r", host="never", stubborn=True)
    room = vendor.world.rooms["r"]
    assert (room.host_state, room.seats) == (NEVER, {})
    assert vendor.world.is_stubborn(room)
    assert (await order(vendor, "rooms", host="on holiday"))[0] == 400
    assert (await order(vendor, "host", room_id="r", does="somersault"))[0] == 400


async def test_a_stubborn_host_by_order_stays_stubborn(vendor):
    await order(vendor, "rooms", RoomId="r", Owner_Account="anna", stubborn=True)
    for _ in range(2):
        await vendor.get("destroy_room", {"RoomId": "r"})
        assert "r" not in vendor.world.rooms
        vendor.step(13)
        assert vendor.world.rooms["r"].owner == "anna"


async def test_an_owner_hands_the_room_over_to_somebody_in_it(vendor, told):
    vendor.world.enter(vendor.room, "ben")
    before, online = vendor.room.owner, vendor.world.online(vendor.room)
    assert (await order(vendor, "owner", room_id=vendor.room.room_id, account="ben"))[0] == 200
    assert (vendor.room.owner, vendor.room.host_state) == ("ben", INSIDE)
    assert vendor.world.online(vendor.room) == online
    assert vendor.world.live_rooms_of["ben"] == 1 and before not in vendor.world.live_rooms_of
    body = told[-1].body
    assert (body["CurrentOwner_Account"], body["OriginalOwner_Account"]) == ("ben", before)
    assert (await order(vendor, "owner", room_id=vendor.room.room_id, account="nobody"))[1][
        "code"
    ] == 100005


async def test_an_end_from_inside_names_the_system_and_one_by_the_host_the_host(vendor, told):
    rooms = list(itertools.islice(vendor.world.rooms, 2))
    owner = vendor.world.rooms[rooms[1]].owner
    await order(vendor, "destroy", room_id=rooms[0])
    await order(vendor, "end", room_id=rooms[1])
    assert [event.body["Operator_Account"] for event in told] == [events.SYSTEM, owner]


# --- streaming over RTMP --------------------------------------------------------------------------


def key(room_id, account, secret=SECRET):
    usersig = sign(account, SDKAPPID, secret, now=int(time.time()), expire=600)
    return f"{room_id}?sdkappid={SDKAPPID}&userid={account}&usersig={usersig}"


@pytest.fixture
async def robot(vendor):
    """The OBS robot of the ordinary room, on a seat."""
    account = f"live_obs_{vendor.room.owner}"
    await vendor.ask("account_import", {"UserID": account})
    await vendor.in_room("add_robot", RobotList_Account=[account])
    await vendor.in_room("pick_user_on_seat", Member_Account=account, Index=1)
    return account


async def test_a_stream_key_works_until_the_robot_is_kicked(vendor, robot):
    pushed = key(vendor.room.room_id, robot)
    assert (await order(vendor, "push", key=pushed))[0] == 200
    assert vendor.room.streams == {robot}
    await vendor.ask("kick", {"UserID": robot})
    assert vendor.room.streams == set() and robot not in vendor.room.seats.values()
    assert robot in vendor.room.robots
    await vendor.in_room("pick_user_on_seat", Member_Account=robot, Index=1)
    assert (await order(vendor, "push", key=pushed))[1]["code"] == 70001


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda room, robot: key(room, robot, "another key"), 70009),
        (lambda room, robot: key(room, "viewer_1"), 100206),
        (lambda room, robot: key("none such", robot), 100004),
        (lambda room, robot: key(room, robot).replace(f"userid={robot}", "userid=viewer_1"), 70013),
        (lambda room, robot: room, 60006),
    ],
)
async def test_a_wrong_key_streams_nothing(vendor, robot, made, code):
    status, answer = await order(vendor, "push", key=made(vendor.room.room_id, robot))
    assert (status, answer["code"]) == (409, code)
    assert vendor.room.streams == set()


async def test_a_robot_that_is_taken_out_leaves_its_seat(vendor, robot, told):
    await vendor.in_room("del_robot", RobotList_Account=[robot, "viewer_1"])
    assert vendor.room.seats == {0: vendor.room.owner}
    assert [event.command for event in told] == [events.SEATS, events.MEMBERS]


# --- by themselves --------------------------------------------------------------------------------


def test_some_hosts_stumble_and_most_of_them_are_back():
    world = make_world(rooms=300, churn=1.0)
    heard = []
    world.listener = heard.append
    for _ in range(60):
        world.clock.step(60)
        world.move()
    causes = [event.body["EventCause"] for event in heard if event.command == events.MEMBERS]
    assert 5 < causes.count("HeartbeatInterrupt") < 100
    assert 0 < causes.count("HeartbeatRecover") < causes.count("HeartbeatInterrupt")
    assert causes.count("Leave") > 0


async def test_a_stubborn_host_opens_again_though_the_answer_of_the_end_was_lost(vendor):
    await order(vendor, "rooms", RoomId="r", Owner_Account="anna", stubborn=True)
    await order(vendor, "fault", command="destroy_room", kind="lost_answer", times=1)
    with pytest.raises(aiohttp.ClientError):
        await vendor.post("destroy_room", body={"RoomId": "r"})
    assert await vendor.code("destroy_room", {"RoomId": "r"}) == 100004
    first = vendor.world.ended[-1]
    vendor.step(13)
    again = vendor.world.rooms["r"]
    assert (again.owner, again.host_state) == ("anna", SEATED)
    assert again.opened_at > first.at
