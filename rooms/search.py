"""Finding rooms by what people remember of them: RoomId, account, name of the room or its host, with a slip in it.

Two ways, for two sizes. Live rooms are some thousands: they are kept in memory and compared one by one, the words in
them by the number of slips (`LiveIndex`). Past broadcasts are a million: an index finds how a text begins, and when
nothing begins so, every text that one slip could have made the query of is looked up at once (`slips`), a thousand
exact questions to an index instead of one search through all. PostgreSQL and SQLite do both alike.
"""

import re
import threading
import time
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.functions import Lower
from rapidfuzz import process
from rapidfuzz.distance import OSA

from rooms.models import Room

FRESH_SECONDS = 2.0
LONGEST_QUERY = 64
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_- "
FIELDS = ("room_id", "name", "owner_account", "owner_name")  # in the order of Found
LEAST_FOR_SLIPS = 4  # of so few letters one slip leaves nothing
MOST_WORDS = 50  # like one of the query
WORD = re.compile(r"[\w-]+")


class Found(NamedTuple):
    """A room that fits. slips: 0 for a part of its text, else how many letters differ."""

    pk: int
    room_id: str
    name: str
    owner_account: str
    owner_name: str
    is_live: bool
    slips: int


def cleaned(text: str) -> str:
    """A query as it is compared: no case, no blanks around, bounded."""
    return " ".join(text.replace("\x00", "").casefold().split())[:LONGEST_QUERY]


def allowed_slips(query: str) -> int:
    """How many letters may differ: none in short words, two in long ones."""
    return 0 if len(query) < LEAST_FOR_SLIPS else 1 if len(query) < 7 else 2


class LiveIndex:
    """The live rooms in memory, read again when older than FRESH_SECONDS. For any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read_at = 0.0
        self._rows: list[Any] = []
        self._texts: list[str] = []
        self._words: dict[str, list[int]] = {}

    def _renew(self) -> None:
        if time.monotonic() - self._read_at < FRESH_SECONDS:
            return
        rows = list(
            Room.objects.live().order_by(F("online").desc(nulls_last=True), "id").values_list("pk", *FIELDS)
        )
        texts = ["\n".join(map(str, row[1:])).casefold() for row in rows]
        if texts != self._texts:
            words: dict[str, list[int]] = {}
            for place, text in enumerate(texts):
                for word in {*WORD.findall(text), *text.split("\n")}:
                    words.setdefault(word, []).append(place)
            self._words = words
        self._rows, self._texts, self._read_at = rows, texts, time.monotonic()

    def find(self, query: str, most: int) -> list[Found]:
        """The rooms that hold the query, the most crowded first; then those that hold it with slips."""
        with self._lock:
            self._renew()
            places = {place: 0 for place, text in enumerate(self._texts) if query in text}
            best = sorted(places, key=lambda place: (query not in self._texts[place].split("\n"), place))[
                :most
            ]
            if len(best) < most:
                near = self._near(query)
                others = sorted((slips, place) for place, slips in near.items() if place not in places)
                for slips, place in others[: most - len(best)]:
                    places[place] = slips
                    best.append(place)
            return [Found._make((*self._rows[place], True, places[place])) for place in best]

    def _near(self, query: str) -> dict[int, int]:
        """Place -> slips, of the rooms that have every word of the query, or the query as a whole, with slips."""
        found = self._with_word(query)
        if " " in query:
            words = [self._with_word(word) for word in query.split()]
            for place in set.intersection(*(set(each) for each in words)):
                slips = sum(each[place] for each in words)
                found[place] = min(slips, found.get(place, slips))
        return found

    def _with_word(self, word: str) -> dict[int, int]:
        """Place -> slips, of the rooms with such a word, or one that begins so."""
        found = {
            place: 0 for known, places in self._words.items() if known.startswith(word) for place in places
        }
        if slips := allowed_slips(word):
            near = process.extract(
                word, self._words.keys(), scorer=OSA.distance, score_cutoff=slips, limit=MOST_WORDS
            )
            for known, distance, _ in near:
                for place in self._words[known]:
                    found.setdefault(place, int(distance))
        return found

    def forget(self) -> None:
        self._read_at = 0.0


live = LiveIndex()


def past(query: str, most: int) -> list[Found]:
    """Ended broadcasts of which a text begins so; when there is none, those that one slip is away. The newest first."""
    found: dict[int, Found] = {}
    for field in FIELDS:
        for room in begins(field, query)[:most]:
            found.setdefault(room.pk, of(room, 0))
    if not found and len(query) >= LEAST_FOR_SLIPS:
        near = sorted(slips(query))
        for field in FIELDS:
            for room in ended(field).filter(text__in=near)[:most]:
                found.setdefault(room.pk, of(room, 1))
    ordered = sorted(found.values(), key=lambda one: (query not in texts_of(one), -one.pk))
    return ordered[:most]


def ended(field: str) -> QuerySet[Any]:
    """Ended broadcasts with `text`, what their index holds of a field; see migration 0006."""
    return Room.objects.filter(ended_at__isnull=False).annotate(text=Lower(field))


def begins(field: str, query: str) -> QuerySet[Any]:
    """Those whose field begins with the query."""
    if connection.vendor == "postgresql":
        return ended(field).filter(text__startswith=query)
    # SQLite's LIKE asks no index when it may be any case; what begins so stands between these two.
    return ended(field).filter(text__gte=query, text__lt=query + "\U0010ffff")


def slips(query: str) -> set[str]:
    """Every text that one slip turns into the query: a letter left out, doubled, wrong, or two in the wrong order."""
    splits = [(query[:at], query[at:]) for at in range(len(query) + 1)]
    letters = set(LETTERS) | set(query)
    made = {before + after[1:] for before, after in splits if after}
    made |= {before + after[1] + after[0] + after[2:] for before, after in splits if len(after) > 1}
    made |= {before + letter + after[1:] for before, after in splits if after for letter in letters}
    made |= {before + letter + after for before, after in splits for letter in letters}
    return made - {query}


def texts_of(found: Found) -> Sequence[str]:
    return [text.casefold() for text in (found.room_id, found.name, found.owner_account, found.owner_name)]


def of(room: Room, slips: int) -> Found:
    return Found(room.pk, room.room_id, room.name, room.owner_account, room.owner_name, room.is_live, slips)


def accounts(found: Iterable[Found], query: str) -> list[tuple[str, str]]:
    """The hosts among what was found that fit the query themselves: (account, name), each once."""
    fitting: dict[str, str] = {}
    for one in found:
        text = f"{one.owner_account}\n{one.owner_name}".casefold()
        near = one.slips and OSA.distance(query, one.owner_account.casefold(), score_cutoff=2) <= 2
        if one.owner_account and (query in text or near):
            fitting.setdefault(one.owner_account, one.owner_name)
    return list(fitting.items())
