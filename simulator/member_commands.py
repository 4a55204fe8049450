"""Commands about people in a room: bans, mutes, administrators, members, seats, robots, gifts, messages."""

import json
from typing import Any

from simulator.refusal import Refusal
from simulator.world import World

Body = dict[str, Any]
MOST_ACCOUNTS = 20
MOST_ADMINS = 5
MOST_KEPT_MESSAGES = 200
GIFTS = (("rose", 1), ("coffee", 10), ("star", 50), ("rocket", 500), ("castle", 5000))


def accounts_of(body: Body, name: str, most: int = MOST_ACCOUNTS) -> list[str]:
    accounts = body.get(name)
    if not isinstance(accounts, list) or not 0 < len(accounts) <= most:
        raise Refusal(100002, f"{name} takes 1 to {most} accounts")
    if not all(isinstance(account, str) and account for account in accounts):
        raise Refusal(60015, f"{name} takes strings")
    return accounts


def number_of(body: Body, name: str, least: int) -> int:
    number = body.get(name)
    if not isinstance(number, int) or isinstance(number, bool) or number < least:
        raise Refusal(100002, f"{name} takes an integer from {least}")
    return number


def text_of(body: Body, name: str) -> str:
    text = body.get(name)
    if not isinstance(text, str) or not text:
        raise Refusal(100002, f"{name} takes a string")
    return text


def ban_member(world: World, body: Body) -> None:
    room, accounts = world.room(body.get("RoomId")), accounts_of(body, "MemberList_Account")
    until = world.clock.now() + number_of(body, "Duration", 1)
    room.banned |= dict.fromkeys(accounts, until)
    room.guests -= set(accounts)


def unban_member(world: World, body: Body) -> None:
    room = world.room(body.get("RoomId"))
    for account in accounts_of(body, "MemberList_Account"):
        room.banned.pop(account, None)


def get_banned_member_list(world: World, body: Body) -> Body:
    room = world.room(body.get("RoomId"))
    offset, limit = number_of({"Offset": 0} | body, "Offset", 0), number_of({"Limit": 20} | body, "Limit", 1)
    rows = sorted(room.banned.items())[offset : offset + min(limit, 100)]
    following = offset + len(rows)
    listed = [{"Member_Account": account, "BannedUntil": int(until)} for account, until in rows]
    return {"BannedAccountList": listed, "NextOffset": following if following < len(room.banned) else 0}


def mute_member(world: World, body: Body) -> None:
    room, accounts = world.room(body.get("RoomId")), accounts_of(body, "MemberList_Account")
    seconds = number_of(body, "MuteTime", 0)
    for account in accounts:
        room.muted.pop(account, None)
        if seconds:
            room.muted[account] = world.clock.now() + seconds


def get_muted_member_list(world: World, body: Body) -> Body:
    room = world.room(body.get("RoomId"))
    return {
        "MutedAccountList": [
            {"Member_Account": a, "MutedUntil": int(t)} for a, t in sorted(room.muted.items())
        ]
    }


def modify_admin(world: World, body: Body) -> None:
    room, accounts = world.room(body.get("RoomId")), accounts_of(body, "Admin_Account")
    if body.get("OpType") == "delete":
        room.admins = [account for account in room.admins if account not in accounts]
    elif body.get("OpType") == "add":
        merged = list(dict.fromkeys([*room.admins, *accounts]))
        if len(merged) > MOST_ADMINS:
            raise Refusal(100020, "too many room administrators")
        room.admins = merged
    else:
        raise Refusal(100002, "OpType takes add or delete")


def get_admin_list(world: World, body: Body) -> Body:
    return {"Admin_Account": list(world.room(body.get("RoomId")).admins)}


def get_member_list(world: World, body: Body) -> Body:
    room = world.room(body.get("RoomId"))
    cursor = body.get("Next", "")
    if not isinstance(cursor, str) or (cursor and not cursor.isdigit()):
        raise Refusal(100002, "Next is not one of ours")
    named, total = world.members(room)
    start = int(cursor or 0)
    page = named[start : start + 500]
    more = start + 500 < len(named)
    listed = [{"Member_Account": account} for account in page]
    return {"MemberList": listed, "MemberCount": total, "Next": str(start + 500) if more else ""}


