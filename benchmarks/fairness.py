"""How much one heavy user slows down another person's click, compared in one run.

An auditor (`benchmarks.heavy_user`, a process of its own) starts eight dry runs and eight coverage
pages again and again, and sends watch messages as fast as the connection takes them. Meanwhile a
moderator presses End; the figure is the time of that click, POST to response. Idle and busy rounds
take turns, so that both meet the same machine. Stored are 2,000 live rooms, 100,000 looks of a week
and 100,000 lines of chat, which make the heavy queries long.
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
from benchmarks.environment import BenchmarkEnvironment, benchmark_environment
from benchmarks.report import Goal, Report, percentile
from benchmarks.seed_data import fill

SETTLE_SECONDS = 1.0
BETWEEN_CLICKS = 0.05
LABELS = {"idle": "idle", "busy": "beside a heavy user"}


def store_history(rooms: list[int], looks: int, lines: int) -> None:
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
    address: str,
    heavy_user: subprocess.Popen[str],
    rooms: list[tuple[int, str]],
    rounds: int,
    clicks: int,
) -> tuple[dict[str, list[list[float]]], Counter[str]]:
    """Milliseconds of the clicks by state and round, and the counts of what the heavy user did."""
    person, left = Person(address), iter(rooms)
    times: dict[str, list[list[float]]] = {"idle": [], "busy": []}
    did: Counter[str] = Counter()

    def send(command: str) -> dict[str, int]:
        assert heavy_user.stdin is not None and heavy_user.stdout is not None
        heavy_user.stdin.write(f"{command}\n")
        heavy_user.stdin.flush()
        return dict(json.loads(heavy_user.stdout.readline()))

    try:
        await person.log_in()
        for _ in range(5):
            await person.end(*next(left))
        for _ in range(rounds):
            for state in times:
                if state == "busy":
                    await asyncio.to_thread(send, "go")
                await asyncio.sleep(SETTLE_SECONDS)
                times[state].append([await timed(person, *next(left)) for _ in range(clicks)])
                if state == "busy":
                    did.update(await asyncio.to_thread(send, "stop"))
                    await asyncio.sleep(5 * SETTLE_SECONDS)  # what it began runs to its end
    finally:
        await person.http.close()
    return times, did


async def timed(person: Person, pk: int, room_id: str) -> float:
    await asyncio.sleep(BETWEEN_CLICKS)
    began = time.perf_counter()
    await person.end(pk, room_id)
    return (time.perf_counter() - began) * 1000


def begin(env: BenchmarkEnvironment, address: str, rooms: list[int]) -> subprocess.Popen[str]:
    """Starts the heavy user, logged in."""
    command = [sys.executable, "-m", "benchmarks.heavy_user", address, "auditor", json.dumps(rooms)]
    process = subprocess.Popen(
        command, env=env.variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    if process.stdout.readline().strip() != "ready":
        raise RuntimeError("the heavy user could not log in")
    return process


def run(options: argparse.Namespace) -> Report:
    rounds, clicks, many, stored = (2, 10, 300, 5_000) if options.quick else (6, 60, 2_000, 100_000)
    with benchmark_environment(LIVEWARDEN_END_GRACE_SECONDS="60", LIVEWARDEN_MOST_TABS="40") as env:
        env.valkey()
        env.prepare()
        env.django()
        pks = fill(many)
        store_history(pks, stored, stored)
        from rooms.models import Room

        rooms = list(Room.objects.live().values_list("pk", "room_id"))
        address = env.console("web")
        heavy_user = begin(env, address, pks)
        try:
            times, did = asyncio.run(measure(address, heavy_user, rooms, rounds, clicks))
        finally:
            heavy_user.terminate()
            heavy_user.wait(10)
    return judged(times, did)


def judged(times: dict[str, list[list[float]]], did: Counter[str]) -> Report:
    report = Report("fairness")
    every: dict[str, list[float]] = {
        state: [time for each in found for time in each] for state, found in times.items()
    }
    for state, found in every.items():
        for name, part in (("median", 0.5), ("p95", 0.95)):
            report.figures[f"click, {LABELS[state]}, {name}, ms"] = percentile(found, part)
        report.figures[f"click, {LABELS[state]}, max, ms"] = max(found)
    for what, number in sorted(did.items()):
        report.figures[f"heavy user: {what}"] = number
    missing = [
        what for what in ("dry run, 200", "coverage, 200", "watch messages") if not did[what]
    ]
    report.goals = [
        Goal(
            "click beside a heavy user, p95 / idle",
            percentile(every["busy"], 0.95) / percentile(every["idle"], 0.95),
            2,
        ),
        Goal("kinds of the heavy user's requests that got no answer", len(missing), 0),
    ]
    return report
