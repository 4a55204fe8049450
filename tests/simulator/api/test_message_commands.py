"""Messages into a room, and who may say nothing."""

import pytest

from simulator.api.faults import Fault

MESSAGES = {
    "send_text_msg": {"Sender_Account": "viewer_1", "TextContent": "hello"},
    "send_custom_msg": {
        "Sender_Account": "viewer_1",
        "BusinessId": "violation_alert",
        "Data": "{}",
    },
    "send_group_msg": {
        "From_Account": "viewer_1",
        "Random": 7,
        "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "hello"}}],
    },
}


def message(vendor, command, **changed):
    where = "GroupId" if command == "send_group_msg" else "RoomId"
    return {where: vendor.room.room_id} | MESSAGES[command] | changed


@pytest.mark.parametrize("command", MESSAGES)
async def test_a_message_is_said_and_counted(vendor, command):
    before = (await vendor.in_room("get_room_stats"))["TotalMsgCount"]
    answer = await vendor.ask(command, message(vendor, command))
    assert answer["ErrorCode"] == 0
    told = answer if command == "send_group_msg" else answer["Response"]
    assert told["MsgTime"] and told["MsgSeq"] and not told["MsgDropReason"]
    said = vendor.room.messages[-1]
    assert said["From_Account"] == "viewer_1" and (
        said.get("Text") == "hello" or said["Data"] == "{}"
    )
    assert (await vendor.in_room("get_room_stats"))["TotalMsgCount"] == before + 1


@pytest.mark.parametrize("command", MESSAGES)
async def test_on_order_a_message_is_dropped_with_the_code_0(vendor, command):
    vendor.simulator.api.faults.order(Fault(command, "dropped", times=1))
    answer = await vendor.ask(command, message(vendor, command))
    told = answer if command == "send_group_msg" else answer["Response"]
    assert (answer["ErrorCode"], told["MsgDropReason"]) == (0, "MsgFreqCtrl")
    assert not vendor.room.messages
    assert await vendor.code(command, message(vendor, command)) == 0
    assert len(vendor.room.messages) == 1


@pytest.mark.parametrize("command", ["send_text_msg", "send_custom_msg"])
async def test_without_a_sender_it_is_the_caller(vendor, command):
    asked = message(vendor, command)
    del asked["Sender_Account"]
    assert await vendor.code(command, asked) == 0
    assert vendor.room.messages[-1]["From_Account"] == "administrator"


@pytest.mark.parametrize("command", MESSAGES)
async def test_who_is_muted_or_unknown_says_nothing(vendor, command):
    sender = "From_Account" if command == "send_group_msg" else "Sender_Account"
    assert await vendor.code(command, message(vendor, command, **{sender: "nobody"})) == 70107
    await vendor.in_room("mute_member", MemberList_Account=["viewer_1"], MuteTime=60)
    await vendor.ask("setnospeaking", {"Set_Account": "viewer_2", "GroupmsgNospeakingTime": 60})
    for muted in ("viewer_1", "viewer_2"):
        assert await vendor.code(command, message(vendor, command, **{sender: muted})) == 100017
    assert not vendor.room.messages
    vendor.step(61)
    assert await vendor.code(command, message(vendor, command)) == 0


@pytest.mark.parametrize("command", MESSAGES)
async def test_while_everybody_is_muted_the_host_and_the_administrators_may_speak(vendor, command):
    sender = "From_Account" if command == "send_group_msg" else "Sender_Account"
    room = {"RoomId": vendor.room.room_id}
    await vendor.get("update_room_info", {"RoomInfo": room | {"IsMessageDisabled": True}})
    assert await vendor.code(command, message(vendor, command)) == 100017
    for may in (vendor.room.owner, "administrator"):
        assert await vendor.code(command, message(vendor, command, **{sender: may})) == 0
    await vendor.in_room("modify_admin", Admin_Account=["viewer_1"], OpType="add")
    assert await vendor.code(command, message(vendor, command)) == 0


@pytest.mark.parametrize(
    ("command", "changed", "code"),
    [
        ("send_text_msg", {"TextContent": ""}, 100002),
        ("send_text_msg", {"TextContent": "x" * 12_001}, 100002),
        ("send_text_msg", {"Sender_Account": 5}, 60015),
        ("send_text_msg", {"ExtensionInfo": {}}, 100002),
        ("send_text_msg", {"RoomId": "none such"}, 100004),
        ("send_custom_msg", {"BusinessId": ""}, 100002),
        ("send_custom_msg", {"Data": {}}, 100002),
        ("send_custom_msg", {"RoomId": "none such"}, 100004),
        ("send_group_msg", {"Random": -1}, 100002),
        ("send_group_msg", {"MsgBody": []}, 100002),
        ("send_group_msg", {"MsgBody": [{"MsgType": "TIMTextElem"}]}, 100002),
        ("send_group_msg", {"GroupId": "none such"}, 100004),
    ],
)
async def test_a_message_is_refused_for_a_reason(vendor, command, changed, code):
    assert await vendor.code(command, message(vendor, command, **changed)) == code
