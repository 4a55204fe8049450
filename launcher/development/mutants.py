"""`./run test --mutants`: does a test fail for each small change of the modules where a wrong
condition ends a stream?

mutmut makes the changes (mutants) and runs the tests that reach each. Bounded: the same sample
every time, and a time limit. Not mutated: decorated functions (mutmut cannot), lines of the log,
and texts for people. A mutant that changes nothing anybody could see stands with its reason in
EQUIVALENT; an entry that matches no mutant, or one that a test kills, fails the run.
"""

import argparse
import ast
import contextlib
import difflib
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from launcher import environment
from launcher.parent_death import die_with_parent
from launcher.terminal import Stop, say, table

ROOT = environment.ROOT
WORK = ROOT / "var" / "mutants"
EQUIVALENT = ROOT / "tests" / "mutants.toml"
# What each part consists of today.
PARTS = {
    "execution": (
        "moderation/worker/executor.py",
        "moderation/actions/handlers/base.py",
        "moderation/actions/handlers/members.py",
        "moderation/worker/followups.py",
    ),
    "holds": ("moderation/lifecycle/holds.py",),
    "ingest": (
        "rooms/broadcasts.py",
        "rooms/ingest/changes.py",
        "rooms/ingest/notify.py",
        "rooms/ingest/readings.py",
        "rooms/ingest/room_writer.py",
    ),
    "schedule": ("rooms/collector/schedule.py",),
    "registry": (
        "moderation/bans/registry.py",
        "moderation/bans/enforcement.py",
        "moderation/automation/large_rooms.py",
        "rooms/collector/known_rooms.py",
    ),
    "requests": (
        "moderation/actions/orders.py",
        "moderation/actions/preconditions.py",
        "moderation/actions/amendments.py",
        "moderation/actions/dispatch.py",
    ),
}
TESTS = (
    *(
        f"tests/moderation/test_{name}.py"
        for name in (
            "acts",
            "dispatch",
            "bans",
            "room_settings",
            "effects",
            "holds",
            "stream_key",
            "orders",
            "reason_changes",
            "outcomes",
            "audit_entries",
            "concurrent_writes",
            "tasks",
            "final_totals",
            "undo",
        )
    ),
    *(
        f"tests/rooms/test_{name}.py"
        for name in ("readings", "ingest", "known_rooms", "schedule", "concurrent_writes")
    ),
)
SEED = "livewarden 2"
SAMPLE = 25  # mutants of each part
MINUTES = 60
WANTED = 0.9
KILLED, TIMED_OUT = {1, 3}, {36, -24, 24, 152, 255}  # mutmut's own numbers


@dataclass(frozen=True)
class Mutant:
    """One small change: `was` and `now` are the lines that differ, without their indentation."""

    name: str
    part: str
    file: str
    function: str
    was: str
    now: str

    @property
    def place(self) -> tuple[str, str, str, str]:
        return self.file, self.function, self.was, self.now

    @property
    def lot(self) -> str:
        """Its place in the draw: the same in every run, and whatever changes elsewhere."""
        return hashlib.sha256(repr((SEED, *self.place)).encode()).hexdigest()


