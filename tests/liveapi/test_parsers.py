"""The parsers: what the vendor documents, what older answers looked like, and anything at all."""

import json
import math

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveapi import LiveApiError, accounts, envelope, messages

FIELDS = [
    "RoomInfo",
    "RoomList",
    "Next",
    "RoomId",
    "RoomName",
    "Owner_Account",
    "CreateTime",
    "ViewCount",
    "OnlineCount",
    "MemberCount",
    "Category",
    "IsMessageDisabled",
    "TakeSeatMode",
    "MaxSeatCount",
    "Statistic",
    "TotalGiftCoins",
    "Metadata",
    "Key",
    "Value",
    "MemberList",
    "Member_Account",
    "BannedAccountList",
    "BannedUntil",
    "NextOffset",
    "MutedAccountList",
    "MutedUntil",
    "Admin_Account",
    "RobotList_Account",
    "SeatList",
    "Index",
    "GiftList",
    "GiftId",
    "Coins",
    "UserProfileItem",
    "To_Account",
    "ProfileItem",
    "Tag",
    "ResultItem",
    "UserID",
    "AccountStatus",
    "ResultCode",
    "FailAccounts",
    "QueryResult",
    "Status",
    "Response",
    "ErrorCode",
    "ErrorInfo",
    "RequestId",
    "ActionStatus",
    "GroupmsgNospeakingTime",
    "MsgDropReason",
]

PARSERS = [
    lambda payload: messages.room_info(payload, "live_1"),
    messages.room_page,
    messages.room_statistics,
    messages.destroy_outcome,
    messages.metadata,
    messages.member_page,
    messages.banned_page,
    messages.muted_accounts,
    messages.admins,
    messages.robots,
    messages.seats,
    messages.gift_count,
    messages.gifts,
    messages.nothing,
    messages.delivery,
    accounts.profiles,
    accounts.account_checks,
    accounts.account_results,
    accounts.failed_accounts,
    accounts.online_statuses,
    accounts.global_mute,
]

leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.sampled_from(
        ["", "0", "1", "live_1", "\ud800", "\x00", "9" * 30, "Tag_Profile_IM_Nick", "OK"]
    ),
    st.sampled_from([0, -1, 2**31, 2**63, 10**40, math.nan, math.inf]),
)
names = st.one_of(st.sampled_from(FIELDS), st.text(max_size=5))
junk = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(names, inner, max_size=6)),
    max_leaves=25,
)
payloads = st.dictionaries(st.sampled_from(FIELDS), junk, max_size=8)


@given(payloads)
def test_no_payload_of_any_shape_raises_anything_but_our_error(payload):
    for parse in PARSERS:
        try:
            parse(payload)
        except LiveApiError as error:
            assert error.kind == "malformed" or (parse, error.kind) == (
                messages.delivery,
                "dropped",
            )


@given(payloads)
def test_whatever_is_read_can_be_stored_and_sent_on(payload):
    row = payload.get("RoomInfo") if isinstance(payload.get("RoomInfo"), dict) else payload
    page = messages.room_page({"RoomList": [{**row, "RoomId": "live_1"}]})

    orjson.dumps(page)  # refuses lone surrogates and numbers beyond 64 bits
    (room,) = page.rooms
    assert 0 <= room.create_time < 253_402_300_800
    assert len(room.room_name) <= 255
    assert room.online_count is None or room.online_field


@given(
    st.integers(100, 599),
    st.one_of(st.binary(), junk.map(lambda value: json.dumps(value).encode())),
)
def test_no_answer_of_any_bytes_raises_anything_but_our_error(status, body):
    try:
        payload, request_id = envelope.unwrap(status, body, command="c")
    except LiveApiError as error:
        assert error.kind in {"malformed", "vendor", "transport"}
        assert error.command == "c"
    else:
        assert isinstance(payload, dict)
        assert isinstance(request_id, str)


