"""What is kept of each room between two looks, and its JSON: some 400 bytes a room."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import cast

import orjson

from moderation.anomalies.levels import Level
from moderation.anomalies.waves import Wave

VERSION = 2
FIGURES = ("viewers", "chat", "gifts", "coins")
TURNS = ("viewers_up", "viewers_down", "chat_up", "chat_down", "gifts_up", "gifts_down")
OPEN, FOLLOWED = 1, 2  # of a Turn: told as an incident, or the audience's own doing


@dataclass(slots=True)
class Turn:
    """A figure that is odd in one direction. Times are Unix seconds, 0: never.

    since: the first odd reading. count: how many. state: 0, OPEN or FOLLOWED. calm: since when it
    is usual again. seen, expected: what came and was due meanwhile. peak: of a short rise. lines,
    lines_due: of chat, that came and were usual.
    """

    since: float = 0.0
    count: int = 0
    state: int = 0
    calm: float = 0.0
    seen: float = 0.0
    expected: float = 0.0
    peak: float = 0.0
    lines: float = 0.0
    lines_due: float = 0.0


@dataclass(slots=True)
class Totals:
    """Running totals as they were read at Unix second `at`; -1: not told."""

    at: float = 0.0
    messages: int = -1
    gifts: int = -1
    coins: int = -1
    givers: int = -1
    likes: int = -1


@dataclass(slots=True)
class RoomMemory:
    """One broadcast. Times are Unix seconds.

    people: as read last. lately: viewers smoothed over a minute, in logarithms. viewers_ready,
    totals_ready: from when they may be judged. viewers_at, totals_at: newest stamps. odd_viewers,
    odd_chat, odd_gifts: the newest deviations, without the platform's share, in logarithms. back:
    since when totals are below what they were. told: when an incident was last told.
    """

    viewers: Level = field(default_factory=Level)
    chat: Level = field(default_factory=Level)
    gifts: Level = field(default_factory=Level)
    coins: Level = field(default_factory=Level)
    totals: Totals = field(default_factory=Totals)
    viewers_up: Turn = field(default_factory=Turn)
    viewers_down: Turn = field(default_factory=Turn)
    chat_up: Turn = field(default_factory=Turn)
    chat_down: Turn = field(default_factory=Turn)
    gifts_up: Turn = field(default_factory=Turn)
    gifts_down: Turn = field(default_factory=Turn)
    source: str = ""
    lately: float = 0.0
    viewers_at: float = 0.0
    totals_at: float = 0.0
    viewers_ready: float = 0.0
    totals_ready: float = 0.0
    people: float = 0.0
    odd_viewers: float = 0.0
    odd_chat: float = 0.0
    odd_gifts: float = 0.0
    back: float = 0.0
    told: float = 0.0

    @property
    def is_suspect(self) -> bool:
        """Whether something odd waits for one more reading."""
        turns = (self.viewers_up, self.viewers_down, self.chat_up, self.gifts_up)
        quiet = (self.chat_down, self.gifts_down)
        return any(turn.since and not turn.state for turn in turns) or any(
            turn.since and turn.expected > 5 and not turn.state for turn in quiet
        )


@dataclass(slots=True)
class Memory:
    """Everything that is kept: rooms by primary key, the platform's wave of each figure, and when
    (Unix seconds) was looked last.
    """

    rooms: dict[int, RoomMemory] = field(default_factory=dict)
    waves: dict[str, Wave] = field(default_factory=lambda: {name: Wave() for name in FIGURES})
    at: float = 0.0


# --- JSON -----------------------------------------------------------------------------------------

_PARTS: tuple[tuple[str, type], ...] = (
    *((name, Level) for name in FIGURES),
    ("totals", Totals),
    *((name, Turn) for name in TURNS),
)
_PLAIN = tuple(f.name for f in fields(RoomMemory) if f.name not in {name for name, _ in _PARTS})
_NAMES = {kind: tuple(f.name for f in fields(kind)) for kind in (Level, Totals, Turn, Wave)}


def pack(memory: Memory) -> bytes:
    """The JSON of a memory: values without names, times to the second, the rest to four digits."""
    rooms = {str(pk): _packed(room) for pk, room in memory.rooms.items()}
    waves = {name: _values(wave) for name, wave in memory.waves.items()}
    return orjson.dumps({"version": VERSION, "at": memory.at, "waves": waves, "rooms": rooms})


def unpack(stored: bytes | None) -> Memory:
    """What was packed; an empty memory for anything else, which warms up and raises nothing."""
    try:
        known = orjson.loads(stored or b"{}")
        if not isinstance(known, Mapping) or known.get("version") != VERSION:
            return Memory()
        return Memory(
            rooms={int(pk): _unpacked(row) for pk, row in known["rooms"].items()},
            waves={name: Wave(*known["waves"][name]) for name in FIGURES},
            at=float(known["at"]),
        )
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError):
        return Memory()


def _values(part: Level | Totals | Turn | Wave) -> list[object]:
    found = (getattr(part, name) for name in _NAMES[type(part)])
    return [round(value, 4) if isinstance(value, float) else value for value in found]


def _packed(room: RoomMemory) -> list[object]:
    # What never was odd is the most of it: a 0.
    parts: list[object] = []
    for name, kind in _PARTS:
        part = getattr(room, name)
        parts.append(0 if kind is Turn and not part.since else _values(part))
    plain = (getattr(room, name) for name in _PLAIN)
    parts += (round(value, 4) if isinstance(value, float) else value for value in plain)
    return parts


def _unpacked(row: object) -> RoomMemory:
    values = cast(list[list[float]], row)
    room = RoomMemory()
    for (name, kind), value in zip(_PARTS, values[: len(_PARTS)], strict=True):
        if value:
            setattr(room, name, kind(*value))
    for name, plain in zip(_PLAIN, values[len(_PARTS) :], strict=True):
        setattr(room, name, plain)
    return room
