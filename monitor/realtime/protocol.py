"""The text of what is pushed, and the reading of what browsers say. Pure: no socket, no Redis."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import orjson

from moderation.patrol import looks
from moderation.patrol.looks import Seen
from rooms.live import hot_state
from rooms.live.encoding import PushHeader

MAX_ROOMS = 200
MAX_BYTES = 16_384
EVERY_ROOM = -1  # in place of the room whose chat a tab shows


class BadMessage(ValueError):
    """Somebody said something that is no message of ours."""


@dataclass(frozen=True)
class Pushed:
    """One message of the publisher, decoded once: the header, and each changed room's JSON, ready
    to be sent.
    """

    header: PushHeader
    rooms: dict[int, bytes] = field(default_factory=dict)

    @cached_property
    def head(self) -> bytes:
        """How the frame of a tick begins, the same for every tab."""
        get = self.header.get
        head = {"k": "tick", "at": get("at"), "changes": get("changes"), "vendor": get("vendor")}
        return orjson.dumps(head)[:-1]


def read_pushed(data: bytes) -> Pushed:
    """A header alone, or one with rooms as `rooms.live.hot_state.lines` writes them.

    Raises BadMessage.

    What is said of a room is not parsed, only passed on: what wrote it is our own program.
    """
    try:
        str(data, "utf-8")  # a browser ends the connection over a single byte that is not
        first, *lines = data.split(b"\n")
        header: PushHeader = orjson.loads(first)
        pks = orjson.loads(lines[0]) if lines else []
        rooms = dict(zip(pks, lines[1:], strict=True))
    except (ValueError, TypeError) as error:
        raise BadMessage("not a message of the publisher") from error
    if not isinstance(header, dict):
        raise BadMessage("the header is not an object")
    return Pushed(header, rooms)


def tick(pushed: Pushed, shown: Collection[int]) -> bytes:
    """The frame for tabs that show these rooms. Rooms that did not change are left out."""
    rooms = pushed.rooms
    return b'%s,"rooms":[%s]}' % (
        pushed.head,
        b",".join([rooms[pk] for pk in shown if pk in rooms]),
    )


def snapshot(found: hot_state.Snapshot, shown: Collection[int], *, at: int) -> bytes:
    """All that is known of these rooms. at: Unix milliseconds."""
    states = ((pk, found.states[pk]) for pk in shown if pk in found.states)
    rooms = [[pk, *(part for item in state.items() for part in item)] for pk, state in states]
    return orjson.dumps(
        {
            "k": "snapshot",
            "at": at,
            "changes": found.changes,
            "vendor": found.vendor,
            "rooms": rooms,
        }
    )


def part(kind: str, rooms: Mapping[int, bytes], shown: Collection[int]) -> bytes | None:
    """The part of a message about many rooms that a tab shows; None when it shows none of them."""
    rows = [rooms[pk] for pk in shown if pk in rooms]
    return b'{"k":"%s","rooms":[%s]}' % (kind.encode(), b",".join(rows)) if rows else None


def feed(pushed: Pushed) -> bytes:
    """The frame for tabs that show the chat of every room: the frames of the rooms in one."""
    left_out = pushed.header.get("left_out", 0)
    return b'{"k":"feed","left_out":%d,"rooms":[%s]}' % (left_out, b",".join(pushed.rooms.values()))


class Watch(NamedTuple):
    """What a tab shows. chat: the room whose chat it shows, EVERY_ROOM, or 0 for none. looks: at
    which rooms a person has looked.
    """

    rooms: frozenset[int]
    visible: bool
    chat: int = 0
    looks: tuple[Seen, ...] = ()


def read_watch(text: str | None) -> Watch:
    """`{"watch": [pk, ...], "visible": true, "chat": pk, "looks": [[pk, seconds, where], ...]}`;
    Raises BadMessage.

    chat and looks may be left out.
    """
    if text is None or len(text) > MAX_BYTES:
        raise BadMessage("not a text of at most 16 KB")
    try:
        said = orjson.loads(text)
    except ValueError as error:
        raise BadMessage("not JSON") from error
    if not isinstance(said, dict) or not isinstance(said.get("watch"), list):
        raise BadMessage("no list to watch")
    rooms = said["watch"]
    if len(rooms) > MAX_ROOMS or not all(type(pk) is int and 0 < pk < 2**63 for pk in rooms):
        raise BadMessage("at most 200 numbers of rooms")
    watched = frozenset(rooms)
    chat = said.get("chat") or 0
    if type(chat) is not int or chat not in {0, EVERY_ROOM, *watched}:
        raise BadMessage("chat of a room that is not watched")
    reported = said.get("looks") or []
    try:
        seen = looks.read(reported, watched, MAX_ROOMS) if isinstance(reported, list) else None
    except ValueError as error:
        raise BadMessage(str(error)) from error
    if seen is None:
        raise BadMessage("looks are no list")
    return Watch(watched, said.get("visible") is not False, chat, tuple(seen))
