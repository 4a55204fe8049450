"""What an act takes and what it keeps: the only spelling of Action.arguments and of Action.result.

Arguments are built by the forms of changes and read by the handlers that `moderation.actions.verbs`
names; see `rooms.infra.json_values` for what old rows become. A result grows while an act is
carried out, so it stays a dictionary, whose names are these.
"""

from dataclasses import dataclass
from typing import TypedDict

from rooms.infra import json_values


@dataclass(frozen=True, slots=True)
class Edit:
    """Of `edit`: new facts under the names of update_room_info; None: stays as it is."""

    room_name: str | None = None
    cover_url: str | None = None
    notice: str | None = None
    categories: tuple[int, ...] | None = None
    take_seat_mode: str | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """Of `release`: what the room becomes again; None: stays as it is."""

    is_public_visible: bool | None = None
    is_message_disabled: bool | None = None


@dataclass(frozen=True, slots=True)
class Admins:
    """Of `admins`. operation: add or delete."""

    operation: str = ""
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Metadata:
    """Of `metadata`: keys with their new values, or keys to be deleted."""

    set: dict[str, str] | None = None
    delete: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Warn:
    """Of `warn`: a code of settings.LANGUAGES, in which the host is told the reason; empty: hosts'
    language.
    """

    language: str = ""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Of every other verb."""


Arguments = Edit | Release | Admins | Metadata | Warn | Nothing
OF_VERBS: dict[str, type[Arguments]] = {
    "edit": Edit,
    "release": Release,
    "admins": Admins,
    "metadata": Metadata,
    "warn": Warn,
}


def arguments_of(verb: str, kept: object) -> Arguments:
    """The arguments of an act of this verb."""
    return json_values.read(OF_VERBS.get(verb, Nothing), kept)


class Result(TypedDict, total=False):
    """What was found and done. Which of them an act has depends on its verb."""

    # Of every verb: a call may have had its effect. Of an end and what was read back: whether it
    # was so.
    may_have_arrived: bool
    verified: bool
    # Of an end: the host has opened another broadcast; the final totals, as RoomStatistics calls
    # them, when they were read before the end (Unix seconds), and in place of them the last ones
    # known.
    reopened: bool
    total_viewers: int
    total_gifts_sent: int
    total_gift_coins: int
    total_unique_gift_senders: int
    total_likes_received: int
    total_msg_count: int
    totals_at: int
    last_reward: int
    last_gifts: int
    last_likes: int
    last_views: int
    # Of a change: what was there before, and IsUnlimitedRoomEnabled as it is to stay.
    before: dict[str, object]
    unlimited: bool
    # Of a stream key: the robot's seat, whether the broadcast still goes on, who was shown the key
    # and when (ISO time).
    seat: int
    in_room: bool
    shown_to: str
    shown_at: str
    valid_hours: int