def mutants_in(part: str, file: str, mutated: str) -> Iterator[Mutant]:
    """The mutants of a file, from what mutmut made of it: each function beside its variants."""
    module = file.removesuffix(".py").replace("/", ".")
    text = mutated.splitlines()
    functions = {
        # Without its first line, which holds the name.
        node.name: text[node.lineno : node.end_lineno]
        for node in ast.walk(ast.parse(mutated))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    for name, lines in functions.items():
        stem, mark, number = name.partition("__mutmut_")
        if not mark or not number.isdecimal():
            continue
        was, now = difference(functions[f"{stem}__mutmut_orig"], lines)
        if not about_words(was, now):
            function = re.sub(r"^xǁ(.*)ǁ", r"\1.", stem).removeprefix("x_")
            yield Mutant(f"{module}.{name}", part, file, function, was, now)


def difference(before: Sequence[str], after: Sequence[str]) -> tuple[str, str]:
    """The lines that differ, each side as one text."""
    steps = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    changed = [step for step in steps if step[0] != "equal"]
    was = " ".join(line.strip() for _, low, high, _, _ in changed for line in before[low:high])
    now = " ".join(line.strip() for _, _, _, low, high in changed for line in after[low:high])
    return was, now


def about_words(was: str, now: str) -> bool:
    """Whether only a text for people differs, or a line of the log."""
    texts = re.compile(r'"[^"]* [^"]*"')
    return texts.sub('""', was) == texts.sub('""', now) or was.startswith("logger.")


def sample(mutants: Iterable[Mutant], size: int) -> list[Mutant]:
    """`size` mutants of each part (0: all)."""
    drawn: list[Mutant] = []
    found = sorted(mutants, key=lambda mutant: mutant.lot)
    for part in PARTS:
        mine = [mutant for mutant in found if mutant.part == part]
        drawn += mine[: size or None]
    return drawn


def equivalents(file: Path = EQUIVALENT) -> set[tuple[str, str, str, str]]:
    """The places of the mutants that change nothing. Raises Stop for an entry without a reason."""
    entries = tomllib.loads(file.read_text("utf-8")).get("equivalent", [])
    for entry in entries:
        if not entry.get("reason", "").strip():
            raise Stop(f"{file.name}: an entry of {entry.get('function')} gives no reason.")
    return {(entry["file"], entry["function"], entry["was"], entry["now"]) for entry in entries}


# --- mutmut ---------------------------------------------------------------------------------------


def prepare() -> None:
    """A copy of the project for mutmut: it writes beside the sources, and they may change
    meanwhile.
    """
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    left_out = {"var", ".venv", ".git", "pyproject.toml"}
    names = [
        path.name for path in ROOT.iterdir() if path.name not in left_out and path.name[0] != "."
    ]
    for name in names:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, WORK / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, WORK / name)
    options = {
        "source_paths": ["moderation", "rooms"],
        "only_mutate": [file for files in PARTS.values() for file in files],
        "also_copy": [name for name in names if name not in {"moderation", "rooms", "tests"}],
        "pytest_add_cli_args": ["--timeout=120"],
        "pytest_add_cli_args_test_selection": list(TESTS),
        "timeout_constant": 4.0,
    }
    own = "".join(f"{name} = {json.dumps(value)}\n" for name, value in options.items())
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    (WORK / "pyproject.toml").write_text(
        f"{text}\n[tool.mutmut]\nuse_git_change_detection = false\n{own}", "utf-8"
    )


def all_mutants() -> list[Mutant]:
    from mutmut.mutation.file_mutation import mutate_file_contents

    return [
        mutant
        for part, files in PARTS.items()
        for file in files
        for mutant in mutants_in(
            part, file, mutate_file_contents(file, Path(file).read_text("utf-8")).code
        )
    ]


def variables() -> dict[str, str]:
    """The environment of the tests, with a migrated database that each run of pytest copies."""
    template = WORK / "template.sqlite3"
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LIVE_", "LIVEWARDEN_", "REDIS_"))
    }
    kept |= {"LIVEWARDEN_MODE": "test", "DJANGO_SETTINGS_MODULE": "tests.settings", "CI": "1"}
    kept |= environment.COMPILED
    migrate = [str(environment.PYTHON), "manage.py", "migrate", "-v0"]
    subprocess.run(
        migrate, cwd=WORK, env=kept | {"DATABASE_URL": f"sqlite:///{template}"}, check=True
    )
    return kept | {"TEST_DATABASE_TEMPLATE": str(template)}


