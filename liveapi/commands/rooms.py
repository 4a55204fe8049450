"""Rooms: list, read, open, change, end, their statistics and metadata."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial

from liveapi import calls, messages
from liveapi.calls import ROOMS, Call
from liveapi.messages import DestroyOutcome, RoomInfo, RoomPage, RoomStatistics

# The vendor's page names the first (https://cloud.tencent.com/document/product/647/132566), the
# vendor's own back office calls the second. The client finds out which one an account has.
STATISTICS_COMMANDS = ("get_room_stats", "get_room_statistic")

NEW_ROOM_ID_BYTES = 48
PAGE = 20
METADATA_KEYS = 10
METADATA_KEY_BYTES = 50
METADATA_VALUE_BYTES = 2048
METADATA_BYTES = 16_384

# argument -> (field, most bytes)
_TEXTS = {
    "room_name": ("RoomName", 100),
    "cover_url": ("CoverURL", 200),
    "background_url": ("BackgroundURL", 200),
    "notice": ("Notice", 100),
    "seat_template": ("SeatTemplate", 64),
}
_SWITCHES = {
    "is_public_visible": "IsPublicVisible",
    "is_message_disabled": "IsMessageDisabled",
    "is_seat_enabled": "IsSeatEnabled",
    "keep_owner_on_seat": "KeepOwnerOnSeat",
}
_NUMBERS = {
    "activity_status": "ActivityStatus",
    "max_member_count": "MaxMemberCount",
    "max_seat_count": "MaxSeatCount",
    "seat_layout_template_id": "SeatLayoutTemplateId",
}


def get_room_list(next: str = "", count: int = PAGE) -> Call[RoomPage]:
    """A page of the public rooms, most viewed first. https://trtc.io/document/63405

    `next`: "" for the first page, then the cursor of the answer. `count`: 1 to 20. The order
    changes while one pages: a sweep may miss a room or tell it twice.
    """
    body = {"Next": calls.text("Next", next, 512), "Count": calls.number("Count", count, 1, PAGE)}
    return Call(ROOMS, "get_room_list", body, messages.room_page, reads=True)


def get_room_info(room_id: str) -> Call[RoomInfo]:
    """One room, hidden ones too; 100004 says that it is over. https://trtc.io/document/63404"""
    room_id = calls.room(room_id)
    parse = partial(messages.room_info, asked=room_id)
    return Call(ROOMS, "get_room_info", {"RoomId": room_id}, parse, reads=True)


def get_room_statistics(room_id: str) -> Call[RoomStatistics]:
    """The totals of one room; the client chooses between the two command names."""
    body = {"RoomId": calls.room(room_id)}
    return Call(ROOMS, STATISTICS_COMMANDS[0], body, messages.room_statistics, reads=True)


def _fields(values: Mapping[str, object]) -> dict[str, object]:
    """The vendor's fields for our argument names; what is None is left out."""
    body: dict[str, object] = {}
    for name, value in values.items():
        if value is None:
            continue
        if name in _TEXTS:
            field, max_bytes = _TEXTS[name]
            body[field] = calls.text(field, value, max_bytes)
        elif name in _SWITCHES:
            body[_SWITCHES[name]] = bool(value)
        elif name in _NUMBERS:
            body[_NUMBERS[name]] = calls.number(_NUMBERS[name], value, 0, calls.UINT32)
        elif name == "categories" and isinstance(value, Collection):
            if len(value) > 3:
                raise calls.invalid("Category holds at most 3 numbers")
            body["Category"] = [calls.number("Category", item, 0, calls.UINT32) for item in value]
        elif name == "take_seat_mode":
            if value not in messages.TAKE_SEAT_MODES.values():
                raise calls.invalid("TakeSeatMode must be FreeToTake or ApplyToTake")
            body["TakeSeatMode"] = value
        else:
            raise calls.invalid(f"{name} is not a field of a room")
    return body


