"""Every command: where it goes, what it holds, and what is refused before anything is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveapi import Call, LiveApiError, commands

ROOM = "live_1"
LIVE = "live_engine_http_srv"

CALLS = [
    (commands.get_room_list(), LIVE, "get_room_list", {"Next": "", "Count": 20}),
    (commands.get_room_info(ROOM), LIVE, "get_room_info", {"RoomId": ROOM}),
    (commands.get_room_statistics(ROOM), LIVE, "get_room_stats", {"RoomId": ROOM}),
    (commands.destroy_room(ROOM), LIVE, "destroy_room", {"RoomId": ROOM}),
    (
        commands.create_room(ROOM, owner_account="host", room_name="Late show", categories=[1]),
        LIVE,
        "create_room",
        {
            "RoomInfo": {
                "RoomId": ROOM,
                "RoomType": "Live",
                "Owner_Account": "host",
                "IsUnlimitedRoomEnabled": True,
                "SeatTemplate": "VideoDynamicGrid9Seats",
                "IsPublicVisible": True,
                "RoomName": "Late show",
                "Category": [1],
            }
        },
    ),
    (
        commands.update_room_info(ROOM, is_unlimited_room_enabled=True, is_message_disabled=False),
        LIVE,
        "update_room_info",
        {"RoomInfo": {"RoomId": ROOM, "IsMessageDisabled": False, "IsUnlimitedRoomEnabled": True}},
    ),
    (commands.get_room_metadata(ROOM), LIVE, "get_room_metadata", {"RoomId": ROOM, "Keys": []}),
    (
        commands.set_room_metadata(ROOM, {"k": "v"}),
        LIVE,
        "set_room_metadata",
        {"RoomId": ROOM, "Metadata": [{"Key": "k", "Value": "v"}]},
    ),
    (
        commands.del_room_metadata(ROOM, ["k"]),
        LIVE,
        "del_room_metadata",
        {"RoomId": ROOM, "Keys": ["k"]},
    ),
    (
        commands.ban_member(ROOM, ["a", "b", "a"], 3600, "spam"),
        LIVE,
        "ban_member",
        {"RoomId": ROOM, "MemberList_Account": ["a", "b"], "Duration": 3600, "Reason": "spam"},
    ),
    (
        commands.unban_member(ROOM, ["a"]),
        LIVE,
        "unban_member",
        {"RoomId": ROOM, "MemberList_Account": ["a"]},
    ),
    (
        commands.get_banned_member_list(ROOM, 100),
        LIVE,
        "get_banned_member_list",
        {"RoomId": ROOM, "Offset": 100, "Limit": 100},
    ),
    (
        commands.mute_member(ROOM, ["a"], 0),
        LIVE,
        "mute_member",
        {"RoomId": ROOM, "MemberList_Account": ["a"], "MuteTime": 0},
    ),
    (commands.get_muted_member_list(ROOM), LIVE, "get_muted_member_list", {"RoomId": ROOM}),
    (
        commands.modify_admin(ROOM, ["a"], "add"),
        LIVE,
        "modify_admin",
        {"RoomId": ROOM, "Admin_Account": ["a"], "OpType": "add"},
    ),
    (commands.get_admin_list(ROOM), LIVE, "get_admin_list", {"RoomId": ROOM}),
    (commands.get_member_list(ROOM, "n"), LIVE, "get_member_list", {"RoomId": ROOM, "Next": "n"}),
    (commands.get_seat_list(ROOM), "room_engine_http_mic", "get_seat_list", {"RoomId": ROOM}),
    (
        commands.pick_user_on_seat(ROOM, "a", 3),
        "room_engine_http_mic",
        "pick_user_on_seat",
        {"RoomId": ROOM, "Member_Account": "a", "Index": 3},
    ),
    (
        commands.kick_user_off_seat(ROOM, "a", "bye"),
        "room_engine_http_mic",
        "kick_user_off_seat",
        {"RoomId": ROOM, "Member_Account": "a", "Data": "bye"},
    ),
    (
        commands.add_robot(ROOM, ["r"]),
        LIVE,
        "add_robot",
        {"RoomId": ROOM, "RobotList_Account": ["r"]},
    ),
    (
        commands.del_robot(ROOM, ["r"]),
        LIVE,
        "del_robot",
        {"RoomId": ROOM, "RobotList_Account": ["r"]},
    ),
    (commands.get_robot(ROOM), LIVE, "get_robot", {"RoomId": ROOM}),
    (
        commands.get_gift_count(ROOM, "a"),
        LIVE,
        "get_gift_count",
        {"RoomId": ROOM, "From_Account": "a"},
    ),
    (commands.get_gift_info_list(), LIVE, "get_gift_info_list", {}),
    (
        commands.send_gift(ROOM, "a", ["host"], "rose", 2),
        LIVE,
        "send_gift",
        {
            "RoomId": ROOM,
            "GiftId": "rose",
            "Count": 2,
            "From_Account": "a",
            "ReceiverList_Account": ["host"],
        },
    ),
    (
        commands.send_text_msg(ROOM, "a", "hello"),
        LIVE,
        "send_text_msg",
        {"RoomId": ROOM, "Sender_Account": "a", "TextContent": "hello"},
    ),
    (
        commands.send_text_msg(ROOM, "", "hello"),
        LIVE,
        "send_text_msg",
        {"RoomId": ROOM, "TextContent": "hello"},
    ),
    (
        commands.send_custom_msg(ROOM, "a", "violation_alert", "{}"),
        LIVE,
        "send_custom_msg",
        {"RoomId": ROOM, "Sender_Account": "a", "BusinessId": "violation_alert", "Data": "{}"},
    ),
    (
        commands.send_group_msg(ROOM, "a", "hello", random=7),
        "group_open_http_svc",
        "send_group_msg",
        {
            "GroupId": ROOM,
            "From_Account": "a",
            "Random": 7,
            "MsgPriority": "Normal",
            "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "hello"}}],
            "SendMsgControl": ["NoMsgCheck"],
            "ForbidCallbackControl": ["ForbidBeforeSendMsgCallback"],
        },
    ),
    (
        commands.account_import("a", "Ann"),
        "im_open_login_svc",
        "account_import",
        {"UserID": "a", "Nick": "Ann", "FaceUrl": ""},
    ),
    (
        commands.multiaccount_import([("a", "Ann", "")]),
        "im_open_login_svc",
        "multiaccount_import",
        {"AccountList": [{"UserID": "a", "Nick": "Ann", "FaceUrl": ""}]},
    ),
    (
        commands.account_check(["a"]),
        "im_open_login_svc",
        "account_check",
        {"CheckItem": [{"UserID": "a"}]},
    ),
    (
        commands.account_delete(["a"]),
        "im_open_login_svc",
        "account_delete",
        {"DeleteItem": [{"UserID": "a"}]},
    ),
    (commands.kick("a"), "im_open_login_svc", "kick", {"UserID": "a"}),
    (
        commands.portrait_get(["a"]),
        "profile",
        "portrait_get",
        {"To_Account": ["a"], "TagList": ["Tag_Profile_IM_Nick", "Tag_Profile_IM_Image"]},
    ),
    (
        commands.portrait_set("a", {"Tag_Profile_IM_Role": 1}),
        "profile",
        "portrait_set",
        {"From_Account": "a", "ProfileItem": [{"Tag": "Tag_Profile_IM_Role", "Value": 1}]},
    ),
    (commands.query_online_status(["a"]), "openim", "query_online_status", {"To_Account": ["a"]}),
    (
        commands.setnospeaking("a", 60),
        "openconfigsvr",
        "setnospeaking",
        {"Set_Account": "a", "GroupmsgNospeakingTime": 60},
    ),
    (commands.getnospeaking("a"), "openconfigsvr", "getnospeaking", {"Get_Account": "a"}),
]
NOT_REPEATABLE = {"create_room", "send_text_msg", "send_custom_msg", "send_group_msg", "send_gift"}


@pytest.mark.parametrize(
    ("call", "service", "command", "body"), CALLS, ids=[call[2] for call in CALLS]
)
def test_it_is_sent_where_and_as_the_vendor_documents(call, service, command, body):
    assert (call.service, call.command, call.body) == (service, command, body)


@pytest.mark.parametrize("call", [call[0] for call in CALLS], ids=[call[2] for call in CALLS])
def test_it_says_whether_it_may_be_repeated(call):
    assert call.repeatable is (call.command not in NOT_REPEATABLE)
    assert call.reads is call.command.startswith(
        ("get_", "query_", "getno", "portrait_get", "account_check")
    )


def test_every_command_is_in_the_table():
    functions = {name for name in commands.__all__ if name.islower()}

    assert {call[2] for call in CALLS} == (functions - {"get_room_statistics"}) | {"get_room_stats"}


def test_what_is_not_known_is_not_sent():
    call = commands.update_room_info(ROOM, is_unlimited_room_enabled=None, notice="hi")

    assert call.body == {"RoomInfo": {"RoomId": ROOM, "Notice": "hi"}}


def test_chats_between_two_are_silenced_only_when_asked_for():
    call = commands.setnospeaking("a", 60, direct_seconds=0)

    assert call.body == {
        "Set_Account": "a",
        "GroupmsgNospeakingTime": 60,
        "C2CmsgNospeakingTime": 0,
    }


def test_every_documented_field_of_a_new_room_can_be_given():
    call = commands.create_room(
        ROOM,
        owner_account="host",
        is_public_visible=False,
        room_name="Late show",
        cover_url="c",
        background_url="b",
        notice="n",
        categories=[1, 2, 3],
        activity_status=7,
        is_message_disabled=True,
        take_seat_mode="ApplyToTake",
        max_seat_count=8,
        max_member_count=50,
        is_seat_enabled=True,
        seat_layout_template_id=600,
        keep_owner_on_seat=False,
    )

    assert call.body["RoomInfo"] == {
        "RoomId": ROOM,
        "RoomType": "Live",
        "Owner_Account": "host",
        "IsUnlimitedRoomEnabled": True,
        "SeatTemplate": "VideoDynamicGrid9Seats",
        "IsPublicVisible": False,
        "RoomName": "Late show",
        "CoverURL": "c",
        "BackgroundURL": "b",
        "Notice": "n",
        "Category": [1, 2, 3],
        "ActivityStatus": 7,
        "IsMessageDisabled": True,
        "TakeSeatMode": "ApplyToTake",
        "MaxSeatCount": 8,
        "MaxMemberCount": 50,
        "IsSeatEnabled": True,
        "SeatLayoutTemplateId": 600,
        "KeepOwnerOnSeat": False,
    }


REFUSED = [
    lambda: commands.get_room_info(""),
    lambda: commands.get_room_info("x" * 129),
    lambda: commands.get_room_info(5),
    lambda: commands.get_room_info("\ud800"),
    lambda: commands.get_room_list(count=21),
    lambda: commands.get_room_list(count=0),
    lambda: commands.create_room("x" * 49, owner_account="host"),
    lambda: commands.create_room("房间", owner_account="host"),
    lambda: commands.create_room("a\n", owner_account="host"),
    lambda: commands.create_room(ROOM, owner_account=""),
    lambda: commands.create_room(ROOM, owner_account="host", room_name="é" * 51),
    lambda: commands.create_room(ROOM, owner_account="host", categories=[1, 2, 3, 4]),
    lambda: commands.create_room(ROOM, owner_account="host", take_seat_mode="Any"),
    lambda: commands.create_room(ROOM, owner_account="host", colour="red"),
    lambda: commands.update_room_info(ROOM, is_unlimited_room_enabled=True),
    lambda: commands.update_room_info(ROOM, is_unlimited_room_enabled=True, notice="x" * 101),
    lambda: commands.update_room_info(ROOM, is_unlimited_room_enabled=True, max_member_count=-1),
    lambda: commands.set_room_metadata(ROOM, {}),
    lambda: commands.set_room_metadata(ROOM, {str(key): "" for key in range(11)}),
    lambda: commands.set_room_metadata(ROOM, {"k" * 51: ""}),
    lambda: commands.set_room_metadata(ROOM, {"k": "v" * 2049}),
    lambda: commands.set_room_metadata(ROOM, {str(key): "v" * 2000 for key in range(9)}),
    lambda: commands.del_room_metadata(ROOM, "key"),
    lambda: commands.ban_member(ROOM, [], 60),
    lambda: commands.ban_member(ROOM, [str(number) for number in range(21)], 60),
    lambda: commands.ban_member(ROOM, "account", 60),
    lambda: commands.ban_member(ROOM, [""], 60),
    lambda: commands.ban_member(ROOM, ["a"], 0),
    lambda: commands.ban_member(ROOM, ["a"], True),
    lambda: commands.ban_member(ROOM, ["a"], 2**32),
    lambda: commands.ban_member(ROOM, ["a"], 60, "x" * 1001),
    lambda: commands.get_banned_member_list(ROOM, -1),
    lambda: commands.get_banned_member_list(ROOM, 0, 101),
    lambda: commands.mute_member(ROOM, ["a"], -1),
    lambda: commands.modify_admin(ROOM, ["a"], "remove"),
    lambda: commands.modify_admin(ROOM, [str(number) for number in range(6)], "add"),
    lambda: commands.send_text_msg(ROOM, "a", ""),
    lambda: commands.send_text_msg(ROOM, "a", "x" * 12_001),
    lambda: commands.send_group_msg(ROOM, "a", "hello", random=2**32),
    lambda: commands.send_gift(ROOM, "a", ["host"], "rose", 0),
    lambda: commands.account_import("x" * 33),
    lambda: commands.multiaccount_import([]),
    lambda: commands.account_check([str(number) for number in range(101)]),
    lambda: commands.portrait_get([str(number) for number in range(101)]),
    lambda: commands.portrait_set("a", {}),
    lambda: commands.setnospeaking("a", 2**32),
    lambda: commands.setnospeaking("a", 0, direct_seconds=-1),
    lambda: commands.create_room(ROOM, owner_account="host", background_url="x" * 201),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_what_breaks_a_limit_is_refused_before_it_is_sent(number):
    with pytest.raises(LiveApiError) as caught:
        REFUSED[number]()
    assert caught.value.kind == "invalid"
    assert not caught.value.retryable


@given(st.text(), st.lists(st.text(), max_size=25), st.integers())
def test_any_arguments_make_a_call_or_our_error(room_id, accounts, seconds):
    try:
        call = commands.ban_member(room_id, accounts, seconds)
    except LiveApiError as error:
        assert error.kind == "invalid"
    else:
        assert isinstance(call, Call)
        assert 1 <= len(call.body["MemberList_Account"]) <= 20


def test_the_reason_of_a_ban_has_at_most_200_bytes():
    commands.ban_member("r", ["a"], 60, "é" * 100)
    with pytest.raises(LiveApiError):
        commands.ban_member("r", ["a"], 60, "é" * 100 + "x")
