"""The omnibox with 5,000 live rooms and 1,000,000 past broadcasts, on SQLite and on PostgreSQL: how
soon, and how well.

Each database is filled and asked in a process of its own (`benchmarks.asking`), because the
settings of a process name one. Times are those of the whole view, log-in and templates included,
one question after the other in one process. Half of the questions have a slip in them; what they
should find is known, so how many do is a figure too.
"""

import json
import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.report import Goal, Report
from benchmarks.stage import Stage, stage
from launcher import environment
from launcher.development import postgres

P95_LIMIT = 50.0  # ms
FOUND_LIMIT = 0.95
LIVE, PAST, PAST_QUICK = 5000, 1_000_000, 50_000
SECONDS = 1500


def run(options: Namespace) -> Report:
    """Both databases, one after the other."""
    report = Report("omnibox")
    past = PAST_QUICK if options.quick else PAST
    for name, database in (("SQLite", sqlite), ("PostgreSQL", postgresql)):
        with stage() as made, database(made):
            made.valkey()
            made.prepare()
            told = asked(made, past)
        for what, value in told.items():
            report.figures[f"{name}: {what}"] = value
        report.goals.append(
            Goal(f"{name}: server time, p95, ms", told["all, p95, ms"], P95_LIMIT, of_machine=True)
        )
        found = told["found with a slip, share"]
        report.goals.append(
            Goal(f"{name}: found despite a typo, share", found, FOUND_LIMIT, at_least=True)
        )
    return report


@contextmanager
def sqlite(made: Stage) -> Iterator[None]:
    yield


@contextmanager
def postgresql(made: Stage) -> Iterator[None]:
    with postgres.server() as address:
        made.variables["DATABASE_URL"] = address
        yield


def asked(made: Stage, past: int) -> dict[str, Any]:
    """What the process that fills and asks has measured."""
    command = [sys.executable, "-m", "benchmarks.asking", str(LIVE), str(past)]
    answer = subprocess.run(
        command,
        cwd=environment.ROOT,
        env=made.variables,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if answer.returncode:
        raise RuntimeError(answer.stderr[-2000:])
    found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return found
