"""Webhooks at 500 a second for ten seconds through the real web process, first with nobody who
reads them, then with the collector at work.

The first part counts what is stored: every event is another one, and the list in Redis must hold
them all. The second tells how far the collector is behind when the last one has come. The vendor
gives up after two seconds; here 100 ms count.
"""

import argparse
import json
import sqlite3
import subprocess
import sys
import time
from typing import Any

import redis

from benchmarks.report import Goal, Report, percentile
from benchmarks.stage import Stage, eventually, stage
from launcher import environment

RATE, SECONDS, ROOMS = 500, 10.0, 100
TOKEN = "the-webhook-token-of-the-benchmarks"
IN_TIME = 0.1  # seconds
PREFIX = "lw:"
READ_SECONDS = 60.0


def run(options: argparse.Namespace) -> Report:
    seconds = 2.0 if options.quick else SECONDS
    report = Report("door")
    with stage(LIVE_WEBHOOK_TOKEN=TOKEN) as made:
        made.valkey()
        made.prepare()
        made.simulator("--rooms", str(ROOMS), "--viewers", str(ROOMS * 20), "--churn", "0")
        address = made.console("web") + "/webhooks/live"
        file = made.folder / "rooms.json"
        file.write_text(json.dumps([f"nobody-{number}" for number in range(ROOMS)]), "utf-8")
        with redis.Redis.from_url(made.variables["REDIS_URL"]) as hot:
            measure(made, address, 1.0)  # warms the way
            hot.delete(f"{PREFIX}events")
            alone, cpu, took = measure(made, address, seconds)
            stored = hot.llen(f"{PREFIX}events")
            hot.delete(f"{PREFIX}events")
            made.console("collector")
            eventually(lambda: hot.hlen(f"{PREFIX}live") > 0.9 * ROOMS)  # some are hidden
            file.write_text(json.dumps(room_ids(made)), "utf-8")
            busy, _, _ = measure(made, address, seconds)
            ended = time.monotonic()
            eventually(lambda: not hot.llen(f"{PREFIX}events"), READ_SECONDS)
            behind = time.monotonic() - ended
    late = {
        name: percentile(found["seconds"], 0.99)
        for name, found in (("alone", alone), ("busy", busy))
    }
    in_time = min(share_in_time(alone), share_in_time(busy))
    sent = alone["sent"] + busy["sent"]
    report.figures |= {
        "webhooks a second": alone["sent"] / took,
        "answer, median, ms": percentile(alone["seconds"], 0.5) * 1000,
        "answer, p99, ms": late["alone"] * 1000,
        "answer, p99 with a collector at work, ms": late["busy"] * 1000,
        "web, CPU a webhook, ms": cpu / alone["sent"] * 1000,
        "share answered within 100 ms": in_time,
        "read by the collector after the last, s": behind,
    }
    report.goals += [
        Goal(
            "webhook response time, p99, ms",
            max(late.values()) * 1000,
            IN_TIME * 1000,
            of_machine=True,
        ),
        Goal(
            "webhooks answered OK, share",
            (alone["taken"] + busy["taken"]) / sent,
            1.0,
            at_least=True,
        ),
        Goal("webhooks stored, share", stored / alone["sent"], 1.0, at_least=True),
        Goal("collector's lag after the last webhook, s", behind, 2.0),
    ]
    return report


def measure(made: Stage, address: str, seconds: float) -> tuple[dict[str, Any], float, float]:
    """(what the sender found, CPU seconds of the web process, seconds it took)."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.sender",
        address,
        str(RATE),
        str(seconds),
        str(made.folder / "rooms.json"),
    ]
    cpu, began = made.cpu("web"), time.monotonic()
    answer = subprocess.run(
        command,
        cwd=environment.ROOT,
        env={**made.variables, "SIMULATOR_WEBHOOK_TOKEN": TOKEN},
        check=True,
        stdout=subprocess.PIPE,
        timeout=seconds + 60,
    )
    took = time.monotonic() - began
    return json.loads(answer.stdout), made.cpu("web") - cpu, min(took, seconds)


def share_in_time(found: dict[str, Any]) -> float:
    return sum(seconds <= IN_TIME for seconds in found["seconds"]) / len(found["seconds"])


def room_ids(made: Stage) -> list[str]:
    """The RoomIds that the collector has found."""
    path = made.folder / "livewarden.sqlite3"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5) as file:
        return [
            room_id
            for (room_id,) in file.execute("SELECT room_id FROM rooms_room WHERE ended_at IS NULL")
        ]
