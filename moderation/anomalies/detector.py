"""One look at all rooms: from figures to findings.

First every room's deviations, then their median and spread, which is what the platform does, then
each room against both. A room whose incident is open keeps the level it had: an incident must not
become what is usual, unless it lasts for half an hour.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from moderation.anomalies.incidents import NEW_NORMAL, Case, forget, judge
from moderation.anomalies.kinds import Finding, Kind
from moderation.anomalies.levels import Level
from moderation.anomalies.memory import FIGURES, Memory, RoomMemory
from moderation.anomalies.readings import (
    AGAIN_READINGS,
    Figures,
    New,
    is_warm,
    learn,
    odd,
    take,
)

RATES = ("chat", "gifts", "coins")
# Which turns keep the level of a figure as it was.
HOLDS = {
    "viewers": ("viewers_up", "viewers_down"),
    "chat": ("chat_up", "chat_down"),
    "gifts": ("gifts_up", "gifts_down"),
    "coins": ("gifts_up", "gifts_down"),
}
READ_AGAIN = 4.0  # seconds: figures of a suspect older than this are asked for


@dataclass(slots=True)
class Looked:
    """What came of a look. ask: rooms whose next figures decide something, longest odd first."""

    found: list[Finding] = field(default_factory=list)
    ask: list[int] = field(default_factory=list)


def look(
    memory: Memory,
    rooms: Mapping[int, Figures],
    now: float,
    sensitivity: Mapping[Kind, float] | None = None,
) -> Looked:
    """Takes in what is stored of all live rooms (by primary key) at Unix second `now`.

    Changes the memory: rooms that are no more are forgotten. sensitivity: factors of the
    thresholds.
    """
    for pk in memory.rooms.keys() - rooms.keys():
        del memory.rooms[pk]
    news: list[tuple[int, RoomMemory, Figures, New]] = []
    for pk, seen in rooms.items():
        room = memory.rooms.setdefault(pk, RoomMemory())
        new = take(room, seen)
        if new.viewers is not None or new.window is not None:
            news.append((pk, room, seen, new))
    measure_waves(memory, news, now)
    platform = {name: wave.middle for name, wave in memory.waves.items()}
    looked, thresholds = Looked(), sensitivity or {}
    for pk, room, seen, new in news:
        case = Case(pk, room, seen, thresholds, platform)
        deviate(case, new, memory)
        looked.found += judge(case)
        remember(room, seen, new, platform)
    looked.ask = asked(memory, rooms, now)
    memory.at = now
    return looked


def measure_waves(
    memory: Memory, news: list[tuple[int, RoomMemory, Figures, New]], now: float
) -> None:
    """What the platform does now, by the rooms that were read."""
    offs: dict[str, list[float]] = {name: [] for name in FIGURES}
    for _pk, room, _seen, new in news:
        for name, value, at in values(room, new):
            level = getattr(room, name)
            if is_warm(level, at):
                offs[name].append(value - level.value)
    for name, wave in memory.waves.items():
        wave.measure(offs[name], now)


def deviate(case: Case, new: New, memory: Memory) -> None:
    """Fills in the deviations of figures whose level is known and that may be judged."""
    room = case.room
    at = room.viewers_at
    if new.viewers is not None and may_judge(room.viewers, room.viewers_ready, at):
        case.viewers = odd("viewers", room.viewers, new.viewers, memory.waves["viewers"])
    if new.window is None or room.totals.at < room.totals_ready:
        return
    case.window = new.window
    for name in RATES:
        level, wave = getattr(room, name), memory.waves[name]
        if may_judge(level, room.totals_ready, room.totals.at):
            against = odd(name, level, new.window.rate(name), wave, new.window.seconds)
            setattr(case, name, against)


def may_judge(level: Level, ready: float, at: float) -> bool:
    """Whether a level says what is usual: one that began anew, after a gap, is believed sooner than
    one that was just met.
    """
    began_anew = ready > level.since and level.readings >= AGAIN_READINGS
    return at >= ready and (is_warm(level, at) or began_anew)


def remember(room: RoomMemory, seen: Figures, new: New, platform: Mapping[str, float]) -> None:
    """What was read becomes part of what is usual, unless it is an incident, a wave of the
    audience, or the silence of a room where nobody may write. The platform's share is left out:
    a room that is met in the middle of a wave must not take it for its own.
    """
    for name, read, at in values(room, new):
        value = read - platform[name]
        turns = [getattr(room, turn) for turn in HOLDS[name]]
        if name == "chat" and seen.is_muted:
            continue
        if open_ones := [turn for turn in turns if turn.state or turn.count >= 2]:
            if all(at - turn.since < NEW_NORMAL for turn in open_ones):
                continue
            getattr(room, name).begin(value, at)
            for turn in open_ones:
                forget(turn)
            continue
        learn(room, name, value, at)


def values(room: RoomMemory, new: New) -> Iterator[tuple[str, float, float]]:
    """What was read: (figure, logarithm, Unix seconds)."""
    if new.viewers is not None:
        yield "viewers", new.viewers, room.viewers_at
    if new.window is not None:
        for name in RATES:
            yield name, new.window.rate(name), room.totals.at


def asked(memory: Memory, rooms: Mapping[int, Figures], now: float) -> list[int]:
    """The suspects whose figures are not of this moment."""
    suspects = [
        (pk, room)
        for pk, room in memory.rooms.items()
        if room.is_suspect
        and now - min(rooms[pk].totals_at or now, rooms[pk].online_at or now) >= READ_AGAIN
    ]
    return [pk for pk, _room in suspects]


# Minute, room, viewers, and the totals of messages, gifts and coins.
Row = tuple[int, int, int | None, int | None, int | None, int | None]
GONE_MINUTES = 4  # a room without samples for so long is over


def replay(rows: Iterable[Row], sensitivity: Mapping[Kind, float]) -> Iterator[Finding]:
    """What would have been found in stored minutes, oldest first."""
    memory, rooms = Memory(), dict[int, Figures]()
    for minute, of_minute in groupby(rows, key=itemgetter(0)):
        at = minute * 60.0 + 59.0
        for _minute, pk, online, messages, gifts, coins in of_minute:
            rooms[pk] = Figures(
                online=online,
                online_at=at if online is not None else 0.0,
                totals_at=at if messages is not None or gifts is not None else 0.0,
                messages=messages,
                gifts=gifts,
                coins=coins,
            )
        for pk in [pk for pk, seen in rooms.items() if _is_over(seen, at)]:
            del rooms[pk]
        yield from look(memory, rooms, at, sensitivity).found


def _is_over(seen: Figures, at: float) -> bool:
    return at - max(seen.online_at, seen.totals_at) > GONE_MINUTES * 60
