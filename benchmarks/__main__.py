"""`./run bench [NAME ...]`: runs benchmarks one after the other; the last line of each is one JSON
object.
"""

import argparse
import importlib
import json
import subprocess
import sys
from pathlib import Path

from benchmarks import document
from benchmarks.calibration import calibrate, slowness
from benchmarks.report import Report

NAMES = (
    "fanout",
    "act",
    "collect",
    "page",
    "browser",
    "storage",
    "simulator",
    "freshness",
    "webhook_ingest",
    "wall",
    "picture",
    "snapshots",
    "command_palette",
    "outage",
    "fairness",
    "alerts",
    "floor",
)


def options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"some of: {', '.join(NAMES)} (default: all)"
    )
    parser.add_argument(
        "--quick", action="store_true", help="smaller sizes, to see that it runs; proves nothing"
    )
    parser.add_argument(
        "--record",
        action="store_true",
        help="keeps the figures in benchmarks/results, docs/benchmarks.md and README.md",
    )
    given = parser.parse_args(arguments)
    unknown = set(given.names) - set(NAMES)
    if unknown:
        parser.error(
            f"no such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(NAMES)}"
        )
    if given.quick and given.record:
        parser.error("the figures of a quick run are not worth recording")
    return given


def one(name: str, given: argparse.Namespace) -> int:
    """Runs a benchmark in this process and prints what it found. 0 when every goal holds."""
    before = calibrate()
    report: Report = importlib.import_module(f"benchmarks.{name}").run(given)
    report.figures["machine calibration before, ms"] = before
    report.figures["machine calibration after, ms"] = after = calibrate()
    report.judge(slowness(before, after))
    print(report.tables(), flush=True)
    print(report.last_line(), flush=True)
    if given.record:
        document.keep(report)
    return 0 if report.ok else 1


def main(arguments: list[str]) -> int:
    """The exit status: 0 when every goal of every benchmark that was asked for holds."""
    given = options(arguments)
    if len(given.names) == 1:
        return one(given.names[0], given)
    flags = [f"--{flag}" for flag in ("quick", "record") if getattr(given, flag)]
    statuses = {}
    for name in given.names or NAMES:
        # A process each: none inherits the memory, the connections or the settings of the one
        # before.
        command = [sys.executable, "-m", "benchmarks", name, *flags]
        statuses[name] = subprocess.run(
            command, cwd=Path(__file__).parent.parent, check=False
        ).returncode
    print(
        json.dumps(
            {
                "benchmarks": {
                    name: "ok" if not status else "missed" for name, status in statuses.items()
                }
            }
        )
    )
    return 1 if any(statuses.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
