"""How callbacks are written and signed: the vendor's vector, and both of its spellings."""

import json

import pytest

from simulator.webhooks import payloads
from simulator.world import events
from simulator.world.events import Event
from tests.simulator.conftest import make_world

NOW = 1_790_000_000.5


def test_the_signature_is_the_vendors_own_example():
    # https://trtc.io/document/64412
    expected = "17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061"
    assert payloads.sign("xxxxyyyy", 1669872112) == expected


def test_the_address_names_command_application_and_signature():
    asked = payloads.query(events.CREATED, sdkappid=14, token="t", now=NOW, platform="iOS")
    assert asked == {
        "SdkAppid": "14",
        "CallbackCommand": events.CREATED,
        "ClientIP": "127.0.0.1",
        "OptPlatform": "iOS",
        "contenttype": "json",
        "RequestTime": "1790000000",
        "Sign": payloads.sign("t", 1790000000),
    }


def test_the_tables_spell_it_otherwise_and_without_a_token_nothing_is_signed():
    asked = payloads.query(events.MEMBERS, sdkappid=14, token="", now=NOW, tables=True)
    named = {"SdkAppId": "14", "WebhookCommand": "Live.CallbackMemberStateChanged"}
    assert asked == named | {"contenttype": "json"}


def test_a_body_has_its_command_and_time_in_either_spelling():
    room = next(iter(make_world().rooms.values()))
    admins = events.admins(room, NOW, "administrator", ["ana"], "add")
    samples, tables = (
        json.loads(payloads.written(admins, tables=tables)) for tables in (False, True)
    )
    assert samples["opType"] == "add" and tables["OpType"] == "add" and "opType" not in tables
    assert samples["CallbackCommand"] == tables["CallbackCommand"] == events.ADMINS
    assert samples["EventTime"] == tables["EventTime"] == 1_790_000_000_500


def test_a_message_has_its_time_as_text_and_a_created_room_none():
    room = next(iter(make_world().rooms.values()))
    said = json.loads(payloads.written(events.message(room, NOW, "ana", events.text("hi"), 1)))
    assert said["EventTime"] == "1790000000500" and said["GroupId"] == room.room_id
    created = events.created(room, NOW, "ana", events.CLIENT)
    assert "EventTime" not in json.loads(payloads.written(created))
    assert json.loads(payloads.written(created, tables=True))["EventTime"] == 1_790_000_000_500


def test_an_end_tells_its_totals_unless_the_system_ended_it_or_they_are_switched_off():
    room = next(room for room in make_world().rooms.values() if room.shape.size)
    by_user = events.destroyed(room, NOW, room.owner, events.CLIENT)
    by_system = events.destroyed(room, NOW, events.SYSTEM, events.UNKNOWN)
    told = json.loads(payloads.written(by_user))
    assert told["EventType"] == "DestroyByUser"
    assert set(told["Statistic"]) == {
        "TotalViewers",
        "TotalGiftsSent",
        "TotalGiftCoins",
        "TotalUniqueGiftSenders",
        "TotalLikesReceived",
    }
    assert "Statistic" not in json.loads(payloads.written(by_user, statistic=False))
    told = json.loads(payloads.written(by_system))
    assert (told["EventType"], told["Operator_Account"]) == ("DestroyBySystem", "@TIM#SYSTEM")
    assert "Statistic" not in told and told["RoomInfo"]["RoomId"] == room.room_id


@pytest.mark.parametrize(
    ("status", "raw", "code"),
    [
        (200, b'{"ActionStatus": "OK", "ErrorCode": 0, "ErrorInfo": ""}', 0),
        (200, b'{"ActionStatus": "FAIL", "ErrorCode": 1, "ErrorInfo": "no"}', 1),
        (500, b'{"ActionStatus": "OK", "ErrorCode": 0, "ErrorInfo": ""}', None),
        (200, b'{"ErrorCode": 0}', None),
        (200, b'{"ActionStatus": "OK", "ErrorCode": "0", "ErrorInfo": ""}', None),
        (200, b"<html>", None),
        (200, b"[]", None),
    ],
)
def test_only_the_vendors_answer_counts_as_one(status, raw, code):
    assert payloads.code_of(status, raw) == code


def test_an_event_of_any_shape_is_sent_as_it_stands():
    other = Event(
        "", "", NOW, {"EventGroupId": 1, "EventType": 103, "CallbackTs": 5, "EventInfo": {}}
    )
    assert json.loads(payloads.written(other)).items() >= other.body.items()
