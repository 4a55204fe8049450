"""Fills a virtual environment with what the locks name: by uv where it can be had, else by pip.

uv on the PATH is taken; without one, pip fetches the release that requirements-uv.lock names. When
uv fails, whatever the reason, pip installs the same locks: it knows pip.conf, which uv does not
read. Both take only files whose hashes the locks hold.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from launcher.parent_death import die_with_parent
from launcher.terminal import Moving, Stop, say, shown

ROOT = Path(__file__).resolve().parent.parent
UV_LOCK = "requirements-uv.lock"
OLDEST_UV = (0, 5)  # reads UV_DEFAULT_INDEX and universal locks
NO_NETWORK = re.compile(
    r"NewConnectionError|name resolution|Name or service not known|Network is "
    r"unreachable|ConnectTimeout|"
    r"Connection refused|ReadTimeoutError|ProxyError|Max retries exceeded|nodename nor servname|"
    r"error sending request|dns error|tcp connect error|operation timed out"
)
NO_WHEEL = re.compile(
    r"No matching distribution found|ResolutionImpossible|No solution found|has no usable wheels"
)
NO_SPACE = re.compile(r"No space left on device|Disk quota exceeded")
OTHER_FILE = re.compile(r"DO NOT MATCH THE HASHES|Hash mismatch")


def install(venv: Path, locks: list[str], log: Path) -> None:
    """Installs what `locks` name. Raises Stop with the likely cause."""
    uv = found_uv() or fetched_uv(venv, log)
    if uv:
        failed = installed_by_uv(uv, venv, locks, log)
        if failed is None:
            return
        if NO_SPACE.search(failed) or not made_pip(venv, log):
            raise Stop(failure(failed, log))
        say("  uv could not install it; trying pip")
    elif not made_pip(venv, log):
        raise Stop(no_venv())
    failed = installed_by_pip(venv, locks, log)
    if failed is not None:
        raise Stop(failure(failed, log))


def python_of(venv: Path) -> Path:
    return venv / "bin" / "python"


# --- uv -------------------------------------------------------------------------------------------


def found_uv() -> str | None:
    """The uv on the PATH, when it runs and is new enough."""
    uv = shutil.which("uv")
    return uv if uv and is_new_enough(uv) else None


def is_new_enough(uv: str) -> bool:
    """Whether it says a version from OLDEST_UV on (a shim of a version manager may say none)."""
    try:
        answer = subprocess.run(
            [uv, "--version"], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    version = re.match(r"uv (\d+)\.(\d+)", answer.stdout)
    return bool(
        answer.returncode == 0 and version and (int(version[1]), int(version[2])) >= OLDEST_UV
    )


def fetched_uv(venv: Path, log: Path) -> str | None:
    """The uv of requirements-uv.lock, installed by pip into a folder of the environment.

    None when there is no pip, or no release of uv for this machine.
    """
    uv = venv / "uv" / "bin" / "uv"
    if is_new_enough(str(uv)):
        return str(uv)
    python = Path(sys.executable)
    if not has_pip(python):
        python = python_of(venv)
        if not made_pip(venv, log):
            return None
    command = [str(python), "-m", "pip", "install", "--quiet", "--no-input", "--no-deps"]
    command += ["--disable-pip-version-check", "--no-compile", "--retries", "0"]
    command += ["--only-binary=:all:", "--require-hashes", "-r", UV_LOCK]
    command += ["--target", str(uv.parent.parent), "--upgrade"]
    # pip refuses --target beside the settings "user" and "require-virtualenv".
    own = {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}
    followed(command, own, log, "fetching uv", lambda line: None)
    return str(uv) if is_new_enough(str(uv)) else None


def uv_variables() -> dict[str, str]:
    """uv's settings, taken from those of pip that are set (uv itself reads none of pip's)."""
    variables = {"NO_COLOR": "1", "UV_PYTHON_DOWNLOADS": "never"}
    index, certificates = os.environ.get("PIP_INDEX_URL"), os.environ.get("PIP_CERT")
    if index and not os.environ.keys() & {"UV_DEFAULT_INDEX", "UV_INDEX_URL"}:
        variables["UV_DEFAULT_INDEX"] = index
    if certificates and "SSL_CERT_FILE" not in os.environ:
        variables["SSL_CERT_FILE"] = certificates
    return variables


def installed_by_uv(uv: str, venv: Path, locks: list[str], log: Path) -> str | None:
    """None, or what uv said when it failed."""
    command = [uv, "pip", "install", "--no-progress", "--python", str(python_of(venv))]
    command += ["--require-hashes", *named(locks)]
    # Lines like "Downloading django (7.9MiB)" and "Installed 73 packages in 210ms".
    return followed(command, uv_variables(), log, "installing with uv", lambda line: line)


# --- pip ------------------------------------------------------------------------------------------


def has_pip(python: Path) -> bool:
    try:
        answer = subprocess.run(
            [python, "-c", "import pip"], capture_output=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def made_pip(venv: Path, log: Path) -> bool:
    """Whether the environment has a pip, or gets one from the wheel that Python brings."""
    python = python_of(venv)
    if has_pip(python):
        return True
    if importlib.util.find_spec("ensurepip") is None:
        return False
    command = [str(python), "-m", "ensurepip", "--default-pip"]
    return followed(command, {}, log, "making pip", lambda line: None) is None


def installed_by_pip(venv: Path, locks: list[str], log: Path) -> str | None:
    """None, or what pip said when it failed."""
    command = [str(python_of(venv)), "-m", "pip", "install", "--no-input", "--progress-bar", "off"]
    command += ["--disable-pip-version-check", "--no-compile", "--retries", "2"]
    command += ["--require-hashes", *named(locks)]
    collected = 0

    def progress(text: str) -> str | None:
        nonlocal collected
        words = text.split()
        if text.startswith("Collecting") and len(words) > 1:
            collected += 1
            return f"{collected}  {words[1]}"
        if text.startswith("Installing collected packages"):
            return f"{text.count(',') + 1} packages, writing files"
        return None

    return followed(command, {"PIP_NO_COLOR": "1"}, log, "installing with pip", progress)


def no_venv() -> str:
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return (
        "This Python cannot make virtual environments: its venv module is missing.\n"
        f"On Debian or Ubuntu install it with: apt install python{version}-venv"
    )


# --- Both -----------------------------------------------------------------------------------------


def named(locks: list[str]) -> list[str]:
    return [word for lock in locks for word in ("-r", lock)]


def followed(
    command: list[str],
    variables: dict[str, str],
    log: Path,
    title: str,
    progress: Callable[[str], str | None],
) -> str | None:
    """Runs an installer on one moving line, its output in `log`.

    progress: what the line shows for a line of output; None leaves it. Returns None, or the whole
    output of a command that failed.
    """
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", **variables}
    environment.pop("VIRTUAL_ENV", None)
    lines: list[str] = []
    try:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            preexec_fn=die_with_parent,  # noqa: PLW1509 (this program has one thread)
        )
    except OSError as error:
        return f"ERROR: {error}"
    with process, Moving(title) as line, log.open("a", encoding="utf-8") as record:
        assert process.stdout is not None
        for text in process.stdout:
            record.write(text)
            lines.append(text)
            shows = progress(text.strip())
            if shows:
                line.show(shows)
    return "".join(lines) if process.returncode else None


def failure(output: str, log: Path) -> str:
    """What to tell a person about a failed installation, from the installer's own output."""
    if NO_SPACE.search(output):
        return "The disk is full: the environment needs about 400 MB in .venv."
    if OTHER_FILE.search(output):
        return (
            "The package index gave a file that is not the one in the lock: its hash differs. "
            "Nothing of it was installed.\n"
            f"Ask whoever keeps your index. The installer's whole output: {shown(log)}"
        )
    if NO_NETWORK.search(output):
        return (
            "The package index cannot be reached. The first start needs the network (later ones do "
            "not).\n"
            "Behind a proxy set HTTPS_PROXY; with a mirror of your own set PIP_INDEX_URL.\n"
            f"The installer's whole output: {shown(log)}"
        )
    if NO_WHEEL.search(output):
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        return (
            f"A dependency has no release for this Python ({version}). README.md says which "
            "versions are tried:\n"
            f"start it with one of them, for example: python3.12 ./run\n"
            f"{lacking(output)}The installer's whole output: {shown(log)}"
        )
    last = next(
        (line for line in reversed(output.splitlines()) if "error" in line.lower()),
        "The installer failed.",
    )
    return f"{last.strip()}\nIts whole output: {shown(log)}"


def lacking(output: str) -> str:
    """Which one, as a line; "" when the installer does not say."""
    named = re.findall(
        r"No matching distribution found for (\S+)|^    (\S+) depends on|"
        r"[Bb]ecause (\S+==\S+) has no",
        output,
        re.MULTILINE,
    )
    found = next((first or second or third for first, second, third in named), "")
    return f"The one without: {found}\n" if found else ""
