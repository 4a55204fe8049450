"""The stand-in itself: what it knows, what it refuses, and that it moves as a platform does."""

import time
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given
from hypothesis import strategies as st

from liveapi.usersig import sign
from simulator.clock import Clock
from simulator.figures import Shape, growth, online
from simulator.http import Service
from simulator.limits import Limits
from simulator.refusal import Refusal
from simulator.world import World

SECRET = "a-secret-for-tests"


def world(**more: Any) -> World:
    options = {"rooms": 45, "viewers": 100_000, "seed": 3, "churn": 0.0} | more
    return World(clock=Clock(frozen_at=time.time()), **options)


@pytest.fixture
async def service():
    service = Service(world(), sdkappid=1400000000, secret=SECRET, admin="administrator")
    async with TestClient(TestServer(service.application())) as client:
        service.client = client
        yield service


async def ask(service: Service, command: str, body: Any = None, **query: str) -> dict[str, Any]:
    asked = {
        "sdkappid": "1400000000",
        "identifier": "administrator",
        "usersig": sign("administrator", 1400000000, SECRET, now=int(time.time()), expire=600),
        "random": "1",
        "contenttype": "json",
    } | query
    path = command if "/" in command else f"live_engine_http_srv/{command}"
    answer = await service.client.post(f"/v4/{path}", params=asked, json=body if body is not None else {})
    assert answer.status == 200
    return await answer.json()


async def test_it_lists_public_rooms_by_falling_views_until_the_cursor_is_empty(service):
    seen, cursor = [], ""
    while True:
        answer = await ask(service, "get_room_list", {"Next": cursor, "Count": 20})
        seen += answer["Response"]["RoomList"]
        cursor = answer["Response"]["Next"]
        if not cursor:
            break
    public = [room for room in service.world.rooms.values() if room.info["IsPublicVisible"]]
    assert len(seen) == len(public) < len(service.world.rooms)
    assert [row["ViewCount"] for row in seen] == sorted((row["ViewCount"] for row in seen), reverse=True)


async def test_a_listing_misses_a_room_whose_views_rise_past_the_cursor(service):
    first = await ask(service, "get_room_list", {"Next": "", "Count": 20})
    listed = {row["RoomId"] for row in first["Response"]["RoomList"]}
    riser = next(
        r for r in service.world.rooms.values() if r.info["IsPublicVisible"] and r.room_id not in listed
    )
    riser.entries_before += 10_000_000
    cursor, later = first["Response"]["Next"], set()
    while cursor:
        page = (await ask(service, "get_room_list", {"Next": cursor, "Count": 20}))["Response"]
        later |= {row["RoomId"] for row in page["RoomList"]}
        cursor = page["Next"]
    assert riser.room_id not in listed | later


@pytest.mark.parametrize(
    ("command", "body", "code"),
    [
        ("get_room_list", {"Next": "", "Count": 21}, 100002),
        ("get_room_list", {"Count": 20}, 100002),
        ("get_room_info", {}, 100002),
        ("get_room_info", {"RoomId": "none such"}, 100004),
        ("get_room_statistic", {"RoomId": "x"}, 60009),
        ("no_such_command", {}, 60009),
        ("destroy_room", {"RoomId": "none such"}, 100004),
        ("create_room", {"RoomId": "x" * 49, "RoomType": "Live"}, 100002),
        ("create_room", {"RoomId": "new", "RoomType": "Live", "Owner_Account": "nobody"}, 70107),
        ("im_open_login_svc/kick", {"UserID": "nobody"}, 70107),
    ],
)
async def test_it_refuses_in_the_vendors_codes(service, command, body, code):
    answer = await ask(service, command, body)
    assert (answer["ErrorCode"], answer["ActionStatus"]) == (code, "FAIL")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"sdkappid": "1"}, 60006),
        ({"usersig": "nonsense"}, 70003),
        ({"identifier": "other"}, 70013),
        ({"usersig": sign("administrator", 1400000000, "wrong", now=int(time.time()), expire=60)}, 70009),
        ({"usersig": sign("administrator", 1400000000, SECRET, now=1, expire=60)}, 70001),
        ({"usersig": sign("administrator", 1, SECRET, now=int(time.time()), expire=60)}, 70014),
        (
            {
                "identifier": "host",
                "usersig": sign("host", 1400000000, SECRET, now=int(time.time()), expire=60),
            },
            60010,
        ),
    ],
)
async def test_it_refuses_a_bad_signature(service, query, code):
    assert (await ask(service, "get_room_list", {"Next": "", "Count": 1}, **query))["ErrorCode"] == code


