"""Members of a room: bans, mutes, administrators, audience, seats, robots."""

from collections.abc import Sequence

from liveapi import calls, messages
from liveapi.calls import ROOMS, SEATS, Call
from liveapi.messages import BannedPage, MemberPage, MutedAccount, Seat

BANS_A_CALL = 20
MUTES_A_CALL = 20  # the page names no number; the ban's is taken
BANNED_PAGE = 100
ROOM_ADMINS = 5
ROBOTS_A_CALL = 100
REASON_BYTES = 200  # https://www.tencentcloud.com/zh/document/product/1071/76878


def _room_members(room_id: str, accounts: Sequence[str], max_count: int) -> dict[str, object]:
    return {
        "RoomId": calls.room(room_id),
        "MemberList_Account": calls.accounts(accounts, max_count),
    }


def ban_member(
    room_id: str, accounts: Sequence[str], duration: int, reason: str = ""
) -> Call[None]:
    """Bans 1 to 20 accounts from one room for `duration` seconds. https://trtc.io/document/63407

    Repeating it extends the end. Needs a living room (else 100004); the ban ends with the room.
    """
    body = _room_members(room_id, accounts, BANS_A_CALL)
    body["Duration"] = calls.number("Duration", duration, 1, calls.UINT32)
    if reason:
        body["Reason"] = calls.text("Reason", reason, REASON_BYTES)
    return Call(ROOMS, "ban_member", body, messages.nothing)


def unban_member(room_id: str, accounts: Sequence[str]) -> Call[None]:
    """Lifts the ban of 1 to 20 accounts."""
    return Call(
        ROOMS, "unban_member", _room_members(room_id, accounts, BANS_A_CALL), messages.nothing
    )


def get_banned_member_list(
    room_id: str, offset: int = 0, limit: int = BANNED_PAGE
) -> Call[BannedPage]:
    """A page of the banned accounts; `offset`: 0, then the answer's next_offset until that is 0."""
    body = {
        "RoomId": calls.room(room_id),
        "Offset": calls.number("Offset", offset, 0, calls.UINT32),
        "Limit": calls.number("Limit", limit, 1, BANNED_PAGE),
    }
    return Call(ROOMS, "get_banned_member_list", body, messages.banned_page, reads=True)


def mute_member(room_id: str, accounts: Sequence[str], seconds: int) -> Call[None]:
    """Forbids chat for `seconds`; 0 lifts the mute. Seats and microphones are not touched."""
    body = _room_members(room_id, accounts, MUTES_A_CALL)
    body["MuteTime"] = calls.number("MuteTime", seconds, 0, calls.UINT32)
    return Call(ROOMS, "mute_member", body, messages.nothing)


def get_muted_member_list(room_id: str) -> Call[tuple[MutedAccount, ...]]:
    """The muted accounts of a room; the vendor documents no paging."""
    body = {"RoomId": calls.room(room_id)}
    return Call(ROOMS, "get_muted_member_list", body, messages.muted_accounts, reads=True)


def modify_admin(room_id: str, accounts: Sequence[str], operation: str) -> Call[None]:
    """operation: "add" or "delete". A room has at most 5 administrators (100020)."""
    if operation not in {"add", "delete"}:
        raise calls.invalid("OpType must be add or delete")
    body = {
        "RoomId": calls.room(room_id),
        "Admin_Account": calls.accounts(accounts, ROOM_ADMINS),
        "OpType": operation,
    }
    return Call(ROOMS, "modify_admin", body, messages.nothing)


def get_admin_list(room_id: str) -> Call[tuple[str, ...]]:
    """The room's administrators (who gain no rights in this REST API)."""
    return Call(
        ROOMS, "get_admin_list", {"RoomId": calls.room(room_id)}, messages.admins, reads=True
    )


def get_member_list(room_id: str, next: str = "") -> Call[MemberPage]:
    """The people in the room: at most 1000, refreshed about every 40 s. https://trtc.io/document/66908"""
    body = {"RoomId": calls.room(room_id), "Next": calls.text("Next", next, 512)}
    return Call(ROOMS, "get_member_list", body, messages.member_page, reads=True)


def get_seat_list(room_id: str) -> Call[tuple[Seat, ...]]:
    """The seats and who sits on them."""
    return Call(SEATS, "get_seat_list", {"RoomId": calls.room(room_id)}, messages.seats, reads=True)


def pick_user_on_seat(room_id: str, account: str, index: int) -> Call[None]:
    """Puts a member on a free seat; 100203 when already on one.

    Only the vendor's own back office was seen to use it.
    """
    body = {
        "RoomId": calls.room(room_id),
        "Member_Account": calls.account(account),
        "Index": calls.number("Index", index, 0, calls.UINT32),
    }
    return Call(SEATS, "pick_user_on_seat", body, messages.nothing)


def kick_user_off_seat(room_id: str, account: str, data: str = "") -> Call[None]:
    """Takes a co-host off the seat; `data` is shown to that person. https://trtc.io/document/64429"""
    body = {
        "RoomId": calls.room(room_id),
        "Member_Account": calls.account(account),
        "Data": calls.text("Data", data, 1000),
    }
    return Call(SEATS, "kick_user_off_seat", body, messages.nothing)


def _robots(room_id: str, accounts: Sequence[str]) -> dict[str, object]:
    return {
        "RoomId": calls.room(room_id),
        "RobotList_Account": calls.accounts(accounts, ROBOTS_A_CALL),
    }


def add_robot(room_id: str, accounts: Sequence[str]) -> Call[None]:
    """Robots count as members and keep an empty room from being dissolved. https://trtc.io/document/69079"""
    return Call(ROOMS, "add_robot", _robots(room_id, accounts), messages.nothing)


def del_robot(room_id: str, accounts: Sequence[str]) -> Call[None]:
    """Takes robots out of a room."""
    return Call(ROOMS, "del_robot", _robots(room_id, accounts), messages.nothing)


def get_robot(room_id: str) -> Call[tuple[str, ...]]:
    """The robots of a room."""
    return Call(ROOMS, "get_robot", {"RoomId": calls.room(room_id)}, messages.robots, reads=True)
