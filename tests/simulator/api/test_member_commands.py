"""People in a room: bans, mutes, administrators, the member list, robots."""

import pytest

from simulator.errors import Refusal

LISTS = {
    "ban_member": ("MemberList_Account", {"Duration": 60}),
    "unban_member": ("MemberList_Account", {}),
    "mute_member": ("MemberList_Account", {"MuteTime": 60}),
    "modify_admin": ("Admin_Account", {"OpType": "delete"}),
    "add_robot": ("RobotList_Account", {}),
    "del_robot": ("RobotList_Account", {}),
}
READS = (
    "get_banned_member_list",
    "get_muted_member_list",
    "get_admin_list",
    "get_member_list",
    "get_robot",
)


@pytest.mark.parametrize("command", [*LISTS, *READS])
@pytest.mark.parametrize(("room", "code"), [({}, 100002), ({"RoomId": "none such"}, 100004)])
async def test_the_room_must_be_named_and_live(vendor, command, room, code):
    name, more = LISTS.get(command, ("MemberList_Account", {}))
    assert await vendor.code(command, room | {name: ["viewer_1"]} | more) == code


@pytest.mark.parametrize("command", LISTS)
@pytest.mark.parametrize(
    ("accounts", "code"),
    [
        ([], 100002),
        ("viewer_1", 100002),
        (None, 100002),
        ([5], 60015),
        ([""], 100002),
        (["x" * 200], 100002),
    ],
)
async def test_accounts_are_a_list_of_texts(vendor, command, accounts, code):
    name, more = LISTS[command]
    assert await vendor.code_in_room(command, **{name: accounts}, **more) == code


@pytest.mark.parametrize("command", ["ban_member", "unban_member", "mute_member"])
async def test_twenty_accounts_a_call_and_no_more(vendor, command):
    name, more = LISTS[command]
    accounts = [f"viewer_{k}" for k in range(21)]
    assert await vendor.code_in_room(command, **{name: accounts}, **more) == 100002
    assert await vendor.code_in_room(command, **{name: accounts[:20]}, **more) == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"Duration": 0},
        {"Duration": None},
        {"Duration": "60"},
        {"Duration": True},
        {"Reason": "x" * 1001},
    ],
)
async def test_a_ban_needs_a_duration_in_seconds_and_a_short_reason(vendor, changed):
    fields = {"MemberList_Account": ["viewer_1"], "Duration": 60} | changed
    assert await vendor.code_in_room("ban_member", **fields) == 100002
    assert vendor.room.banned == {}


async def test_a_banned_member_is_thrown_out_and_cannot_enter_until_the_ban_is_over(vendor):
    vendor.world.enter(vendor.room, "troll")
    await vendor.in_room("ban_member", MemberList_Account=["troll"], Duration=60, Reason="spam")
    assert "troll" not in vendor.room.guests
    with pytest.raises(Refusal) as refused:
        vendor.world.enter(vendor.room, "troll")
    assert refused.value.code == 100016
    vendor.step(61)
    vendor.world.enter(vendor.room, "troll")
    assert "troll" in vendor.room.guests
    assert (await vendor.in_room("get_banned_member_list"))["BannedAccountList"] == []


async def test_a_banned_viewer_leaves_the_count_and_the_next_read_of_the_member_list(
    vendor,
):
    crowd = vendor.world.audience.names(
        *vendor.world.audience.stretch(vendor.room, vendor.world.clock.now())
    )
    viewer, before = list(crowd)[-1], vendor.world.online(vendor.room)
    await vendor.in_room("ban_member", MemberList_Account=[viewer], Duration=600)
    assert vendor.world.online(vendor.room) == before - 1
    assert not vendor.world.audience.holds(vendor.room, viewer, vendor.world.clock.now())
    await vendor.in_room("unban_member", MemberList_Account=[viewer])
    assert vendor.world.online(vendor.room) == before


async def test_a_ban_repeated_moves_its_end_and_an_unban_lifts_it(vendor):
    for seconds in (60, 3600):
        await vendor.in_room("ban_member", MemberList_Account=["viewer_1"], Duration=seconds)
    [row] = (await vendor.in_room("get_banned_member_list"))["BannedAccountList"]
    assert row == {
        "Member_Account": "viewer_1",
        "BannedUntil": int(vendor.world.clock.now()) + 3600,
    }
    await vendor.in_room("unban_member", MemberList_Account=["viewer_1", "never banned"])
    assert (await vendor.in_room("get_banned_member_list"))["BannedAccountList"] == []


