"""Stores the figures of each benchmark's last recorded run, and writes them into the documents.

`results/<name>.json` holds the last output of a benchmark. The table in docs/benchmarks.md and the
six ratios in README.md stand between two marks each and are made of these files alone; a test
compares them. `python -m benchmarks.document` writes them again without a run.
"""

import datetime as dt
import json
import os
import platform
from pathlib import Path
from typing import Any

from benchmarks.report import Report, shown

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results"
DOCUMENT = ROOT / "docs" / "benchmarks.md"
README = ROOT / "README.md"
BEGIN, END = "<!-- figures: written by ./run bench --record -->", "<!-- end of figures -->"
HEADLINES = (
    ("act", "click-to-vendor latency / direct call (idle)"),
    ("fanout", "CPU per message, stock Channels / ours"),
    ("collect", "call budget used, lowest of all configurations"),
    ("collect", "full refresh of unwatched rooms / theoretical minimum"),
    ("page", "TTFB with 20 users / prerendered page"),
    ("fairness", "click beside a heavy user, p95 / idle"),
)


def keep(report: Report) -> None:
    """Stores a report and renews the tables."""
    RESULTS.mkdir(exist_ok=True)
    kept = report.as_json() | {"at": dt.date.today().isoformat(), "machine": machine()}
    text = json.dumps(kept, indent=1, ensure_ascii=False) + "\n"
    (RESULTS / f"{report.benchmark}.json").write_text(text, "utf-8")
    write_documents()


def write_documents() -> None:
    """Renews the tables of the documents from the stored results."""
    found = results()
    for file, made in ((DOCUMENT, table(found)), (README, headlines(found))):
        file.write_text(with_table(file.read_text("utf-8"), made, file.name), "utf-8")


def machine() -> str:
    """What the figures were measured on, as far as it matters."""
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def results() -> list[dict[str, Any]]:
    """The last recorded result of each benchmark, by name."""
    return [json.loads(file.read_text("utf-8")) for file in sorted(RESULTS.glob("*.json"))]


def with_table(text: str, made: str, name: str) -> str:
    """The text of the document `name` with its table renewed.

    Raises ValueError when it has lost its marks.
    """
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{name} has lost the marks of its figures")
    return f"{head}{BEGIN}\n{made}\n{END}{tail}"


def table(found: list[dict[str, Any]]) -> str:
    """One row a goal: the limit, what was measured, and with which command."""
    lines = [
        "| command | goal | measured | limit | pass | machine calibration (ms) |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for result in found:
        for goal in result["goals"]:
            cells = [
                f"`./run bench {result['benchmark']}`",
                goal["name"],
                shown(goal["value"]),
                bound(goal),
                "yes" if goal["ok"] else "**no**",
                calibration_of(result),
            ]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def headlines(found: list[dict[str, Any]]) -> str:
    """The rows of HEADLINES. One that was not measured yet is left out."""
    goals = {
        (result["benchmark"], goal["name"]): goal for result in found for goal in result["goals"]
    }
    lines = ["| ratio | measured | limit |", "| --- | --- | --- |"]
    for key in HEADLINES:
        if key in goals:
            lines.append(f"| {key[1]} | {shown(goals[key]['value'])} | {bound(goals[key])} |")
    return "\n".join(lines)


def calibration_of(result: dict[str, Any]) -> str:
    """The calibration loop (see calibration.py) before and after the run; nothing where it was not
    measured yet.
    """
    reported = [
        value for name, value in result["figures"].items() if name.startswith("machine calibration")
    ]
    return " - ".join(f"{value:.0f}" for value in reported)


def bound(goal: dict[str, Any]) -> str:
    """The limit with its side, which follows from the value and whether it held."""
    if goal["value"] == goal["limit"]:
        return shown(goal["limit"])
    at_least = (goal["value"] > goal["limit"]) == goal["ok"]
    return f"{'at least' if at_least else 'at most'} {shown(goal['limit'])}"


if __name__ == "__main__":
    write_documents()
