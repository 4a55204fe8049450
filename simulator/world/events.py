"""What the platform tells of: events with the bodies of the vendor's callbacks. https://trtc.io/document/64413

Made here, written and sent in `webhooks`. `at` is Unix seconds of the world's clock throughout.
"""

from dataclasses import dataclass

from simulator.bodies import Body
from simulator.world.rooms import Room

SYSTEM = "@TIM#SYSTEM"  # who ends a room that nobody ended
REST, CLIENT, UNKNOWN = "RESTAPI", "Android", "Unknown"

CREATED = "Live.CallbackAfterCreateRoom"
DESTROYED = "Live.CallbackAfterDestroyRoom"
UPDATED = "Live.CallbackAfterUpdateRoomInfo"
METADATA_SET = "Live.CallbackAfterSetMetadata"
METADATA_DELETED = "Live.CallbackAfterDelMetadata"
NEAR_LIMIT = "Live.CallbackAfterCreateRoomReachingThreshold"
MEMBERS = "Live.CallbackAfterMemberStateChanged"
OWNER = "Live.CallbackAfterChangeOwner"
ADMINS = "Live.CallbackAfterModifyAdmin"
SEATS = "Mic.CallbackAfterSeatInfoChanged"
BEFORE_GIFT = "Live.CallbackBeforeSendGift"
BEFORE_MESSAGE = "Group.CallbackBeforeSendMsg"
AFTER_MESSAGE = "Group.CallbackAfterSendMsg"
FIRST_SENT = 1 << 30  # numbers of messages that were sent by name; those of the crowd are below

ENTER, LEAVE, LOST, RECOVERED = "Enter", "Leave", "HeartbeatInterrupt", "HeartbeatRecover"
ONLINE = {ENTER, RECOVERED}

INFO = (
    "RoomId",
    "RoomName",
    "RoomType",
    "Owner_Account",
    "MaxMemberCount",
    "IsMessageDisabled",
    "CustomInfo",
    "IsSeatEnabled",
    "TakeSeatMode",
    "MaxSeatCount",
    "CreateTime",
    "IsPublicVisible",
    "CoverURL",
    "Category",
)


@dataclass(frozen=True, slots=True)
class Event:
    """One happening.

    `body`: the vendor's fields without CallbackCommand and EventTime; `platform`: OptPlatform.
    """

    command: str
    room_id: str
    at: float
    body: Body
    platform: str = REST


def created(room: Room, at: float, by: str, platform: str) -> Event:
    info = {name: room.info[name] for name in INFO if name in room.info}
    return Event(CREATED, room.room_id, at, {"Operator_Account": by, "RoomInfo": info}, platform)


def destroyed(room: Room, at: float, by: str, platform: str) -> Event:
    """By the system when `by` is SYSTEM: then without the totals, as in the one such payload that
    was captured.
    """
    info = {name: room.info[name] for name in INFO if name in room.info}
    info |= {
        "BackgroundURL": room.info.get("BackgroundURL", ""),
        "ViewCount": room.views(at),
        "IsUnlimitedRoomEnabled": room.info["IsUnlimitedRoomEnabled"],
    }
    how = "DestroyBySystem" if by == SYSTEM else "DestroyByUser"
    body = {"Operator_Account": by, "RoomId": room.room_id, "EventType": how, "RoomInfo": info}
    if by != SYSTEM:
        body["Statistic"] = room.last_statistics(at)
    return Event(DESTROYED, room.room_id, at, body, platform)


def updated(room: Room, at: float, by: str, platform: str, changed: Body) -> Event:
    body = {"Operator_Account": by, "RoomInfo": {"RoomId": room.room_id, **changed}}
    return Event(UPDATED, room.room_id, at, body, platform)


def metadata_set(room: Room, at: float, by: str, values: dict[str, str]) -> Event:
    rows = [{"Key": key, "Value": value} for key, value in values.items()]
    body = {"Operator_Account": by, "RoomId": room.room_id, "Metadata": rows}
    return Event(METADATA_SET, room.room_id, at, body)


def metadata_deleted(room: Room, at: float, by: str, keys: list[str]) -> Event:
    body = {"Operator_Account": by, "RoomId": room.room_id, "Keys": keys}
    return Event(METADATA_DELETED, room.room_id, at, body)


def near_limit(room: Room, at: float, by: str, count: int, maximum: int) -> Event:
    body = {"Operator_Account": by, "CurRoomCount": count, "MaxRoomCount": maximum}
    return Event(NEAR_LIMIT, room.room_id, at, body)


def members(
    room: Room, at: float, cause: str, accounts: list[str], platform: str = CLIENT
) -> Event:
    body = {
        "RoomId": room.room_id,
        "EventType": "Online" if cause in ONLINE else "Offline",
        "EventCause": cause,
        "MemberList": [{"Member_Account": account} for account in accounts],
    }
    return Event(MEMBERS, room.room_id, at, body, platform)


def owner(room: Room, at: float, by: str, before: str) -> Event:
    body = {
        "RoomId": room.room_id,
        "Operator_Account": by,
        "CurrentOwner_Account": room.owner,
        "OriginalOwner_Account": before,
    }
    return Event(OWNER, room.room_id, at, body, CLIENT)


def admins(room: Room, at: float, by: str, accounts: list[str], how: str) -> Event:
    """`how`: add or delete."""
    body = {
        "RoomId": room.room_id,
        "Operator_Account": by,
        "Admin_Account": accounts,
        "opType": how,
    }
    return Event(ADMINS, room.room_id, at, body)


def seats(room: Room, at: float, platform: str = CLIENT) -> Event:
    return Event(
        SEATS, room.room_id, at, {"RoomId": room.room_id, "SeatList": room.seat_list()}, platform
    )


def before_gift(room: Room, at: float, giver: str, gift_id: str, count: int, coins: int) -> Event:
    """`coins`: the price of one."""
    water = {
        "From_Account": giver,
        "To_Account": [room.owner],
        "Time": int(at),
        "GiftId": gift_id,
        "Count": count,
        "Coins": coins,
    }
    body = {"Operator_Account": giver, "RoomId": room.room_id, "GiftWater": water}
    return Event(BEFORE_GIFT, room.room_id, at, body, CLIENT)


def message(
    room: Room,
    at: float,
    sender: str,
    elements: list[Body],
    number: int,
    *,
    by: str = "",
    extension: str = "",
    platform: str = CLIENT,
    before: bool = False,
) -> Event:
    """A line in the room, or the question whether it may be said (`before`).

    `number`: counts the room's lines.
    """
    body = {
        "GroupId": room.room_id,
        "Type": "Live",
        "From_Account": sender,
        "Operator_Account": by or sender,
        "Random": room.shape.seed ^ number,
        "MsgTime": int(at),
        "MsgBody": elements,
        "CloudCustomData": extension,
    }
    if not before:
        body |= {
            "MsgId": f"{room.number}-{int(room.opened_at)}-{number}",
            "MsgSeq": number,
            "OnlineOnlyFlag": 0,
        }
    return Event(BEFORE_MESSAGE if before else AFTER_MESSAGE, room.room_id, at, body, platform)


def text(said: str) -> list[Body]:
    """The MsgBody of a plain line."""
    return [{"MsgType": "TIMTextElem", "MsgContent": {"Text": said}}]
