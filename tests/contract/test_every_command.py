"""Every typed command of the client against the simulator, over a real socket: two programs that
share no line of wire code must understand each other."""

import itertools
import time

import pytest

from liveapi import LiveApiError, commands
from liveapi.accounts import AVATAR, NICK, AccountCheck, AccountResult, GlobalMute, OnlineStatus
from liveapi.messages import BannedPage, GiftCount

NUMBERS = itertools.count()
COMMANDS = sorted(set(commands.__all__) - {"STATISTICS_COMMANDS"})


# --- Rooms ----------------------------------------------------------------------------------------


def get_room_list(vendor):
    first = vendor(commands.get_room_list())
    second = vendor(commands.get_room_list(first.next))
    views = [room.view_count for page in (first, second) for room in page.rooms]
    assert len(first.rooms) == 20 and first.next
    assert views == sorted(views, reverse=True)
    assert first.rooms[0].online_count > 50_000 and first.rooms[0].online_field == "OnlineCount"
    assert all(room.owner_name and room.owner_avatar and room.create_time for room in first.rooms)


def get_room_info(vendor):
    for room_id in [room["RoomId"] for room in vendor.inside.get("rooms")["rooms"]]:
        info, inside = vendor(commands.get_room_info(room_id)), vendor.seen(room_id)
        assert info.room_id == room_id
        assert info.owner_account == inside["owner"]
        assert info.create_time == inside["info"]["CreateTime"]
        assert info.is_public_visible is inside["info"]["IsPublicVisible"]
        assert info.categories == tuple(inside["info"]["Category"])
        assert info.seat_template == inside["info"]["SeatTemplate"]
        assert info.room_type == "Live"


def get_room_statistics(vendor):
    room_id, _ = vendor.room()
    told, inside = vendor(commands.get_room_statistics(room_id)), vendor.seen(room_id)["statistics"]
    assert told.total_viewers <= inside["TotalViewers"]
    assert None not in (
        told.total_gift_coins,
        told.total_gifts_sent,
        told.total_unique_gift_senders,
    )
    assert None not in (told.total_likes_received, told.total_msg_count)


def create_room(vendor):
    room_id = f"new: {next(NUMBERS)} & <more>"
    created = commands.create_room(
        room_id,
        owner_account="viewer_5",
        room_name="नमस्ते 👋",
        categories=[1, 2],
        take_seat_mode="ApplyToTake",
        is_public_visible=False,
    )
    vendor(created)
    info = vendor(commands.get_room_info(room_id))
    assert (info.owner_account, info.room_name, info.categories) == ("viewer_5", "नमस्ते 👋", (1, 2))
    assert (info.take_seat_mode, info.is_public_visible) == ("ApplyToTake", False)
    assert info.is_unlimited_room_enabled is True
    assert vendor.code(created) == 100010
    assert vendor.code(commands.create_room(room_id, owner_account="viewer_6")) == 100003
    assert vendor.code(commands.create_room("another", owner_account="nobody")) == 70107


def update_room_info(vendor):
    room_id, _ = vendor.room()
    change = {
        "room_name": "Later",
        "notice": "Be kind",
        "is_message_disabled": True,
        "activity_status": 2,
    }
    vendor(commands.update_room_info(room_id, is_unlimited_room_enabled=True, **change))
    info = vendor(commands.get_room_info(room_id))
    assert (info.room_name, info.notice, info.is_message_disabled) == ("Later", "Be kind", True)
    assert (info.activity_status, info.is_unlimited_room_enabled) == (2, True)


def destroy_room(vendor):
    room_id, _ = vendor.room()
    ended = vendor(commands.destroy_room(room_id)).statistics
    assert ended.total_viewers >= 1 and ended.total_msg_count is None
    assert not vendor.seen(room_id)["live"]
    assert vendor.code(commands.destroy_room(room_id)) == 100004


