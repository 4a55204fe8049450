"""From what the vendor told to what a row holds: pure functions over plain dictionaries, no
database.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.conf import settings

from liveapi.messages import RoomInfo, RoomStatistics
from rooms.broadcasts import is_same_broadcast
from rooms.infra.folded import folded
from rooms.live.encoding import SHORT, RoomState

Row = dict[str, Any]  # column -> value: FACTS, FIGURES, id, room_id, create_time, create_time_told
Column = str | int | None  # what is written into one

# Column -> field of RoomInfo, and what the column holds at most.
_TEXTS = {
    "name": ("room_name", 255),
    "owner_account": ("owner_account", 128),
    "owner_name": ("owner_name", 255),
    "owner_avatar": ("owner_avatar", 500),
    "cover_url": ("cover_url", 500),
    "notice": ("notice", 500),
    "seat_template": ("seat_template", 64),
    "take_seat_mode": ("take_seat_mode", 32),
}
_VALUES = (
    "max_member_count",
    "max_seat_count",
    "is_public_visible",
    "is_message_disabled",
    "is_unlimited_room_enabled",
)
# A host may empty these, and only get_room_info tells: there, nothing means empty.
_EMPTIED = ("notice", "cover_url")
FACTS = (*_TEXTS, "categories", *_VALUES)
WRITTEN = ("name", "notice", "owner_name")  # what people wrote themselves; judged by rules
FIGURES = (
    *("online", "online_source", "online_at", "views", "reward", "gifts", "gift_senders", "likes"),
    *("messages", "statistics_at"),
)


# What search compares -> what it is made of, see rooms.infra.folded.
FOLDED = {f"folded_{name}": name for name in ("room_id", "name", "owner_account", "owner_name")}
_TOTALS = {
    "views": "total_viewers",
    "reward": "total_gift_coins",
    "gifts": "total_gifts_sent",
    "gift_senders": "total_unique_gift_senders",
    "likes": "total_likes_received",
    "messages": "total_msg_count",
}
_OF_GIFTS = ("reward", "gifts", "gift_senders")
LARGEST = 2**63 - 1
# A stored reading so far ahead of a new one was made by another machine with another clock.
SKEW_SECONDS = 60


def is_older(at: int, stored_at: int | None) -> bool:
    """Whether a reading made at Unix second `at` is older than the stored one, as far as clocks
    tell.
    """
    return 0 < (stored_at or 0) - at <= SKEW_SECONDS


@dataclass(frozen=True, slots=True)
class InfoReading:
    """What the listing (whole=False: it tells less) or get_room_info said of a room, at Unix second
    `at`.
    """

    info: RoomInfo
    at: int
    whole: bool


@dataclass(frozen=True, slots=True)
class OnlineReading:
    """People in the room; source: OnlineCount, MemberCount or members."""

    count: int
    source: str
    at: int


@dataclass(slots=True)
class Batch:
    """What was learnt since the last tick, the latest of each. infos by RoomId, the rest by primary
    key.

    gone: rooms the vendor answered 100004 for, and when (Unix seconds).
    """

    infos: dict[str, InfoReading] = field(default_factory=dict)
    statistics: dict[int, tuple[RoomStatistics, int]] = field(default_factory=dict)
    online: dict[int, OnlineReading] = field(default_factory=dict)
    names: dict[int, tuple[str, str]] = field(default_factory=dict)
    gone: dict[int, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.infos or self.statistics or self.online or self.names or self.gone)

    def pks(self) -> dict[int, None]:
        """The primary keys it speaks of, each once, ends first."""
        return dict.fromkeys((*self.gone, *self.statistics, *self.online, *self.names))

    def add_info(self, reading: InfoReading) -> None:
        """Keeps it, unless get_room_info has said more of the room in this tick already."""
        room_id = reading.info.room_id
        earlier = self.infos.get(room_id)
        same = earlier and is_same_broadcast(earlier.info.create_time, reading.info.create_time)
        if not (same and earlier and earlier.whole and not reading.whole):
            self.infos[room_id] = reading

    def merge(self, later: "Batch") -> None:
        """Adds what was learnt after this batch; the later wins. A room told gone stays gone."""
        for reading in later.infos.values():
            self.add_info(reading)
        self.statistics |= later.statistics
        self.online |= later.online
        self.names |= later.names
        self.gone = later.gone | self.gone


def new_row(reading: InfoReading) -> Row:
    """The row of a broadcast seen for the first time."""
    row: Row = dict.fromkeys(_TEXTS, "") | dict.fromkeys(_VALUES) | dict.fromkeys(FIGURES)
    row |= {
        "room_id": clean(reading.info.room_id, 128),
        "create_time": reading.info.create_time or reading.at,
        "create_time_told": reading.info.create_time > 0,
        "categories": [],
        "online_source": "",
    }
    take_info(row, reading)
    return row


def take_info(row: Row, reading: InfoReading) -> bool:
    """Puts what was told into the row; whether a fact (not a figure) has changed."""
    info, changed = reading.info, False
    for column, (name, max_length) in _TEXTS.items():
        reported = clean(getattr(info, name), max_length)
        if (reported or (reading.whole and column in _EMPTIED)) and reported != row[column]:
            row[column], changed = reported, True
    for column in _VALUES:
        value = getattr(info, column)
        if value is None and column == "is_public_visible" and not reading.whole:
            value = True  # the listing holds public rooms only
        if value is not None and value != row[column]:
            row[column], changed = value, True
    categories = list(info.categories)
    if (categories or reading.whole) and categories != row["categories"]:
        row["categories"], changed = categories, True
    if info.view_count is not None:
        row["views"] = min(info.view_count, LARGEST)
    if info.online_count is not None:
        take_online(row, OnlineReading(info.online_count, info.online_field, reading.at))
    return changed


def take_online(row: Row, reading: OnlineReading) -> None:
    """Puts an online count into the row, unless the row's is newer."""
    if not is_older(reading.at, row["online_at"]):
        row["online"] = min(reading.count, LARGEST)
        row["online_source"] = reading.source
        row["online_at"] = reading.at


