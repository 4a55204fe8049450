"""The search of the command palette with 5,000 live rooms and 1,000,000 past broadcasts, on SQLite
and on PostgreSQL: server time and hit rate.

Each database is seeded and searched in a process of its own (`benchmarks.palette_process`), because
the settings of a process name one database. The time is that of the whole view, log-in and
templates included, one query after the other in one process. Half of the queries have a typo. What
each should find is known, so the share that finds it is a figure too.
"""

import json
import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.environment import BenchmarkEnvironment, benchmark_environment
from benchmarks.report import Goal, Report
from launcher import environment
from launcher.development import postgres

P95_LIMIT = 50.0  # ms
FOUND_LIMIT = 0.95
LIVE, PAST, PAST_QUICK = 5000, 1_000_000, 50_000
SECONDS = 1500


def run(options: Namespace) -> Report:
    """Both databases, one after the other."""
    report = Report("command_palette")
    past = PAST_QUICK if options.quick else PAST
    for name, database in (("SQLite", sqlite), ("PostgreSQL", postgresql)):
        with benchmark_environment() as env, database(env):
            env.valkey()
            env.prepare()
            measured = measure(env, past)
        for what, value in measured.items():
            report.figures[f"{name}: {what}"] = value
        report.goals.append(
            Goal(
                f"{name}: server time, p95, ms",
                measured["all, p95, ms"],
                P95_LIMIT,
                of_machine=True,
            )
        )
        found = measured["found, typo, share"]
        report.goals.append(
            Goal(f"{name}: found despite a typo, share", found, FOUND_LIMIT, at_least=True)
        )
    return report


@contextmanager
def sqlite(env: BenchmarkEnvironment) -> Iterator[None]:
    yield


@contextmanager
def postgresql(env: BenchmarkEnvironment) -> Iterator[None]:
    with postgres.server() as address:
        env.variables["DATABASE_URL"] = address
        yield


def measure(env: BenchmarkEnvironment, past: int) -> dict[str, Any]:
    """Runs `benchmarks.palette_process`; returns what it measured."""
    command = [sys.executable, "-m", "benchmarks.palette_process", str(LIVE), str(past)]
    answer = subprocess.run(
        command,
        cwd=environment.ROOT,
        env=env.variables,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if answer.returncode:
        raise RuntimeError(answer.stderr[-2000:])
    found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return found