def run_mutmut(mutants: Sequence[Mutant], minutes: float) -> None:
    """Tries these mutants, two at a time; what is not tried within the time stays untried."""
    command = [str(environment.VENV / "bin" / "mutmut"), "run", "--max-children", "2"]
    with (WORK / "mutmut.log").open("w") as log:
        process = subprocess.Popen(
            [*command, *(mutant.name for mutant in mutants)],
            cwd=WORK,
            env=variables(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 (no other thread runs)
        )
        try:
            process.wait(minutes * 60)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            for number in (signal.SIGINT, signal.SIGKILL):
                with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
                    os.killpg(process.pid, number)
                    process.wait(20)


def outcomes() -> dict[str, int | None]:
    """Name of a mutant -> mutmut's number for what became of it; None: not tried."""
    found: dict[str, int | None] = {}
    for file in (file for files in PARTS.values() for file in files):
        meta = Path("mutants") / f"{file}.meta"
        if meta.is_file():
            found |= json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
    return found


def end_of_log() -> str:
    lines = Path("mutmut.log").read_text("utf-8", "replace").replace("\r", "\n").splitlines()
    return "\n".join(lines[-15:])


# --- The report -----------------------------------------------------------------------------------


def judge(
    drawn: Sequence[Mutant],
    every: Sequence[Mutant],
    exit_codes: dict[str, int | None],
    known: set[tuple[str, str, str, str]],
) -> int:
    """Says what was found; 0 when enough were killed, all were tried, and every entry of EQUIVALENT
    holds.
    """
    wrong = [
        f"no such mutant (any more): {place}"
        for place in sorted(known - {mutant.place for mutant in every})
    ]
    rows, total = (
        [
            [
                "part",
                "mutants",
                "drawn",
                "equivalent",
                "killed",
                "timed out",
                "survived",
                "untried",
                "%",
            ]
        ],
        Counter[str](),
    )
    for part in PARTS:
        count: Counter[str] = Counter()
        for mutant in (mutant for mutant in drawn if mutant.part == part):
            fate = fate_of(exit_codes.get(mutant.name))
            if mutant.place in known:
                count["equivalent"] += 1
                if fate in {"killed", "timed out"}:
                    wrong.append(f"not equivalent, a test kills it: {mutant.place}")
                continue
            count[fate] += 1
            if fate == "survived":
                say(
                    f"{fate}: {mutant.file} {mutant.function}\n    was  {mutant.was}\n    now  "
                    f"{mutant.now}"
                )
        size = sum(mutant.part == part for mutant in every)
        rows.append(row(part, size, count))
        total += count
    rows.append(row("all", len(every), total))
    say("\n" + table(f"Mutants (seed {SEED})", rows))
    for line in wrong:
        say(f"{EQUIVALENT.name}: {line}")
    good = share(total) >= WANTED and not total["untried"] and not wrong
    say(f"{share(total):.1%} killed, {WANTED:.0%} wanted{'' if good else ': FAILED'}")
    return 0 if good else 1


def fate_of(number: int | None) -> str:
    if number is None or number == 2:
        return "untried"
    return "killed" if number in KILLED else "timed out" if number in TIMED_OUT else "survived"


def share(count: Counter[str]) -> float:
    """The part of the mutants tried that a test noticed: it failed, or did not come to an end."""
    tried = count["killed"] + count["timed out"] + count["survived"]
    return (count["killed"] + count["timed out"]) / tried if tried else 0.0


def row(name: str, size: int, count: Counter[str]) -> list[str]:
    kinds = ("equivalent", "killed", "timed out", "survived", "untried")
    return [
        name,
        str(size),
        str(count.total()),
        *(str(count[kind]) for kind in kinds),
        f"{share(count):.1%}",
    ]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run test --mutants", description=__doc__)
    parser.add_argument(
        "--sample",
        type=int,
        default=SAMPLE,
        help="mutants of each part, 0: all (default: %(default)s)",
    )
    parser.add_argument(
        "--minutes", type=float, default=MINUTES, help="at most so long (default: %(default)s)"
    )
    parser.add_argument(
        "--only",
        metavar="TEXT",
        default="",
        help="only mutants whose file or function holds this text",
    )
    options = parser.parse_args(arguments)
    began = time.monotonic()
    os.nice(3)
    prepare()
    os.chdir(WORK)
    every = all_mutants()
    drawn = [m for m in sample(every, options.sample) if options.only in f"{m.file} {m.function}"]
    say(
        f"{len(drawn)} of {len(every)} mutants are tried, for at most {options.minutes:g} minutes; "
        f"{WORK}/mutmut.log tells more"
    )
    run_mutmut(drawn, options.minutes)
    exit_codes = outcomes()
    if not any(exit_codes.get(mutant.name) is not None for mutant in drawn):
        raise Stop(f"mutmut tried none. The end of its log:\n{end_of_log()}")
    status = judge(drawn, every, exit_codes, equivalents())
    say(f"{time.monotonic() - began:.0f} s")
    return status


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        sys.exit(str(stop))
