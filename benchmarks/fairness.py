"""What one person who asks for all at once costs another person's click, side by side in one run.

An auditor (`benchmarks.hog`, a process of its own) starts eight dry runs and eight coverage pages
again and again and sends watch messages as fast as the line takes. Meanwhile a moderator presses
End; the figure is that click, POST to answer. Idle and beset rounds take turns, so that both have
the same machine. Stored are 2,000 live rooms, 100,000 looks of a week and 100,000 lines of chat:
what makes a study long.
"""

import argparse
import asyncio
import json
import random
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

from benchmarks.act import Person
from benchmarks.filling import fill
from benchmarks.report import Goal, Report, percentile
from benchmarks.stage import Stage, stage

SETTLE_SECONDS = 1.0
BETWEEN_CLICKS = 0.05


def study(rooms: list[int], looks: int, lines: int) -> None:
    """A week of looks and of chat."""
    from django.contrib.auth.models import User
    from django.utils import timezone

    from moderation.models import Look
    from rooms.models import ChatLine

    rng, now = random.Random(3), timezone.now()
    people = list(User.objects.all())
    week = 7 * 86_400
    made = (
        Look(
            room_id=rng.choice(rooms),
            by=person,
            by_name=person.username,
            where="wall",
            seconds=20,
            at=now - timedelta(seconds=rng.randrange(week)),
        )
        for person in rng.choices(people, k=looks)
    )
    Look.objects.bulk_create(made, batch_size=1000)
    now_ms = int(now.timestamp() * 1000)
    said = (
        ChatLine(
            room_id=rng.choice(rooms),
            at_ms=now_ms - rng.randrange(week * 1000),
            message_id=f"m{number}",
            account=f"viewer-{rng.randrange(10_000)}",
            text=f"hello everybody, this is line {number} of many words",
        )
        for number in range(lines)
    )
    ChatLine.objects.bulk_create(said, batch_size=1000)


async def measure(
    address: str, hog: subprocess.Popen[str], rooms: list[tuple[int, str]], rounds: int, clicks: int
) -> tuple[dict[str, list[list[float]]], Counter[str]]:
    """Milliseconds of the clicks by state and round, and what the other person did."""
    person, left = Person(address), iter(rooms)
    times: dict[str, list[list[float]]] = {"idle": [], "beset": []}
    did: Counter[str] = Counter()

    def tell(word: str) -> dict[str, int]:
        assert hog.stdin is not None and hog.stdout is not None
        hog.stdin.write(f"{word}\n")
        hog.stdin.flush()
        return dict(json.loads(hog.stdout.readline()))

    try:
        await person.log_in()
        for _ in range(5):
            await person.end(*next(left))
        for _ in range(rounds):
            for state in times:
                if state == "beset":
                    await asyncio.to_thread(tell, "go")
                await asyncio.sleep(SETTLE_SECONDS)
                times[state].append([await timed(person, *next(left)) for _ in range(clicks)])
                if state == "beset":
                    did.update(await asyncio.to_thread(tell, "stop"))
                    await asyncio.sleep(5 * SETTLE_SECONDS)  # what it began runs to its end
    finally:
        await person.http.close()
    return times, did


async def timed(person: Person, pk: int, room_id: str) -> float:
    await asyncio.sleep(BETWEEN_CLICKS)
    began = time.perf_counter()
    await person.end(pk, room_id)
    return (time.perf_counter() - began) * 1000


def begin(made: Stage, address: str, rooms: list[int]) -> subprocess.Popen[str]:
    """The other person, logged in."""
    command = [sys.executable, "-m", "benchmarks.hog", address, "auditor", json.dumps(rooms)]
    process = subprocess.Popen(
        command, env=made.variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    if process.stdout.readline().strip() != "ready":
        raise RuntimeError("the other person could not log in")
    return process


def run(options: argparse.Namespace) -> Report:
    rounds, clicks, many, stored = (2, 10, 300, 5_000) if options.quick else (6, 60, 2_000, 100_000)
    with stage(LIVEWARDEN_END_GRACE_SECONDS="60", LIVEWARDEN_MOST_TABS="40") as made:
        made.valkey()
        made.prepare()
        made.django()
        pks = fill(many)
        study(pks, stored, stored)
        from rooms.models import Room

        rooms = list(Room.objects.live().values_list("pk", "room_id"))
        address = made.console("web")
        hog = begin(made, address, pks)
        try:
            times, did = asyncio.run(measure(address, hog, rooms, rounds, clicks))
        finally:
            hog.terminate()
            hog.wait(10)
    return judged(times, did)


def judged(times: dict[str, list[list[float]]], did: Counter[str]) -> Report:
    report = Report("fairness")
    every: dict[str, list[float]] = {
        state: [time for each in found for time in each] for state, found in times.items()
    }
    for state, found in every.items():
        for name, part in (("median", 0.5), ("p95", 0.95)):
            report.figures[f"click, {state}, {name}, ms"] = percentile(found, part)
        report.figures[f"click, {state}, the longest, ms"] = max(found)
    for what, number in sorted(did.items()):
        report.figures[f"the other person: {what}"] = number
    missing = [
        what for what in ("dry run, 200", "coverage, 200", "watch messages") if not did[what]
    ]
    report.goals = [
        Goal(
            "click beside a heavy user, p95 / idle",
            percentile(every["beset"], 0.95) / percentile(every["idle"], 0.95),
            2,
        ),
        Goal("kinds of the heavy user's requests that got no answer", len(missing), 0),
    ]
    return report
