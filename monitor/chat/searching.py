"""The search in stored lines of chat: what its page asks for, and what it shows."""

import datetime as dt
from dataclasses import dataclass, fields
from typing import NotRequired, TypedDict
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from rooms import search as room_search
from rooms.chat_search import query, search
from rooms.chat_search.search import Found, Wanted
from rooms.models import ChatLine, Room
from rooms.text import trimmed

LONGEST = 250  # characters of a field; more than a query may have, so that it can be told
MOST_ROOMS = search.MOST_ROOMS
LIVE, PAST = 20, 20  # rooms by a part of their name


class Shown(TypedDict):
    """What the template gets. until: (Unix milliseconds) how far a search looked whose time was
    over. older: the query of the next page's address, "": there is none.
    """

    lines: list[ChatLine]
    is_asked: bool
    older: str
    until: int | None
    too_much: NotRequired[bool]
    unknown_room: NotRequired[bool]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, as it was typed; nonsense counts as nothing. begin, end: local
    times, as a field of a browser has them; before: primary key.
    """

    q: str = ""
    room: str = ""
    account: str = ""
    begin: str = ""
    end: str = ""
    before: int = search.NEWEST

    @classmethod
    def read(cls, asked: QueryDict) -> "Asked":
        texts = {
            name: asked.get(name, "").replace("\x00", "").strip()[:LONGEST]
            for name in ("q", "room", "account", "begin", "end")
        }
        for name in ("begin", "end"):
            if moment(texts[name]) is None:
                texts[name] = ""
        before = asked.get("before", "")
        is_number = before.isascii() and before.isdigit() and 0 < len(before) < 19
        return cls(**texts, before=int(before) if is_number else search.NEWEST)

    def query(self, before: int) -> str:
        """The address of the page that begins there."""
        values = {one.name: getattr(self, one.name) for one in fields(self)} | {"before": before}
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def is_empty(self) -> bool:
        return not (self.q or self.room or self.account or self.begin or self.end)


def page(asked: Asked) -> Shown:
    """The lines that fit; none before anything is asked for."""
    nothing = Shown(lines=[], is_asked=not asked.is_empty, older="", until=None)
    if asked.is_empty:
        return nothing
    try:
        read = query.parse(asked.q)
    except query.TooMuch:
        return Shown(**nothing, too_much=True)
    rooms = rooms_called(asked.room) if asked.room else None
    if rooms == ():
        return Shown(**nothing, unknown_room=True)
    wanted = Wanted(read, rooms, trimmed(asked.account), moment(asked.begin), moment(asked.end))
    found = search.find(wanted, asked.before)
    return Shown(
        lines=found.lines,
        is_asked=True,
        older=asked.query(found.before) if found.before else "",
        until=looked_until(found) if found.is_cut else None,
    )


def rooms_called(text: str) -> tuple[int, ...]:
    """The broadcasts of exactly this RoomId, the newest first; else those whose name fits."""
    by_id = Room.objects.filter(room_id=text).order_by("-pk").values_list("pk", flat=True)
    if exact := tuple(by_id[:MOST_ROOMS]):
        return exact
    wanted = room_search.cleaned(text)
    if not wanted:
        return ()
    live = room_search.live.find(wanted, LIVE)
    past = room_search.past(wanted, PAST, with_slips=False)
    return tuple(dict.fromkeys(one.pk for one in (*live, *past) if not one.slips))


def looked_until(found: Found) -> int | None:
    """When the oldest line was said that a search looked at."""
    at = ChatLine.objects.filter(pk__gte=found.before).order_by("pk")
    return at.values_list("at_ms", flat=True).first()


def moment(text: str) -> int | None:
    """Unix milliseconds of a local time; None for nonsense."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    if found is None or not 1970 < found.year < 9000:
        return None
    aware = timezone.make_aware(found) if timezone.is_naive(found) else found
    return int(aware.astimezone(dt.UTC).timestamp() * 1000)
