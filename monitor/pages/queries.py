"""The data of one page each: rows with their figures, the summary."""

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Count, Sum

from moderation.actions import queries as acts
from moderation.alerts import alerts
from monitor.listing import columns as shown_columns
from monitor.listing.filters import Filters, found
from monitor.pages import trends
from monitor.pages.row_cache import Facts, Figures, Row
from rooms.infra import database_time, redis
from rooms.live import hot_state, system_history
from rooms.live.encoding import SHORT, RoomState
from rooms.live.health import Health
from rooms.live.health import read as read_health
from rooms.models import Room, RoomQuerySet
from rooms.pictures import stills

COLUMNS = (*Facts._fields, *(field.name for field in fields(Figures)))
HOT = {column: short for short, column in SHORT.items()}
HOT_FIGURES = tuple(HOT[field.name] for field in fields(Figures))
HOT_OF_ROOM = tuple(
    HOT[name] for name in ("online", "online_at", "reward", "statistics_at", "views")
)

StoredRow = tuple[Any, ...]  # what values_list(*COLUMNS) gives


def part(rooms: RoomQuerySet, filters: Filters, start: int, count: int) -> list[StoredRow]:
    """So many of the rooms that were found, from the one numbered `start` on.

    By risk they are read in the order of its index: joined, 5,000 rooms would be sorted for every
    page. What is not scored yet, hardly ever more than one room, comes after them.
    """
    is_plain = filters.state == "live" and not (filters.reverse or filters.are_narrow)
    if filters.sort != "risk" or not is_plain:
        return list(rooms[start : start + count].values_list(*COLUMNS))
    scored = rooms.filter(risk__score__gte=0).order_by("-risk__score", "risk__room_id")
    shown = list(scored[start : start + count].values_list(*COLUMNS))
    if missing := count - len(shown):
        skipped = 0 if shown else max(0, start - scored.count())
        others = rooms.filter(risk__isnull=True)
        shown += others[skipped : skipped + missing].values_list(*COLUMNS)
    return shown


def listing(
    filters: Filters, person: int = 0, columns: tuple[str, ...] = shown_columns.DEFAULT
) -> dict[str, object]:
    """The rows of a page of the list, with counts and the neighbours' addresses.

    person: who asks. columns: those that they see, unless the address tells others.
    """
    rooms = found(filters, person)
    page, start = filters.page, (filters.page - 1) * filters.size
    shown = part(rooms, filters, start, filters.size)
    # A page that is not full tells the total itself: a search need not look at every room twice.
    total = start + len(shown) if 0 < len(shown) < filters.size else rooms.count()
    pages = max(1, -(-total // filters.size))
    if page > pages:
        page, start = pages, (pages - 1) * filters.size
        shown = part(rooms, filters, start, filters.size)
    rows, changes = with_figures(shown)
    names = filters.columns or columns
    return {
        "filters": filters,
        "columns": names,
        "total": total,
        "page": page,
        "pages": pages,
        "rows": rows,
        "changes": changes,
        "previous": filters.query(page=page - 1) if page > 1 else None,
        "next": filters.query(page=page + 1) if page < pages else None,
    }


def with_figures(stored: list[StoredRow]) -> tuple[list[Row], int | None]:
    """Rows of COLUMNS with their hot figures, sparklines and newest acts; and how many changes
    there were so far.

    None in place of the changes: Redis does not answer, and the figures are the stored ones.
    """
    pks = [values[0] for values in stored]
    now = database_time.unix()
    unknown = trends.missing(pks, now)
    seen = hot_state.look(pks, recent_of=unknown)
    trends.learn({pk: seen.recent.get(pk, []) for pk in unknown}, now)
    actions = acts.latest_actions(pks, each=1)
    raised = alerts.of_rooms(pks)
    pictures = stills.known(pks)
    rows = []
    for values in stored:
        facts = Facts._make(values[: len(Facts._fields)])
        kept, hot = values[len(Facts._fields) :], seen.states.get(facts.pk, {})
        newest: list[Any] = [
            old if (new := hot.get(short)) is None else new
            for short, old in zip(HOT_FIGURES, kept, strict=True)
        ]
        end = facts.ended_at.timestamp() if facts.ended_at else now
        rows.append(
            Row(
                facts,
                Figures(*newest),
                trends.of(facts.pk),
                end - facts.create_time,
                actions.get(facts.pk, ()),
                raised.get(facts.pk, ()),
                pictures.get(facts.pk),
            )
        )
    return rows, seen.changes


def refreshed(room: Room, state: RoomState | None) -> Room:
    """The row with the figures of the hot state, which are up to a tick newer than the stored
    ones.
    """
    if state:
        for short in HOT_OF_ROOM:
            if (value := state.get(short)) is not None:
                setattr(room, SHORT[short], value)
    return room


@dataclass(frozen=True, slots=True)
class Summary:
    """The strip above the list. online and reward: sums over the live rooms, None when nothing is
    known.

    budget_used: per cent of the most used command's allowance.
    """

    live: int
    online: int | None
    reward: int | None
    health: Health
    budget_used: int


def summary() -> Summary:
    """At most a second old: adding up 5,000 rooms for each of 20 people at once would cost more
    than their pages.
    """
    return _summary(int(database_time.unix()))


@lru_cache(1)
def _summary(_second: int) -> Summary:
    sums = Room.objects.live().aggregate(
        live=Count("id"), online=Sum("online"), reward=Sum("reward")
    )
    health = read_health()
    return Summary(
        **sums,
        health=health,
        budget_used=system_history.budget_used(health),
    )


def stores() -> dict[str, object]:
    """{database, ahead, is_off, redis}: which database decides what time it is, how many seconds
    this machine's clock is ahead of it, and whether Redis answers."""
    return {
        "database": connection.display_name,
        "ahead": database_time.offset(),
        "is_off": not database_time.agrees(),
        "redis": not redis.is_away(),
    }


def recent_past(room: Room) -> dict[str, object]:
    """{"past", "online_change", "coins_a_minute"} of one room."""
    now = database_time.unix()
    unknown = trends.missing([room.pk], now)
    trends.learn(hot_state.recent(unknown), now)
    kept = trends.of(room.pk)
    return {
        "past": kept,
        "online_change": kept.online_change(room.online),
        "coins_a_minute": kept.coins_a_minute(room.reward, room.statistics_at),
    }
