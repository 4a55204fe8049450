"""Commands about accounts. These answer at the top level of the body, not under `Response`."""

from typing import Any

from simulator.member_commands import text_of
from simulator.refusal import Refusal
from simulator.world import World

Body = dict[str, Any]
MOST_ACCOUNTS = 100
FIELDS = {"Tag_Profile_IM_Nick": "nick", "Tag_Profile_IM_Image": "face", "Tag_Profile_IM_Role": "role"}


def rows_of(body: Body, name: str) -> list[Any]:
    rows = body.get(name)
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST_ACCOUNTS:
        raise Refusal(70402, f"{name} takes 1 to {MOST_ACCOUNTS} items")
    return rows


def ids_of(body: Body, name: str) -> list[str]:
    return [str(row.get("UserID", "")) for row in rows_of(body, name) if isinstance(row, dict)]


def known(world: World, account: str) -> str:
    if account not in world.accounts:
        raise Refusal(70107, "the account does not exist")
    return account


def account_import(world: World, body: Body) -> Body:
    account = str(body.get("UserID") or "")
    if not 0 < len(account.encode()) <= 32:
        raise Refusal(70402, "UserID takes 1 to 32 bytes")
    world.account(account, nick=str(body.get("Nick") or ""), face=str(body.get("FaceUrl") or ""))
    return {}


def multiaccount_import(world: World, body: Body) -> Body:
    rows = body.get("AccountList") or body.get("Accounts")
    for row in rows_of({"AccountList": rows}, "AccountList"):
        account_import(world, row if isinstance(row, dict) else {"UserID": row})
    return {"FailAccounts": []}


def account_check(world: World, body: Body) -> Body:
    rows = ids_of(body, "CheckItem")
    return {
        "ResultItem": [
            {
                "UserID": a,
                "ResultCode": 0,
                "AccountStatus": "Imported" if a in world.accounts else "NotImported",
            }
            for a in rows
        ]
    }


def account_delete(world: World, body: Body) -> Body:
    rows = ids_of(body, "DeleteItem")
    found = [world.accounts.pop(account, None) is not None for account in rows]
    return {
        "ResultItem": [
            {"UserID": account, "ResultCode": 0 if gone else 70107}
            for account, gone in zip(rows, found, strict=True)
        ]
    }


def kick(world: World, body: Body) -> Body:
    world.kicked[known(world, text_of(body, "UserID"))] = world.clock.now()
    return {}


def portrait_get(world: World, body: Body) -> Body:
    wanted = [tag for tag in body.get("TagList") or FIELDS if tag in FIELDS]
    items = []
    for account in rows_of(body, "To_Account"):
        profile = world.accounts.get(str(account))
        if profile is not None:
            fields = [{"Tag": tag, "Value": profile.get(FIELDS[tag], "")} for tag in wanted]
            items.append({"To_Account": account, "ProfileItem": fields, "ResultCode": 0, "ResultInfo": ""})
    return {"UserProfileItem": items}


def portrait_set(world: World, body: Body) -> Body:
    profile = world.accounts[known(world, text_of(body, "From_Account"))]
    for item in rows_of(body, "ProfileItem"):
        if isinstance(item, dict) and item.get("Tag") in FIELDS:
            profile[FIELDS[item["Tag"]]] = str(item.get("Value"))
    return {}


def setnospeaking(world: World, body: Body) -> Body:
    seconds = body.get("GroupmsgNospeakingTime", 0)
    world.silenced[known(world, text_of(body, "Set_Account"))] = world.clock.now() + int(seconds)
    return {}


def getnospeaking(world: World, body: Body) -> Body:
    left = world.silenced.get(text_of(body, "Get_Account"), 0) - world.clock.now()
    return {"C2CmsgNospeakingTime": 0, "GroupmsgNospeakingTime": max(0, int(left))}


def query_online_status(world: World, body: Body) -> Body:
    accounts = rows_of(body, "To_Account")
    inside = {account for room in world.rooms.values() for account in (room.owner, *room.guests)}
    return {
        "QueryResult": [{"To_Account": a, "Status": "Online" if a in inside else "Offline"} for a in accounts]
    }
