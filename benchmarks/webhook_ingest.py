"""500 webhooks per second for ten seconds through the real web process, first without and then with
the collector that reads them.

The first part counts the stored webhooks: each carries a different event, and the list in Redis
must hold all of them. The second part measures the collector's lag after the last webhook. The
vendor gives up after two seconds; the limit here is 100 ms.
"""

import argparse
import json
import sqlite3
import subprocess
import sys
import time
from typing import Any

import redis

from benchmarks.environment import BenchmarkEnvironment, benchmark_environment, eventually
from benchmarks.report import Goal, Report, percentile
from launcher import environment

RATE, SECONDS, ROOMS = 500, 10.0, 100
TOKEN = "the-webhook-token-of-the-benchmarks"
IN_TIME = 0.1  # seconds
PREFIX = "lw:"
READ_SECONDS = 60.0


def run(options: argparse.Namespace) -> Report:
    seconds = 2.0 if options.quick else SECONDS
    report = Report("webhook_ingest")
    with benchmark_environment(LIVE_WEBHOOK_TOKEN=TOKEN) as env:
        env.valkey()
        env.prepare()
        env.simulator("--rooms", str(ROOMS), "--viewers", str(ROOMS * 20), "--churn", "0")
        address = env.console("web") + "/webhooks/live"
        file = env.folder / "rooms.json"
        file.write_text(json.dumps([f"nobody-{number}" for number in range(ROOMS)]), "utf-8")
        with redis.Redis.from_url(env.variables["REDIS_URL"]) as hot:
            measure(env, address, 1.0)  # warm-up
            hot.delete(f"{PREFIX}events")
            alone, cpu, took = measure(env, address, seconds)
            stored = hot.llen(f"{PREFIX}events")
            hot.delete(f"{PREFIX}events")
            env.console("collector")
            eventually(lambda: hot.hlen(f"{PREFIX}live") > 0.9 * ROOMS)  # some are hidden
            file.write_text(json.dumps(room_ids(env)), "utf-8")
            busy, _, _ = measure(env, address, seconds)
            ended = time.monotonic()
            eventually(lambda: not hot.llen(f"{PREFIX}events"), READ_SECONDS)
            lag = time.monotonic() - ended
    p99 = {
        name: percentile(found["seconds"], 0.99)
        for name, found in (("alone", alone), ("busy", busy))
    }
    in_time = min(share_in_time(alone), share_in_time(busy))
    sent = alone["sent"] + busy["sent"]
    report.figures |= {
        "webhooks per second": alone["sent"] / took,
        "response time, median, ms": percentile(alone["seconds"], 0.5) * 1000,
        "response time, p99, ms": p99["alone"] * 1000,
        "response time with the collector running, p99, ms": p99["busy"] * 1000,
        "web process, CPU per webhook, ms": cpu / alone["sent"] * 1000,
        "answered within 100 ms, share": in_time,
        "collector's lag after the last webhook, s": lag,
    }
    report.goals += [
        Goal(
            "webhook response time, p99, ms",
            max(p99.values()) * 1000,
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
        Goal("collector's lag after the last webhook, s", lag, 2.0),
    ]
    return report


def measure(
    env: BenchmarkEnvironment, address: str, seconds: float
) -> tuple[dict[str, Any], float, float]:
    """(what the sender found, CPU seconds of the web process, seconds it took)."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.webhook_sender",
        address,
        str(RATE),
        str(seconds),
        str(env.folder / "rooms.json"),
    ]
    cpu, began = env.cpu("web"), time.monotonic()
    answer = subprocess.run(
        command,
        cwd=environment.ROOT,
        env={**env.variables, "SIMULATOR_WEBHOOK_TOKEN": TOKEN},
        check=True,
        stdout=subprocess.PIPE,
        timeout=seconds + 60,
    )
    took = time.monotonic() - began
    return json.loads(answer.stdout), env.cpu("web") - cpu, min(took, seconds)


def share_in_time(found: dict[str, Any]) -> float:
    return sum(seconds <= IN_TIME for seconds in found["seconds"]) / len(found["seconds"])


def room_ids(env: BenchmarkEnvironment) -> list[str]:
    """The RoomIds that the collector has found."""
    path = env.folder / "livewarden.sqlite3"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5) as file:
        return [
            room_id
            for (room_id,) in file.execute("SELECT room_id FROM rooms_room WHERE ended_at IS NULL")
        ]