async def test_banned_accounts_come_in_pages_until_the_next_offset_is_zero(vendor):
    for first in range(0, 60, 20):
        accounts = [f"viewer_{k}" for k in range(first, first + 20)]
        await vendor.in_room("ban_member", MemberList_Account=accounts, Duration=60)
    seen, offset = [], 0
    for expected in (25, 50, 0):
        page = await vendor.in_room("get_banned_member_list", Offset=offset, Limit=25)
        seen += [row["Member_Account"] for row in page["BannedAccountList"]]
        offset = page["NextOffset"]
        assert offset == expected
    assert sorted(seen) == sorted(f"viewer_{k}" for k in range(60))


@pytest.mark.parametrize("page", [{"Limit": 101}, {"Limit": 0}, {"Offset": -1}, {"Offset": "0"}])
async def test_a_page_of_bans_has_at_most_a_hundred(vendor, page):
    assert await vendor.code_in_room("get_banned_member_list", **page) == 100002


async def test_a_mute_lasts_its_seconds_and_zero_lifts_it(vendor):
    await vendor.in_room("mute_member", MemberList_Account=["viewer_1", "viewer_2"], MuteTime=60)
    await vendor.in_room("mute_member", MemberList_Account=["viewer_2"], MuteTime=0)
    until = int(vendor.world.clock.now()) + 60
    muted = await vendor.in_room("get_muted_member_list")
    assert muted == {"MutedAccountList": [{"Member_Account": "viewer_1", "MutedUntil": until}]}
    vendor.step(61)
    assert await vendor.in_room("get_muted_member_list") == {"MutedAccountList": []}


@pytest.mark.parametrize("seconds", [-1, None, "60"])
async def test_a_mute_needs_its_seconds(vendor, seconds):
    assert (
        await vendor.code_in_room("mute_member", MemberList_Account=["viewer_1"], MuteTime=seconds)
        == 100002
    )


async def test_a_room_has_at_most_five_administrators(vendor):
    five = [f"viewer_{k}" for k in range(5)]
    await vendor.in_room("modify_admin", Admin_Account=five, OpType="add")
    assert (
        await vendor.code_in_room("modify_admin", Admin_Account=["viewer_9"], OpType="add")
        == 100020
    )
    assert await vendor.code_in_room("modify_admin", Admin_Account=five[:1], OpType="add") == 0
    await vendor.in_room("modify_admin", Admin_Account=five[:4], OpType="delete")
    assert await vendor.in_room("get_admin_list") == {"Admin_Account": five[4:]}


async def test_administrators_are_added_or_deleted(vendor):
    assert (
        await vendor.code_in_room("modify_admin", Admin_Account=["viewer_1"], OpType="promote")
        == 100002
    )


async def test_the_member_list_counts_the_host_the_crowd_and_who_entered(vendor):
    vendor.world.enter(vendor.room, "vip")
    listed = await vendor.in_room("get_member_list", Next="")
    accounts = [row["Member_Account"] for row in listed["MemberList"]]
    assert accounts[:2] == [vendor.room.owner, "vip"]
    assert listed["MemberCount"] == vendor.world.online(vendor.room) == len(set(accounts))


async def test_the_member_list_is_read_anew_every_forty_seconds(vendor):
    first = await vendor.in_room("get_member_list", Next="")
    vendor.world.enter(vendor.room, "vip")
    assert await vendor.in_room("get_member_list", Next="") == first
    vendor.step(40)
    renewed = await vendor.in_room("get_member_list", Next="")
    assert {"Member_Account": "vip"} in renewed["MemberList"]


async def test_no_more_than_a_thousand_members_are_named_however_many_there_are(vendor):
    largest = max(vendor.world.rooms.values(), key=lambda room: room.shape.size)
    named, cursor = [], ""
    while True:
        page = await vendor.get("get_member_list", {"RoomId": largest.room_id, "Next": cursor})
        named += [row["Member_Account"] for row in page["MemberList"]]
        cursor = page["Next"]
        if not cursor:
            break
    assert page["MemberCount"] > 50_000
    assert len(named) == len(set(named)) == 1000


@pytest.mark.parametrize("cursor", [5, "made up", "-1"])
async def test_a_cursor_of_members_must_be_one_of_ours(vendor, cursor):
    assert await vendor.code_in_room("get_member_list", Next=cursor) == 100002


async def test_robots_are_imported_accounts_and_count_as_members(vendor):
    before = vendor.world.online(vendor.room)
    assert await vendor.code_in_room("add_robot", RobotList_Account=["robot_1"]) == 70107
    await vendor.ask("account_import", {"UserID": "robot_1"})
    await vendor.in_room("add_robot", RobotList_Account=["robot_1", "robot_1"])
    assert await vendor.in_room("get_robot") == {"RobotList_Account": ["robot_1"]}
    assert vendor.world.online(vendor.room) == before + 1
    await vendor.in_room("del_robot", RobotList_Account=["robot_1"])
    assert await vendor.in_room("get_robot") == {"RobotList_Account": []}