async def test_a_destroyed_room_is_gone_and_its_totals_are_told_once(service):
    room = next(iter(service.world.rooms.values()))
    ended = await ask(service, "destroy_room", {"RoomId": room.room_id})
    assert ended["Response"]["Statistic"]["TotalGiftCoins"] >= 0
    assert (await ask(service, "destroy_room", {"RoomId": room.room_id}))["ErrorCode"] == 100004


async def test_a_banned_member_is_thrown_out_and_cannot_enter_until_the_ban_is_over(service):
    room = next(iter(service.world.rooms.values()))
    service.world.enter(room, "troll")
    body = {"RoomId": room.room_id, "MemberList_Account": ["troll"], "Duration": 60}
    assert (await ask(service, "ban_member", body))["ErrorCode"] == 0
    assert "troll" not in room.guests
    with pytest.raises(Refusal):
        service.world.enter(room, "troll")
    service.world.clock.step(61)
    service.world.enter(room, "troll")
    assert "troll" in room.guests


async def test_a_stubborn_host_comes_back_with_the_same_room_id(service):
    room = next(r for r in service.world.rooms.values() if r.owner in service.world.stubborn)
    await ask(service, "destroy_room", {"RoomId": room.room_id})
    service.world.clock.step(30)
    service.world.move()
    assert service.world.rooms[room.room_id].info["CreateTime"] > room.info["CreateTime"]


@pytest.mark.parametrize(("kind", "effect"), [("http500", True), ("code", True), ("lost_answer", False)])
async def test_a_fault_on_order_strikes_and_a_lost_answer_still_has_its_effect(service, kind, effect):
    room = next(iter(service.world.rooms.values()))
    order = {"command": "destroy_room", "kind": kind, "code": 60007 if kind == "code" else 0, "times": 1}
    await service.client.post("/_simulator/fault", json=order)
    try:
        answer = await ask(service, "destroy_room", {"RoomId": room.room_id})
        assert answer["ErrorCode"] == 60007
    except (AssertionError, Exception) as error:
        assert kind != "code", error
    assert (room.room_id in service.world.rooms) is effect


def test_no_window_of_a_second_takes_more_than_the_published_limit():
    limits = Limits()
    for k in range(10):
        limits.check("get_room_list", 100 + k * 0.05)
    with pytest.raises(Refusal) as refused:
        limits.check("get_room_list", 100.9)
    assert refused.value.code == 60007
    limits.check("get_room_list", 101.0)


def test_the_same_seed_and_steps_make_the_same_world():
    one, two = world(churn=1.0), world(churn=1.0)
    two.clock = Clock(frozen_at=one.clock.now())
    first = [(room.room_id, room.owner) for room in one.rooms.values()]
    assert first == [(room.room_id, room.owner) for room in two.rooms.values()]


def test_there_are_very_large_rooms_empty_rooms_hidden_rooms_and_hostile_names():
    rooms = world(rooms=200).rooms.values()
    assert max(room.shape.size for room in rooms) > 50_000
    assert any(room.shape.size == 0 for room in rooms)
    assert any(not room.info["IsPublicVisible"] for room in rooms)
    assert any("<script>" in room.info["RoomName"] for room in rooms)
    assert all(
        len(room.room_id.encode()) <= 48 and len(room.info["RoomName"].encode()) <= 100 for room in rooms
    )


@given(st.integers(0, 2**30), st.floats(0, 20_000), st.floats(0, 5_000), st.integers(0, 60_000))
def test_totals_never_fall_and_counts_are_never_negative(seed, age, later, size):
    shape = Shape(size=size, generosity=0.5, phase=1.0, pace=1.0, seed=seed)
    assert online(shape, age) >= 0
    assert growth(shape, age + later) >= growth(shape, age) >= 0
