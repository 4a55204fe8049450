"""What a benchmark says is what it found, and the documents say the same."""

import json
import os
import subprocess
import sys

import pytest

from benchmarks import document
from benchmarks.__main__ import NAMES, options
from benchmarks.calibration import REFERENCE, calibrate, slowness
from benchmarks.report import Goal, Report, percentile
from launcher.environment import ROOT


def test_a_goal_holds_up_to_its_limit():
    assert Goal("calls over the budget", 0, 0).ok
    assert not Goal("calls over the budget", 1, 0).ok
    assert Goal("share used", 0.95, 0.95, at_least=True).ok
    assert not Goal("share used", 0.94, 0.95, at_least=True).ok


def test_a_report_without_goals_does_not_hold():
    assert not Report("fanout").ok
    assert not Report("fanout", goals=[Goal("a", 1, 2), Goal("b", 3, 2)]).ok
    assert Report("fanout", goals=[Goal("a", 1, 2)]).ok


def test_every_benchmark_is_loaded_before_django_is_configured():
    """Its environment is made by the benchmark itself: a model at the top of a module stops it."""
    bare = {key: text for key, text in os.environ.items() if not key.startswith("DJANGO_")}
    modules = [f"benchmarks.{name}" for name in NAMES]
    loaded = subprocess.run(
        [sys.executable, "-c", f"import {', '.join(modules)}"],
        env=bare,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert loaded.returncode == 0, loaded.stderr


def test_the_last_line_is_one_json_object():
    report = Report(
        "act", {"idle median, ms": 12.34567}, [Goal("idle against direct", 4.56789, 10)]
    )
    assert "\n" not in report.last_line()
    assert json.loads(report.last_line()) == {
        "benchmark": "act",
        "figures": {"idle median, ms": 12.35},
        "goals": [{"name": "idle against direct", "value": 4.568, "limit": 10, "ok": True}],
    }


def test_a_limit_in_computing_milliseconds_grows_on_a_slow_machine_and_never_shrinks():
    report = Report("storage", goals=[Goal("ms", 250, 150, of_machine=True), Goal("times", 3, 2)])
    report.judge(slowness(2 * REFERENCE, 3 * REFERENCE))
    assert [(goal.name, goal.limit, goal.ok) for goal in report.goals] == [
        ("ms (limit 150, times 2.00)", 300, True),
        ("times", 2, False),
    ]
    assert slowness(0.5 * REFERENCE, 2 * REFERENCE) == 1
    usual = Report("storage", goals=[Goal("ms", 250, 150, of_machine=True)])
    usual.judge(1.0)
    assert (usual.goals[0].name, usual.ok) == ("ms", False)


def test_a_percentile_needs_values():
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([1.0], 0.99) == 1.0
    with pytest.raises(ValueError, match="nothing was measured"):
        percentile([], 0.5)


@pytest.mark.parametrize(
    ("file", "made"), [(document.DOCUMENT, document.table), (document.README, document.headlines)]
)
def test_a_document_holds_the_figures_of_the_last_recorded_runs(file, made):
    text = file.read_text("utf-8")
    assert document.with_table(text, made(document.results()), file.name) == text


def test_every_ratio_of_the_readme_was_measured():
    rows = document.headlines(document.results()).splitlines()[2:]
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == [
        name for _, name in document.HEADLINES
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_benchmark_is_described(name):
    assert f"\n### `{name}`" in document.DOCUMENT.read_text("utf-8")


@pytest.mark.parametrize(
    ("value", "limit", "ok", "said"),
    [
        (3, 4, True, "at most 4"),
        (5, 4, False, "at most 4"),
        (5, 4, True, "at least 4"),
        (3, 4, False, "at least 4"),
        (0, 0, True, "0"),
    ],
)
def test_a_limit_is_told_with_its_side(value, limit, ok, said):
    assert document.bound({"value": value, "limit": limit, "ok": ok}) == said


def test_the_calibration_of_the_machine_is_told_with_each_goal():
    result = {
        "benchmark": "act",
        "figures": {
            "machine calibration before, ms": 271.4,
            "machine calibration after, ms": 420.0,
        },
        "goals": [{"name": "a", "value": 1, "limit": 2, "ok": True}],
    }
    assert document.table([result]).endswith(
        "| `./run bench act` | a | 1 | at most 2 | yes | 271 - 420 |"
    )
    assert document.calibration_of({"figures": {}}) == ""
    assert calibrate() > 0


def test_a_document_without_its_marks_is_refused():
    with pytest.raises(ValueError, match=r"README\.md has lost the marks"):
        document.with_table("# A project", document.table([]), "README.md")


@pytest.mark.parametrize("arguments", [["no-such-benchmark"], ["act", "--quick", "--record"]])
def test_nonsense_gets_words(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        options(arguments)
    assert ended.value.code == 2
    assert "error:" in capsys.readouterr().err


def test_no_name_means_all_of_them():
    assert options([]).names == []
    assert set(NAMES) >= {"fanout", "act", "collect", "page", "browser", "storage"}
