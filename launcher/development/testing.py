"""`./run test`: every check of the project, in order, each step timed, one table and one line at
the end.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from launcher import environment
from launcher.development import postgres
from launcher.parent_death import die_with_parent
from launcher.terminal import say, table

ROOT = environment.ROOT
TOOLS = environment.VENV / "bin"
UNIT = ("liveapi", "simulator", "rooms", "moderation", "monitor", "api", "config", "benchmarks")
STEP_SECONDS = 2400  # a machine that others use takes a thousand for the browser alone
# The shell without a window's furniture first: the same pages cost it half the time.
BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
# A file's tests stay together: they share simulators and stores that cost seconds to start.
BOTH_CORES = ("-n", "2", "--dist", "loadfile")
# Contract tests mostly wait for one another's processes: three at a time keep two cores busy.
MOSTLY_WAITING = ("-n", "3", "--dist", "loadfile")
COUNT = re.compile(r"(\d+) (passed|failed|skipped|errors?|xfailed|xpassed)\b")
NOTHING_COLLECTED = 5


@dataclass
class Result:
    """What became of one step; a step that is not pytest counts as one test."""

    name: str
    seconds: float
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    note: str = ""


def settings() -> dict[str, str]:
    """The environment of every step: the tools that load the settings must not need a production
    secret.
    """
    own = ("LIVE_", "LIVEWARDEN_", "REDIS_URL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    path = f"{TOOLS}{os.pathsep}{os.environ.get('PATH', '')}"
    kept |= environment.COMPILED
    return {
        **kept,
        "LIVEWARDEN_MODE": "test",
        "PATH": path,
        "PYTHONUNBUFFERED": "1",
        "COLUMNS": "120",
    }


def files(*patterns: str) -> list[str]:
    """The project's own files that match, as its version control or its folders list them."""
    found = {path for pattern in patterns for path in ROOT.glob(pattern)}
    return sorted(str(path.relative_to(ROOT)) for path in found if "vendor" not in path.parts)


def lint_steps() -> list[tuple[str, list[list[str]]]]:
    """Name and commands of every check that is not a test.

    The slow one first: two run at a time.
    """
    python = str(environment.PYTHON)
    packages = (
        "config",
        "monitor",
        "api",
        "moderation",
        "rooms",
        "liveapi",
        "simulator",
        "launcher",
        "benchmarks",
        "tests",
    )
    sources = files(*(f"{package}/**/*.py" for package in packages))
    templates = files("templates/**/*.html")
    upgrade = ["django-upgrade", "--target-version", "5.2", "--check", *sources]
    compose = ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]
    missing_migrations = [python, "manage.py", "makemigrations", "--check", "--dry-run"]
    return [
        ("mypy", [["mypy"]]),
        ("ruff check", [["ruff", "check", "."]]),
        ("ruff format", [["ruff", "format", "--check", "."]]),
        ("architecture", [["lint-imports", "--no-logo"]]),
        ("django check", [[python, "manage.py", "check"], missing_migrations]),
        ("django-upgrade", [upgrade]),
        (
            "djade",
            [["djade", "--target-version", "5.2", "--check", *templates]] if templates else [],
        ),
        ("compose file", [compose]),
        ("Dockerfile", [["hadolint", "Dockerfile"]]),
    ]


