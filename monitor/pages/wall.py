"""The wall: many rooms as tiles. What its address asks for, and which rooms it shows."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, TypedDict
from urllib.parse import urlencode

from django.http import QueryDict

from moderation.attention import store as risk
from monitor.listing.filters import Filters, found
from monitor.pages import queries
from monitor.pages.queries import COLUMNS, StoredRow
from monitor.pages.row_cache import Row
from monitor.realtime import presence
from rooms.models import Room, RoomQuerySet

# Tiles on one page: as many as fit on a screen of 1080p, and a row more.
DENSITIES = {"small": 40, "medium": 24, "large": 12}
MAX_PINS = 40
PACES = (10, 20, 40, 90)  # seconds a page of the tour
FOCUS_TILES = 7  # one large, six small
FIT = re.compile("[1-9][0-9]{0,2}")


@dataclass(frozen=True, slots=True)
class Wall:
    """filters: as the list has them. pins: RoomIds that stand first. layout: "" or focus. screen:
    without the console's bars.
    """

    filters: Filters
    density: str = "small"
    pins: tuple[str, ...] = ()
    layout: str = ""
    screen: bool = False
    tour: bool = False

    @classmethod
    def read(cls, query: QueryDict) -> "Wall":
        """What the address asks for; nonsense counts as the default."""
        density = query.get("density", "")
        pins = dict.fromkeys(
            pin[:128] for pin in query.getlist("pin")[:MAX_PINS] if pin and "\x00" not in pin
        )
        return cls(
            filters=replace(Filters.read(query), state="live", columns=()),
            density=density if density in DENSITIES else "small",
            pins=tuple(pins),
            layout="focus" if query.get("layout") == "focus" else "",
            screen=query.get("screen") == "2",
            tour=query.get("tour") == "1",
        )

    def query(self, **changes: Any) -> str:
        """The address of this wall with changes, defaults left out."""
        changed = replace(self, **changes)
        own = {
            "density": changed.density if changed.density != "small" else "",
            "layout": changed.layout,
            "screen": "2" if changed.screen else "",
            "tour": "1" if changed.tour else "",
        }
        parts = [(name, value) for name, value in own.items() if value]
        parts += [("pin", pin) for pin in changed.pins]
        return "&".join(part for part in (changed.filters.query(), urlencode(parts)) if part)

    def at_page(self, page: int) -> str:
        return self.query(filters=replace(self.filters, page=page))

    @property
    def paces(self) -> tuple[int, ...]:
        return PACES

    @property
    def query_with_tour(self) -> str:
        return self.query(tour=True, filters=replace(self.filters, page=1))

    @property
    def query_without_tour(self) -> str:
        return self.query(tour=False)

    @property
    def query_other_layout(self) -> str:
        return self.query(layout="" if self.layout else "focus")

    @property
    def query_other_screen(self) -> str:
        return self.query(screen=not self.screen)

    @property
    def tiles(self) -> int:
        """How many tiles a page has."""
        return FOCUS_TILES if self.layout else DENSITIES[self.density]


class Tiles(TypedDict):
    """What templates/monitor/wall.html is given. changes: see queries.with_figures. previous, next:
    addresses. densities: name -> address. missing: RoomIds of pins that are not live.
    """

    wall: Wall
    filters: Filters
    rows: list[Row]
    changes: int | None
    total: int
    page: int
    pages: int
    previous: str | None
    next: str | None
    densities: list[tuple[str, str]]
    missing: list[str]


def shown(wall: Wall, person: int, fit: str = "") -> Tiles:
    """The tiles of a page of the wall, pinned ones first; of a tour those of the highest
    risk among the ones not looked at in time.

    fit: how many tiles this very screen holds, as a tour tells it. What would lie below it is left
    to the next page, and to colleagues: nobody looks at it here. It belongs to a screen, so it is
    no part of the address.
    """
    pinned = by_room_id(wall.pins)
    rooms = found(wall.filters, person)
    if wall.pins:
        rooms = rooms.exclude(room_id__in=wall.pins)
    if wall.tour:
        rooms = rooms.order_by(*risk.due_first())
    total = rooms.count() + len(pinned)
    tiles = min(wall.tiles, int(fit)) if wall.tour and FIT.fullmatch(fit) else wall.tiles
    each = max(1, tiles - len(pinned))
    pages = max(1, -(-(total - len(pinned)) // each))
    page = 1 if wall.tour else min(wall.filters.page, pages)
    start = (page - 1) * each
    rest = (
        not_elsewhere(rooms, each, person)
        if wall.tour
        else queries.part(rooms, wall.filters, start, each)
    )
    rows, changes = queries.with_figures([*pinned, *rest])
    return {
        "wall": wall,
        "filters": wall.filters,
        "rows": rows,
        "changes": changes,
        "total": total,
        "page": page,
        "pages": pages,
        "previous": wall.at_page(page - 1) if page > 1 else None,
        "next": wall.at_page(page + 1) if page < pages else None,
        "densities": [(name, wall.query(density=name)) for name in DENSITIES],
        "missing": [pin for pin in wall.pins if pin not in {row.facts.room_id for row in rows}],
    }


def by_room_id(pins: Collection[str]) -> list[StoredRow]:
    """The live rooms that are pinned, in the order of the pins."""
    if not pins:
        return []
    stored = Room.objects.live().filter(room_id__in=pins).values_list(*COLUMNS)
    found = {values[1]: values for values in stored}
    return [found[pin] for pin in pins if pin in found]


def not_elsewhere(rooms: RoomQuerySet, count: int, person: int) -> list[StoredRow]:
    """The first `count` rooms that are not on a colleague's screen now; with too few of those,
    these too.
    """
    busy = {
        pk
        for pk, who in presence.stored_people().items()
        if any(other != person for other, _ in who)
    }
    # So many that the free ones among them fill the page, whatever the colleagues show.
    candidates = list(rooms[: count + len(busy)].values_list(*COLUMNS))
    free = [values for values in candidates if values[0] not in busy]
    return (free + [values for values in candidates if values[0] in busy])[:count]
