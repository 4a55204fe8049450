"""What a benchmark found: figures, goals that hold or do not, and how both are written."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from launcher.terminal import table

Figure = float | int | str


@dataclass(frozen=True, slots=True)
class Goal:
    """One promise: `value` may be `limit` at most, or at least when `at_least`.

    of_machine: the limit is for the reference machine, and grows on a slower one (see
    calibration.py).
    """

    name: str
    value: float
    limit: float
    at_least: bool = False
    of_machine: bool = False

    @property
    def ok(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "value": rounded(self.value),
            "limit": rounded(self.limit),
            "ok": self.ok,
        }


@dataclass(slots=True)
class Report:
    """The result of one benchmark. `figures` are named with their unit: "p99, ms"."""

    benchmark: str
    figures: dict[str, Figure] = field(default_factory=dict)
    goals: list[Goal] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether every goal holds; a report without goals proves nothing."""
        return bool(self.goals) and all(goal.ok for goal in self.goals)

    def as_json(self) -> dict[str, Any]:
        figures = {
            name: rounded(value) if isinstance(value, float) else value
            for name, value in self.figures.items()
        }
        return {
            "benchmark": self.benchmark,
            "figures": figures,
            "goals": [g.as_json() for g in self.goals],
        }

    def judge(self, slowness: float) -> None:
        """Has the goals that are about the machine as much as about the console judged as on one so
        many times slower.
        """
        self.goals = [
            replace(
                goal,
                limit=goal.limit * slowness,
                name=f"{goal.name} (limit {shown(goal.limit)}, times {slowness:.2f})",
            )
            if goal.of_machine and slowness > 1
            else goal
            for goal in self.goals
        ]

    def last_line(self) -> str:
        """The JSON object that ends a benchmark's output."""
        return json.dumps(self.as_json(), ensure_ascii=False)

    def tables(self) -> str:
        """Figures and goals for a person."""
        figures = [[name, shown(value)] for name, value in self.figures.items()]
        goals = [
            ["yes" if goal.ok else "NO", goal.name, shown(goal.value), limit_of(goal)]
            for goal in self.goals
        ]
        parts = [table(f"{self.benchmark}: figures", figures)] if figures else []
        return "\n".join([*parts, table(f"{self.benchmark}: goals", goals or [["none"]])])


def limit_of(goal: Goal) -> str:
    return f"{'at least' if goal.at_least else 'at most'} {shown(goal.limit)}"


def rounded(value: float) -> float:
    """Four significant digits: what such a measurement can carry."""
    return float(f"{value:.4g}")


def shown(value: Figure) -> str:
    """12345.678 -> "12,346"; 0.01234 -> "0.0123"."""
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 1000 else f"{value:.3g}"


def percentile(values: Sequence[float], part: float) -> float:
    """The value below which `part` (0-1) of all lie. Raises ValueError without values."""
    if not values:
        raise ValueError("nothing was measured")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]
