"""Finding rooms by what people remember of them: RoomId, account, name of the room or its host,
with a slip in it.

Two ways, for two sizes. Live rooms are some thousands: they are kept in memory and compared one by
one, the words in them by the number of slips (`LiveIndex`). Past broadcasts are a million: an index
finds how a text begins, and when nothing begins so, every text that one slip could have made the
query of is looked up at once (`slips`), a thousand exact questions to an index instead of one
search through all. PostgreSQL and SQLite do both alike.
"""

import datetime as dt
import json
import logging
import re
import threading
import time
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import DatabaseError, connection
from django.db.models import F
from rapidfuzz import process
from rapidfuzz.distance import OSA

from rooms.infra import database_time
from rooms.infra.folded import folded
from rooms.models import Room
from rooms.text import fold

logger = logging.getLogger(__name__)
FRESH_SECONDS, OLD_SECONDS = 2.0, 60.0
JUST_NOW = dt.timedelta(seconds=10)  # a room is seen so long, at most, before its row can be read
LONGEST_QUERY = 64
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_- "
FIELDS = ("room_id", "name", "owner_account", "owner_name")  # in the order of Found
FOLDED = tuple(f"folded_{name}" for name in FIELDS)
FIRST_FOLDED = 1 + len(FIELDS)  # place in a row of the index
MIN_FOR_SLIPS = 4  # of so few letters one slip leaves nothing
MAX_WORDS = 50  # like one of the query
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
    """A query as it is compared: folded, bounded."""
    return fold(text)[:LONGEST_QUERY].strip()


def allowed_slips(query: str) -> int:
    """How many letters may differ: none in short words, two in long ones."""
    return 0 if len(query) < MIN_FOR_SLIPS else 1 if len(query) < 7 else 2


