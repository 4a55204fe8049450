"""Rooms: open, read, change, end, statistics."""

import pytest

from simulator.world import events, hosts

NEW = {"RoomId": "live_new", "RoomType": "Live", "SeatTemplate": "VideoDynamicGrid9Seats"}
INFO = {
    "RoomId",
    "RoomName",
    "RoomType",
    "Owner_Account",
    "CreateTime",
    "ViewCount",
    "MaxMemberCount",
    "MaxSeatCount",
    "IsSeatEnabled",
    "IsPublicVisible",
    "IsMessageDisabled",
    "TakeSeatMode",
    "CoverURL",
    "Notice",
    "Category",
    "ActivityStatus",
}


async def test_a_created_room_can_be_read_is_listed_and_belongs_to_its_owner(vendor):
    await vendor.get(
        "create_room", {"RoomInfo": NEW | {"Owner_Account": "viewer_7", "RoomName": "नमस्ते"}}
    )
    info = (await vendor.get("get_room_info", {"RoomId": "live_new"}))["RoomInfo"]
    assert info.keys() >= INFO
    assert (info["RoomName"], info["Owner_Account"]) == ("नमस्ते", "viewer_7")
    assert info["CreateTime"] == int(vendor.world.clock.now())
    assert (info["MaxSeatCount"], info["IsUnlimitedRoomEnabled"], info["OnlineCount"]) == (
        9,
        False,
        0,
    )


async def test_nobody_has_entered_a_created_room_until_its_host_comes(vendor):
    await vendor.get("create_room", {"RoomInfo": NEW | {"Owner_Account": "viewer_7"}})
    seen = [(await vendor.get("get_room_info", {"RoomId": "live_new"}))["RoomInfo"]["ViewCount"]]
    hosts.comes(vendor.world, vendor.world.room("live_new"), vendor.world.clock.now())
    seen.append(
        (await vendor.get("get_room_info", {"RoomId": "live_new"}))["RoomInfo"]["ViewCount"]
    )
    assert seen == [0, 1]


async def test_a_created_room_without_owner_and_name_takes_the_caller_and_its_id(vendor):
    await vendor.get("create_room", {"RoomInfo": NEW})
    info = (await vendor.get("get_room_info", {"RoomId": "live_new"}))["RoomInfo"]
    assert (info["RoomName"], info["Owner_Account"]) == ("live_new", "administrator")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"RoomId": "x" * 49}, 100002),
        ({"RoomId": ""}, 100002),
        ({"RoomId": "tab\tbed"}, 100002),
        ({"RoomId": "ünïcode"}, 100002),
        ({"RoomId": 5}, 100002),
        ({"RoomType": "Conference"}, 100015),
        ({"RoomType": None}, 100015),
        ({"SeatTemplate": "Sofa"}, 100002),
        ({"Owner_Account": "nobody"}, 70107),
        ({"Owner_Account": 17}, 60015),
        ({"RoomName": "長" * 34}, 100002),
        ({"CoverURL": "h" * 201}, 100002),
        ({"Notice": "n" * 101}, 100002),
        ({"Category": [1, 2, 3, 4]}, 100009),
        ({"Category": ["music"]}, 100002),
        ({"TakeSeatMode": "Never"}, 100002),
        ({"IsPublicVisible": "yes"}, 100002),
        ({"MaxMemberCount": -1}, 100002),
    ],
)
async def test_a_room_that_breaks_a_rule_is_not_created(vendor, changed, code):
    before = set(vendor.world.rooms)
    assert await vendor.code("create_room", {"RoomInfo": NEW | changed}) == code
    assert set(vendor.world.rooms) == before


async def test_the_longest_names_are_taken(vendor):
    longest = {
        "RoomId": "x" * 48,
        "RoomName": "長" * 33 + "!",
        "CoverURL": "h" * 200,
        "Category": [1, 2, 3],
    }
    assert await vendor.code("create_room", {"RoomInfo": NEW | longest}) == 0


async def test_a_room_id_in_use_is_refused_in_other_words_to_its_owner(vendor):
    taken = NEW | {"RoomId": vendor.room.room_id}
    assert await vendor.code("create_room", {"RoomInfo": taken}) == 100003
    assert (
        await vendor.code("create_room", {"RoomInfo": taken | {"Owner_Account": vendor.room.owner}})
        == 100010
    )


async def test_the_same_id_is_created_once_a_second(vendor):
    assert await vendor.code("create_room", {"RoomInfo": NEW}) == 0
    assert await vendor.code("destroy_room", {"RoomId": "live_new"}) == 0
    assert await vendor.code("create_room", {"RoomInfo": NEW}) == 100012
    vendor.step(1)
    assert await vendor.code("create_room", {"RoomInfo": NEW}) == 0


async def test_a_chat_group_of_the_same_id_is_in_the_way(vendor):
    await vendor.client.post("/_simulator/group", json={"group_id": "live_new"})
    assert await vendor.code("create_room", {"RoomInfo": NEW}) == 100011


