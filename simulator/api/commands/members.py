"""Commands about people in a room: bans, mutes, administrators, members, robots."""

from simulator import bodies
from simulator.bodies import Body
from simulator.errors import Refusal
from simulator.world import dissolution, events
from simulator.world.world import World

MAX_ACCOUNTS = 20
MAX_ADMINS = 5
MAX_ROBOTS = 100
MAX_BANNED_PER_PAGE = 100
MAX_REASON_BYTES = 200
MEMBERS_A_PAGE = 500


def ban_member(world: World, body: Body) -> None:
    room = world.room(body.get("RoomId"))
    accounts = bodies.accounts(body, "MemberList_Account", MAX_ACCOUNTS)
    until = world.clock.now() + bodies.number(body, "Duration", minimum=1)
    if "Reason" in body:
        bodies.text(body, "Reason", min_bytes=0, max_bytes=MAX_REASON_BYTES)
    # The owner stays: whether the vendor's ban moves him is not known.
    world.leave(room, [account for account in accounts if account != room.owner])
    room.banned |= dict.fromkeys(accounts, until)


def unban_member(world: World, body: Body) -> None:
    room = world.room(body.get("RoomId"))
    for account in bodies.accounts(body, "MemberList_Account", MAX_ACCOUNTS):
        room.banned.pop(account, None)


def get_banned_member_list(world: World, body: Body) -> Body:
    room = world.room(body.get("RoomId"))
    offset = bodies.number({"Offset": 0} | body, "Offset")
    limit = bodies.number({"Limit": 20} | body, "Limit", minimum=1, maximum=MAX_BANNED_PER_PAGE)
    rows = list(room.banned.items())[offset : offset + limit]
    following = offset + len(rows)
    listed = [{"Member_Account": account, "BannedUntil": int(until)} for account, until in rows]
    return {
        "BannedAccountList": listed,
        "NextOffset": following if following < len(room.banned) else 0,
    }


def mute_member(world: World, body: Body) -> None:
    room = world.room(body.get("RoomId"))
    accounts = bodies.accounts(body, "MemberList_Account", MAX_ACCOUNTS)
    seconds = bodies.number(body, "MuteTime")
    for account in accounts:
        room.muted.pop(account, None)
        if seconds:
            room.muted[account] = world.clock.now() + seconds


def get_muted_member_list(world: World, body: Body) -> Body:
    muted = world.room(body.get("RoomId")).muted.items()
    return {
        "MutedAccountList": [
            {"Member_Account": who, "MutedUntil": int(until)} for who, until in muted
        ]
    }


def modify_admin(world: World, body: Body) -> None:
    room = world.room(body.get("RoomId"))
    accounts = bodies.accounts(body, "Admin_Account", MAX_ACCOUNTS)
    if body.get("OpType") == "delete":
        room.admins = [account for account in room.admins if account not in accounts]
    elif body.get("OpType") == "add":
        merged = list(dict.fromkeys([*room.admins, *accounts]))
        if len(merged) > MAX_ADMINS:
            raise Refusal(100020, "too many room administrators")
        room.admins = merged
    else:
        raise Refusal(100002, "OpType takes add or delete")
    world.tell(events.admins(room, world.clock.now(), world.admin, accounts, body["OpType"]))


def get_admin_list(world: World, body: Body) -> Body:
    return {"Admin_Account": list(world.room(body.get("RoomId")).admins)}


def get_member_list(world: World, body: Body) -> Body:
    room = world.room(body.get("RoomId"))
    cursor = body.get("Next", "")
    if not isinstance(cursor, str) or not (cursor == "" or (cursor.isascii() and cursor.isdigit())):
        raise Refusal(100002, "Next is not one of ours")
    named, total = world.audience.members(room, world.clock.now())
    start = int(cursor[:9] or 0)
    page = named[start : start + MEMBERS_A_PAGE]
    following = start + MEMBERS_A_PAGE
    listed = [{"Member_Account": account} for account in page]
    return {
        "MemberList": listed,
        "MemberCount": total,
        "Next": str(following) if following < len(named) else "",
    }


def add_robot(world: World, body: Body) -> None:
    room = world.room(body.get("RoomId"))
    accounts = bodies.accounts(body, "RobotList_Account", MAX_ROBOTS)
    for account in accounts:
        world.people.require(account)
    fresh = [account for account in dict.fromkeys(accounts) if account not in room.robots]
    room.robots += fresh
    room.entered += len(fresh)
    if fresh:
        world.tell(events.members(room, world.clock.now(), events.ENTER, fresh, events.REST))


def del_robot(world: World, body: Body) -> None:
    room = world.room(body.get("RoomId"))
    accounts = bodies.accounts(body, "RobotList_Account", MAX_ROBOTS)
    now, gone = world.clock.now(), [account for account in room.robots if account in accounts]
    if not gone:
        return
    room.robots = [account for account in room.robots if account not in gone]
    seats = {index: on for index, on in room.seats.items() if on not in gone or on == room.owner}
    world.reseat(room, seats, now, events.REST)
    world.tell(events.members(room, now, events.LEAVE, gone, events.REST))
    dissolution.somebody_went(world, room, now)


def get_robot(world: World, body: Body) -> Body:
    return {"RobotList_Account": list(world.room(body.get("RoomId")).robots)}