def get_seat_list(world: World, body: Body) -> Body:
    room = world.room(body.get("RoomId"))
    free = {"IsTakenDisabled": False, "IsVideoDisabled": False, "IsAudioDisabled": False}
    seats = range(int(room.info.get("MaxSeatCount") or 9))
    return {
        "SeatList": [
            {"Index": k, **({"Member_Account": room.seats[k]} if k in room.seats else {}), **free}
            for k in seats
        ]
    }


def pick_user_on_seat(world: World, body: Body) -> None:
    room, account, index = (
        world.room(body.get("RoomId")),
        text_of(body, "Member_Account"),
        number_of(body, "Index", 0),
    )
    if index in room.seats:
        raise Refusal(100201, "the seat is taken")
    if account in room.seats.values():
        raise Refusal(100203, "already on a seat")
    room.seats[index] = account


def kick_user_off_seat(world: World, body: Body) -> None:
    room, account = world.room(body.get("RoomId")), text_of(body, "Member_Account")
    if account not in room.seats.values():
        raise Refusal(100206, "not on a seat")
    room.seats = {k: on for k, on in room.seats.items() if on != account}


def switch_seat(world: World, body: Body) -> None:
    account, index = text_of(body, "Member_Account"), number_of(body, "ToIndex", 0)
    if index in world.room(body.get("RoomId")).seats:
        raise Refusal(100201, "the seat is taken")
    kick_user_off_seat(world, body)
    world.room(body.get("RoomId")).seats[index] = account


def add_robot(world: World, body: Body) -> None:
    room = world.room(body.get("RoomId"))
    accounts = accounts_of(body, "RobotList_Account")
    if any(account not in world.accounts for account in accounts):
        raise Refusal(70107, "the account does not exist")
    room.robots = list(dict.fromkeys([*room.robots, *accounts]))


def del_robot(world: World, body: Body) -> None:
    room, accounts = world.room(body.get("RoomId")), accounts_of(body, "RobotList_Account")
    room.robots = [account for account in room.robots if account not in accounts]


def get_robot(world: World, body: Body) -> Body:
    return {"RobotList_Account": list(world.room(body.get("RoomId")).robots)}


def get_gift_info_list(world: World, body: Body) -> Body:
    rows = [{"GiftId": name, "Name": name.title(), "Desc": "", "IconUrl": "", "ResourceUrl": "", "Coins": coins,
             "Level": 1, "CreateTime": 1700000000, "LanguageList": []} for name, coins in GIFTS]  # fmt: skip
    return {"GiftList": rows, "CategoryList": [], "TotalCount": len(rows)}


def send_gift(world: World, body: Body) -> None:
    room, giver = world.room(body.get("RoomId")), text_of(body, "From_Account")
    coins = dict(GIFTS).get(text_of(body, "GiftId"))
    if coins is None:
        raise Refusal(102002, "the gift id is unknown")
    count = number_of(body, "Count", 1)
    room.extra_gifts += count
    room.extra_coins += count * coins
    number, total = room.givers.get(giver, (0, 0))
    room.givers[giver] = number + count, total + count * coins


def get_gift_count(world: World, body: Body) -> Body:
    room, giver = world.room(body.get("RoomId")), text_of(body, "From_Account")
    number, coins = room.givers.get(giver, (0, 0))
    return {"Sequence": 0, "TotalCount": number, "TotalCoins": coins, "GiftSenderCount": len(room.givers)}


def keep_message(world: World, room_id: object, sender: str, what: Body) -> None:
    room = world.room(room_id)
    if room.muted.get(sender, 0) > world.clock.now():
        raise Refusal(100017, "the member is muted")
    room.messages.append({"From_Account": sender, "Time": int(world.clock.now()), **what})
    del room.messages[:-MOST_KEPT_MESSAGES]


def send_text_msg(world: World, body: Body) -> None:
    text = text_of(body, "TextContent")
    keep_message(world, body.get("RoomId"), text_of(body, "Sender_Account"), {"Text": text})


def send_custom_msg(world: World, body: Body) -> None:
    what = {"BusinessId": text_of(body, "BusinessId"), "Data": text_of(body, "Data")}
    keep_message(world, body.get("RoomId"), text_of(body, "Sender_Account"), what)


def send_group_msg(world: World, body: Body) -> None:
    what = {"MsgBody": json.dumps(body.get("MsgBody"))}
    keep_message(world, body.get("GroupId"), str(body.get("From_Account") or "administrator"), what)
