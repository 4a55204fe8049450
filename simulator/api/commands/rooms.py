"""Commands about rooms: (world, body) -> payload of `Response`, or None for an acknowledgement."""

from simulator import bodies
from simulator.api.listing import Listing
from simulator.bodies import Body
from simulator.errors import Refusal
from simulator.world import events
from simulator.world.new_rooms import TEMPLATES
from simulator.world.rooms import Room
from simulator.world.world import World

MAX_PER_PAGE = 20
MAX_CATEGORIES = 3
MAX_BYTES = {
    "RoomName": 100,
    "CoverURL": 200,
    "BackgroundURL": 200,
    "Notice": 100,
    "CustomInfo": 500,
}
BOOLEANS = (
    "IsMessageDisabled",
    "IsPublicVisible",
    "IsUnlimitedRoomEnabled",
    "IsSeatEnabled",
    "IsGiftEnabled",
    "IsLikeEnabled",
    "KeepOwnerOnSeat",
)
NUMBERS = ("ActivityStatus", "MaxMemberCount", "MaxSeatCount")
EDITABLE = (
    "RoomName",
    "MaxMemberCount",
    "IsMessageDisabled",
    "CoverURL",
    "Category",
    "ActivityStatus",
    "IsPublicVisible",
    "TakeSeatMode",
    "Notice",
    "IsUnlimitedRoomEnabled",
    "IsGiftEnabled",
    "IsLikeEnabled",
    "BackgroundURL",
    "CustomInfo",
)
CREATABLE = (*EDITABLE, "SeatTemplate", "MaxSeatCount", "IsSeatEnabled", "KeepOwnerOnSeat")
# Documented fields of a list row and of room info: https://trtc.io/document/63405, https://trtc.io/document/63404
LISTED = (
    "RoomId",
    "RoomName",
    "Owner_Account",
    "CoverURL",
    "Category",
    "CreateTime",
    "ActivityStatus",
)
TOLD = (
    *LISTED,
    "RoomType",
    "MaxMemberCount",
    "MaxSeatCount",
    "IsSeatEnabled",
    "IsPublicVisible",
    "IsMessageDisabled",
    "TakeSeatMode",
    "Notice",
)
# Fields that only the vendor's own manager was seen to read in a list row.
LISTED_TOO = ("IsUnlimitedRoomEnabled",)
CREATE_AGAIN_AFTER = 1.0  # seconds, 100012


def checked(fields: Body) -> Body:
    """The same fields; Refusal 100002 (100009 for categories) when one breaks a documented
    limit.
    """
    for name in fields.keys() & MAX_BYTES.keys():
        bodies.text(fields, name, min_bytes=0, max_bytes=MAX_BYTES[name])
    for name in fields.keys() & set(NUMBERS):
        bodies.number(fields, name)
    for name in fields.keys() & set(BOOLEANS):
        if not isinstance(fields[name], bool):
            raise Refusal(100002, f"{name} takes a boolean")
    if "TakeSeatMode" in fields and fields["TakeSeatMode"] not in ("FreeToTake", "ApplyToTake"):
        raise Refusal(100002, "TakeSeatMode takes FreeToTake or ApplyToTake")
    categories = fields.get("Category", [])
    if not isinstance(categories, list) or not all(type(item) is int for item in categories):
        raise Refusal(100002, "Category takes an array of integers")
    if len(categories) > MAX_CATEGORIES:
        raise Refusal(100009, f"Category takes at most {MAX_CATEGORIES} integers")
    return fields


def described(body: Body) -> Body:
    """The fields of a create or update: under RoomInfo, or at the top level as on some pages."""
    info = body.get("RoomInfo", body)
    if not isinstance(info, dict):
        raise Refusal(100002, "RoomInfo takes an object")
    return checked(info)


