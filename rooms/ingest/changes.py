"""What a transaction of the collector changed, for the push and the signals that follow it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rooms.ingest.readings import Batch
from rooms.live.encoding import RoomState


@dataclass(frozen=True, slots=True)
class Known:
    """What the collector must know of a stored room. Times are Unix seconds, None: never read."""

    pk: int
    room_id: str
    create_time: int
    owner_account: str
    owner_name: str
    online_at: int | None
    statistics_at: int | None


@dataclass(slots=True)
class Changes:
    """What a store changed, by primary key. changed: the fields of the state that differ; full: the
    whole new state. texts: the columns of readings.WRITTEN that say something new. online: (time,
    count) and totals: (time, reward, gifts, messages) of the rooms whose figures were read. left:
    what the database could not take now; merge it into the next batch."""

    changed: dict[int, dict[str, object]] = field(default_factory=dict)
    full: dict[int, RoomState] = field(default_factory=dict)
    opened: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    texts: dict[int, frozenset[str]] = field(default_factory=dict)
    known: dict[int, Known] = field(default_factory=dict)
    online: dict[int, tuple[int, int]] = field(default_factory=dict)
    totals: dict[int, tuple[int, int | None, int | None, int | None]] = field(default_factory=dict)
    left: Batch = field(default_factory=Batch)

    def add(self, later: "Changes") -> None:
        """Adds what a later transaction changed."""
        self.changed |= later.changed
        self.full |= later.full
        self.opened += later.opened
        self.ended += later.ended
        for pk, columns in later.texts.items():
            self.texts[pk] = self.texts.get(pk, frozenset()) | columns
        self.known |= later.known
        self.online |= later.online
        self.totals |= later.totals

    def note(self, pk: int, before: RoomState | None, after: RoomState) -> None:
        """Remembers how a room's state has changed, if it has."""
        known: Mapping[str, object] = before or {}
        different = {
            name: value
            for name, value in after.items()
            if name not in known or known[name] != value
        }
        if different:
            self.changed.setdefault(pk, {}).update(different)
            self.full[pk] = after
