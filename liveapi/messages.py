"""What the vendor's answers say, as frozen values, and the tolerant parsers that make them.

A parser takes the payload (`Response`, or the top level for Chat commands). Absent, null or odd
fields become "not told" (None, "" or 0 where said); a row without its id is left out; only a
payload that cannot be what was asked for raises LiveApiError(kind="malformed"). Nothing else is
ever raised.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from liveapi import reading
from liveapi.errors import LiveApiError

Payload = Mapping[str, object]

TAKE_SEAT_MODES = {1: "FreeToTake", 2: "ApplyToTake"}  # numbers in answers of 2024
ONLINE_FIELDS = ("OnlineCount", "MemberCount")


@dataclass(frozen=True, slots=True)
class RoomInfo:
    """One room as get_room_info or a row of get_room_list tells it (the list tells less).

    create_time: Unix seconds, 0 when not told. view_count: entries so far, not people online.
    online_count: people in the room now where this account's answers tell it; online_field: the
    vendor's field it came from, "" when none did. None or "": not told.
    """

    room_id: str
    create_time: int = 0
    room_name: str = ""
    owner_account: str = ""
    owner_name: str = ""
    owner_avatar: str = ""
    cover_url: str = ""
    categories: tuple[int, ...] = ()
    notice: str = ""
    view_count: int | None = None
    online_count: int | None = None
    online_field: str = ""
    activity_status: int | None = None
    is_public_visible: bool | None = None
    is_message_disabled: bool | None = None
    is_unlimited_room_enabled: bool | None = None
    is_seat_enabled: bool | None = None
    take_seat_mode: str = ""
    seat_template: str = ""
    max_member_count: int | None = None
    max_seat_count: int | None = None
    room_type: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that the vendor took and did not drop. at: Unix seconds, 0 when not told; seq: its
    number in the room.
    """

    at: int = 0
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class RoomPage:
    """A page of the listing; `next` is the cursor of the following page, "" at the end."""

    rooms: tuple[RoomInfo, ...]
    next: str


@dataclass(frozen=True, slots=True)
class RoomStatistics:
    """Totals of one broadcast so far; coins are the platform's own currency. None: not told."""

    total_viewers: int | None = None
    total_gifts_sent: int | None = None
    total_gift_coins: int | None = None
    total_unique_gift_senders: int | None = None
    total_likes_received: int | None = None
    total_msg_count: int | None = None


@dataclass(frozen=True, slots=True)
class DestroyOutcome:
    """The end of a room; the last totals where the answer holds them (since 2025-11, never
    TotalMsgCount).
    """

    statistics: RoomStatistics | None


@dataclass(frozen=True, slots=True)
class MemberPage:
    """At most 1000 members, refreshed by the vendor about every 40 s. member_count: people in the
    room.
    """

    accounts: tuple[str, ...]
    member_count: int | None
    next: str


@dataclass(frozen=True, slots=True)
class BannedAccount:
    """until: Unix seconds, 0 when not told."""

    account: str
    until: int


@dataclass(frozen=True, slots=True)
class BannedPage:
    """next_offset: 0 at the end."""

    accounts: tuple[BannedAccount, ...]
    next_offset: int


@dataclass(frozen=True, slots=True)
class MutedAccount:
    """until: Unix seconds, 0 when not told."""

    account: str
    until: int


@dataclass(frozen=True, slots=True)
class GiftCount:
    """What one sender gave in one room."""

    total_count: int | None
    total_coins: int | None
    gift_sender_count: int | None


@dataclass(frozen=True, slots=True)
class Gift:
    """A gift of the platform's catalogue; coins: its price."""

    gift_id: str
    name: str
    coins: int | None
    icon_url: str
    description: str


@dataclass(frozen=True, slots=True)
class Seat:
    """account: "" when the seat is empty."""

    index: int
    account: str
    is_taken_disabled: bool | None
    is_video_disabled: bool | None
    is_audio_disabled: bool | None


def malformed(text: str) -> LiveApiError:
    return LiveApiError(text, kind="malformed", retryable=True)


