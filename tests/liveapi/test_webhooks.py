"""Webhooks: what the vendor documents, in every spelling, and anything at all."""

import contextlib
import hashlib
import json
import math

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveapi import webhooks
from liveapi.messages import RoomStatistics, Seat
from liveapi.webhook_events import (
    AdminsChanged,
    GiftOffered,
    Ignored,
    MembersChanged,
    MessageSent,
    MetadataChanged,
    OwnerChanged,
    RoomCreated,
    RoomDestroyed,
    RoomsNearLimit,
    RoomUpdated,
    SeatsChanged,
)

AT = 1_700_000_000_123
COMMANDS = [
    "Live.CallbackAfterCreateRoom",
    "Live.CallbackAfterDestroyRoom",
    "Live.CallbackAfterUpdateRoomInfo",
    "Live.CallbackAfterSetMetadata",
    "Live.CallbackAfterDelMetadata",
    "Live.CallbackAfterCreateRoomReachingThreshold",
    "Live.CallbackAfterMemberStateChanged",
    "Live.CallbackMemberStateChanged",
    "Live.CallbackAfterChangeOwner",
    "Live.CallbackAfterModifyAdmin",
    "Mic.CallbackAfterSeatInfoChanged",
    "Live.CallbackBeforeSendGift",
    "Group.CallbackAfterSendMsg",
    "Group.CallbackBeforeSendMsg",
    "Live.CallbackAfterStartBattle",
    "Follow.CallbackAfterFollowAdd",
    "nobody.knows.it",
    "",
]
INFO = {
    "RoomId": "live_1",
    "RoomName": "Late show",
    "Owner_Account": 144115198244471703,
    "CreateTime": 1_700_000_000,
}
MESSAGE = {
    "GroupId": "live_1",
    "Type": "Live",
    "From_Account": "ann",
    "MsgId": "m1",
    "EventTime": str(AT),
    "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "hello"}}],
}
DOCUMENTED = {
    "Live.CallbackAfterCreateRoom": {"Operator_Account": "host", "RoomInfo": INFO, "EventTime": AT},
    "Live.CallbackAfterDestroyRoom": {
        "Operator_Account": "host",
        "RoomId": "live_1",
        "EventType": "DestroyByUser",
        "RoomInfo": INFO,
        "Statistic": {"TotalGiftCoins": 9},
        "EventTime": AT,
    },
    "Live.CallbackAfterUpdateRoomInfo": {
        "Operator_Account": "host",
        "RoomInfo": {"RoomId": "live_1", "IsPublicVisible": False},
        "EventTime": AT,
    },
    "Live.CallbackAfterSetMetadata": {
        "RoomId": "live_1",
        "Metadata": [{"Key": "k", "Value": "v"}],
        "EventTime": AT,
    },
    "Live.CallbackAfterDelMetadata": {"RoomId": "live_1", "Keys": ["k"], "EventTime": AT},
    "Live.CallbackAfterMemberStateChanged": {
        "RoomId": "live_1",
        "EventType": "Offline",
        "EventCause": "HeartbeatInterrupt",
        "MemberList": [{"Member_Account": "ann"}],
        "EventTime": AT,
    },
    "Live.CallbackAfterChangeOwner": {
        "RoomId": "live_1",
        "CurrentOwner_Account": "ann",
        "OriginalOwner_Account": "bob",
        "EventTime": AT,
    },
    "Live.CallbackAfterModifyAdmin": {
        "RoomId": "live_1",
        "Admin_Account": ["ann"],
        "opType": "add",
        "EventTime": AT,
    },
    "Mic.CallbackAfterSeatInfoChanged": {
        "RoomId": "live_1",
        "SeatList": [{"Index": 0, "Member_Account": "ann"}, {"Index": 1, "IsTakenDisabled": True}],
        "EventTime": AT,
    },
    "Live.CallbackBeforeSendGift": {
        "RoomId": "live_1",
        "GiftWater": {
            "From_Account": "ann",
            "GiftId": "rose",
            "Count": 2,
            "Coins": 10,
            "Time": 1_700_000_000,
        },
        "EventTime": AT,
    },
    "Group.CallbackAfterSendMsg": MESSAGE,
}
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["", "0", "live_1", "\ud800", "\x00", "9" * 30, "Online", "add", "Live"]),
    st.sampled_from([0, -1, 2**31, 2**63, 10**40, math.nan, math.inf]),
)
names = st.one_of(st.sampled_from(sorted(webhooks._SPELLING.values())), st.text(max_size=5))
junk = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(names, inner, max_size=6)),
    max_leaves=20,
)
bodies = st.dictionaries(names, junk, max_size=10)


def told(command, body=None, query=None):
    value = {**(DOCUMENTED[command] if body is None else body), "CallbackCommand": command}
    return webhooks.parse(query or {"CallbackCommand": command}, json.dumps(value).encode())


