"""What the stand-in writes, the console reads: every callback, in both of the vendor's spellings,
and its signature.
"""

from collections.abc import Callable
from typing import Any

import pytest

from liveapi import webhook_events, webhooks
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
from simulator.webhooks import payloads
from simulator.world import events
from simulator.world.events import Event
from simulator.world.rooms import Room
from tests.simulator.conftest import make_world

NOW = 1_790_000_000.25
AT_MS = 1_790_000_000_250

CASES: list[tuple[Callable[[Room], Event], type[webhook_events.Event], dict[str, Any]]] = [
    (lambda r: events.created(r, NOW, "op", events.CLIENT), RoomCreated, {"operator": "op"}),
    (lambda r: events.destroyed(r, NOW, "op", events.CLIENT), RoomDestroyed, {"by_system": False}),
    (
        lambda r: events.destroyed(r, NOW, events.SYSTEM, events.UNKNOWN),
        RoomDestroyed,
        {"by_system": True, "statistics": None},
    ),
    (
        lambda r: events.updated(r, NOW, "op", events.REST, {"Notice": "x"}),
        RoomUpdated,
        {"operator": "op"},
    ),
    (
        lambda r: events.metadata_set(r, NOW, "op", {"k": "v"}),
        MetadataChanged,
        {"values": {"k": "v"}, "deleted": ()},
    ),
    (lambda r: events.metadata_deleted(r, NOW, "op", ["k"]), MetadataChanged, {"deleted": ("k",)}),
    (
        lambda r: events.members(r, NOW, events.LOST, ["a", "b"]),
        MembersChanged,
        {"accounts": ("a", "b"), "online": False, "cause": "HeartbeatInterrupt"},
    ),
    (
        lambda r: events.members(r, NOW, events.RECOVERED, ["a"]),
        MembersChanged,
        {"online": True, "cause": "HeartbeatRecover"},
    ),
    (lambda r: events.owner(r, NOW, "op", "old"), OwnerChanged, {"before": "old"}),
    (lambda r: events.admins(r, NOW, "op", ["a"], "add"), AdminsChanged, {"added": True}),
    (lambda r: events.admins(r, NOW, "op", ["a"], "delete"), AdminsChanged, {"added": False}),
    (lambda r: events.seats(r, NOW), SeatsChanged, {}),
    (
        lambda r: events.message(r, NOW, "a", events.text("<b>hi</b> \u202e"), 7),
        MessageSent,
        {"account": "a", "text": "<b>hi</b> \u202e"},
    ),
    (
        lambda r: events.before_gift(r, NOW, "a", "rocket", 2, 500),
        GiftOffered,
        {"account": "a", "gift_id": "rocket", "count": 2},
    ),
    (
        lambda r: events.near_limit(r, NOW, "op", 70, 100),
        RoomsNearLimit,
        {"count": 70, "most": 100},
    ),
    (
        lambda r: Event(
            "", "", NOW, {"EventGroupId": 1, "EventType": 103, "CallbackTs": 5, "EventInfo": {}}
        ),
        Ignored,
        {},
    ),
]


@pytest.fixture(scope="module")
def room() -> Room:
    return next(room for room in make_world().rooms.values() if room.shape.size)


@pytest.mark.parametrize("tables", [False, True], ids=["samples", "tables"])
@pytest.mark.parametrize(("made", "kind", "expected"), CASES)
def test_a_callback_is_read_as_what_it_says(room, made, kind, expected, tables) -> None:
    event = made(room)
    asked = payloads.query(event.command, sdkappid=14, token="t", now=NOW, tables=tables)

    read = webhooks.parse(asked, payloads.written(event, tables=tables))

    assert type(read) is kind
    assert {name: getattr(read, name) for name in expected} == expected
    if kind not in {Ignored, RoomsNearLimit}:
        assert read.room_id == room.room_id
    if kind not in {Ignored, RoomCreated}:
        assert read.at_ms == AT_MS


def test_what_is_told_of_a_room_is_what_rest_tells_of_it(room) -> None:
    created = webhooks.parse({}, payloads.written(events.created(room, NOW, "op", events.CLIENT)))
    assert isinstance(created, RoomCreated)
    info = created.info
    assert (info.room_id, info.owner_account, info.create_time) == (
        room.room_id,
        room.owner,
        room.info["CreateTime"],
    )
    ended = webhooks.parse({}, payloads.written(events.destroyed(room, NOW, "op", events.CLIENT)))
    assert isinstance(ended, RoomDestroyed) and ended.statistics is not None
    assert ended.statistics.total_gift_coins == room.statistics(NOW)["TotalGiftCoins"]
    seats = webhooks.parse({}, payloads.written(events.seats(room, NOW)))
    assert isinstance(seats, SeatsChanged)
    assert [seat.account for seat in seats.seats if seat.account] == [room.owner]


def test_a_signature_is_taken_within_its_minute_and_no_other_token_makes_it() -> None:
    asked = payloads.query(events.CREATED, sdkappid=14, token="the token", now=NOW)
    sign, at = asked["Sign"], asked["RequestTime"]
    assert webhooks.is_signed("the token", at, sign, NOW + 50)
    assert not webhooks.is_signed("the token", at, sign, NOW + 70)
    assert not webhooks.is_signed("another token", at, sign, NOW)
