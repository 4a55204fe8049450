"""Commands about rooms and their metadata: (world, body) -> payload of `Response`, or None for an acknowledgement."""

from typing import Any

from simulator.refusal import Refusal
from simulator.rooms import Room
from simulator.world import World

Body = dict[str, Any]
MOST_A_PAGE = 20
LIMITS_BYTES = {"RoomName": 100, "CoverURL": 200, "Notice": 100}
EDITABLE = (
    "RoomName", "MaxMemberCount", "IsMessageDisabled", "CoverURL", "Category", "ActivityStatus", "IsPublicVisible",
    "TakeSeatMode", "Notice", "IsUnlimitedRoomEnabled", "CustomInfo",
)  # fmt: skip
CREATABLE = (*EDITABLE, "SeatTemplate", "MaxSeatCount", "IsSeatEnabled", "BackgroundURL", "KeepOwnerOnSeat")
LISTED = ("RoomId", "RoomName", "Owner_Account", "CoverURL", "Category", "CreateTime", "ActivityStatus")


def checked(fields: Body) -> Body:
    """The same fields; Refusal 100002 when one breaks a documented limit."""
    for name, most in LIMITS_BYTES.items():
        if name in fields and (not isinstance(fields[name], str) or len(fields[name].encode()) > most):
            raise Refusal(100002, f"{name} takes a string of at most {most} bytes")
    categories = fields.get("Category", [])
    if (
        not isinstance(categories, list)
        or len(categories) > 3
        or not all(isinstance(c, int) for c in categories)
    ):
        raise Refusal(100009, "Category takes at most 3 integers")
    for name in ("IsMessageDisabled", "IsPublicVisible", "IsUnlimitedRoomEnabled"):
        if name in fields and not isinstance(fields[name], bool):
            raise Refusal(100002, f"{name} takes a boolean")
    return fields


def room_info(body: Body) -> Body:
    info = body.get("RoomInfo", body)
    if not isinstance(info, dict):
        raise Refusal(100002, "RoomInfo takes an object")
    return info


def create_room(world: World, body: Body, *, caller: str) -> None:
    info = checked(room_info(body))
    room_id = info.get("RoomId")
    if not isinstance(room_id, str) or not 0 < len(room_id.encode()) <= 48 or not room_id.isascii():
        raise Refusal(100002, "RoomId takes 1 to 48 bytes of printable ASCII")
    if info.get("RoomType") != "Live":
        raise Refusal(100015, "RoomType takes Live")
    owner = str(info.get("Owner_Account") or caller)
    if room_id in world.rooms:
        same = world.rooms[room_id].owner == owner
        raise Refusal(100010 if same else 100003, "the room id is in use")
    if owner != caller and owner not in world.accounts:
        raise Refusal(70107, "the account does not exist")
    fields: Body = {"IsPublicVisible": True} | {name: info[name] for name in CREATABLE if name in info}
    world.open_room(**fields, RoomId=room_id, Owner_Account=owner, size=0)


def destroy_room(world: World, body: Body) -> Body:
    room = world.room(body.get("RoomId"))
    totals = room.statistics(world.clock.now())
    totals.pop("TotalMsgCount")
    world.close(room, "destroyed")
    return {"Statistic": totals}


def update_room_info(world: World, body: Body) -> None:
    fields = checked(room_info(body))
    room = world.room(fields.get("RoomId"))
    room.info.update({name: fields[name] for name in EDITABLE if name in fields})


def figures(world: World, room: Room, *, full: bool) -> Body:
    """The counts in a list row or in room info; `full`: with what only the vendor's own manager was seen to read."""
    now = world.clock.now()
    counts: Body = {"ViewCount": room.views(now)}
    if full:
        profile = world.account(room.owner)
        counts |= {
            "OnlineCount": room.online(now),
            "OwnerName": profile["nick"],
            "OwnerAvatarUrl": profile["face"],
        }
    return counts


def get_room_info(world: World, body: Body, *, full: bool) -> Body:
    room = world.room(body.get("RoomId"))
    return {"RoomInfo": room.info | figures(world, room, full=full)}


def get_room_list(world: World, body: Body, *, full: bool) -> Body:
    """Public rooms by falling ViewCount. The cursor names the last row's count and number, so that while counts
    move between two pages a room can be missed or come twice, as with the vendor."""
    cursor, count = body.get("Next"), body.get("Count")
    if not isinstance(cursor, str) or not isinstance(count, int) or not 0 < count <= MOST_A_PAGE:
        raise Refusal(100002, "Next takes a string, Count 1 to 20")
    now = world.clock.now()
    ranked = sorted(
        (-room.views(now), room.number, room) for room in world.rooms.values() if room.info["IsPublicVisible"]
    )
    if cursor not in {"", "0"}:
        views, _, number = cursor.partition("-")
        if not (views.isdigit() and number.isdigit()):
            raise Refusal(100002, "Next is not one of ours")
        after = (-int(views), int(number))
        ranked = [row for row in ranked if row[:2] > after]
    page = ranked[:count]
    more = len(ranked) > count
    rows = [{k: room.info[k] for k in LISTED} | figures(world, room, full=full) for _, _, room in page]
    return {"RoomList": rows, "Next": f"{-page[-1][0]}-{page[-1][1]}" if more else ""}


def get_room_statistics(world: World, body: Body) -> Body:
    return dict(world.room(body.get("RoomId")).statistics(world.clock.now()))


def keys_of(body: Body) -> list[str]:
    keys = body.get("Keys", [])
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise Refusal(100002, "Keys takes an array of strings")
    return keys


def get_room_metadata(world: World, body: Body) -> Body:
    room, keys = world.room(body.get("RoomId")), keys_of(body)
    wanted = keys or list(room.metadata)
    return {"Metadata": [{"Key": key, "Value": room.metadata[key]} for key in wanted if key in room.metadata]}


def set_room_metadata(world: World, body: Body) -> None:
    room, given = world.room(body.get("RoomId")), body.get("Metadata")
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise Refusal(100002, "Metadata takes an array of objects")
    merged = room.metadata | {str(item.get("Key")): str(item.get("Value")) for item in given}
    if len(merged) > 10:
        raise Refusal(100500, "too many keys")
    if any(len(key.encode()) > 50 for key in merged):
        raise Refusal(100504, "a key is too long")
    if any(len(value.encode()) > 2048 for value in merged.values()):
        raise Refusal(100501, "a value is too big")
    if sum(len(value.encode()) for value in merged.values()) > 16384:
        raise Refusal(100502, "all values together are too big")
    room.metadata = merged


def del_room_metadata(world: World, body: Body) -> None:
    room, keys = world.room(body.get("RoomId")), keys_of(body)
    if not any(key in room.metadata for key in keys):
        raise Refusal(100503, "no key exists")
    room.metadata = {key: value for key, value in room.metadata.items() if key not in keys}