def respelled(value, spell):
    if isinstance(value, dict):
        return {spell(name): respelled(inner, spell) for name, inner in value.items()}
    return [respelled(inner, spell) for inner in value] if isinstance(value, list) else value


# --- The signature --------------------------------------------------------------------------------

TOKEN, TIME = "xxxxyyyy", "1669872112"
SIGN = (
    "17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061"  # the vendor's own example
)


def test_a_recording_that_changed_is_known_by_name_and_acknowledged():
    command = "Live.CallbackAfterCloudRecordingChanged"
    body = {
        "EventGroupId": 3,
        "EventType": 311,
        "CallbackTs": 1_790_000_000_000,
        "EventInfo": {"RoomId": "live_1"},
    }
    event = webhooks.parse({"CallbackCommand": command}, json.dumps(body).encode())
    assert event == Ignored("", 0, command)
    assert webhooks.is_known(command) and not webhooks.is_wanted(command)
    assert not webhooks.is_known("Live.CallbackAfterSomethingElse")


@pytest.mark.parametrize("seconds", [-60, 0, 60])
def test_a_signature_of_the_last_minute_is_one(seconds):
    assert webhooks.is_signed(TOKEN, TIME, SIGN, int(TIME) + seconds)


@pytest.mark.parametrize(
    ("token", "time", "sign", "now"),
    [
        (TOKEN, TIME, SIGN, int(TIME) + 61),
        (TOKEN, TIME, SIGN, int(TIME) - 61),
        (TOKEN, TIME, SIGN[:-1] + "0", int(TIME)),
        (TOKEN, TIME, SIGN.upper(), int(TIME)),
        ("other", TIME, SIGN, int(TIME)),
        (TOKEN, "1669872113", SIGN, int(TIME)),
        (TOKEN, "", SIGN, int(TIME)),
        (TOKEN, TIME, "", int(TIME)),
        ("", "", "", 0),
    ],
)
def test_anything_else_is_none(token, time, sign, now):
    assert not webhooks.is_signed(token, time, sign, now)


def test_without_a_token_nothing_is_signed():
    assert not webhooks.is_signed("", TIME, hashlib.sha256(TIME.encode()).hexdigest(), int(TIME))


@given(st.text(), st.text(), st.text(), st.floats(0, 2**33))
def test_no_signature_of_any_shape_raises(token, time, sign, now):
    assert webhooks.is_signed(token, time, sign, now) in (True, False)


# --- Any body at all ------------------------------------------------------------------------------


@given(st.sampled_from(COMMANDS), bodies)
def test_no_body_of_any_shape_raises_anything_but_nonsense(command, body):
    try:
        event = webhooks.parse({"CallbackCommand": command}, json.dumps(body).encode())
    except webhooks.Nonsense:
        return
    assert 0 <= event.at_ms <= 253_402_300_799_000
    assert len(event.room_id) <= 128
    orjson.dumps(event)  # can be stored and sent on: no lone surrogates, nothing beyond 64 bits


@given(st.sampled_from(COMMANDS), st.binary(max_size=200))
def test_no_bytes_raise_anything_but_nonsense(command, body):
    with contextlib.suppress(webhooks.Nonsense):
        webhooks.parse({"WebhookCommand": command}, body)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"5", b"{", b"[" * 100_000, b'{"a":' * 100_000]
)
def test_what_is_no_object_is_nonsense(body):
    with pytest.raises(webhooks.Nonsense):
        webhooks.parse({"CallbackCommand": "Live.CallbackAfterCreateRoom"}, body)


@pytest.mark.parametrize("command", sorted(DOCUMENTED))
@given(data=st.data())
def test_a_documented_body_without_some_of_its_fields_is_read_or_nonsense(command, data):
    whole = DOCUMENTED[command]
    left_out = data.draw(st.sets(st.sampled_from(sorted(whole))))
    part = {name: value for name, value in whole.items() if name not in left_out}

    try:
        event = told(command, part)
    except webhooks.Nonsense:
        assert left_out
    else:
        assert event.room_id == "live_1" or isinstance(event, Ignored)


@pytest.mark.parametrize(
    "spell", [str.lower, str.upper, str.swapcase], ids=["lower", "upper", "swapped"]
)
@pytest.mark.parametrize("command", sorted(DOCUMENTED))
def test_names_are_read_whatever_their_case(command, spell):
    body = respelled(DOCUMENTED[command], spell)

    assert told(command, body) == told(command)
    assert webhooks.parse({spell("WebhookCommand"): command}, json.dumps(body).encode()) == told(
        command
    )
    assert webhooks.parse(
        {}, json.dumps({**body, "WebhookCommand": spell(command)}).encode()
    ) == told(command)