class LiveIndex:
    """The live rooms in memory. For any thread.

    Older than FRESH_SECONDS they are read again, beside the question that noticed it; it is
    answered by what is there. Only what is older than OLD_SECONDS, or was forgotten, is waited for.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reading = threading.Lock()
        self._read_at = float("-inf")
        self._rooms_until = database_time.now()  # what was seen first after this is not in it
        self._kept = Kept([], [], {}, [])

    def find(self, query: str, limit: int) -> list[Found]:
        """The rooms that hold the query, the most crowded first; when there is none, those that
        hold it with slips.

        Before a slip is believed the database is asked for rooms that opened since: one of them may
        be meant as it is.
        """
        found = self._renewed().find(query, limit)
        if not found or found[0].slips:
            return self._opened_since().find(query, limit, with_slips=False) or found
        return found

    def forget(self) -> None:
        self._read_at = float("-inf")

    def _renewed(self) -> "Kept":
        age = time.monotonic() - self._read_at
        if age >= OLD_SECONDS:
            with self._lock:
                if time.monotonic() - self._read_at >= OLD_SECONDS:
                    self._read()
        elif age >= FRESH_SECONDS and self._reading.acquire(blocking=False):
            threading.Thread(target=self._read_beside, daemon=True).start()
        return self._kept

    def _read_beside(self) -> None:
        try:
            self._read()
        except DatabaseError:  # the database is away for a moment: the next question tries again
            logger.warning("the live rooms could not be read for the omnibox")
        finally:
            self._reading.release()
            connection.close()

    def _opened_since(self) -> "Kept":
        rooms = (
            Room.objects.live()
            .filter(first_seen_at__gte=self._rooms_until)
            .order_by("-first_seen_at")
        )
        return Kept([], [], {}, []).with_rows(list(rooms.values_list("pk", *FIELDS, *FOLDED)))

    def _read(self) -> None:
        began, now = time.monotonic(), database_time.now()
        by_crowd = Room.objects.live().order_by(F("online").desc(nulls_last=True), "id")
        rows = list(by_crowd.values_list("pk", *FIELDS, *FOLDED))
        self._kept = self._kept.with_rows(rows)
        self._read_at, self._rooms_until = began, now - JUST_NOW


StoredRow = tuple[Any, ...]  # (pk, *FIELDS, *FOLDED)


class Kept(NamedTuple):
    """Rows of (pk, *FIELDS, *FOLDED), their texts, and place by place which words are in them.

    Never changed, only replaced.
    """

    rows: list[StoredRow]
    texts: list[str]
    places: dict[str, list[int]]
    words: list[str]

    def with_rows(self, rows: list[StoredRow]) -> "Kept":
        if rows == self.rows:
            return self
        texts = ["\n".join(row[FIRST_FOLDED:]) for row in rows]
        places: dict[str, list[int]] = {}
        for place, text in enumerate(texts):
            for word in {*WORD.findall(text), *text.split("\n")}:
                places.setdefault(word, []).append(place)
        return Kept(rows, texts, places, list(places))

    def find(self, query: str, limit: int, *, with_slips: bool = True) -> list[Found]:
        slips = {place: 0 for place, text in enumerate(self.texts) if query in text}
        best = sorted(slips, key=lambda place: (query not in self.texts[place].split("\n"), place))[
            :limit
        ]
        if not best and with_slips:
            slips = self.near(query)
            best = sorted(slips, key=lambda place: (slips[place], place))[:limit]
        return [
            Found._make((*self.rows[place][:FIRST_FOLDED], True, slips[place])) for place in best
        ]

    def near(self, query: str) -> dict[int, int]:
        """Place -> slips, of the rooms that have every word of the query with slips; else the query
        as a whole.
        """
        words = query.split()
        each = [self.with_word(word) for word in words]
        common = set.intersection(*(set(one) for one in each)) if each else set()
        if common:
            return {place: sum(one[place] for one in each) for place in common}
        return self.with_word(query) if len(words) > 1 else {}

    def with_word(self, word: str) -> dict[int, int]:
        """Place -> slips, of the rooms with a word that begins so; when there is none, with one
        that is like it.
        """
        found = {
            place: 0
            for known in self.words
            if known.startswith(word)
            for place in self.places[known]
        }
        if not found and (allowed := allowed_slips(word)):
            near = process.extract(
                word, self.words, scorer=OSA.distance, score_cutoff=allowed, limit=MAX_WORDS
            )
            for known, distance, _ in near:
                for place in self.places[known]:
                    found.setdefault(place, int(distance))
        return found


live = LiveIndex()


def called(texts: Sequence[str], limit: int = 3) -> list[Found]:
    """Of each RoomId that is exactly one of these texts, in their order, the newest broadcast, the
    live one first, as the database has it now."""
    known = set(
        Room.objects.filter(room_id__in=texts)
        .order_by()
        .values_list("room_id", flat=True)
        .distinct()
    )
    return [newest(room_id) for room_id in texts if room_id in known][:limit]


def newest(room_id: str) -> Found:
    rooms = Room.objects.filter(room_id=room_id).order_by(
        F("ended_at").desc(nulls_first=True), "-create_time"
    )
    return of(rooms.only(*FIELDS, "ended_at")[:1].get(), 0)


def host_name(account: str) -> str:
    """What a host was called last; "" for who never was on air."""
    rooms = Room.objects.filter(owner_account=account).order_by("-create_time")
    return rooms.values_list("owner_name", flat=True).first() or ""


def past(query: str, limit: int, *, with_slips: bool = True) -> list[Found]:
    """Ended broadcasts of which a text begins so; when there is none, those that one slip is away.

    The newest first.
    """
    # Codes have no blanks, and names seldom look like codes: half of the questions need not be
    # asked.
    fields = FIELDS if " " not in query else ("name", "owner_name")
    found, away = begins(fields, query, limit), 0
    if not found and with_slips and len(query) >= MIN_FOR_SLIPS:
        found, away = any_of(fields, sorted(slips(query)), limit), 1
    rooms = [of(room, away) for room in Room.objects.filter(pk__in=found).only(*FIELDS, "ended_at")]
    return sorted(rooms, key=lambda one: (query not in texts_of(one), -one.pk))[:limit]


def begins(fields: Sequence[str], query: str, limit: int) -> set[int]:
    """Ended broadcasts with a field that begins with the query, so many of each field; see
    rooms.infra.folded.
    """
    # What begins so stands between these two, by code points: LIKE asks no index of SQLite's.
    return ended(fields, "BETWEEN %s AND %s", [query, query + "\U0010ffff"], limit)


def any_of(fields: Sequence[str], texts: Sequence[str], limit: int) -> set[int]:
    """Ended broadcasts with a field that is one of a thousand texts, so many of each field.

    The texts are one parameter, so that nobody has to read a thousand of them, and are sent once
    for all fields.
    """
    given: list[str | list[str]]
    if connection.vendor == "postgresql":
        near, given = "SELECT unnest(%s::text[])", [list(texts)]
    else:
        near, given = "SELECT value FROM json_each(%s)", [json.dumps(texts)]
    return ended(
        fields, "IN (SELECT text FROM near)", [], limit, f"WITH near(text) AS ({near})", given
    )


def ended(
    fields: Sequence[str],
    fits: str,
    each: Sequence[str],
    limit: int,
    before: str = "",
    given: Sequence[str | list[str]] = (),
) -> set[int]:
    """Primary keys of ended broadcasts, by one question to the indexes of all these fields: four
    took twice as long.

    fits: the condition on a field's text, with `each` as its parameters; before, given: what the
    statement begins with.
    """
    of_each = (
        f"SELECT id FROM (SELECT id FROM rooms_room "  # noqa: S608 (our own names)
        f"WHERE ended_at IS NOT NULL AND folded_{field} {fits} LIMIT {limit}) AS by_{field}"
        for field in fields
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"{before} {' UNION ALL '.join(of_each)}", [*given, *list(each) * len(fields)]
        )
        return {pk for (pk,) in cursor.fetchall()}


def slips(query: str) -> set[str]:
    """Every text that one slip turns into the query: a letter left out, doubled, wrong, or two in
    the wrong order.
    """
    splits = [(query[:at], query[at:]) for at in range(len(query) + 1)]
    letters = set(LETTERS) | set(query)
    made = {before + after[1:] for before, after in splits if after}
    made |= {before + after[1] + after[0] + after[2:] for before, after in splits if len(after) > 1}
    made |= {before + letter + after[1:] for before, after in splits if after for letter in letters}
    made |= {before + letter + after for before, after in splits for letter in letters}
    return made - {query}


def texts_of(found: Found) -> Sequence[str]:
    return [
        fold(text) for text in (found.room_id, found.name, found.owner_account, found.owner_name)
    ]


def of(room: Room, slips: int) -> Found:
    return Found(
        room.pk, room.room_id, room.name, room.owner_account, room.owner_name, room.is_live, slips
    )


def accounts(found: Iterable[Found], query: str) -> list[tuple[str, str]]:
    """The hosts among what was found that fit the query themselves: (account, name), each once."""
    fitting: dict[str, str] = {}
    for one in found:
        text = folded(one.owner_account, one.owner_name)
        near = one.slips and OSA.distance(query, fold(one.owner_account), score_cutoff=2) <= 2
        if one.owner_account and (query in text or near):
            fitting.setdefault(one.owner_account, one.owner_name)
    return list(fitting.items())