def get_room_metadata(vendor):
    room_id, _ = vendor.room()
    assert vendor(commands.get_room_metadata(room_id)) == {}
    vendor(commands.set_room_metadata(room_id, {"topic": "海", "level": "1"}))
    assert vendor(commands.get_room_metadata(room_id)) == {"topic": "海", "level": "1"}
    assert vendor(commands.get_room_metadata(room_id, ["level", "none"])) == {"level": "1"}


def set_room_metadata(vendor):
    room_id, _ = vendor.room()
    full = {f"{k:050d}": "x" * 1638 for k in range(10)}
    vendor(commands.set_room_metadata(room_id, full))
    assert vendor(commands.get_room_metadata(room_id)) == full
    assert vendor.code(commands.set_room_metadata(room_id, {"one more": ""})) == 100500
    assert vendor.code(commands.set_room_metadata(room_id, {f"{0:050d}": "x" * 2048})) == 100502


def del_room_metadata(vendor):
    room_id, _ = vendor.room()
    vendor(commands.set_room_metadata(room_id, {"topic": "sea", "level": "1"}))
    vendor(commands.del_room_metadata(room_id, ["topic"]))
    assert vendor(commands.get_room_metadata(room_id)) == {"level": "1"}
    assert vendor.code(commands.del_room_metadata(room_id, ["topic"])) == 100503


# --- Members --------------------------------------------------------------------------------------


def ban_member(vendor):
    room_id, _ = vendor.room()
    vendor.inside.order("enter", room_id=room_id, account="troll")
    vendor(commands.ban_member(room_id, ["troll", "viewer_1"], 60, "spam 🙃"))
    assert vendor.seen(room_id)["guests"] == []
    [troll, viewer] = vendor(commands.get_banned_member_list(room_id)).accounts
    assert (troll.account, viewer.account) == ("troll", "viewer_1")
    assert abs(troll.until - time.time() - 60) < 10


def unban_member(vendor):
    room_id, _ = vendor.room()
    vendor(commands.ban_member(room_id, ["viewer_1", "viewer_2"], 60))
    vendor(commands.unban_member(room_id, ["viewer_1"]))
    assert list(vendor.seen(room_id)["banned"]) == ["viewer_2"]


def get_banned_member_list(vendor):
    room_id, _ = vendor.room()
    assert vendor(commands.get_banned_member_list(room_id)) == BannedPage((), 0)
    for first in (0, 20):
        vendor(commands.ban_member(room_id, [f"viewer_{k}" for k in range(first, first + 20)], 60))
    seen, offset = [], 0
    while True:
        page = vendor(commands.get_banned_member_list(room_id, offset, 15))
        seen += [banned.account for banned in page.accounts]
        offset = page.next_offset
        if not offset:
            break
    assert sorted(seen) == sorted(f"viewer_{k}" for k in range(40))


def mute_member(vendor):
    room_id, _ = vendor.room()
    vendor(commands.mute_member(room_id, ["viewer_1", "viewer_2"], 60))
    vendor(commands.mute_member(room_id, ["viewer_1"], 0))
    assert list(vendor.seen(room_id)["muted"]) == ["viewer_2"]


def get_muted_member_list(vendor):
    room_id, _ = vendor.room()
    assert vendor(commands.get_muted_member_list(room_id)) == ()
    vendor(commands.mute_member(room_id, ["viewer_1"], 60))
    [muted] = vendor(commands.get_muted_member_list(room_id))
    assert muted.account == "viewer_1" and abs(muted.until - time.time() - 60) < 10


def modify_admin(vendor):
    room_id, _ = vendor.room()
    vendor(commands.modify_admin(room_id, [f"viewer_{k}" for k in range(5)], "add"))
    assert vendor.code(commands.modify_admin(room_id, ["viewer_9"], "add")) == 100020
    vendor(commands.modify_admin(room_id, ["viewer_0", "viewer_1"], "delete"))
    assert vendor(commands.get_admin_list(room_id)) == ("viewer_2", "viewer_3", "viewer_4")


def get_admin_list(vendor):
    assert vendor(commands.get_admin_list(vendor.room()[0])) == ()


