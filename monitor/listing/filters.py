"""What the address of the list asks for: search, chips, sort and direction, columns, page."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import F, Value
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce, NullIf
from django.http import QueryDict

from moderation.attention import store as risk
from moderation.patrol import looks
from monitor.listing import chips, columns
from rooms.infra.folded import holds
from rooms.ingest.readings import FOLDED
from rooms.models import Room, RoomQuerySet

HOST = Coalesce(NullIf("folded_owner_name", Value("")), "folded_owner_account")
SORTS: dict[str, tuple[str | OrderBy, ...]] = {
    "risk": risk.highest_first(),
    "online": (F("online").desc(nulls_last=True), "id"),
    "reward": (F("reward").desc(nulls_last=True), "id"),
    "newest": ("-create_time", "id"),
    "name": ("folded_name", "id"),
    "unseen": looks.longest_unseen_first(),
    # Seldom wanted: an index would cost every tick more than these cost when somebody asks.
    "views": (F("views").desc(nulls_last=True), "id"),
    "gifts": (F("gifts").desc(nulls_last=True), "id"),
    "messages": (F("messages").desc(nulls_last=True), "id"),
    "host": (HOST.asc(), "id"),
}
DEFAULT_SORT = "risk"
SIZES = (25, 50, 100, 200)
LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; nonsense counts as the default.

    reverse: the sort's order the other way round, all of it: so the same index serves both ways.
    only: names of chips, all of which a room must have. label: a classifier's label that it must
    have got lately. columns: see monitor.listing.columns; () for the person's own.
    """

    q: str = ""
    sort: str = DEFAULT_SORT
    reverse: bool = False
    state: str = "live"
    least: int = 0
    only: tuple[str, ...] = ()
    label: str = ""
    columns: tuple[str, ...] = ()
    size: int = 50
    page: int = 1

    @classmethod
    def read(cls, query: QueryDict) -> "Filters":
        def number(name: str, default: int, maximum: int) -> int:
            text = query.get(name, "")
            return (
                min(int(text), maximum)
                if text.isascii() and text.isdigit() and len(text) < 12
                else default
            )

        def text(name: str, longest: int) -> str:
            return query.get(name, "").replace("\x00", "").strip()[:longest].strip()

        size = number("size", 50, 200)
        return cls(
            q=text("q", 100),
            sort=query.get("sort", "") if query.get("sort") in SORTS else DEFAULT_SORT,
            reverse=query.get("reverse") == "1",
            state="ended" if query.get("state") == "ended" else "live",
            least=number("least", 0, 10**10),
            only=chips.read(query.getlist("only")),
            label=text("label", LONGEST_LABEL),
            columns=columns.read(query.get("columns", "")),
            size=size if size in SIZES else 50,
            page=max(1, number("page", 1, 10**6)),
        )

    def query(self, **changes: object) -> str:
        """The address of this view with changes, defaults left out."""
        default = Filters()
        parts: list[tuple[str, str]] = []
        for name in self.__slots__:
            value = changes.get(name, getattr(self, name))
            if value == getattr(default, name):
                continue
            match value:
                case bool():
                    parts.append((name, "1"))
                case tuple() if name == "only":
                    parts += [(name, str(one)) for one in value]
                case tuple():
                    parts.append((name, ",".join(value)))
                case _:
                    parts.append((name, str(value)))
        return urlencode(parts)

    @property
    def are_narrow(self) -> bool:
        """Whether they leave rooms out."""
        return bool(self.q or self.least or self.only or self.label)

    def sorted_by(self, sort: str) -> str:
        """The address with this sort; once more the other way round."""
        is_again = sort == self.sort and not self.reverse
        return self.query(sort=sort, reverse=is_again, page=1)


def found(filters: Filters, person: int = 0) -> RoomQuerySet:
    """The rooms of a view, in its order. person: who asks, for what is theirs.

    What is sorted the other way round has the unknown first.
    """
    live = filters.state == "live"
    rooms = Room.objects.live() if live else Room.objects.filter(ended_at__isnull=False)
    if filters.q:
        rooms = rooms.filter(holds(tuple(FOLDED), filters.q))
    if filters.least:
        rooms = rooms.filter(online__gte=filters.least)
    if live:
        rooms = chips.filtered(rooms, filters.only, filters.label, person)
    rooms = rooms.order_by(*(SORTS[filters.sort] if live else ("-ended_at", "id")))
    return rooms.reverse() if live and filters.reverse else rooms
