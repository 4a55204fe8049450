"""The door: address, signature, published limits, envelope, trouble on order."""

import asyncio
import json
import time

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liveapi.usersig import sign
from simulator.api.rate_limits import Limits
from simulator.api.server import parsed
from simulator.errors import Refusal
from tests.simulator.conftest import ADMIN, SDKAPPID, SECRET
from tests.support.waiting import comes_about


def signed(identifier=ADMIN, sdkappid=SDKAPPID, secret=SECRET, *, ago=0, expire=3600):
    return sign(identifier, sdkappid, secret, now=int(time.time()) - ago, expire=expire)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"sdkappid": ""}, 60012),
        ({"sdkappid": "1"}, 60006),
        ({"usersig": ""}, 70003),
        ({"usersig": "nonsense"}, 70003),
        ({"identifier": "other"}, 70013),
        ({"usersig": signed(secret="the key of another application")}, 70009),
        ({"usersig": signed(ago=3601)}, 70001),
        ({"usersig": signed(sdkappid=1)}, 70014),
        ({"identifier": "host_1001", "usersig": signed("host_1001")}, 60010),
        ({"random": "-1"}, 60002),
        ({"random": "4294967296"}, 60002),
        ({"random": ""}, 60002),
        ({"contenttype": "xml"}, 60002),
    ],
)
async def test_it_refuses_who_may_not_ask(vendor, query, code):
    answer = await vendor.ask("get_room_list", {"Next": "", "Count": 1}, **query)
    assert (answer["ErrorCode"], answer["ActionStatus"]) == (code, "FAIL")
    assert answer["ErrorInfo"] and answer["RequestId"] and "Response" not in answer


async def test_a_refused_signature_changes_nothing(vendor):
    answer = await vendor.ask(
        "destroy_room", {"RoomId": vendor.room.room_id}, usersig=signed(secret="wrong")
    )
    assert answer["ErrorCode"] == 70009
    assert vendor.room.room_id in vendor.world.rooms


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"null", b"{", b"\xff", b'{"RoomId": "\\ud800"}', b"[" * 5000]
)
async def test_a_body_that_is_no_json_object_is_refused(vendor, raw):
    answer = await vendor.post("get_room_info", data=raw)
    assert (await answer.json())["ErrorCode"] == 60003


async def test_a_whole_emoji_written_in_escapes_is_read(vendor):
    body = (
        b'{"RoomInfo": {"RoomId": "%s", "RoomName": "\\ud83d\\ude00"}}'
        % vendor.room.room_id.encode()
    )
    assert (await (await vendor.post("update_room_info", data=body)).json())["ErrorCode"] == 0
    assert (await vendor.in_room("get_room_info"))["RoomInfo"]["RoomName"] == "😀"


@pytest.mark.parametrize(
    "address", ["no_such_command", "room_engine_http_mic/get_room_list", "elsewhere/kick"]
)
async def test_an_unknown_command_or_service_is_refused(vendor, address):
    assert await vendor.code(address) == 60009


async def test_live_commands_answer_under_response_and_chat_commands_at_the_top(vendor):
    live = await vendor.ask("get_admin_list", {"RoomId": vendor.room.room_id})
    chat = await vendor.ask("account_check", {"CheckItem": [{"UserID": "viewer_1"}]})
    assert set(live["Response"]) == {"Admin_Account"}
    assert "Response" not in chat and chat["ResultItem"]


async def test_the_eleventh_listing_within_a_second_is_refused(vendor):
    body = {"Next": "", "Count": 1}
    codes = [await vendor.code("get_room_list", body) for _ in range(10)]
    began = time.monotonic()
    while (code := await vendor.code("get_room_list", body)) == 0 and time.monotonic() < began + 5:
        codes.append(code)
    assert code == 60007, (
        "a machine so slow that ten calls take more than a second goes round once more"
    )


@pytest.mark.parametrize(
    ("command", "most"),
    [
        ("get_room_list", 10),
        ("get_room_stats", 100),
        ("get_robot", 100),
        ("get_member_list", 200),
        ("kick", 200),
    ],
)
def test_no_window_of_a_second_takes_more_than_the_published_limit(command, most):
    limits = Limits()
    for k in range(most):
        limits.check(command, 100 + 0.9 * k / most)
    with pytest.raises(Refusal) as refused:
        limits.check(command, 100.99)
    assert refused.value.code == 60007
    limits.check(command, 101.0)