def get_member_list(vendor):
    room_id, owner = vendor.room()
    page = vendor(commands.get_member_list(room_id))
    assert page.accounts[0] == owner and page.member_count == len(page.accounts) and page.next == ""
    largest = max(vendor.inside.get("rooms")["rooms"], key=lambda room: room["online"])["RoomId"]
    first = vendor(commands.get_member_list(largest))
    second = vendor(commands.get_member_list(largest, first.next))
    assert first.member_count > 50_000
    assert len({*first.accounts, *second.accounts}) == 1000 and second.next == ""


def get_seat_list(vendor):
    room_id, owner = vendor.room()
    seats = vendor(commands.get_seat_list(room_id))
    assert [seat.index for seat in seats] == list(range(len(seats)))
    assert [seat.account for seat in seats if seat.account] == [owner]
    assert seats[1].is_taken_disabled is False


def pick_user_on_seat(vendor):
    room_id, owner = vendor.room()
    assert vendor.code(commands.pick_user_on_seat(room_id, owner, 1)) == 100203
    vendor(commands.add_robot(room_id, ["viewer_1"]))
    assert vendor.code(commands.pick_user_on_seat(room_id, "viewer_1", 0)) == 100210
    vendor(commands.pick_user_on_seat(room_id, "viewer_1", 1))
    assert [seat.account for seat in vendor(commands.get_seat_list(room_id))][:2] == [
        owner,
        "viewer_1",
    ]


def kick_user_off_seat(vendor):
    room_id, owner = vendor.room()
    vendor(commands.kick_user_off_seat(room_id, owner, "time is up"))
    assert not any(seat.account for seat in vendor(commands.get_seat_list(room_id)))
    assert vendor.code(commands.kick_user_off_seat(room_id, owner)) == 100206


def add_robot(vendor):
    room_id, _ = vendor.room()
    assert vendor.code(commands.add_robot(room_id, ["no such robot"])) == 70107
    vendor(commands.add_robot(room_id, ["viewer_1", "viewer_2"]))
    assert vendor(commands.get_robot(room_id)) == ("viewer_1", "viewer_2")


def del_robot(vendor):
    room_id, _ = vendor.room()
    vendor(commands.add_robot(room_id, ["viewer_1", "viewer_2"]))
    vendor(commands.del_robot(room_id, ["viewer_1"]))
    assert vendor(commands.get_robot(room_id)) == ("viewer_2",)


def get_robot(vendor):
    assert vendor(commands.get_robot(vendor.room()[0])) == ()


# --- Gifts and messages ---------------------------------------------------------------------------


def get_gift_info_list(vendor):
    prices = {gift.gift_id: gift.coins for gift in vendor(commands.get_gift_info_list())}
    assert prices["rose"] == 1 and prices["rocket"] == 500


def send_gift(vendor):
    room_id, owner = vendor.room(size=0)
    vendor(commands.send_gift(room_id, "viewer_1", [owner], "rocket", 3))
    assert vendor(commands.get_room_statistics(room_id)).total_gift_coins == 1500
    assert vendor.code(commands.send_gift(room_id, "viewer_1", [owner], "yacht")) == 102002


def get_gift_count(vendor):
    room_id, owner = vendor.room(size=0)
    vendor(commands.send_gift(room_id, "viewer_1", [owner], "star", 2))
    assert vendor(commands.get_gift_count(room_id, "viewer_1")) == GiftCount(2, 100, 1)
    assert vendor(commands.get_gift_count(room_id, "viewer_2")) == GiftCount(0, 0, 1)


def send_text_msg(vendor):
    room_id, owner = vendor.room()
    vendor(commands.send_text_msg(room_id, owner, "Hi 👋", '{"a": 1}'))
    [said] = vendor.seen(room_id)["messages"]
    assert (said["From_Account"], said["Text"], said["ExtensionInfo"]) == (
        owner,
        "Hi 👋",
        '{"a": 1}',
    )
    vendor(commands.mute_member(room_id, ["viewer_1"], 60))
    assert vendor.code(commands.send_text_msg(room_id, "viewer_1", "psst")) == 100017