def test_a_room_as_documented():
    row = {
        "RoomId": "live_1",
        "RoomName": "Late show",
        "RoomType": "Live",
        "Owner_Account": "host",
        "CreateTime": 1_700_000_000,
        "ViewCount": 12,
        "OnlineCount": 5,
        "MemberCount": 9,
        "MaxMemberCount": 100,
        "MaxSeatCount": 9,
        "IsSeatEnabled": True,
        "IsPublicVisible": False,
        "IsMessageDisabled": "true",
        "IsUnlimitedRoomEnabled": True,
        "TakeSeatMode": "ApplyToTake",
        "SeatTemplate": "VideoDynamicGrid9Seats",
        "CoverURL": "https://example.com/a.png",
        "Notice": "hello",
        "Category": [1, 2, 3],
        "ActivityStatus": 2,
    }

    assert messages.room_info({"RoomInfo": row}, "live_1") == messages.RoomInfo(
        room_id="live_1",
        create_time=1_700_000_000,
        room_name="Late show",
        owner_account="host",
        cover_url="https://example.com/a.png",
        categories=(1, 2, 3),
        notice="hello",
        view_count=12,
        online_count=5,
        online_field="OnlineCount",
        activity_status=2,
        is_public_visible=False,
        is_message_disabled=True,
        is_unlimited_room_enabled=True,
        is_seat_enabled=True,
        take_seat_mode="ApplyToTake",
        seat_template="VideoDynamicGrid9Seats",
        max_member_count=100,
        max_seat_count=9,
        room_type="Live",
    )


def test_a_room_as_older_answers_told_it():
    room = messages.room_info(
        {
            "RoomInfo": {
                "RoomId": 42,
                "Owner_Account": 144115198244471703,
                "TakeSeatMode": 2,
                "MemberCount": "7",
            }
        },
        "42",
    )

    assert (room.room_id, room.owner_account, room.take_seat_mode) == (
        "42",
        "144115198244471703",
        "ApplyToTake",
    )
    assert (room.online_count, room.online_field) == (7, "MemberCount")


def test_entries_so_far_are_never_taken_for_people_online():
    room = messages.room_info({"RoomInfo": {"RoomId": "live_1", "ViewCount": 900}}, "live_1")

    assert room.online_count is None
    assert room.online_field == ""
    assert room.view_count == 900


@pytest.mark.parametrize(
    "payload", [{}, {"RoomInfo": None}, {"RoomInfo": []}, {"RoomInfo": {"RoomId": "other"}}]
)
def test_an_answer_about_no_room_or_another_one_is_malformed(payload):
    with pytest.raises(LiveApiError) as caught:
        messages.room_info(payload, "live_1")
    assert caught.value.kind == "malformed"


def test_one_odd_row_does_not_cost_the_page():
    page = messages.room_page(
        {"RoomList": [{"RoomId": "a"}, None, {"RoomName": "no id"}, 5, {"RoomId": 6}], "Next": 3}
    )

    assert [room.room_id for room in page.rooms] == ["a", "6"]
    assert page.next == "3"


@pytest.mark.parametrize("payload", [{}, {"RoomList": None, "Next": ""}, {"RoomList": []}])
def test_no_rooms_is_an_empty_page(payload):
    assert messages.room_page(payload) == messages.RoomPage((), "")


def test_rooms_that_are_no_list_are_malformed():
    with pytest.raises(LiveApiError):
        messages.room_page({"RoomList": "none"})


def test_half_an_emoji_or_broken_bytes_in_one_name_do_not_cost_the_page():
    rows = b'{"RoomId":"a","RoomName":"\\ud83d"},{"RoomId":"b","RoomName":"\xff"}'
    body = b'{"ErrorCode":0,"Response":{"RoomList":[' + rows + b"]}}"

    payload, _ = envelope.unwrap(200, body, command="get_room_list")

    assert [(room.room_id, room.room_name) for room in messages.room_page(payload).rooms] == [
        ("a", "?"),
        ("b", "\ufffd"),
    ]


def test_statistics_are_told_or_not_told():
    statistics = messages.room_statistics(
        {"TotalGiftCoins": "120", "TotalViewers": 0, "TotalMsgCount": -1}
    )

    assert statistics.total_gift_coins == 120
    assert statistics.total_viewers == 0
    assert statistics.total_msg_count is None
    assert statistics.total_likes_received is None


