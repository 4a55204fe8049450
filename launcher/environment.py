"""The virtual environment: made from the locked requirements, and again only when those changed."""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from launcher import installation
from launcher.terminal import Moving, Stop, say, shown

ROOT = Path(__file__).resolve().parent.parent
# A clone that takes no files has its environment elsewhere.
VENV = Path(os.environ.get("LIVEWARDEN_VENV") or ROOT / ".venv").absolute()
PYTHON = VENV / "bin" / "python"
RUNTIME = "requirements.txt"
DEVELOPMENT = "requirements-dev.txt"
POSTGRES = "requirements-postgres.txt"
MUTANTS = "requirements-mutants.txt"
# Each with those it is on top of.
HOLDS = {
    RUNTIME: (RUNTIME,),
    DEVELOPMENT: (RUNTIME, DEVELOPMENT),
    POSTGRES: (RUNTIME, DEVELOPMENT, POSTGRES),
    MUTANTS: (RUNTIME, DEVELOPMENT, MUTANTS),
}
LEVELS = tuple(HOLDS)
# Compiled modules are kept (in .venv, not beside the sources) whatever the person's own habit is:
# without them each of the stack's processes compiles the same thousand files at its start, 1.3 s of
# a core.
COMPILED = {"PYTHONPYCACHEPREFIX": str(VENV / "pycache"), "PYTHONDONTWRITEBYTECODE": ""}


def lock_of(requirements: str) -> str:
    """The lock of what a level adds to those it is on top of: every version, with its hashes."""
    return requirements.replace(".txt", ".lock")


def fingerprint(requirements: str) -> str:
    """What an installation depends on: the locks and this Python."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {VENV}".encode())
    for name in HOLDS[requirements]:
        digest.update((ROOT / lock_of(name)).read_bytes())
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
    """Where an installer's output goes: into var/, or beside an environment that is elsewhere."""
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
    question = "import sys; print(*sys.version_info[:2], sys.prefix)"
    try:
        answer = subprocess.run(
            [PYTHON, "-c", question], capture_output=True, text=True, timeout=30, check=False
        )
    except OSError:
        return False
    return answer.stdout.strip() == f"{sys.version_info[0]} {sys.version_info[1]} {VENV}"


def make(log: Path) -> None:
    """A fresh `.venv`, without pip: uv needs none there, and to make it takes some seconds.

    Raises Stop when Python came without the module, or the disk refuses.
    """
    if importlib.util.find_spec("venv") is None:
        raise Stop(installation.no_venv())
    try:
        if VENV.exists():
            shutil.rmtree(VENV)
        with Moving("making the virtual environment"):
            answer = subprocess.run(
                [sys.executable, "-m", "venv", "--without-pip", VENV],
                capture_output=True,
                text=True,
                check=False,
            )
    except OSError as error:
        raise takes_no_files(error) from None
    log.write_text(answer.stdout + answer.stderr, "utf-8")
    if answer.returncode:
        raise Stop(installation.failure(answer.stdout + answer.stderr, log))


def install(requirements: str, log: Path) -> None:
    installation.install(VENV, [lock_of(name) for name in HOLDS[requirements]], log)