def run_quietly(name: str, commands: Sequence[Sequence[str]], variables: dict[str, str]) -> Result:
    """One lint step; its output is shown only when it fails."""
    began = time.monotonic()
    for command in commands:
        try:
            answer = subprocess.run(
                command,
                cwd=ROOT,
                env=variables,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=STEP_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            say(f"FAILED  {name}: {error}")
            return Result(name, time.monotonic() - began, failed=1)
        if answer.returncode:
            say(f"FAILED  {name}\n{(answer.stdout + answer.stderr).rstrip()}")
            return Result(name, time.monotonic() - began, failed=1)
    say(f"ok      {name}")
    return Result(name, time.monotonic() - began, passed=1)


def run_pytest(
    name: str, paths: Sequence[str], variables: dict[str, str], more: Sequence[str]
) -> Result:
    """One run of pytest, its output passed on as it comes; counts are read from its closing
    line.
    """
    present = [path for path in paths if (ROOT / path).is_dir()]
    if not present:
        return Result(name, 0.0, note="no such tests")
    say(f"\n{name}")
    began = time.monotonic()
    process = subprocess.Popen(
        [str(environment.PYTHON), "-m", "pytest", "-q", *more, *present],
        cwd=ROOT,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
        preexec_fn=die_with_parent,  # noqa: PLW1509 (no other thread runs by now)
    )
    guard = threading.Timer(STEP_SECONDS, end_group, [process])
    guard.start()
    closing = ""
    try:
        assert process.stdout is not None
        for line in process.stdout:
            say(line.rstrip())
            closing = line if COUNT.search(line) else closing
        status = process.wait()
    except KeyboardInterrupt:
        end_group(process)
        raise
    finally:
        guard.cancel()
    return counted(name, closing, status, time.monotonic() - began)


def end_group(process: subprocess.Popen[str]) -> None:
    """Ends a run of pytest with everything it started: it may put its fixtures away, then it is
    killed.
    """
    for number, seconds in ((signal.SIGINT, 10), (signal.SIGKILL, 5)):
        with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(process.pid, number)
            process.wait(seconds)


def counted(name: str, closing: str, status: int, seconds: float) -> Result:
    """Counts from pytest's closing line.

    A run that failed without saying how counts as one failure.
    """
    counts = {
        word.rstrip("s") if word.startswith("error") else word: int(n)
        for n, word in COUNT.findall(closing)
    }
    failed = counts.get("failed", 0) + counts.get("error", 0)
    if status not in {0, NOTHING_COLLECTED} and not failed:
        failed = 1
    passed = counts.get("passed", 0) + counts.get("xfailed", 0) + counts.get("xpassed", 0)
    note = f"pytest ended with status {status}" if status not in {0, 1, NOTHING_COLLECTED} else ""
    return Result(name, seconds, passed, failed, counts.get("skipped", 0), note)


def find_browser() -> str:
    """The path of a Chromium, or nothing."""
    named = os.environ.get("CHROMIUM", "")
    return named or next((path for path in map(shutil.which, BROWSERS) if path), "")


def browser_tests(variables: dict[str, str], more: Sequence[str]) -> Result:
    browser = find_browser()
    if browser:
        return run_pytest(
            "browser", ["tests/e2e"], {**variables, "CHROMIUM": browser}, more or BOTH_CORES
        )
    bar = "!" * 78
    say(f"\n{bar}\n!!  NO CHROMIUM FOUND: THE BROWSER TESTS WERE SKIPPED.\n{bar}")
    say("Install one (Debian: apt install chromium) or set CHROMIUM to its path.")
    return Result("browser", 0.0, skipped=1, note="no Chromium found")


def lint(variables: dict[str, str]) -> list[Result]:
    """All checks that are not tests, two at a time, in the table's order."""
    say("lint and architecture")
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(lambda step: run_quietly(step[0], step[1], variables), lint_steps()))


def run(options: Namespace) -> int:
    """Everything asked for. 0 only when nothing failed."""
    began = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: nothing is left behind
    variables = settings()
    chosen = ["-k", options.k] if options.k else []
    if options.postgres:
        with postgres.server() as address:
            results = tests({**variables, "DATABASE_URL": address}, chosen)
    else:
        variables.pop("DATABASE_URL", None)
        results = [] if options.k else lint(variables)
        results += tests(variables, chosen)
        if not options.fast:
            results.append(browser_tests(variables, chosen))
    return report(results, time.monotonic() - began)


def tests(variables: dict[str, str], chosen: Sequence[str]) -> list[Result]:
    """The runs without a browser, one kind after the other; a few `chosen` tests in one process."""
    folders = [f"tests/{name}" for name in UNIT]
    return [
        run_pytest("unit", folders, variables, chosen or BOTH_CORES),
        run_pytest("contract", ["tests/contract"], variables, chosen or MOSTLY_WAITING),
    ]


def report(results: Sequence[Result], seconds: float, tell: Callable[[str], None] = say) -> int:
    """The closing table and line; the exit status."""
    rows = [["step", "seconds", "passed", "failed", "skipped", ""]]
    rows += [
        [r.name, f"{r.seconds:.1f}", str(r.passed), str(r.failed), str(r.skipped), r.note]
        for r in results
    ]
    total = [
        sum(counts)
        for counts in zip(*((r.passed, r.failed, r.skipped) for r in results), strict=True)
    ]
    tell("\n" + table(f"Tests of Livewarden, {seconds:.0f} s", rows))
    tell(f"{total[0]} passed, {total[1]} failed, {total[2]} skipped")
    return 1 if total[1] else 0