@pytest.mark.parametrize("command", sorted(DOCUMENTED))
def test_numbers_are_read_as_text_too(command):
    def texts(value):
        if isinstance(value, dict):
            return {name: texts(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [texts(inner) for inner in value]
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

    assert told(command, texts(DOCUMENTED[command])) == told(command)


# --- What each tells ------------------------------------------------------------------------------


def test_a_room_was_created():
    event = told("Live.CallbackAfterCreateRoom")

    assert isinstance(event, RoomCreated)
    assert (event.room_id, event.at_ms, event.operator) == ("live_1", AT, "host")
    assert (event.info.room_name, event.info.owner_account) == ("Late show", "144115198244471703")


def test_a_creation_without_its_time_happened_at_its_create_time():
    assert told("Live.CallbackAfterCreateRoom", {"RoomInfo": INFO}).at_ms == 1_700_000_000_000


def test_a_room_was_destroyed_with_its_last_figures():
    event = told("Live.CallbackAfterDestroyRoom")

    assert isinstance(event, RoomDestroyed)
    assert not event.by_system
    assert event.statistics == RoomStatistics(total_gift_coins=9)
    assert event.info.create_time == 1_700_000_000


def test_a_room_was_destroyed_by_the_vendor_without_any_figures():
    body = {
        "Operator_Account": "@TIM#SYSTEM",
        "EventType": "DestroyBySystem",
        "RoomInfo": {"RoomId": "live_1", "Owner_Account": "host"},
    }
    event = told("Live.CallbackAfterDestroyRoom", body)

    assert event.room_id == "live_1"
    assert event.by_system
    assert event.statistics is None


def test_a_room_was_updated():
    event = told("Live.CallbackAfterUpdateRoomInfo")

    assert isinstance(event, RoomUpdated)
    assert event.fields == ("IsPublicVisible",)
    assert event.info.is_public_visible is False


def test_metadata_was_set_and_deleted():
    assert told("Live.CallbackAfterSetMetadata") == MetadataChanged(
        "live_1", AT, {"k": "v"}, (), ""
    )
    assert told("Live.CallbackAfterDelMetadata") == MetadataChanged("live_1", AT, {}, ("k",), "")


@pytest.mark.parametrize(
    "command", ["Live.CallbackAfterMemberStateChanged", "Live.CallbackMemberStateChanged"]
)
def test_members_came_and_went(command):
    body = DOCUMENTED["Live.CallbackAfterMemberStateChanged"]

    assert told(command, body) == MembersChanged(
        "live_1", AT, ("ann",), False, "HeartbeatInterrupt"
    )
    assert told(command, {**body, "EventType": None, "EventCause": "Enter"}).online


def test_owner_administrators_and_seats_changed():
    assert told("Live.CallbackAfterChangeOwner") == OwnerChanged("live_1", AT, "ann", "bob", "")
    assert told("Live.CallbackAfterModifyAdmin") == AdminsChanged("live_1", AT, ("ann",), True, "")
    assert told("Mic.CallbackAfterSeatInfoChanged") == SeatsChanged(
        "live_1", AT, (Seat(0, "ann", None, None, None), Seat(1, "", True, None, None))
    )


def test_somebody_said_something():
    assert told("Group.CallbackAfterSendMsg") == MessageSent("live_1", AT, "ann", "hello", "m1")


@pytest.mark.parametrize(
    "other",
    [{"Type": "Public"}, {"MsgBody": [{"MsgType": "TIMCustomElem", "MsgContent": {"Data": "x"}}]}],
)
def test_other_groups_and_messages_without_text_are_ignored(other):
    event = told("Group.CallbackAfterSendMsg", {**MESSAGE, **other})

    assert event == Ignored("live_1", AT, "Group.CallbackAfterSendMsg")


def test_a_gift_was_offered():
    assert told("Live.CallbackBeforeSendGift") == GiftOffered("live_1", AT, "ann", "rose", 2, 10)


def test_the_rooms_near_their_limit():
    body = {"CurRoomCount": 70, "MaxRoomCount": "100", "EventTime": AT}

    assert told("Live.CallbackAfterCreateRoomReachingThreshold", body) == RoomsNearLimit(
        "", AT, 70, 100
    )


@pytest.mark.parametrize(
    "body",
    [
        {"EventGroupId": 1, "EventType": 103, "CallbackTs": AT, "EventInfo": {"RoomId": "1"}},
        {"CallbackCommand": "Live.CallbackAfterStartBattle", "RoomId": "1"},
        {"CallbackCommand": "Group.CallbackBeforeSendMsg", "GroupId": "1"},
        {},
    ],
)
def test_what_nobody_needs_and_other_shapes_are_ignored(body):
    assert isinstance(webhooks.parse({"SdkAppid": "1"}, json.dumps(body).encode()), Ignored)


def test_a_time_in_seconds_is_understood():
    assert (
        told("Live.CallbackAfterDelMetadata", {"RoomId": "1", "EventTime": 1_700_000_000}).at_ms
        == 1_700_000_000_000
    )


def test_the_answer_is_what_the_vendor_wants():
    assert json.loads(webhooks.ANSWER) == {"ActionStatus": "OK", "ErrorCode": 0, "ErrorInfo": ""}