def create_room(
    room_id: str,
    *,
    owner_account: str,
    seat_template: str = "VideoDynamicGrid9Seats",
    is_public_visible: bool = True,
    is_unlimited_room_enabled: bool = True,
    **fields: object,
) -> Call[None]:
    """Opens a room. https://www.tencentcloud.com/document/product/647/63401

    fields: room_name, cover_url, background_url, notice, categories, activity_status,
    is_message_disabled, take_seat_mode, max_seat_count, max_member_count, is_seat_enabled and
    seat_layout_template_id (both of the older pages), keep_owner_on_seat. Not repeatable: the
    second says 100003 or 100010.
    """
    room_id = calls.text("RoomId", room_id, NEW_ROOM_ID_BYTES, min_bytes=1)
    if not (room_id.isascii() and room_id.isprintable()):
        raise calls.invalid("a new RoomId may hold printable ASCII only")
    info = {
        "RoomId": room_id,
        "RoomType": "Live",
        "Owner_Account": calls.account(owner_account, "Owner_Account"),
        "IsUnlimitedRoomEnabled": bool(is_unlimited_room_enabled),
        **_fields(
            {"seat_template": seat_template, "is_public_visible": is_public_visible, **fields}
        ),
    }
    return Call(ROOMS, "create_room", {"RoomInfo": info}, messages.nothing, repeatable=False)


def destroy_room(room_id: str) -> Call[DestroyOutcome]:
    """Ends a room for everybody. https://trtc.io/document/63406

    Repeatable: 100004 on the second says that it has ended already. The host may open it again at
    once.
    """
    return Call(ROOMS, "destroy_room", {"RoomId": calls.room(room_id)}, messages.destroy_outcome)


def update_room_info(
    room_id: str, *, is_unlimited_room_enabled: bool | None, **fields: object
) -> Call[None]:
    """Changes what is given. https://www.tencentcloud.com/document/product/647/63403

    is_unlimited_room_enabled must be the room's present value (None: not known, not sent): left
    out, the vendor may set it back to false. fields: room_name, cover_url, notice, categories,
    activity_status, is_public_visible, is_message_disabled, take_seat_mode, max_member_count.
    """
    info = {"RoomId": calls.room(room_id), **_fields(fields)}
    if len(info) == 1:
        raise calls.invalid("nothing to change")
    if is_unlimited_room_enabled is not None:
        info["IsUnlimitedRoomEnabled"] = bool(is_unlimited_room_enabled)
    return Call(ROOMS, "update_room_info", {"RoomInfo": info}, messages.nothing)


def _keys(keys: Sequence[str], *, min_count: int) -> list[str]:
    if isinstance(keys, str) or not min_count <= len(keys) <= METADATA_KEYS:
        raise calls.invalid(f"Keys must be a list of {min_count} to {METADATA_KEYS}")
    return [calls.text("Key", key, METADATA_KEY_BYTES, min_bytes=1) for key in keys]


def get_room_metadata(room_id: str, keys: Sequence[str] = ()) -> Call[dict[str, str]]:
    """The values of the keys, of all keys when none is named. https://trtc.io/document/64374"""
    body = {"RoomId": calls.room(room_id), "Keys": _keys(keys, min_count=0)}
    return Call(ROOMS, "get_room_metadata", body, messages.metadata, reads=True)


def set_room_metadata(room_id: str, values: Mapping[str, str]) -> Call[None]:
    """Adds or overwrites. Everybody in the room can read it: never for notes about people."""
    keys = _keys(list(values), min_count=1)
    rows = [
        {"Key": key, "Value": calls.text("Value", values[key], METADATA_VALUE_BYTES)}
        for key in keys
    ]
    if sum(len(row["Value"].encode()) for row in rows) > METADATA_BYTES:
        raise calls.invalid(f"the values may have {METADATA_BYTES} bytes together")
    body = {"RoomId": calls.room(room_id), "Metadata": rows}
    return Call(ROOMS, "set_room_metadata", body, messages.nothing)


def del_room_metadata(room_id: str, keys: Sequence[str]) -> Call[None]:
    """Removes keys; 100503 when none of them exists."""
    body = {"RoomId": calls.room(room_id), "Keys": _keys(keys, min_count=1)}
    return Call(ROOMS, "del_room_metadata", body, messages.nothing)
