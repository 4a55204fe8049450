"""What the Chat account commands answer, and their tolerant parsers. Rules: see messages."""

from dataclasses import dataclass

from liveapi import reading
from liveapi.messages import Payload, rows_of

NICK = "Tag_Profile_IM_Nick"
AVATAR = "Tag_Profile_IM_Image"


@dataclass(frozen=True, slots=True)
class Profile:
    """nick, avatar_url: "" when not told."""

    account: str
    nick: str
    avatar_url: str


@dataclass(frozen=True, slots=True)
class AccountCheck:
    """imported: None when the vendor could not tell (code says why)."""

    account: str
    imported: bool | None
    code: int | None


@dataclass(frozen=True, slots=True)
class AccountResult:
    """The outcome for one account of a batch; code 0 is success."""

    account: str
    code: int | None
    text: str


@dataclass(frozen=True, slots=True)
class OnlineStatus:
    """status: the vendor's word, e.g. Online, PushOnline, Offline."""

    account: str
    status: str


@dataclass(frozen=True, slots=True)
class GlobalMute:
    """Seconds of silence left, in chats between two people and in groups. None: not told."""

    direct_seconds: int | None
    group_seconds: int | None


def profiles(payload: Payload) -> tuple[Profile, ...]:
    """portrait_get. Ids may come back in another letter case than they were asked in."""
    found = []
    for row in rows_of(payload, "UserProfileItem"):
        if not (account := reading.identifier(row.get("To_Account"))):
            continue
        items = row.get("ProfileItem")
        values = {
            item["Tag"]: item.get("Value")
            for item in (items if isinstance(items, list) else ())
            if isinstance(item, dict) and isinstance(item.get("Tag"), str)
        }
        avatar = reading.text(values.get(AVATAR), reading.ADDRESS_LENGTH)
        found.append(Profile(account, reading.text(values.get(NICK)), avatar))
    return tuple(found)


def account_checks(payload: Payload) -> tuple[AccountCheck, ...]:
    """account_check."""
    statuses = {"Imported": True, "NotImported": False}
    return tuple(
        AccountCheck(
            account,
            statuses.get(reading.text(row.get("AccountStatus"))),
            reading.whole(row.get("ResultCode")),
        )
        for row in rows_of(payload, "ResultItem")
        if (account := reading.identifier(row.get("UserID")))
    )


def account_results(payload: Payload) -> tuple[AccountResult, ...]:
    """account_delete."""
    return tuple(
        AccountResult(
            account, reading.whole(row.get("ResultCode")), reading.text(row.get("ResultInfo"))
        )
        for row in rows_of(payload, "ResultItem")
        if (account := reading.identifier(row.get("UserID")))
    )


def failed_accounts(payload: Payload) -> tuple[str, ...]:
    """multiaccount_import: the accounts that were not imported."""
    return reading.identifiers(payload.get("FailAccounts"))


def online_statuses(payload: Payload) -> tuple[OnlineStatus, ...]:
    """query_online_status."""
    return tuple(
        OnlineStatus(account, reading.text(row.get("Status") or row.get("State"), 32))
        for row in rows_of(payload, "QueryResult")
        if (account := reading.identifier(row.get("To_Account")))
    )


def global_mute(payload: Payload) -> GlobalMute:
    """getnospeaking."""
    return GlobalMute(
        direct_seconds=reading.count(payload.get("C2CmsgNospeakingTime")),
        group_seconds=reading.count(payload.get("GroupmsgNospeakingTime")),
    )