def create_room(world: World, body: Body, *, caller: str) -> None:
    info, now = described(body), world.clock.now()
    room_id = bodies.text(info, "RoomId", max_bytes=48)
    if not (room_id.isascii() and room_id.isprintable()):
        raise Refusal(100002, "RoomId takes printable ASCII")
    if info.get("RoomType") != "Live":
        raise Refusal(100015, "RoomType takes Live")
    if info.get("SeatTemplate", TEMPLATES[0][0]) not in [name for name, _ in TEMPLATES]:
        raise Refusal(100002, "SeatTemplate is unknown")
    owner = bodies.account(info, "Owner_Account") if info.get("Owner_Account") else caller
    if owner != caller:
        world.people.require(owner)
    if room_id in world.groups:
        raise Refusal(100011, "the room id is used by an ordinary group")
    if room_id in world.rooms:
        same = world.rooms[room_id].owner == owner
        raise Refusal(100010 if same else 100003, "the room id is in use")
    if any(
        ended.room_id == room_id and now - ended.opened_at < CREATE_AGAIN_AFTER
        for ended in world.ended
    ):
        raise Refusal(100012, "the same room id can be created once a second")
    defaults: Body = {
        "RoomName": room_id,
        "CoverURL": "",
        "Category": [],
        "IsPublicVisible": True,
        "TakeSeatMode": "FreeToTake",
        "IsUnlimitedRoomEnabled": False,
    }
    given = {name: info[name] for name in CREATABLE if name in info}
    if "SeatTemplate" in given:
        defaults["MaxSeatCount"] = dict(TEMPLATES)[given["SeatTemplate"]]
    if world.most_rooms and len(world.rooms) >= world.most_rooms:
        raise Refusal(100013, "the package allows no more rooms")
    world.open_room(by_rest=True, **defaults | given, RoomId=room_id, Owner_Account=owner)


def resume_mcu_task(world: World, body: Body) -> None:
    """Restarts the mixing of a room's stream, judging by its name: only that the vendor's manager
    knows it was seen.

    Nothing but RoomId is read, and nothing changes: a simulated stream is never without its mixing.
    """
    world.room(body.get("RoomId"))


def destroy_room(world: World, body: Body) -> Body:
    room = world.room(body.get("RoomId"))
    totals = room.last_statistics(world.clock.now())
    world.close(room, "destroyed")
    return {"Statistic": totals}


def update_room_info(world: World, body: Body) -> None:
    """IsUnlimitedRoomEnabled falls back to its default when it is left out: no page says that it
    does not.
    """
    fields = {"IsUnlimitedRoomEnabled": False} | described(body)
    change(world, world.room(fields.get("RoomId")), fields, world.admin, events.REST)


def change(world: World, room: Room, fields: Body, by: str, platform: str) -> None:
    """Sets what of a room can be changed; the event tells of what is not as it was."""
    wanted = {name: fields[name] for name in EDITABLE if name in fields}
    changed = {name: value for name, value in wanted.items() if room.info.get(name) != value}
    room.info.update(changed)
    room.mute_everybody(room.info["IsMessageDisabled"], world.clock.now())
    world.version += 1
    world.tell(events.updated(room, world.clock.now(), by, platform, changed))


def undocumented(world: World, room: Room) -> Body:
    """What only the vendor's own manager was seen to read: names and people online."""
    profile = world.people.find(room.owner) or {"nick": "", "face": ""}
    online = world.online(room)
    return {
        "OnlineCount": online,
        "MemberCount": online,
        "OwnerName": profile["nick"],
        "OwnerAvatarUrl": profile["face"],
    }


def get_room_info(world: World, body: Body, *, full: bool) -> Body:
    room = world.room(body.get("RoomId"))
    views = {"ViewCount": room.views(world.clock.now())}
    if full:
        return {"RoomInfo": room.info | views | undocumented(world, room)}
    return {"RoomInfo": {name: room.info[name] for name in TOLD} | views}


def get_room_list(world: World, body: Body, *, listing: Listing, full: bool) -> Body:
    cursor, count = body.get("Next"), bodies.number(body, "Count", minimum=1, maximum=MAX_PER_PAGE)
    if not isinstance(cursor, str):
        raise Refusal(100002, "Next takes a string")
    page, following = listing.page(cursor, count)
    fields = (*LISTED, *LISTED_TOO) if full else LISTED
    rows = []
    for views, room in page:
        row = {name: room.info[name] for name in fields} | {"ViewCount": views}
        rows.append(row | undocumented(world, room) if full else row)
    return {"RoomList": rows, "Next": following}


def get_room_statistics(world: World, body: Body) -> Body:
    return dict(world.room(body.get("RoomId")).statistics(world.clock.now()))