def rows_of(payload: Payload, name: str) -> list[Payload]:
    """The objects of a list field.

    Absent or null: none (an empty list may be left out of an answer).
    """
    value = payload.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise malformed(f"{name} is not a list")
    return [row for row in value if isinstance(row, dict)]


def _cursor(value: object) -> str:
    """An opaque cursor. One too long to be true ends the listing: cut it would point elsewhere."""
    if isinstance(value, str):
        return reading.text(value, 512) if len(value) <= 512 else ""
    return reading.identifier(value)


def nothing(payload: Payload) -> None:
    """An acknowledgement: the envelope has said all."""
    return


def _online(row: Payload) -> tuple[int | None, str]:
    for field in ONLINE_FIELDS:
        if (number := reading.count(row.get(field))) is not None:
            return number, field
    return None, ""


def _take_seat_mode(value: object) -> str:
    number = reading.whole(value)
    return TAKE_SEAT_MODES.get(number, "") if number is not None else reading.text(value, 32)


def room(row: Payload, room_id: str) -> RoomInfo:
    """A room as an object tells it, whatever it tells."""
    get = row.get
    online_count, online_field = _online(row)
    return RoomInfo(
        room_id=room_id,
        create_time=reading.moment(get("CreateTime")),
        room_name=reading.text(get("RoomName")),
        owner_account=reading.identifier(get("Owner_Account")),
        owner_name=reading.text(get("OwnerName")),
        owner_avatar=reading.text(get("OwnerAvatarUrl"), reading.ADDRESS_LENGTH),
        cover_url=reading.text(get("CoverURL"), reading.ADDRESS_LENGTH),
        categories=reading.numbers(get("Category"), 16),
        notice=reading.text(get("Notice"), reading.ADDRESS_LENGTH),
        view_count=reading.count(get("ViewCount")),
        online_count=online_count,
        online_field=online_field,
        activity_status=reading.whole(get("ActivityStatus")),
        is_public_visible=reading.yes(get("IsPublicVisible")),
        is_message_disabled=reading.yes(get("IsMessageDisabled")),
        is_unlimited_room_enabled=reading.yes(get("IsUnlimitedRoomEnabled")),
        is_seat_enabled=reading.yes(get("IsSeatEnabled")),
        take_seat_mode=_take_seat_mode(get("TakeSeatMode")),
        seat_template=reading.text(get("SeatTemplate"), 64),
        max_member_count=reading.count(get("MaxMemberCount")),
        max_seat_count=_small(get("MaxSeatCount")),
        room_type=reading.text(get("RoomType"), 32),
    )


def _small(value: object) -> int | None:
    """A count that fits an ordinary integer column."""
    number = reading.count(value)
    return number if number is not None and number < 2**31 else None


def room_info(payload: Payload, asked: str) -> RoomInfo:
    """get_room_info; `asked` is the RoomId that was asked for."""
    row = payload.get("RoomInfo")
    if not isinstance(row, dict):
        raise malformed("the answer has no RoomInfo")
    room_id = reading.identifier(row.get("RoomId")) or asked
    if room_id != asked:
        raise malformed("the answer is about another room")
    return room(row, room_id)


def room_page(payload: Payload) -> RoomPage:
    """get_room_list."""
    rows = rows_of(payload, "RoomList")
    rooms = tuple(
        room(row, room_id) for row in rows if (room_id := reading.identifier(row.get("RoomId")))
    )
    return RoomPage(rooms, _cursor(payload.get("Next")))


def room_statistics(payload: Payload) -> RoomStatistics:
    """get_room_stats and get_room_statistic, and the Statistic of a destroyed room."""
    return RoomStatistics(
        total_viewers=reading.count(payload.get("TotalViewers")),
        total_gifts_sent=reading.count(payload.get("TotalGiftsSent")),
        total_gift_coins=reading.count(payload.get("TotalGiftCoins")),
        total_unique_gift_senders=reading.count(payload.get("TotalUniqueGiftSenders")),
        total_likes_received=reading.count(payload.get("TotalLikesReceived")),
        total_msg_count=reading.count(payload.get("TotalMsgCount")),
    )


