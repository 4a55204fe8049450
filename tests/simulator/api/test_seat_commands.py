"""Seats: who sits where, who may, who may not."""

import pytest


async def seats(vendor):
    listed = (await vendor.in_room("get_seat_list"))["SeatList"]
    return {row["Index"]: row["Member_Account"] for row in listed if "Member_Account" in row}


async def test_the_host_sits_on_the_first_of_as_many_seats_as_the_template_has(vendor):
    listed = (await vendor.in_room("get_seat_list"))["SeatList"]
    assert [row["Index"] for row in listed] == list(range(vendor.room.info["MaxSeatCount"]))
    assert listed[0]["Member_Account"] == vendor.room.owner
    assert set(listed[1]) == {"Index", "IsTakenDisabled", "IsVideoDisabled", "IsAudioDisabled"}


async def test_a_member_takes_a_seat_moves_to_another_and_is_taken_off(vendor):
    vendor.world.enter(vendor.room, "guest")
    await vendor.in_room("pick_user_on_seat", Member_Account="guest", Index=2)
    await vendor.in_room("switch_seat", Member_Account="guest", ToIndex=3)
    assert (await seats(vendor))[3] == "guest"
    await vendor.in_room("kick_user_off_seat", Member_Account="guest", Data="time is up")
    assert await seats(vendor) == {0: vendor.room.owner}


@pytest.mark.parametrize(
    ("command", "fields", "code"),
    [
        ("pick_user_on_seat", {"Member_Account": "guest", "Index": 0}, 100210),
        ("pick_user_on_seat", {"Member_Account": "guest", "Index": 99}, 100002),
        ("pick_user_on_seat", {"Member_Account": "nobody", "Index": 2}, 100005),
        ("pick_user_on_seat", {"Member_Account": "seated", "Index": 2}, 100203),
        ("pick_user_on_seat", {"Index": 2}, 100002),
        ("switch_seat", {"Member_Account": "seated", "ToIndex": 0}, 100210),
        ("switch_seat", {"Member_Account": "guest", "ToIndex": 2}, 100206),
        ("kick_user_off_seat", {"Member_Account": "guest"}, 100206),
        ("kick_user_off_seat", {"Member_Account": "seated", "Data": 5}, 100002),
        ("get_seat_list", {"RoomId": "none such"}, 100004),
        ("pick_user_on_seat", {"RoomId": "none such"}, 100004),
        ("switch_seat", {"RoomId": "none such"}, 100004),
        ("kick_user_off_seat", {"RoomId": "none such"}, 100004),
    ],
)
async def test_a_seat_is_refused_for_a_reason(vendor, command, fields, code):
    for account in ("guest", "seated"):
        vendor.world.enter(vendor.room, account)
    vendor.room.seats[1] = "seated"
    assert await vendor.code(command, {"RoomId": vendor.room.room_id} | fields) == code


async def test_a_locked_seat_is_empty_and_refused_until_it_is_unlocked(vendor):
    for account in ("guest", "seated"):
        vendor.world.enter(vendor.room, account)
    vendor.room.seats[1] = "seated"
    await vendor.in_room("lock_seat", Index=1, ForbidTaken=True, ForbidAudio=True)
    row = (await vendor.in_room("get_seat_list"))["SeatList"][1]
    assert row == {
        "Index": 1,
        "IsTakenDisabled": True,
        "IsVideoDisabled": False,
        "IsAudioDisabled": True,
    }
    assert await vendor.code_in_room("pick_user_on_seat", Member_Account="guest", Index=1) == 100200
    assert await vendor.code_in_room("lock_seat", Index=1, ForbidTaken="yes") == 100002
    assert await vendor.code_in_room("lock_seat", Index=99, ForbidTaken=True) == 100002
    await vendor.in_room("lock_seat", Index=1, ForbidTaken=False)
    await vendor.in_room("pick_user_on_seat", Member_Account="guest", Index=1)


async def test_a_room_whose_seats_are_all_taken_says_so(vendor):
    vendor.world.enter(vendor.room, "guest")
    vendor.room.seats = {
        index: f"viewer_{index}" for index in range(vendor.room.info["MaxSeatCount"])
    }
    assert await vendor.code_in_room("pick_user_on_seat", Member_Account="guest", Index=1) == 100205


async def test_who_is_banned_loses_the_seat(vendor):
    vendor.world.enter(vendor.room, "guest")
    await vendor.in_room("pick_user_on_seat", Member_Account="guest", Index=2)
    await vendor.in_room("ban_member", MemberList_Account=["guest"], Duration=60)
    assert await seats(vendor) == {0: vendor.room.owner}