def test_all_commands_together_have_a_limit_of_their_own():
    limits = Limits()
    with pytest.raises(Refusal) as refused:
        for k in range(3000):
            limits.check(f"command {k % 20}", 100.0)
    assert refused.value.code == 60011


async def order(vendor, **fault):
    answer = await vendor.client.post("/_simulator/fault", json=fault)
    assert answer.status == 200


@pytest.mark.parametrize("code", [60007, 60011, 100001])
async def test_a_code_on_order_comes_as_often_as_ordered_and_has_no_effect(vendor, code):
    await order(vendor, command="destroy_room", kind="code", code=code, times=2)
    assert [await vendor.code_in_room("destroy_room") for _ in range(3)] == [code, code, 0]


async def test_a_server_error_on_order_has_no_effect(vendor):
    await order(vendor, command="*", kind="http502", times=1)
    answer = await vendor.post("destroy_room", body={"RoomId": vendor.room.room_id})
    assert answer.status == 502
    assert vendor.room.room_id in vendor.world.rooms


async def test_an_answer_lost_on_order_has_its_effect(vendor):
    await order(vendor, command="destroy_room", kind="lost_answer", times=1)
    with pytest.raises(aiohttp.ClientError):
        await vendor.post("destroy_room", body={"RoomId": vendor.room.room_id})
    assert vendor.room.room_id not in vendor.world.rooms
    assert await vendor.code_in_room("destroy_room") == 100004


@pytest.mark.parametrize("kind", ["malformed", "truncated", "empty"])
async def test_spoilt_json_on_order_cannot_be_read_but_has_its_effect(vendor, kind):
    await order(vendor, command="destroy_room", kind=kind, times=1)
    text = await (await vendor.post("destroy_room", body={"RoomId": vendor.room.room_id})).text()
    with pytest.raises(ValueError, match=r"."):
        json.loads(text)
    assert vendor.room.room_id not in vendor.world.rooms


async def test_latency_on_order_holds_up_one_command_and_no_other(vendor):
    await order(vendor, command="get_admin_list", kind="latency", seconds=30, times=1)
    slow = asyncio.create_task(vendor.code_in_room("get_admin_list"))
    faults = vendor.simulator.api.faults._orders
    await comes_about(
        "the slow call is held up", lambda: [fault.times for fault in faults], equals=[0]
    )
    assert await vendor.code_in_room("get_room_info") == 0
    assert not slow.done()
    slow.cancel()


async def test_a_fault_may_strike_one_room_only_and_is_lifted_by_order(vendor):
    other = next(room_id for room_id in vendor.world.rooms if room_id != vendor.room.room_id)
    await order(vendor, command="*", kind="code", code=100001, room_id=vendor.room.room_id)
    assert await vendor.code("get_room_info", {"RoomId": other}) == 0
    assert await vendor.code_in_room("get_room_info") == 100001
    await vendor.client.delete("/_simulator/fault")
    assert await vendor.code_in_room("get_room_info") == 0


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
FIELDS = (
    "RoomInfo",
    "Next",
    "Count",
    "MemberList_Account",
    "Duration",
    "Reason",
    "Offset",
    "Limit",
    "MuteTime",
    "OpType",
    "Admin_Account",
    "RobotList_Account",
    "Member_Account",
    "Index",
    "ToIndex",
    "Data",
    "Keys",
    "Metadata",
    "GiftId",
    "From_Account",
    "ReceiverList_Account",
    "CategoryId",
    "Language",
    "Sender_Account",
    "TextContent",
    "BusinessId",
    "ExtensionInfo",
    "GroupId",
    "Random",
    "MsgBody",
    "UserID",
    "Nick",
    "AccountList",
    "CheckItem",
    "DeleteItem",
    "To_Account",
    "TagList",
    "ProfileItem",
    "Set_Account",
    "Get_Account",
    "GroupmsgNospeakingTime",
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=8), in_room=st.booleans())
async def test_no_body_whatever_breaks_a_command(vendor, body, in_room):
    if in_room:
        body["RoomId"] = vendor.room.room_id
    read = parsed(json.dumps(body).encode())
    vendor.simulator.api.limits = None
    for address in vendor.simulator.api.commands:
        answer = vendor.simulator.api.outcome(vendor.query(), address, read, None)
        json.dumps(answer)
        assert isinstance(answer["ErrorCode"], int)
    if vendor.room.room_id not in vendor.world.rooms:
        vendor.world.reopen(vendor.room)
