"""Chat accounts: import, look up, profiles, forced logout."""

from collections.abc import Mapping, Sequence

from liveapi import accounts as answers
from liveapi import calls, messages
from liveapi.accounts import (
    AVATAR,
    NICK,
    AccountCheck,
    AccountResult,
    GlobalMute,
    OnlineStatus,
    Profile,
)
from liveapi.calls import Call

LOGIN = "im_open_login_svc"
NEW_ACCOUNT_BYTES = 32
ACCOUNTS_A_CALL = 100
VALUE_BYTES = 500  # as for FaceUrl and Nick


def account_import(account: str, nick: str = "", face_url: str = "") -> Call[None]:
    """Makes the account known to the vendor; repeating it is harmless. https://trtc.io/document/34953"""
    body = {
        "UserID": calls.text("UserID", account, NEW_ACCOUNT_BYTES, min_bytes=1),
        "Nick": calls.text("Nick", nick, VALUE_BYTES),
        "FaceUrl": calls.text("FaceUrl", face_url, VALUE_BYTES),
    }
    return Call(LOGIN, "account_import", body, messages.nothing)


def multiaccount_import(accounts: Sequence[tuple[str, str, str]]) -> Call[tuple[str, ...]]:
    """Up to 100 (account, nick, face_url); the answer holds those that failed. https://trtc.io/document/34954"""
    if not 1 <= len(accounts) <= ACCOUNTS_A_CALL:
        raise calls.invalid(f"AccountList must hold 1 to {ACCOUNTS_A_CALL} accounts")
    rows = [account_import(account, nick, face_url).body for account, nick, face_url in accounts]
    return Call(LOGIN, "multiaccount_import", {"AccountList": rows}, answers.failed_accounts)


def _user_ids(accounts: Sequence[str]) -> list[dict[str, str]]:
    return [{"UserID": account} for account in calls.accounts(accounts, ACCOUNTS_A_CALL)]


def account_check(accounts: Sequence[str]) -> Call[tuple[AccountCheck, ...]]:
    """Which of up to 100 accounts exist. https://trtc.io/document/34956"""
    body = {"CheckItem": _user_ids(accounts)}
    return Call(LOGIN, "account_check", body, answers.account_checks, reads=True)


def account_delete(accounts: Sequence[str]) -> Call[tuple[AccountResult, ...]]:
    """Deletes up to 100 accounts for good; an id stays unusable for 3 months. https://trtc.io/document/34955"""
    return Call(
        LOGIN, "account_delete", {"DeleteItem": _user_ids(accounts)}, answers.account_results
    )


def kick(account: str) -> Call[None]:
    """Makes every UserSig issued so far useless: a forced logout, not a ban. https://trtc.io/document/34957"""
    return Call(LOGIN, "kick", {"UserID": calls.account(account, "UserID")}, messages.nothing)


def portrait_get(accounts: Sequence[str]) -> Call[tuple[Profile, ...]]:
    """Nick and avatar of up to 100 accounts; the answer's ids may differ in letter case."""
    body = {"To_Account": calls.accounts(accounts, ACCOUNTS_A_CALL), "TagList": [NICK, AVATAR]}
    return Call("profile", "portrait_get", body, answers.profiles, reads=True)


def portrait_set(account: str, values: Mapping[str, str | int]) -> Call[None]:
    """Sets profile tags (Tag_Profile_IM_Nick ...) of one account."""
    if not values:
        raise calls.invalid("nothing to change")
    items = [
        {
            "Tag": calls.text("Tag", tag, 64, min_bytes=1),
            "Value": calls.text("Value", value, VALUE_BYTES)
            if isinstance(value, str)
            else calls.number("Value", value, 0, calls.UINT32),
        }
        for tag, value in values.items()
    ]
    body = {"From_Account": calls.account(account, "From_Account"), "ProfileItem": items}
    return Call("profile", "portrait_set", body, messages.nothing)


def query_online_status(accounts: Sequence[str]) -> Call[tuple[OnlineStatus, ...]]:
    """Whether up to 100 accounts are logged in."""
    body = {"To_Account": calls.accounts(accounts, ACCOUNTS_A_CALL)}
    return Call("openim", "query_online_status", body, answers.online_statuses, reads=True)


def setnospeaking(account: str, seconds: int, *, direct_seconds: int | None = None) -> Call[None]:
    """Silences an account in every group chat for `seconds`; 0 lifts it.
    https://trtc.io/document/34923

    direct_seconds: the same for chats between two people; None leaves those as they are. 2^32 - 1
    is commonly taken as "for ever". Whether it reaches Live rooms is not documented.
    """
    body: dict[str, str | int] = {
        "Set_Account": calls.account(account, "Set_Account"),
        "GroupmsgNospeakingTime": calls.number("GroupmsgNospeakingTime", seconds, 0, calls.UINT32),
    }
    if direct_seconds is not None:
        body["C2CmsgNospeakingTime"] = calls.number(
            "C2CmsgNospeakingTime", direct_seconds, 0, calls.UINT32
        )
    return Call("openconfigsvr", "setnospeaking", body, messages.nothing)


def getnospeaking(account: str) -> Call[GlobalMute]:
    """How long an account is still silenced everywhere. https://trtc.io/document/34924"""
    body = {"Get_Account": calls.account(account, "Get_Account")}
    return Call("openconfigsvr", "getnospeaking", body, answers.global_mute, reads=True)
