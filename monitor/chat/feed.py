"""The newest lines of the live rooms, filtered: what a page of the feed begins with, and what it
missed.

Lines that are said while it is open come by the websocket, all of them, and the page filters them
itself (static/js/rooms/feed_filter.js): a hundred lines a second are some 25 kB, less than one
picture, and one frame serves everybody. What a rule looks for only the rules know, so a page that
is filtered by a rule asks here again and again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TypedDict
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser, User
from django.http import QueryDict

from moderation.automation import words
from moderation.models import Rule
from rooms.ingest import chat
from rooms.ingest.chat import SaidIn
from rooms.models import ChatLine, Room
from rooms.text import fold_words
from rooms.writing import WRITINGS, writing_of

SHOWN = 200  # lines on a page
LOOKED_AT = 1000  # the newest stored lines that are filtered
COUNTED = 10_000  # of what is left out, the most that is counted
LONGEST = 100  # characters of a filter


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; nonsense counts as nothing.

    q: part of a line; room: of a RoomId or a name; account: of an account; writing: see
    rooms.writing; rule: slug.
    """

    q: str = ""
    room: str = ""
    account: str = ""
    writing: str = ""
    rule: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> "Filters":
        texts = {
            one.name: query.get(one.name, "").replace("\x00", "").strip()[:LONGEST]
            for one in fields(cls)
        }
        if texts["writing"] not in WRITINGS:
            texts["writing"] = ""
        return cls(**texts)

    @property
    def query(self) -> str:
        """The address of this view, without what is not asked for."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return urlencode({name: value for name, value in values.items() if value})


class Feed(TypedDict):
    """What a page gets: the frames of rooms, in no order, and up to which line was looked.

    left_out: stored lines that are newer than what the page has, and were too many to be looked at.
    """

    k: str
    rooms: list[chat.Frame]
    newest: int
    left_out: int


def rules_for(person: User | AnonymousUser) -> list[Rule]:
    """The rules by which somebody may filter: those that look for words, for who may see rules."""
    if not person.has_perm("moderation.view_rules"):
        return []
    return list(Rule.objects.filter(kind=Rule.Kind.WORDS).order_by("pk"))


def lines(filters: Filters, after: int, rules: Iterable[Rule]) -> Feed:
    """The newest lines of live rooms that fit, at most SHOWN of the newest LOOKED_AT.

    after: primary key of a line; only newer ones. rules: by which the person may filter; a rule
    that is none of them fits no line.
    """
    stored = list(ChatLine.objects.filter(pk__gt=after).order_by("-pk")[:LOOKED_AT])
    newest = stored[0].pk if stored else after
    left_out = 0
    if after and len(stored) == LOOKED_AT:
        missed = ChatLine.objects.filter(pk__gt=after, pk__lt=stored[-1].pk)
        left_out = missed.order_by()[:COUNTED].count()
    live = Room.objects.live().filter(pk__in={line.room_id for line in stored})
    rooms = {told[0]: SaidIn._make(told) for told in live.values_list(*SaidIn._fields)}
    found = [line for line in stored if line.room_id in rooms]
    found = fitting(filters, found, rooms, rules)
    if after:
        left_out += max(0, len(found) - SHOWN)
    found = found[:SHOWN]
    by_room: dict[int, list[ChatLine]] = {}
    for line in reversed(found):
        by_room.setdefault(line.room_id, []).append(line)
    frames = [chat.frame(rooms[pk], said) for pk, said in by_room.items()]
    return Feed(k="feed", rooms=frames, newest=newest, left_out=left_out)


def fitting(
    filters: Filters, found: list[ChatLine], rooms: dict[int, SaidIn], rules: Iterable[Rule]
) -> list[ChatLine]:
    """Those of the lines that fit, in their order."""
    if room := fold_words(filters.room):
        held = {
            pk for pk, told in rooms.items() if room in fold_words(f"{told.room_id}\n{told.name}")
        }
        found = [line for line in found if line.room_id in held]
    if account := fold_words(filters.account):
        found = [line for line in found if account in fold_words(line.account)]
    if wanted := fold_words(filters.q):
        found = [line for line in found if wanted in fold_words(line.text)]
    if filters.writing:
        found = [line for line in found if writing_of(line.text) == filters.writing]
    if filters.rule:
        rule = next((one for one in rules if one.slug == filters.rule), None)
        found = [line for line, _word in words.spoken(rule, found)] if rule else []
    return found
