"""The wire names of a room's figures, and the bytes of a push. Pure: no Redis, no database.

RoomState and SHORT are the only spelling of these names in Python; static/js has the same names,
and a test compares them.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

import orjson

from rooms.live import health


class RoomState(TypedDict, total=False):
    """A room's hot state: what is pushed, under short names, and the only spelling of them.

    See SHORT for most; h: host name; e: ended at (Unix seconds, 0: live). Read by
    monitor.pages.queries and static/js/live/figures.js.
    """

    o: int | None
    os: str
    oa: int | None
    r: int | None
    ra: int | None
    g: int | None
    l: int | None  # noqa: E741
    m: int | None
    v: int | None
    n: str
    h: str
    e: int


# Short name in a state -> column.
SHORT = {
    "o": "online",
    "os": "online_source",
    "oa": "online_at",
    "r": "reward",
    "ra": "statistics_at",
    "g": "gifts",
    "l": "likes",
    "m": "messages",
    "v": "views",
    "n": "name",
}


Reading = tuple[int, int | None, int | None]  # Unix seconds, online, reward


Kind = Literal[
    "tick",
    "chat",
    "seen",
    "risk",
    "act",
    "alerts",
    "bans",
    "host",
    "clock",
    "claim",
    "person",
]


class PushHeader(TypedDict, total=False):
    """The first line of a push; which fields it has depends on its kind.

    tick: at (Unix milliseconds), changes (how many rooms have opened and ended so far), opened and
    ended (primary keys), vendor. act: room, its action, version (Unix milliseconds). host: room.
    clock: room, clock (moderation.lifecycle.countdowns). claim: room, claim
    (moderation.collaboration.claims; None: nobody's). person: primary key of an account.
    chat: left_out (lines of all rooms that were too many), where there are any.
    """

    k: Kind
    at: int
    changes: int
    opened: list[int]
    ended: list[int]
    vendor: health.Vendor
    room: int
    action: int
    version: int
    clock: Mapping[str, object]
    claim: Mapping[str, object] | None
    person: int
    left_out: int


def message(header: PushHeader, changed: Mapping[int, Mapping[str, object]]) -> bytes:
    """The bytes of a tick: each room's line is what a browser gets, [pk, name, value, name, value,
    ...].
    """
    rows: dict[int, bytes] = {}
    for pk, fields in changed.items():
        row: list[object] = [pk]
        for name, value in fields.items():
            row += (name, value)
        rows[pk] = orjson.dumps(row)
    return lines(header, rows)


def lines(header: PushHeader, rows: Mapping[int, bytes]) -> bytes:
    """The bytes of a push about rooms: the header, their primary keys as an array, and a line of
    JSON for each.

    Read by monitor.realtime.protocol, every second in every web process: the keys stand together so
    that they are parsed at once.
    """
    return b"\n".join((orjson.dumps(header), orjson.dumps(list(rows)), *rows.values()))


def vendor_words(values: Sequence[bytes | None]) -> health.Vendor:
    """{"ok", "since", "text"} from the first three fields of the health hash."""
    ok, since, text = values
    return {
        "ok": ok != b"0",
        "since": int(since or 0),
        "text": (text or b"").decode("utf-8", "replace"),
    }
