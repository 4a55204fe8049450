"""Commands about accounts. These answer at the top level of the body, not under `Response`."""

import time

from simulator import bodies
from simulator.bodies import Body
from simulator.errors import Refusal
from simulator.world import events
from simulator.world.world import World

MAX_ACCOUNTS = 100
MAX_ID_BYTES = 32
MAX_VALUE_BYTES = 500
FIELDS = {
    "Tag_Profile_IM_Nick": "nick",
    "Tag_Profile_IM_Image": "face",
    "Tag_Profile_IM_Role": "role",
}


def rows_of(body: Body, name: str) -> list[object]:
    rows = body.get(name)
    if not isinstance(rows, list) or not 0 < len(rows) <= MAX_ACCOUNTS:
        raise Refusal(70402, f"{name} takes 1 to {MAX_ACCOUNTS} items")
    return rows


def id_of(value: object) -> str:
    """An account id; Refusal 70402 for anything else."""
    if not isinstance(value, str) or not 0 < len(value.encode()) <= MAX_ID_BYTES:
        raise Refusal(70402, f"an account takes 1 to {MAX_ID_BYTES} bytes")
    return value


def ids_of(body: Body, name: str) -> list[str]:
    rows = rows_of(body, name)
    return [id_of(row.get("UserID") if isinstance(row, dict) else None) for row in rows]


def optional_text(body: Body, name: str) -> str:
    value = body.get(name) or ""
    if not isinstance(value, str) or len(value.encode()) > MAX_VALUE_BYTES:
        raise Refusal(70402, f"{name} takes a string of at most {MAX_VALUE_BYTES} bytes")
    return value


def account_import(world: World, body: Body) -> Body:
    account = id_of(body.get("UserID"))
    nick, face = optional_text(body, "Nick"), optional_text(body, "FaceUrl")
    world.people.include(account, world.clock.now(), nick=nick, face=face)
    return {}


def multiaccount_import(world: World, body: Body) -> Body:
    """Takes ids (`Accounts`, the older form) or rows like those of account_import
    (`AccountList`).
    """
    rows = rows_of({"AccountList": body.get("AccountList") or body.get("Accounts")}, "AccountList")
    failed = []
    for row in rows:
        fields = row if isinstance(row, dict) else {"UserID": row}
        try:
            account_import(world, fields)
        except Refusal:
            failed.append(str(fields.get("UserID")))
    return {"FailAccounts": failed}


def account_check(world: World, body: Body) -> Body:
    rows = []
    for account in ids_of(body, "CheckItem"):
        status = "NotImported" if world.people.find(account) is None else "Imported"
        rows.append({"UserID": account, "ResultCode": 0, "ResultInfo": "", "AccountStatus": status})
    return {"ResultItem": rows}


def account_delete(world: World, body: Body) -> Body:
    rows = []
    for account in ids_of(body, "DeleteItem"):
        gone = world.people.delete(account, world.clock.now())
        rows.append({"UserID": account, "ResultCode": 0 if gone else 70107, "ResultInfo": ""})
    return {"ResultItem": rows}


def kick(world: World, body: Body) -> Body:
    account = id_of(body.get("UserID"))
    world.people.require(account)
    now = world.clock.now()
    world.people.sessions_ended[account] = now
    world.people.signatures_ended[account] = time.time()
    for room in world.rooms.values():
        if account in room.robots and account in room.seats.values():
            # What pushes as this robot over RTMP is cut off; the robot itself stays in the room.
            world.reseat(
                room, {i: on for i, on in room.seats.items() if on != account}, now, events.REST
            )
    return {}


def portrait_get(world: World, body: Body) -> Body:
    """One account that was never imported refuses the whole call. https://trtc.io/document/34917"""
    tags = body.get("TagList")
    if not isinstance(tags, list):
        raise Refusal(70402, "TagList takes an array of tags")
    wanted = [tag for tag in tags if isinstance(tag, str) and tag in FIELDS]
    items = []
    for value in rows_of(body, "To_Account"):
        account = id_of(value)
        world.people.require(account)
        profile = world.people.find(account) or {}
        fields = [
            {"Tag": tag, "Value": profile[FIELDS[tag]]} for tag in wanted if FIELDS[tag] in profile
        ]
        items.append(
            {"To_Account": account, "ProfileItem": fields, "ResultCode": 0, "ResultInfo": ""}
        )
    return {"UserProfileItem": items}


def portrait_set(world: World, body: Body) -> Body:
    account, fields = id_of(body.get("From_Account")), {}
    for item in rows_of(body, "ProfileItem"):
        tag = item.get("Tag") if isinstance(item, dict) else None
        if not isinstance(item, dict) or not isinstance(tag, str) or tag not in FIELDS:
            raise Refusal(70402, "ProfileItem takes known tags")
        value = item.get("Value")
        fields[FIELDS[tag]] = value if type(value) is int else optional_text(item, "Value")
    world.people.change(account, **fields)
    return {}


def setnospeaking(world: World, body: Body) -> Body:
    account = id_of(body.get("Set_Account"))
    world.people.require(account)
    seconds = bodies.number({"GroupmsgNospeakingTime": 0} | body, "GroupmsgNospeakingTime")
    world.people.silenced.pop(account, None)
    if seconds:
        world.people.silenced[account] = world.clock.now() + seconds
    return {}


def getnospeaking(world: World, body: Body) -> Body:
    account = id_of(body.get("Get_Account"))
    left = world.people.silenced.get(account, 0) - world.clock.now()
    return {"C2CmsgNospeakingTime": 0, "GroupmsgNospeakingTime": max(0, int(left))}


def query_online_status(world: World, body: Body) -> Body:
    rows = []
    for value in rows_of(body, "To_Account"):
        account = id_of(value)
        rows.append(
            {"To_Account": account, "Status": "Online" if world.is_online(account) else "Offline"}
        )
    return {"QueryResult": rows}
