"""The virtual environment: made from the locked requirements, and again only when those changed."""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from launcher.parent_death import die_with_parent
from launcher.terminal import Moving, Stop, say

ROOT = Path(__file__).resolve().parent.parent
# A clone that takes no files has its environment elsewhere.
VENV = Path(os.environ.get("LIVEWARDEN_VENV") or ROOT / ".venv").absolute()
PYTHON = VENV / "bin" / "python"
RUNTIME = "requirements.txt"
DEVELOPMENT = "requirements-dev.txt"
POSTGRES = "requirements-postgres.txt"
HASHED = "requirements.lock"
HASHED_FOR = "3.13"  # the Dockerfile's Python
MUTANTS = "requirements-mutants.txt"
# Each with those it is on top of.
HOLDS = {
    RUNTIME: (RUNTIME,),
    DEVELOPMENT: (RUNTIME, DEVELOPMENT),
    POSTGRES: (RUNTIME, DEVELOPMENT, POSTGRES),
    MUTANTS: (RUNTIME, DEVELOPMENT, MUTANTS),
}
LEVELS = tuple(HOLDS)
# What the closure holds under another Python than the one that resolves it.
ELSEWHERE = ("pyyaml-ft==8.0.0",)  # 3.13
# Compiled modules are kept (in .venv, not beside the sources) whatever the person's own habit is:
# without them each of the stack's processes compiles the same thousand files at its start, 1.3 s of
# a core.
COMPILED = {"PYTHONPYCACHEPREFIX": str(VENV / "pycache"), "PYTHONDONTWRITEBYTECODE": ""}
NO_NETWORK = re.compile(
    r"NewConnectionError|name resolution|Name or service not known|Network is "
    r"unreachable|ConnectTimeout|"
    r"Connection refused|ReadTimeoutError|ProxyError|Max retries exceeded|nodename nor servname"
)
NO_WHEEL = re.compile(r"No matching distribution found|ResolutionImpossible")
NO_SPACE = re.compile(r"No space left on device|Disk quota exceeded")


def fingerprint(requirements: str) -> str:
    """What an installation depends on: the requirement files, the locked versions, and this
    Python.
    """
    digest = hashlib.sha256(f"{sys.version_info[:2]} {VENV}".encode())
    for name in (*HOLDS[requirements], "constraints.txt"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def stamp(requirements: str) -> Path:
    return VENV / f"livewarden-{requirements}.sha256"


def is_current(requirements: str) -> bool:
    """Whether the environment holds what `requirements` ask for (development includes the
    runtime).
    """
    wanted = [name for name, held in HOLDS.items() if requirements in held]
    return PYTHON.exists() and any(
        stamp(name).is_file() and stamp(name).read_text() == fingerprint(name) for name in wanted
    )


def install_log() -> Path:
    """Where pip's whole output goes: into var/, or beside an environment that is elsewhere."""
    return (
        ROOT / "var" / "install.log"
        if VENV.parent == ROOT
        else VENV.with_name(f"{VENV.name}-install.log")
    )


def takes_no_files(error: OSError) -> Stop:
    """What to tell a person whose clone is read-only, or another's: it leads to a stack that
    runs.
    """
    return Stop(
        f"Cannot write {error.filename or VENV}: {error.strerror or error}. When the clone is to "
        "stay as it is, "
        "give both folders elsewhere:\n  LIVEWARDEN_VENV=FOLDER/venv ./run --data FOLDER/data"
    )


def ensure(requirements: str) -> Path:
    """Makes or renews the environment; returns its Python. Raises Stop, in words."""
    if is_current(requirements):
        return PYTHON
    log = install_log()
    try:
        log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        log.with_suffix(".lock").touch()
    except OSError as error:
        raise takes_no_files(error) from None
    with turn(log.with_suffix(".lock")):
        if is_current(requirements):  # another ./run has just done it
            return PYTHON
        say(f"Preparing the environment in {shown(VENV)} (only when its requirements changed)")
        if not works():
            make(log)
        install(requirements, log)
        stamp(requirements).write_text(fingerprint(requirements))
    return PYTHON


@contextlib.contextmanager
def turn(file: Path) -> Iterator[None]:
    """One at a time: two installations into one folder would spoil each other.

    Ends with the process.
    """
    with file.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("Another ./run is preparing the environment; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def works() -> bool:
    """Whether `.venv` has a Python of this version that runs (a moved folder or an update breaks
    it).
    """
    if not PYTHON.exists():
        return False
    question = "import sys, pip; print(*sys.version_info[:2], sys.prefix)"
    try:
        answer = subprocess.run(
            [PYTHON, "-c", question], capture_output=True, text=True, timeout=30, check=False
        )
    except OSError:
        return False
    return answer.stdout.strip() == f"{sys.version_info[0]} {sys.version_info[1]} {VENV}"


def make(log: Path) -> None:
    """A fresh `.venv`. Raises Stop when Python came without the module, or the disk refuses."""
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise Stop(
            "This Python cannot make virtual environments: its venv module is missing.\n"
            f"On Debian or Ubuntu install it with: apt install python{version}-venv"
        )
    try:
        if VENV.exists():
            shutil.rmtree(VENV)
        with Moving("making the virtual environment"):
            answer = subprocess.run(
                [sys.executable, "-m", "venv", VENV], capture_output=True, text=True, check=False
            )
    except OSError as error:
        raise takes_no_files(error) from None
    log.write_text(answer.stdout + answer.stderr, "utf-8")
    if answer.returncode:
        raise Stop(failure(answer.stdout + answer.stderr, log))


def install(requirements: str, log: Path) -> None:
    """pip, summarised to one moving line. Raises Stop with the likely cause."""
    command = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "--no-input",
        "--progress-bar",
        "off",
        "--retries",
        "2",
    ]
    command += [
        "--disable-pip-version-check",
        "--no-compile",
        "-r",
        requirements,
        "-c",
        "constraints.txt",
    ]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PIP_NO_COLOR": "1"}
    lines: list[str] = []
    collected = 0
    with Moving("installing") as line, log.open("a", encoding="utf-8") as record:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            preexec_fn=die_with_parent,  # noqa: PLW1509 (this program has one thread)
        )
        assert process.stdout is not None
        for text in process.stdout:
            record.write(text)
            lines.append(text)
            parts = text.split()
            if text.startswith("Collecting") and len(parts) > 1:
                collected += 1
                line.show(f"{collected}  {parts[1]}")
            elif text.startswith("Installing collected packages"):
                line.show(f"{text.count(',') + 1} packages, writing files")
        status = process.wait()
    if status:
        raise Stop(failure("".join(lines), log))


