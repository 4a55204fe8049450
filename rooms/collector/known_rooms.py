"""The live rooms as the leading collector remembers them: what lanes need to ask, nothing more."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from rooms.ingest.changes import Known
from rooms.models import Room

# Called with a room that is new here, and with the pk of one that is no longer live.
Added = Callable[[Known], None]
Removed = Callable[[Known], None]


@dataclass(slots=True)
class KnownRooms:
    """Known live rooms by number and by RoomId."""

    rooms: dict[int, Known] = field(default_factory=dict)
    by_room_id: dict[str, int] = field(default_factory=dict)
    _of_owner: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _listeners: list[tuple[Added, Removed]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rooms)

    def listen(self, added: Added, removed: Removed) -> None:
        """Tells somebody about every room that comes and goes from now on."""
        self._listeners.append((added, removed))

    def get(self, pk: int) -> Known | None:
        """A room that is still live as far as we know."""
        return self.rooms.get(pk)

    def of_owner(self, account: str) -> set[int]:
        """The live rooms of a host."""
        return self._of_owner.get(account, set())

    def put(self, known: Known) -> None:
        """Takes note of a live room, or of its newer facts."""
        earlier = self.rooms.get(known.pk)
        if earlier is not None and earlier.owner_account == known.owner_account:
            self.rooms[known.pk] = known
            return
        if earlier is not None:
            self.drop(known.pk)
        self.rooms[known.pk] = known
        self.by_room_id[known.room_id] = known.pk
        self._of_owner[known.owner_account].add(known.pk)
        for added, _ in self._listeners:
            added(known)

    def drop(self, pk: int) -> None:
        """Forgets a room that has ended."""
        known = self.rooms.pop(pk, None)
        if known is None:
            return
        if self.by_room_id.get(known.room_id) == pk:
            del self.by_room_id[known.room_id]
        siblings = self._of_owner[known.owner_account]
        siblings.discard(pk)
        if not siblings:
            del self._of_owner[known.owner_account]
        for _, removed in self._listeners:
            removed(known)

    def absent(self, listed: set[str], before: Iterable[int]) -> list[int]:
        """The live rooms that a whole sweep has not listed: missed by it, hidden, or over.

        listed: RoomIds it did list; before: the rooms known when it began.
        """
        return [
            pk for pk in before if (known := self.rooms.get(pk)) and known.room_id not in listed
        ]


_COLUMNS = (
    "pk",
    "room_id",
    "create_time",
    "owner_account",
    "owner_name",
    "online_at",
    "statistics_at",
)


def stored_rooms() -> dict[int, Known]:
    """The rooms that the database has as live."""
    return {row[0]: Known(*row) for row in Room.objects.live().values_list(*_COLUMNS)}