@pytest.mark.parametrize(
    "payload", [{}, {"Statistic": None}, {"Statistic": {}}, {"ErrorCode": 0, "RequestId": "r"}]
)
def test_the_last_totals_of_an_ended_room_are_optional(payload):
    assert messages.destroy_outcome(payload).statistics is None


def test_the_last_totals_of_an_ended_room_are_read():
    outcome = messages.destroy_outcome({"Statistic": {"TotalGiftCoins": 9}})

    assert outcome.statistics == messages.RoomStatistics(total_gift_coins=9)


@pytest.mark.parametrize("told", [{}, {"MsgDropReason": ""}, {"MsgDropReason": None}])
def test_a_message_without_a_reason_for_dropping_it_was_delivered(told):
    assert messages.delivery({"MsgTime": 1_700_000_000, "MsgSeq": 7, **told}) == messages.Delivery(
        1_700_000_000, 7
    )


@pytest.mark.parametrize("reason", ["MsgFreqCtrl", "anything", {"odd": 1}])
def test_a_message_with_one_was_not_though_the_code_is_0(reason):
    body = {"ErrorCode": 0, "Response": {"MsgTime": 1, "MsgSeq": 2, "MsgDropReason": reason}}
    payload, _ = envelope.unwrap(200, json.dumps(body).encode(), command="send_custom_msg")
    with pytest.raises(LiveApiError, match="not delivered") as caught:
        messages.delivery(payload)
    assert (caught.value.kind, caught.value.retryable) == ("dropped", True)
    assert caught.value.certainly_without_effect and not caught.value.effect_unknown


def test_members_bans_and_mutes():
    assert messages.member_page(
        {"MemberList": [{"Member_Account": "a"}, {}], "MemberCount": 2, "Next": "n"}
    ) == (messages.MemberPage(("a",), 2, "n"))
    assert messages.banned_page(
        {
            "BannedAccountList": [{"Member_Account": 5, "BannedUntil": 1_700_000_000}],
            "NextOffset": 100,
        }
    ) == messages.BannedPage((messages.BannedAccount("5", 1_700_000_000),), 100)
    assert messages.muted_accounts(
        {"MutedAccountList": [{"Member_Account": "m", "MutedUntil": "7"}]}
    ) == (messages.MutedAccount("m", 7),)


def test_seats_gifts_and_metadata():
    assert messages.seats(
        {"SeatList": [{"Index": 0, "IsTakenDisabled": False}, {"Index": 1, "Member_Account": "a"}]}
    ) == (
        messages.Seat(0, "", False, None, None),
        messages.Seat(1, "a", None, None, None),
    )
    assert messages.gifts({"GiftList": [{"GiftId": "g", "Name": "Rose", "Coins": 5}]})[0].coins == 5
    assert messages.metadata({"Metadata": [{"Key": "k", "Value": "v"}, {"Key": ""}]}) == {"k": "v"}
    assert (
        messages.gift_count({"TotalCount": 1, "TotalCoins": 5, "GiftSenderCount": 1}).total_coins
        == 5
    )


def test_profiles_and_accounts():
    payload = {
        "UserProfileItem": [
            {
                "To_Account": "Host",
                "ProfileItem": [
                    {"Tag": "Tag_Profile_IM_Nick", "Value": "Ann"},
                    {"Tag": "Tag_Profile_IM_Image", "Value": "https://example.com/a.png"},
                    {"Tag": 5},
                ],
            },
            {"To_Account": "bare"},
        ]
    }

    assert accounts.profiles(payload) == (
        accounts.Profile("Host", "Ann", "https://example.com/a.png"),
        accounts.Profile("bare", "", ""),
    )
    assert accounts.account_checks(
        {
            "ResultItem": [
                {"UserID": "a", "ResultCode": 0, "AccountStatus": "Imported"},
                {"UserID": "b"},
            ]
        }
    ) == (accounts.AccountCheck("a", True, 0), accounts.AccountCheck("b", None, None))
    assert accounts.failed_accounts({"FailAccounts": ["x"]}) == ("x",)
    assert (
        accounts.online_statuses({"QueryResult": [{"To_Account": "a", "Status": "Online"}]})[
            0
        ].status
        == "Online"
    )