def send_custom_msg(vendor):
    room_id, _ = vendor.room()
    vendor(
        commands.send_custom_msg(room_id, "administrator", "violation_alert", '{"version": "1.0"}')
    )
    [said] = vendor.seen(room_id)["messages"]
    assert (said["BusinessId"], said["Data"]) == ("violation_alert", '{"version": "1.0"}')
    vendor.inside.order("fault", command="send_custom_msg", kind="dropped", times=1)
    with pytest.raises(LiveApiError) as dropped:
        vendor(commands.send_custom_msg(room_id, "", "violation_alert", "{}"))
    assert (dropped.value.kind, len(vendor.seen(room_id)["messages"])) == ("dropped", 1)


def send_group_msg(vendor):
    room_id, owner = vendor.room()
    vendor(commands.send_group_msg(room_id, owner, "approved", random=2**32 - 1))
    assert vendor.seen(room_id)["messages"][0]["Text"] == "approved"


# --- Accounts -------------------------------------------------------------------------------------


def account_import(vendor):
    vendor(commands.account_import("account_a", "Ana 🌸", "http://faces/ana.png"))
    [profile] = vendor(commands.portrait_get(["account_a"]))
    assert (profile.nick, profile.avatar_url) == ("Ana 🌸", "http://faces/ana.png")


def multiaccount_import(vendor):
    rows = [("account_b", "Bo", ""), ("account_c", "", "")]
    assert vendor(commands.multiaccount_import(rows)) == ()
    assert [
        check.imported for check in vendor(commands.account_check(["account_b", "account_c"]))
    ] == [True] * 2


def account_check(vendor):
    checks = vendor(commands.account_check(["viewer_1", "nobody"]))
    assert checks == (AccountCheck("viewer_1", True, 0), AccountCheck("nobody", False, 0))


def account_delete(vendor):
    vendor(commands.account_import("account_d"))
    results = vendor(commands.account_delete(["account_d", "nobody"]))
    assert results == (AccountResult("account_d", 0, ""), AccountResult("nobody", 70107, ""))
    assert vendor.code(commands.account_import("account_d")) == 70402


def kick(vendor):
    vendor(commands.kick("viewer_1"))
    assert vendor.inside.get("accounts", account="viewer_1")["sessions_ended"]
    assert vendor.code(commands.kick("nobody")) == 70107


def portrait_get(vendor):
    assert vendor.code(commands.portrait_get(["viewer_2", "nobody"])) == 70107
    [profile] = vendor(commands.portrait_get(["viewer_2"]))
    assert profile.account == "viewer_2" and profile.nick and profile.avatar_url.startswith("http")


def portrait_set(vendor):
    vendor(
        commands.portrait_set(
            "viewer_3", {NICK: "Chloé", AVATAR: "http://faces/c.png", "Tag_Profile_IM_Role": 1}
        )
    )
    [profile] = vendor(commands.portrait_get(["viewer_3"]))
    assert (profile.nick, profile.avatar_url) == ("Chloé", "http://faces/c.png")
    assert vendor.code(commands.portrait_set("nobody", {NICK: "x"})) == 70107


def query_online_status(vendor):
    _, owner = vendor.room()
    statuses = vendor(commands.query_online_status([owner, "nobody"]))
    assert statuses == (OnlineStatus(owner, "Online"), OnlineStatus("nobody", "Offline"))


def setnospeaking(vendor):
    room_id, _ = vendor.room()
    vendor(commands.setnospeaking("viewer_4", 60))
    assert vendor.code(commands.send_text_msg(room_id, "viewer_4", "psst")) == 100017
    vendor(commands.setnospeaking("viewer_4", 0))
    vendor(commands.send_text_msg(room_id, "viewer_4", "there"))


def getnospeaking(vendor):
    assert vendor(commands.getnospeaking("viewer_5")) == GlobalMute(0, 0)
    vendor(commands.setnospeaking("viewer_5", 600))
    assert 590 < vendor(commands.getnospeaking("viewer_5")).group_seconds <= 600


@pytest.mark.parametrize("name", COMMANDS)
def test_client_and_simulator_understand_each_other(vendor, name):
    globals()[name](vendor)
