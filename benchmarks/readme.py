"""Keeps the figures of the last recorded run of each benchmark, and writes them into README.md.

`results/<name>.json` holds what a benchmark printed last; the table between the two marks of README.md is made
of these files alone, and a test compares them.
"""

import datetime as dt
import json
import os
import platform
from pathlib import Path
from typing import Any

from benchmarks.report import Report, shown

RESULTS = Path(__file__).parent / "results"
README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- figures: written by ./run bench --record -->", "<!-- end of figures -->"


def keep(report: Report) -> None:
    """Stores a report and renews the table."""
    RESULTS.mkdir(exist_ok=True)
    kept = report.as_json() | {"at": dt.date.today().isoformat(), "machine": machine()}
    text = json.dumps(kept, indent=1, ensure_ascii=False) + "\n"
    (RESULTS / f"{report.benchmark}.json").write_text(text, "utf-8")
    README.write_text(with_table(README.read_text("utf-8"), results()), "utf-8")


def machine() -> str:
    """What the figures were measured on, as far as it matters."""
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def results() -> list[dict[str, Any]]:
    """The last recorded result of each benchmark, by name."""
    return [json.loads(file.read_text("utf-8")) for file in sorted(RESULTS.glob("*.json"))]


def with_table(readme: str, found: list[dict[str, Any]]) -> str:
    """README.md with its table renewed. Raises ValueError when it has lost its marks."""
    head, begin, rest = readme.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError("README.md has lost the marks of its figures")
    return f"{head}{BEGIN}\n{table(found)}\n{END}{tail}"


def table(found: list[dict[str, Any]]) -> str:
    """One row a goal: what was promised, what was measured, with which command."""
    lines = ["| command | goal | measured | limit | held | pace |", "| --- | --- | --- | --- | --- | --- |"]
    for result in found:
        for goal in result["goals"]:
            cells = [
                f"`./run bench {result['benchmark']}`", goal["name"], shown(goal["value"]), bound(goal),
                "yes" if goal["ok"] else "**no**", pace_of(result),
            ]  # fmt: skip
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def pace_of(result: dict[str, Any]) -> str:
    """The pace of the machine (see pace.py) before and after the run; nothing where it was not measured yet."""
    told = [value for name, value in result["figures"].items() if name.startswith("pace of the machine")]
    return " - ".join(f"{value:.0f}" for value in told)


def bound(goal: dict[str, Any]) -> str:
    """The limit with its side, which follows from the value and whether it held."""
    if goal["value"] == goal["limit"]:
        return shown(goal["limit"])
    at_least = (goal["value"] > goal["limit"]) == goal["ok"]
    return f"{'at least' if at_least else 'at most'} {shown(goal['limit'])}"
