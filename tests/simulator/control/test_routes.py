"""The control endpoint: what is seen from inside, and orders."""

import pytest

from simulator.app import Simulator
from tests.simulator.conftest import OPTIONS, make_world


async def order(vendor, what, **fields):
    answer = await vendor.client.post(f"/_simulator/{what}", json=fields)
    return answer.status, await answer.json() if answer.status != 404 else None


async def seen(vendor, path, **query):
    return await (await vendor.client.get(f"/_simulator/{path}", params=query)).json()


async def test_calls_are_noted_with_their_room_and_code(vendor):
    await vendor.in_room("get_room_info")
    await vendor.code("destroy_room", {"RoomId": "none such"})
    await vendor.get(
        "update_room_info", {"RoomInfo": {"RoomId": vendor.room.room_id, "Notice": "x"}}
    )
    calls = await seen(vendor, "calls")
    assert [(call["seq"], call["command"], call["room_id"], call["code"]) for call in calls] == [
        (0, "get_room_info", vendor.room.room_id, 0),
        (1, "destroy_room", "none such", 100004),
        (2, "update_room_info", vendor.room.room_id, 0),
    ]
    assert await seen(vendor, "calls", since="2") == calls[2:]
    counts = await seen(vendor, "counts")
    assert counts["commands"] == {"get_room_info": 1, "destroy_room": 1, "update_room_info": 1}
    assert counts["codes"] == {"0": 2, "100004": 1}
    assert counts["most_in_a_second"]["get_room_info"] == 1
    await order(vendor, "reset_counts")
    assert (await seen(vendor, "counts"))["commands"] == {} and await seen(vendor, "calls") == []


async def test_the_clock_is_stepped_by_order(vendor):
    before = (await seen(vendor, "state"))["now"]
    assert (await order(vendor, "step", seconds=90))[0] == 200
    assert (await seen(vendor, "state"))["now"] == before + 90
    assert (await order(vendor, "step", seconds=-1))[0] == 400


async def test_a_room_is_opened_entered_left_and_ended_from_inside(vendor):
    status, room = await order(vendor, "rooms", RoomId="live_x", Owner_Account="anna", size=100)
    assert (status, room["RoomId"], room["owner"]) == (200, "live_x", "anna")
    await order(vendor, "enter", room_id="live_x", account="ben")
    deep = await seen(vendor, "rooms", room_id="live_x")
    assert deep["live"] and deep["guests"] == ["ben"] and deep["info"]["IsPublicVisible"]
    await order(vendor, "leave", room_id="live_x", account="ben")
    await order(vendor, "destroy", room_id="live_x")
    gone = await seen(vendor, "rooms", room_id="live_x")
    assert not gone["live"] and [ending["why"] for ending in gone["endings"]] == ["from inside"]
    assert len((await seen(vendor, "rooms"))["rooms"]) == len(vendor.world.rooms)


async def test_a_banned_account_cannot_enter_by_order(vendor):
    await vendor.in_room("ban_member", MemberList_Account=["ben"], Duration=60)
    status, answer = await order(vendor, "enter", room_id=vendor.room.room_id, account="ben")
    assert (status, answer["code"]) == (409, 100016)


async def test_an_account_is_seen_with_its_ended_logins(vendor):
    assert (await seen(vendor, "accounts", account="viewer_1"))["sessions_ended"] is None
    await vendor.ask("kick", {"UserID": "viewer_1"})
    await vendor.ask("setnospeaking", {"Set_Account": "viewer_1", "GroupmsgNospeakingTime": 60})
    account = await seen(vendor, "accounts", account="viewer_1")
    now = vendor.world.clock.now()
    assert account["sessions_ended"] == now and account["silenced_until"] == now + 60
    assert await seen(vendor, "accounts", account="nobody") == {"imported": False}


@pytest.mark.parametrize(
    ("what", "fields", "status"),
    [
        ("fault", {"command": "*", "kind": "earthquake"}, 400),
        ("fault", {"unknown": 1}, 400),
        ("fault", {"command": "*", "kind": "latency", "seconds": "long"}, 400),
        ("fault", {"command": "*", "kind": "code", "code": "60007"}, 400),
        ("destroy", {"room_id": "none such"}, 409),
        ("say", {"room_id": "none such", "account": "viewer_1", "text": "hi"}, 409),
        ("push", {"key": 5}, 409),
        ("gift", {"room_id": "none such", "account": "viewer_1", "gift_id": "rocket"}, 409),
        ("chatter", {"room_id": "none such", "lines": 1}, 409),
        ("chatter", {"room_id": "none such", "lines": -1}, 400),
        ("update", {"room_id": "none such", "Notice": "x"}, 409),
        ("lie", {"about": "said"}, 400),
        ("no_such_order", {}, 404),
        ("__init__", {}, 404),
    ],
)
async def test_an_order_that_cannot_be_carried_out_says_so(vendor, what, fields, status):
    assert (await order(vendor, what, **fields))[0] == status


def test_without_control_there_is_no_such_door():
    simulator = Simulator(make_world(), OPTIONS, control=False)
    paths = {resource.canonical for resource in simulator.application().router.resources()}
    assert not any("_simulator" in path for path in paths)


async def test_commands_that_do_not_exist_are_counted_together(vendor):
    for name in ("one", "two"):
        assert await vendor.code(name) == 60009
    assert (await seen(vendor, "counts"))["commands"] == {"unknown": 2}


async def test_a_stubborn_host_can_be_told_from_the_others(vendor):
    stubborn = {
        room_id
        for room_id in vendor.world.rooms
        if (await seen(vendor, "rooms", room_id=room_id))["stubborn"]
    }
    assert (
        stubborn
        == {room.room_id for room in vendor.world.rooms.values() if vendor.world.is_stubborn(room)}
        != set()
    )