def figures_told() -> tuple[str, ...]:
    """The figures that the vendor's answers write: not those of gifts where the platform's backend
    reports them.
    """
    if settings.REWARD_SOURCE == "reported":
        return tuple(name for name in FIGURES if name not in _OF_GIFTS)
    return FIGURES


def take_statistics(row: Row, statistics: RoomStatistics, at: int, *, over: bool = False) -> None:
    """Puts totals into the row; what was not told stays as it was. over: the broadcast is, and none
    of them falls: the last ones may come from a webhook."""
    if is_older(at, row["statistics_at"]):
        return
    shown = figures_told()
    for column, name in _TOTALS.items():
        value = getattr(statistics, name)
        if column in shown and value is not None and not (over and value < (row[column] or 0)):
            row[column] = min(value, LARGEST)
    row["statistics_at"] = at


def column_values(row: Row, columns: Sequence[str]) -> list[Column]:
    """What is written into these columns, those of FOLDED made of the others."""
    return [_value(row, name) for name in columns]


def _value(row: Row, name: str) -> Column:
    if name in FOLDED:
        return folded(row[FOLDED[name]])
    return json.dumps(row[name]) if name == "categories" else row[name]


def state(row: Row, ended_at: int = 0) -> RoomState:
    """The row's figures and names under their short names; see live."""
    found = cast(RoomState, {short: row[column] for short, column in SHORT.items()})
    found["h"] = row["owner_name"] or row["owner_account"]
    found["e"] = ended_at
    return found


def clean(text: str, max_length: int) -> str:
    """Text a database takes: at most so many characters, no NUL, no half characters."""
    if text.isascii() and len(text) <= max_length and "\x00" not in text:
        return text
    return text[:max_length].encode("utf-8", "replace").decode("utf-8").replace("\x00", "\ufffd")