async def test_the_package_allows_so_many_rooms_and_tells_when_most_are_used(vendor):
    heard = []
    vendor.world.listener = heard.append
    live = len(vendor.world.rooms)
    vendor.world.most_rooms = 2 * live
    near = -(-2 * live * 7 // 10) - live  # rooms until 70 % are reached
    for number in range(live):
        assert (
            await vendor.code("create_room", {"RoomInfo": NEW | {"RoomId": f"live_{number}"}}) == 0
        )
    assert await vendor.code("create_room", {"RoomInfo": NEW}) == 100013
    (told,) = [event for event in heard if event.command == events.NEAR_LIMIT]
    assert told.body["CurRoomCount"] == live + near and told.body["MaxRoomCount"] == 2 * live


async def test_a_destroyed_room_is_gone_and_its_totals_are_told_once(vendor):
    before = await vendor.in_room("get_room_stats")
    ended = await vendor.in_room("destroy_room")
    del before["TotalMsgCount"]
    assert ended == {"Statistic": before}
    for command in ("destroy_room", "get_room_info", "get_room_stats", "get_member_list"):
        assert await vendor.code_in_room(command) == 100004
    assert vendor.room.room_id not in vendor.world.rooms


async def test_a_room_opened_again_starts_clean(vendor):
    await vendor.in_room("ban_member", MemberList_Account=["viewer_1"], Duration=60)
    await vendor.in_room("destroy_room")
    vendor.step(2)
    body = NEW | {"RoomId": vendor.room.room_id, "Owner_Account": vendor.room.owner}
    await vendor.get("create_room", {"RoomInfo": body})
    assert (await vendor.in_room("get_banned_member_list"))["BannedAccountList"] == []
    assert (await vendor.in_room("get_room_stats"))["TotalGiftCoins"] == 0


async def test_an_update_changes_what_it_names_and_nothing_else(vendor):
    before = (await vendor.in_room("get_room_info"))["RoomInfo"]
    changed = {
        "RoomName": "New",
        "Notice": "Be kind",
        "Category": [4],
        "ActivityStatus": 2,
        "IsMessageDisabled": True,
        "IsUnlimitedRoomEnabled": True,
    }
    assert (
        await vendor.get(
            "update_room_info", {"RoomInfo": {"RoomId": vendor.room.room_id} | changed}
        )
        is None
    )
    assert (await vendor.in_room("get_room_info"))["RoomInfo"] == before | changed


async def test_an_update_that_leaves_out_whether_the_room_is_unlimited_resets_it(vendor):
    assert vendor.room.info["IsUnlimitedRoomEnabled"]
    await vendor.get(
        "update_room_info", {"RoomInfo": {"RoomId": vendor.room.room_id, "Notice": "x"}}
    )
    assert not (await vendor.in_room("get_room_info"))["RoomInfo"]["IsUnlimitedRoomEnabled"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"RoomId": "none such", "RoomName": "x"}, 100004),
        ({"RoomName": "x"}, 100002),
        ({"Notice": "n" * 101}, 100002),
        ({"Category": [1, 2, 3, 4]}, 100009),
        ({"IsMessageDisabled": 1}, 100002),
    ],
)
async def test_an_update_that_breaks_a_rule_changes_nothing(vendor, fields, code):
    before = dict(vendor.room.info)
    room = (
        {} if code == 100002 and fields.keys() == {"RoomName"} else {"RoomId": vendor.room.room_id}
    )
    assert await vendor.code("update_room_info", {"RoomInfo": room | fields}) == code
    assert vendor.room.info == before


async def test_chat_stands_still_while_everybody_is_muted_and_goes_on_from_there(vendor):
    async def said():
        return (await vendor.in_room("get_room_stats"))["TotalMsgCount"]

    async def mute(on):
        await vendor.get(
            "update_room_info",
            {"RoomInfo": {"RoomId": vendor.room.room_id, "IsMessageDisabled": on}},
        )

    await mute(True)
    before = await said()
    vendor.step(600)
    assert await said() == before
    await mute(False)
    assert await said() == before
    vendor.step(600)
    assert await said() > before


async def test_statistics_are_six_totals_that_grow(vendor):
    before = await vendor.in_room("get_room_stats")
    assert set(before) == {
        "TotalViewers",
        "TotalGiftsSent",
        "TotalGiftCoins",
        "TotalUniqueGiftSenders",
        "TotalLikesReceived",
        "TotalMsgCount",
    }
    vendor.step(1200)
    after = await vendor.in_room("get_room_stats")
    assert all(after[name] > before[name] > 0 for name in before)


@pytest.mark.parametrize("command", ["get_room_info", "get_room_stats", "destroy_room"])
@pytest.mark.parametrize(
    ("body", "code"), [({}, 100002), ({"RoomId": 7}, 100002), ({"RoomId": "none such"}, 100004)]
)
async def test_a_room_must_be_named_and_live(vendor, command, body, code):
    assert await vendor.code(command, body) == code


async def test_both_names_of_the_statistics_command_are_known_unless_one_is_wanted(vendor):
    from simulator.api.commands.table import LIVE, command_table
    from simulator.api.listing import Listing

    told = [await vendor.in_room(name) for name in ("get_room_stats", "get_room_statistic")]
    assert told[0] == told[1]
    known = command_table(Listing(vendor.world), full=True, admin="a", statistics="get_room_stats")
    assert (LIVE, "get_room_stats") in known and (LIVE, "get_room_statistic") not in known


async def test_an_account_without_the_undocumented_fields_tells_the_documented_ones(vendor):
    from simulator.api.commands.table import LIVE, command_table
    from simulator.api.listing import Listing

    known = command_table(Listing(vendor.world), full=False, admin="a", statistics="get_room_stats")
    info = known[LIVE, "get_room_info"](vendor.world, {"RoomId": vendor.room.room_id})["RoomInfo"]
    row = known[LIVE, "get_room_list"](vendor.world, {"Next": "", "Count": 1})["RoomList"][0]
    assert set(info) == INFO
    assert "OnlineCount" not in row and "ViewCount" in row


async def test_resuming_the_mixing_of_a_room_is_acknowledged_and_changes_nothing(vendor):
    before = await vendor.in_room("get_room_info")
    assert await vendor.in_room("resume_mcu_task") is None
    assert await vendor.in_room("get_room_info") == before
    assert await vendor.code("resume_mcu_task", {"RoomId": "none such"}) == 100004
