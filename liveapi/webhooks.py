"""What the vendor tells unasked: the webhooks of a room's life, and the parser that survives
anything.

    is_signed   whether a request was signed with our token within the last minute
    parse       a request -> Event
    ANSWER      what every request is answered

https://trtc.io/document/64412 (form, signature, answer), https://trtc.io/document/64413 (the
commands). The signature covers neither address nor body, so an event is a hint: anything
consequential is read back by REST first. Events may be lost, come twice and in any order. The
vendor's pages spell names in more than one way, so every name is read whatever its case.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping

from liveapi import messages, reading
from liveapi.envelope import decode
from liveapi.reading import Json
from liveapi.webhook_events import (
    AdminsChanged,
    Event,
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

ANSWER = b'{"ActionStatus":"OK","ErrorCode":0,"ErrorInfo":""}'
SIGNED_SECONDS = 60  # how far RequestTime may be from now
COMMAND_NAMES = ("callbackcommand", "webhookcommand")  # the pages name it in both ways
GIFT_COMMAND = "live.callbackbeforesendgift"
TEXT_LENGTH = 4000
MAX_ACCOUNTS = 1000
_DEEPEST = 6
_FIRST_MILLISECOND = 10**11  # a smaller EventTime is in seconds


class Nonsense(ValueError):
    """A request that tells nothing: no JSON object, or an event that leaves out what it is
    about.
    """


# --- The request ----------------------------------------------------------------------------------


def is_signed(token: str, request_time: str, sign: str, now: float) -> bool:
    """Whether `sign` is the signature of this token and time, and the time is at most a minute from
    `now` (Unix seconds).

    https://trtc.io/document/64412: lower-case hex SHA-256 of the token directly followed by
    RequestTime.
    """
    expected = hashlib.sha256((token + request_time).encode("utf-8", "replace")).hexdigest()
    same = hmac.compare_digest(expected.encode(), sign.encode("utf-8", "replace"))
    at = reading.count(request_time)
    return bool(token) and same and at is not None and abs(now - at) <= SIGNED_SECONDS


def lowered(query: Mapping[str, str]) -> dict[str, str]:
    """The query with its names in lower case: the pages write both SdkAppid and SdkAppId."""
    return {name.lower(): value for name, value in query.items()}


def command_of(query: Mapping[str, str]) -> str:
    """The command that an address names, "" when none."""
    names = lowered(query)
    return next((names[name] for name in COMMAND_NAMES if names.get(name)), "")


# Sent by the vendor, and about nothing that is shown or judged here. Recordings: the body holds
# EventGroupId, EventType, CallbackTs and EventInfo
# (https://www.tencentcloud.com/document/product/269/129603).
NOT_NEEDED = frozenset({"live.callbackaftercloudrecordingchanged"})


def is_known(command: str) -> bool:
    """Whether the vendor documents this command, needed here or not."""
    return is_wanted(command) or command.strip().lower() in NOT_NEEDED


def is_wanted(command: str) -> bool:
    """Whether this command may tell more than Ignored."""
    return command.strip().lower() in _MAKERS


def parse(query: Mapping[str, str], body: bytes) -> Event:
    """What a request tells.

    Raises Nonsense (a ValueError) for one that tells nothing, and nothing else.
    """
    row = _spelled(decode(body))
    if not isinstance(row, dict):
        raise Nonsense("the body is not a JSON object")
    command = next(
        (reading.text(row[name]) for name in COMMAND_NAMES if row.get(name)), ""
    ) or command_of(query)
    at_ms = _milliseconds(row.get("EventTime"))
    make = _MAKERS.get(command.strip().lower())
    if make is None:
        return Ignored(reading.identifier(row.get("RoomId")), at_ms, reading.text(command, 128))
    return make(row, _room_id(row), at_ms, command)


# --- The names ------------------------------------------------------------------------------------

_NAMES = (
    "EventTime",
    "EventType",
    "EventCause",
    "Operator_Account",
    "RoomInfo",
    "RoomId",
    "RoomName",
    "RoomType",
    "Owner_Account",
    "CreateTime",
    "OwnerName",
    "OwnerAvatarUrl",
    "CoverURL",
    "Category",
    "Notice",
    "ViewCount",
    "OnlineCount",
    "MemberCount",
    "ActivityStatus",
    "IsPublicVisible",
    "IsMessageDisabled",
    "IsUnlimitedRoomEnabled",
    "IsSeatEnabled",
    "TakeSeatMode",
    "SeatTemplate",
    "MaxMemberCount",
    "MaxSeatCount",
    "Statistic",
    "TotalViewers",
    "TotalGiftsSent",
    "TotalGiftCoins",
    "TotalUniqueGiftSenders",
    "TotalLikesReceived",
    "TotalMsgCount",
    "Metadata",
    "Key",
    "Keys",
    "Value",
    "MemberList",
    "Member_Account",
    "CurrentOwner_Account",
    "OriginalOwner_Account",
    "Admin_Account",
    "OpType",
    "SeatList",
    "Index",
    "IsTakenDisabled",
    "IsVideoDisabled",
    "IsAudioDisabled",
    "GiftWater",
    "From_Account",
    "GiftId",
    "Count",
    "Coins",
    "Time",
    "CurRoomCount",
    "MaxRoomCount",
    "GroupId",
    "Type",
    "MsgId",
    "MsgSeq",
    "MsgTime",
    "Random",
    "MsgBody",
    "MsgType",
    "MsgContent",
    "Text",
)
_SPELLING = {name.lower(): name for name in _NAMES}
Row = Mapping[str, object]


def _spelled(value: Json, depth: int = 0) -> Json:
    """The same with every name that we know spelt as `_NAMES` does, any other in lower case.

    What lies deeper than anything that we read is cut off."""
    if depth > _DEEPEST:
        return None
    if isinstance(value, dict):
        lower = ((name.lower(), inner) for name, inner in value.items() if isinstance(name, str))
        return {_SPELLING.get(name, name): _spelled(inner, depth + 1) for name, inner in lower}
    if isinstance(value, list):
        return [_spelled(inner, depth + 1) for inner in value[:MAX_ACCOUNTS]]
    return value


def _milliseconds(value: object) -> int:
    number = reading.count(value) or 0
    if number < _FIRST_MILLISECOND:
        number *= 1000
    return number if number <= reading.LATEST_TIME * 1000 else 0


def _room_id(row: Row) -> str:
    info = reading.fields(row.get("RoomInfo"))
    return reading.identifier(row.get("RoomId")) or reading.identifier(info.get("RoomId"))


def _named(room_id: str, command: str) -> str:
    if not room_id:
        raise Nonsense(f"{reading.text(command, 64)} names no room")
    return room_id


def _rows(value: object) -> list[Row]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _operator(row: Row) -> str:
    return reading.identifier(row.get("Operator_Account"))


# --- The commands ---------------------------------------------------------------------------------


def _created(row: Row, room_id: str, at_ms: int, command: str) -> Event:
    info = messages.room(reading.fields(row.get("RoomInfo")) or row, _named(room_id, command))
    # The sample of this event has no EventTime: https://trtc.io/document/64423
    return RoomCreated(room_id, at_ms or info.create_time * 1000, info, _operator(row))


def _destroyed(row: Row, room_id: str, at_ms: int, command: str) -> Event:
    room_info = row.get("RoomInfo")
    info = (
        messages.room(room_info, _named(room_id, command))
        if isinstance(room_info, dict) and room_info
        else None
    )
    by_system = reading.text(row.get("EventType")).lower() == "destroybysystem"
    last = messages.destroy_outcome(row).statistics
    return RoomDestroyed(_named(room_id, command), at_ms, _operator(row), by_system, last, info)


def _updated(row: Row, room_id: str, at_ms: int, command: str) -> Event:
    room_info = reading.fields(row.get("RoomInfo")) or row
    fields = tuple(name for name in room_info if name in _SPELLING.values() and name != "RoomId")
    return RoomUpdated(
        _named(room_id, command), at_ms, messages.room(room_info, room_id), fields, _operator(row)
    )


def _metadata_set(row: Row, room_id: str, at_ms: int, command: str) -> Event:
    values = messages.metadata({"Metadata": _rows(row.get("Metadata"))})
    return MetadataChanged(_named(room_id, command), at_ms, values, (), _operator(row))


def _metadata_deleted(row: Row, room_id: str, at_ms: int, command: str) -> Event:
    keys = row.get("Keys")
    named = (
        [key for item in keys if (key := reading.text(item, 64))] if isinstance(keys, list) else []
    )
    deleted = tuple(dict.fromkeys(named))
    return MetadataChanged(_named(room_id, command), at_ms, {}, deleted, _operator(row))


def _members(row: Row, room_id: str, at_ms: int, command: str) -> Event:
    members = row.get("MemberList")
    items = members if isinstance(members, list) else [row]
    accounts = reading.identifiers(
        [item.get("Member_Account") if isinstance(item, dict) else item for item in items]
    )
    cause = reading.text(row.get("EventCause"), 32)
    kind = reading.text(row.get("EventType")).lower()
    if kind not in {"online", "offline"}:
        kind = {
            "enter": "online",
            "heartbeatrecover": "online",
            "leave": "offline",
            "heartbeatinterrupt": "offline",
        }.get(cause.lower(), "")
    if not accounts or not kind:
        raise Nonsense(f"{command} tells of nobody")
    return MembersChanged(_named(room_id, command), at_ms, accounts, kind == "online", cause)


def _owner(row: Row, room_id: str, at_ms: int, command: str) -> Event:
    owner = reading.identifier(row.get("CurrentOwner_Account"))
    if not owner:
        raise Nonsense(f"{command} tells no owner")
    before = reading.identifier(row.get("OriginalOwner_Account"))
    return OwnerChanged(_named(room_id, command), at_ms, owner, before, _operator(row))


def _admins(row: Row, room_id: str, at_ms: int, command: str) -> Event:
    accounts = messages.admins(row)
    kind = reading.text(row.get("OpType")).lower()
    if not accounts or kind not in {"add", "delete"}:
        raise Nonsense(f"{command} tells of nobody")
    return AdminsChanged(_named(room_id, command), at_ms, accounts, kind == "add", _operator(row))


def _seats(row: Row, room_id: str, at_ms: int, command: str) -> Event:
    seats = messages.seats({"SeatList": _rows(row.get("SeatList"))})
    return SeatsChanged(_named(room_id, command), at_ms, seats)


def _message(row: Row, room_id: str, at_ms: int, command: str) -> Event:
    """A room message; the RoomId of a Live room is the GroupId of its chat.

    Other groups of the application, and messages without text (gifts, likes), are nobody's business
    here."""
    room_id = reading.identifier(row.get("GroupId")) or room_id
    account = reading.identifier(row.get("From_Account"))
    content = [reading.fields(part.get("MsgContent")) for part in _rows(row.get("MsgBody"))]
    said = "\n".join(
        text for part in content if (text := reading.text(part.get("Text"), TEXT_LENGTH))
    )
    at_ms = at_ms or _milliseconds(row.get("MsgTime"))
    if reading.text(row.get("Type")).lower() not in {"live", ""} or not said:
        return Ignored(room_id, at_ms, reading.text(command, 128))
    number = f"{reading.identifier(row.get('MsgSeq'))}-{reading.identifier(row.get('Random'))}"
    message_id = reading.identifier(row.get("MsgId")) or number
    if not account or message_id == "-":
        raise Nonsense(f"{command} tells neither who nor which")
    return MessageSent(_named(room_id, command), at_ms, account, said[:TEXT_LENGTH], message_id)


def _gift(row: Row, room_id: str, at_ms: int, command: str) -> Event:
    gift = reading.fields(row.get("GiftWater"))
    account = reading.identifier(gift.get("From_Account")) or _operator(row)
    gift_id = reading.identifier(gift.get("GiftId"))
    if not account or not gift_id:
        raise Nonsense(f"{command} tells neither who nor what")
    at_ms = at_ms or _milliseconds(gift.get("Time"))
    number, coins = reading.count(gift.get("Count")), reading.count(gift.get("Coins"))
    return GiftOffered(
        _named(room_id, command), at_ms, account, gift_id, 1 if number is None else number, coins
    )


def _near_limit(row: Row, room_id: str, at_ms: int, command: str) -> Event:
    return RoomsNearLimit(
        room_id,
        at_ms,
        reading.count(row.get("CurRoomCount")),
        reading.count(row.get("MaxRoomCount")),
    )


_MAKERS: dict[str, Callable[[Row, str, int, str], Event]] = {
    "live.callbackaftercreateroom": _created,
    "live.callbackafterdestroyroom": _destroyed,
    "live.callbackafterupdateroominfo": _updated,
    "live.callbackaftersetmetadata": _metadata_set,
    "live.callbackafterdelmetadata": _metadata_deleted,
    "live.callbackaftercreateroomreachingthreshold": _near_limit,
    "live.callbackaftermemberstatechanged": _members,
    "live.callbackmemberstatechanged": _members,  # as its table of parameters calls it
    "live.callbackafterchangeowner": _owner,
    "live.callbackaftermodifyadmin": _admins,
    "mic.callbackafterseatinfochanged": _seats,
    GIFT_COMMAND: _gift,
    "group.callbackaftersendmsg": _message,
}
