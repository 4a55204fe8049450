"""The public list: its order, its pages, and how it misses and repeats."""

import pytest


async def pages(vendor, count=20):
    """Every page of one sweep, as lists of rows."""
    found, cursor = [], ""
    while True:
        page = await vendor.get("get_room_list", {"Next": cursor, "Count": count})
        found.append(page["RoomList"])
        cursor = page["Next"]
        if not cursor:
            return found


async def test_public_rooms_come_by_falling_views_twenty_a_page_until_the_cursor_is_empty(vendor):
    found = await pages(vendor)
    rows = [row for page in found for row in page]
    public = {room.room_id for room in vendor.world.rooms.values() if room.info["IsPublicVisible"]}
    views = [row["ViewCount"] for row in rows]
    assert [len(page) for page in found] == [20, 20, len(public) - 40]
    assert {row["RoomId"] for row in rows} == public < vendor.world.rooms.keys()
    assert views == sorted(views, reverse=True)


async def test_the_first_page_may_be_asked_for_as_the_vendors_own_manager_does(vendor):
    by_page = await vendor.get("get_room_list", {"Next": "", "Count": 20})
    assert await vendor.get("get_room_list", {"Next": "0", "Count": 20}) == by_page


async def test_a_row_has_the_documented_fields_and_who_shows_them(vendor):
    row = (await vendor.get("get_room_list", {"Next": "", "Count": 1}))["RoomList"][0]
    documented = {
        "RoomId",
        "RoomName",
        "Owner_Account",
        "CoverURL",
        "Category",
        "CreateTime",
        "ActivityStatus",
    }
    assert row.keys() >= documented | {"ViewCount", "OnlineCount", "OwnerName", "OwnerAvatarUrl"}
    assert row["OnlineCount"] > 50_000


async def test_a_room_that_climbs_past_the_cursor_is_missed_and_another_comes_twice(vendor):
    first = await vendor.get("get_room_list", {"Next": "", "Count": 20})
    listed = [row["RoomId"] for row in first["RoomList"]]
    climber = next(
        room
        for room in vendor.world.rooms.values()
        if room.room_id not in listed and room.info["IsPublicVisible"]
    )
    climber.entered += 10_000_000
    vendor.step(1)
    second = await vendor.get("get_room_list", {"Next": first["Next"], "Count": 20})
    third = await vendor.get("get_room_list", {"Next": second["Next"], "Count": 20})
    later = [row["RoomId"] for page in (second, third) for row in page["RoomList"]]
    assert climber.room_id not in listed + later
    assert listed[-1] in later


async def test_a_room_is_missed_when_one_before_the_cursor_ends(vendor):
    everything = [row["RoomId"] for page in await pages(vendor) for row in page]
    first = await vendor.get("get_room_list", {"Next": "", "Count": 20})
    await vendor.get("destroy_room", {"RoomId": first["RoomList"][3]["RoomId"]})
    second = await vendor.get("get_room_list", {"Next": first["Next"], "Count": 20})
    assert second["RoomList"][0]["RoomId"] == everything[21]


async def test_a_cursor_past_the_end_is_an_empty_last_page(vendor):
    assert await vendor.get("get_room_list", {"Next": "9000-1", "Count": 20}) == {
        "RoomList": [],
        "Next": "",
    }


async def test_a_hidden_room_is_in_no_page_and_appears_when_it_is_shown(vendor):
    await vendor.get(
        "update_room_info", {"RoomInfo": {"RoomId": vendor.room.room_id, "IsPublicVisible": False}}
    )
    assert vendor.room.room_id not in {
        row["RoomId"] for page in await pages(vendor) for row in page
    }
    assert (await vendor.in_room("get_room_info"))["RoomInfo"]["IsPublicVisible"] is False
    await vendor.get(
        "update_room_info", {"RoomInfo": {"RoomId": vendor.room.room_id, "IsPublicVisible": True}}
    )
    assert vendor.room.room_id in {row["RoomId"] for page in await pages(vendor) for row in page}


@pytest.mark.parametrize(
    "body",
    [
        {"Next": "", "Count": 21},
        {"Next": "", "Count": 0},
        {"Next": "", "Count": "20"},
        {"Next": ""},
        {"Count": 20},
        {"Next": None, "Count": 20},
        {"Next": "made up", "Count": 20},
    ],
)
async def test_it_refuses_what_is_no_page(vendor, body):
    assert await vendor.code("get_room_list", body) == 100002
