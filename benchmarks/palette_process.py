"""Seeds a database with broadcasts, times the search of the command palette, and prints what it
measured; a process of `benchmarks.command_palette`.
"""

import datetime as dt
import json
import random
import sys
import time
from collections.abc import Iterator
from typing import Any

import django

FIRST = (
    "Jazz",
    "Ramen",
    "Morning",
    "Midnight",
    "Sneaker",
    "Piano",
    "Mystery",
    "Harbour",
    "Garden",
    "Vintage",
    "Retro",
    "Quiet",
)
SECOND = (
    "standards",
    "workshop",
    "stories",
    "session",
    "market",
    "practice",
    "unboxing",
    "walks",
    "questions",
    "repairs",
)
KANJI = ("深夜", "朝活", "歌枠", "雑談", "料理", "旅行")
NICKS = ("Anaïs", "Mateo", "Yusuf", "Ingrid", "Łukasz", "さくら", "하늘", "Wanjiru", "Tariq", "Zoë")
QUERIES = 400
CHUNK = 5000


def names(number: int) -> dict[str, Any]:
    """What the broadcast of this number is called; hosts come back, so there are a tenth as many
    accounts.
    """
    host = number // 10
    if number % 6 == 5:
        name = f"{KANJI[number % len(KANJI)]}ライブ{number % 9973}"
    else:
        name = f"{FIRST[number % len(FIRST)]} {SECOND[number // 7 % len(SECOND)]} {number % 9973}"
    return {
        "room_id": f"live_{number * 7919 % 10_000_000:07d}_{number}",
        "name": name,
        "owner_account": f"host_{host * 104729 % 1_000_003}",
        "owner_name": f"{NICKS[host % len(NICKS)]}{host % 997}",
    }


def rows(first: int, count: int, live: bool) -> Iterator[list[Any]]:
    from rooms.models import Room

    now = dt.datetime.now(dt.UTC)
    for number in range(first, first + count):
        ended = None if live else now - dt.timedelta(minutes=number % 500_000)
        room = Room(
            **names(number),
            create_time=1_600_000_000 + number,
            first_seen_at=now,
            facts_changed_at=now,
            ended_at=ended,
            online=number % 1000,
            end_cause="" if live else "gone",
        )
        yield [field.pre_save(room, True) for field in columns()]


def columns() -> list[Any]:
    from rooms.models import Room

    return [field for field in Room._meta.concrete_fields if field.name != "id"]


def fill(live: int, past: int) -> None:
    """As fast as each database takes rows, in chunks."""
    from django.db import connection, transaction

    fields = columns()
    into = ", ".join(field.column for field in fields)
    for first, count, is_live in [
        (0, live, True),
        *((live + at, min(CHUNK, past - at), False) for at in range(0, past, CHUNK)),
    ]:
        made = [
            [
                field.get_db_prep_save(value, connection)
                for field, value in zip(fields, row, strict=True)
            ]
            for row in rows(first, count, is_live)
        ]
        with transaction.atomic(), connection.cursor() as cursor:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO rooms_room ({into}) VALUES ({marks})", made)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def with_typo(rng: random.Random, text: str) -> str:
    """The text with one typo in it."""
    at = rng.randrange(1, len(text) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind == 2:
        return text[:at] + rng.choice("abcdefghij0123456789") + text[at + 1 :]
    return text[:at] + text[at] + text[at:]


def queries(live: int, past: int) -> Iterator[tuple[str, str, str]]:
    """(kind, what is typed, what must be among the results)."""
    rng = random.Random(5)
    for number in range(QUERIES):
        which = rng.randrange(live) if number % 2 else live + rng.randrange(past)
        room = names(which)
        field = ("room_id", "owner_account", "name", "room_id")[number // 2 % 4]
        typed = room[field]
        if number // 8 % 2:
            yield "typo", with_typo(rng, typed), typed
        else:
            yield "exact", typed, typed
    for nonsense in (
        "zzzzzzzz",
        "qwrtpsdf",
        "live_",
        "a",
        "さ",
        "no such room anywhere",
        "%_%",
        "'; drop table",
    ):
        yield "no match", nonsense, ""


def is_called(typed: str) -> bool:
    """Whether something else is really called so: then nobody can see the typo."""
    from rooms import search

    query = search.cleaned(typed)
    return any(found.slips == 0 for found in search.live.find(query, 1)) or bool(
        search.past(query, 1, with_slips=False)
    )


def main(live: int, past: int) -> dict[str, Any]:
    django.setup()
    from django.contrib.auth.models import User
    from django.test import Client

    from benchmarks.report import percentile

    began = time.perf_counter()
    fill(live, past)
    measured: dict[str, Any] = {"seeding, s": time.perf_counter() - began}
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(
        User.objects.get(username="supervisor"), backend="monitor.backends.ScreenBackend"
    )
    client.get("/omnibox", {"q": "warms"})
    times: dict[str, list[float]] = {}
    found: dict[str, list[bool]] = {}
    for kind, typed, wanted in queries(live, past):
        began = time.perf_counter()
        answer = client.get("/omnibox", {"q": typed})
        times.setdefault(kind, []).append((time.perf_counter() - began) * 1000)
        if wanted and not (kind == "typo" and is_called(typed)):
            found.setdefault(kind, []).append(wanted in answer.content.decode())
    every = [value for values in times.values() for value in values]
    measured |= {
        "all, median, ms": percentile(every, 0.5),
        "all, p95, ms": percentile(every, 0.95),
        "all, max, ms": max(every),
    }
    for kind, values in times.items():
        measured[f"{kind}, p95, ms"] = percentile(values, 0.95)
    for kind, hits in found.items():
        measured[f"found, {kind}, share"] = sum(hits) / len(hits)
    return measured


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