def destroy_outcome(payload: Payload) -> DestroyOutcome:
    """destroy_room."""
    row = payload.get("Statistic")
    return DestroyOutcome(room_statistics(row) if isinstance(row, dict) and row else None)


def metadata(payload: Payload) -> dict[str, str]:
    """get_room_metadata: key -> value."""
    rows = rows_of(payload, "Metadata")
    return {
        key: reading.text(row.get("Value"), 2048)
        for row in rows
        if (key := reading.text(row.get("Key"), 64))
    }


def member_page(payload: Payload) -> MemberPage:
    """get_member_list."""
    rows = rows_of(payload, "MemberList")
    accounts = reading.identifiers([row.get("Member_Account") for row in rows])
    return MemberPage(
        accounts, reading.count(payload.get("MemberCount")), _cursor(payload.get("Next"))
    )


def banned_page(payload: Payload) -> BannedPage:
    """get_banned_member_list."""
    rows = rows_of(payload, "BannedAccountList")
    accounts = tuple(
        BannedAccount(account, reading.moment(row.get("BannedUntil")))
        for row in rows
        if (account := reading.identifier(row.get("Member_Account")))
    )
    return BannedPage(accounts, reading.count(payload.get("NextOffset")) or 0)


def muted_accounts(payload: Payload) -> tuple[MutedAccount, ...]:
    """get_muted_member_list."""
    rows = rows_of(payload, "MutedAccountList")
    return tuple(
        MutedAccount(account, reading.moment(row.get("MutedUntil")))
        for row in rows
        if (account := reading.identifier(row.get("Member_Account")))
    )


def delivery(payload: Payload) -> Delivery:
    """send_text_msg, send_custom_msg and send_group_msg.

    Raises LiveApiError(kind="dropped") for any reason that is told: no page says what stands there
    on success but that it may be empty or absent.
    """
    if dropped := payload.get("MsgDropReason"):
        reason = reading.text(dropped) or "no reason in words"
        raise LiveApiError(
            f"not delivered, the vendor dropped it: {reason}", kind="dropped", retryable=True
        )
    return Delivery(reading.moment(payload.get("MsgTime")), reading.count(payload.get("MsgSeq")))


def admins(payload: Payload) -> tuple[str, ...]:
    """get_admin_list."""
    return reading.identifiers(payload.get("Admin_Account"))


def robots(payload: Payload) -> tuple[str, ...]:
    """get_robot."""
    return reading.identifiers(payload.get("RobotList_Account"))


def seats(payload: Payload) -> tuple[Seat, ...]:
    """get_seat_list, and the event that tells of changed seats."""
    return tuple(
        Seat(
            index=index,
            account=reading.identifier(row.get("Member_Account")),
            is_taken_disabled=reading.yes(row.get("IsTakenDisabled")),
            is_video_disabled=reading.yes(row.get("IsVideoDisabled")),
            is_audio_disabled=reading.yes(row.get("IsAudioDisabled")),
        )
        for row in rows_of(payload, "SeatList")
        if (index := reading.count(row.get("Index"))) is not None
    )


def gift_count(payload: Payload) -> GiftCount:
    """get_gift_count."""
    return GiftCount(
        total_count=reading.count(payload.get("TotalCount")),
        total_coins=reading.count(payload.get("TotalCoins")),
        gift_sender_count=reading.count(payload.get("GiftSenderCount")),
    )


def gifts(payload: Payload) -> tuple[Gift, ...]:
    """get_gift_info_list."""
    return tuple(
        Gift(
            gift_id=gift_id,
            name=reading.text(row.get("Name")),
            coins=reading.count(row.get("Coins")),
            icon_url=reading.text(row.get("IconUrl"), reading.ADDRESS_LENGTH),
            description=reading.text(row.get("Desc"), reading.ADDRESS_LENGTH),
        )
        for row in rows_of(payload, "GiftList")
        if (gift_id := reading.identifier(row.get("GiftId")))
    )