def failure(output: str, log: Path) -> str:
    """What to tell a person about a failed installation, from pip's own output."""
    if NO_SPACE.search(output):
        return "The disk is full: the environment needs about 400 MB in .venv."
    if NO_NETWORK.search(output):
        return (
            "The package index cannot be reached. The first start needs the network (later ones do "
            "not).\n"
            "Behind a proxy set HTTPS_PROXY; with a mirror of your own set PIP_INDEX_URL.\n"
            f"All of pip's output: {shown(log)}"
        )
    if NO_WHEEL.search(output):
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        return (
            f"A dependency has no release for this Python ({version}). README.md says which "
            "versions are tried:\n"
            f"start it with one of them, for example: python3.12 ./run\n"
            f"{lacking(output)}All of pip's output: {shown(log)}"
        )
    last = next((line for line in reversed(output.splitlines()) if "ERROR" in line), "pip failed.")
    return f"{last.strip()}\nAll of its output: {shown(log)}"


def lacking(output: str) -> str:
    """Which one, as a line; "" when pip does not say."""
    named = re.findall(
        r"No matching distribution found for (\S+)|^    (\S+) depends on", output, re.MULTILINE
    )
    found = next((first or second for first, second in named), "")
    return f"The one without: {found}\n" if found else ""


def shown(path: Path) -> str:
    """A path as a person would type it: relative to the current folder when inside."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def lock() -> None:
    """Rewrites constraints.txt from a fresh resolve of all requirements, and requirements.lock,
    with hashes, from that.
    """
    with tempfile.TemporaryDirectory(prefix="lw-lock-") as folder:
        python = Path(folder) / "bin" / "python"
        pip = [str(python), "-m", "pip", "install", "--no-input", "-q"]
        with Moving("resolving in a fresh environment"):
            resolved([sys.executable, "-m", "venv", folder])
            resolved([*pip, "-r", str(ROOT / POSTGRES), "-r", str(ROOT / MUTANTS)])
        frozen = subprocess.run(
            [python, "-m", "pip", "freeze"], capture_output=True, text=True, check=True
        )
        heading = (
            "# The closure of requirements*.txt, locked. Written by `./run lock`, not by hand.\n"
        )
        lines = {*frozen.stdout.splitlines(), *ELSEWHERE}
        text = "\n".join(sorted(lines, key=lambda line: line.partition("==")[0].lower()))
        (ROOT / "constraints.txt").write_text(f"{heading}{text}\n", "utf-8")
        with Moving("asking for the hashes"):
            resolved([*pip, "uv"])
            hashes = resolved([str(python.with_name("uv")), *hashes_command()])
    heading = (
        "# What the image installs: the closure of requirements.txt for its Python, each file held "
        "by its hash. "
        "Written by `./run lock`.\n"
    )
    (ROOT / HASHED).write_text(heading + hashes, "utf-8")
    say(f"constraints.txt holds {len(lines)} packages, {HASHED} {hashes.count('==')}.")


def hashes_command() -> list[str]:
    """uv's words for the closure of the runtime with the hashes of all its files.

    It says them on standard output.
    """
    where = ["--python-platform", "linux", "--python-version", HASHED_FOR]
    plain = ["--no-annotate", "--no-header", "--no-emit-index-url", "--quiet"]
    return ["pip", "compile", *where, *plain, "--generate-hashes", "-c", "constraints.txt", RUNTIME]


def resolved(command: list[str]) -> str:
    """What a step of `lock` says on standard output. Raises Stop with the likely cause."""
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if answer.returncode:
        log = ROOT / "var" / "lock.log"
        log.parent.mkdir(exist_ok=True)
        log.write_text(answer.stdout + answer.stderr, "utf-8")
        raise Stop(failure(answer.stdout + answer.stderr, log))
    return answer.stdout
