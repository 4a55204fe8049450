"""The data of one page each: filters of the list, rows with their figures, a room's charts."""

import time
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, Sum
from django.http import QueryDict

from moderation import queries as acts
from monitor import charts
from rooms import live
from rooms.models import Room, RoomQuerySet
from rooms.queries import samples

SORTS: dict[str, tuple[Any, ...]] = {
    "online": (F("online").desc(nulls_last=True), "id"),
    "reward": (F("reward").desc(nulls_last=True), "id"),
    "newest": ("-create_time", "id"),
    "name": ("name", "id"),
}
SIZES = (25, 50, 100, 200)
SPARK_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; nonsense counts as the default."""

    q: str = ""
    sort: str = "online"
    state: str = "live"
    least: int = 0
    size: int = 50
    page: int = 1

    @classmethod
    def read(cls, query: QueryDict) -> "Filters":
        def number(name: str, default: int, most: int) -> int:
            text = query.get(name, "")
            return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 12 else default

        size = number("size", 50, 200)
        return cls(
            q=query.get("q", "").replace("\x00", "").strip()[:100],
            sort=query.get("sort", "") if query.get("sort") in SORTS else "online",
            state="ended" if query.get("state") == "ended" else "live",
            least=number("least", 0, 10**10),
            size=size if size in SIZES else 50,
            page=max(1, number("page", 1, 10**6)),
        )

    def query(self, **changes: Any) -> str:
        """The address of this view with changes, defaults left out."""
        values = {
            name: getattr(self, name) for name in ("q", "sort", "state", "least", "size", "page")
        } | changes
        default = Filters()
        return urlencode({name: value for name, value in values.items() if value != getattr(default, name)})


def found(filters: Filters) -> RoomQuerySet:
    rooms = Room.objects.live() if filters.state == "live" else Room.objects.filter(ended_at__isnull=False)
    if filters.q:
        q = filters.q
        named = (
            Q(name__icontains=q)
            | Q(room_id__icontains=q)
            | Q(owner_account__icontains=q)
            | Q(owner_name__icontains=q)
        )
        rooms = rooms.filter(named)
    if filters.least:
        rooms = rooms.filter(online__gte=filters.least)
    order: tuple[Any, ...] = SORTS[filters.sort] if filters.state == "live" else ("-ended_at", "id")
    return rooms.order_by(*order)


def listing(filters: Filters) -> dict[str, Any]:
    """The rows of a page of the list, with counts and the neighbours' addresses."""
    rooms = found(filters)
    total = rooms.count()
    pages = max(1, -(-total // filters.size))
    page = min(filters.page, pages)
    shown = list(rooms[(page - 1) * filters.size : page * filters.size])
    return {
        "filters": filters, "total": total, "page": page, "pages": pages, "rows": rows(shown), "changes": live.changes(),
        "previous": filters.query(page=page - 1) if page > 1 else None,
        "next": filters.query(page=page + 1) if page < pages else None,
        "sorts": [(name, filters.query(sort=name, page=1)) for name in SORTS],
        "sizes": [(size, filters.query(size=size, page=1)) for size in SIZES],
    }  # fmt: skip


def rows(rooms: list[Room]) -> list[dict[str, Any]]:
    """One dict a row: the room, its hot figures, its sparkline, its newest acts."""
    pks = [room.pk for room in rooms]
    states, recent, actions = live.states(pks), live.recent(pks), acts.latest_actions(pks, each=1)
    now = time.time()
    return [
        {
            "room": refreshed(room, states.get(room.pk)),
            "spark": charts.spark(
                [(at, online) for at, online, _ in recent.get(room.pk, []) if at > now - SPARK_SECONDS]
            ),
            "actions": actions.get(room.pk, []),
            "age": now - room.create_time,
        }
        for room in rooms
    ]


def refreshed(room: Room, state: dict[str, Any] | None) -> Room:
    """The row with the figures of the hot state, which are up to a tick newer than the stored ones."""
    if state:
        names = {"o": "online", "oa": "online_at", "r": "reward", "ra": "statistics_at", "v": "views"}
        for short, name in names.items():
            if state.get(short) is not None:
                setattr(room, name, state[short])
    return room


def summary() -> dict[str, Any]:
    """The strip above the list."""
    sums = Room.objects.live().aggregate(online=Sum("online"), reward=Sum("reward"))
    return {"live": Room.objects.live().count(), **sums, "health": live.vendor_health()}


def room_charts(room: Room) -> dict[str, Any]:
    """Two charts of the last hour: people online, and coins a minute."""
    kept = samples(room, 61)
    end = room.ended_at.timestamp() if room.ended_at else time.time()
    online: list[charts.Point] = [(sample.minute * 60 + 59, sample.online) for sample in kept]
    recent = live.recent([room.pk]).get(room.pk, [])
    online += [(at, value) for at, value, _ in recent if not kept or at > kept[-1].minute * 60 + 59]
    coins: list[charts.Point] = [
        (after.minute * 60, max(0, after.reward - before.reward) / max(1, after.minute - before.minute))
        for before, after in pairwise(kept)
        if before.reward is not None and after.reward is not None
    ]
    return {
        "online_chart": charts.chart(online, minutes=60, now=end),
        "coins_chart": charts.chart(coins, minutes=60, now=end),
        "box": {
            "left": charts.LEFT,
            "right": charts.LEFT + charts.WIDTH,
            "bottom": charts.TOP + charts.HEIGHT,
        },
    }
