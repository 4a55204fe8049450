"""`./run lock`: resolves requirements*.txt afresh and writes requirements*.lock.

One resolution serves every Python that pyproject.toml names: a package that only some need has a
marker. A level's lock holds what the level adds to those it is on top of, so no two can disagree.
"""

import os
import re
import subprocess
import tempfile
import tomllib
from pathlib import Path

from launcher import installation
from launcher.environment import HOLDS, LEVELS, ROOT, lock_of
from launcher.terminal import Moving, Stop, say

UV = "requirements-uv.txt"


def lock() -> None:
    with tempfile.TemporaryDirectory(prefix="lw-lock-") as folder:
        uv = installation.found_uv() or installation.fetched_uv(Path(folder), log_file())
        if uv is None:
            raise Stop("`./run lock` needs uv, and pip could not fetch it: install it first.")
        with Moving("resolving"):
            packages = blocks(compiled(uv, [*LEVELS, UV], "--generate-hashes"))
            versions = Path(folder) / "versions.txt"
            pinned = [block.partition(" ")[0] for block in packages.values()]
            versions.write_text("\n".join(pinned), "utf-8")
            needed = {
                name: set(blocks(compiled(uv, [name], "-c", str(versions))))
                for name in (*LEVELS, UV)
            }
    for name in (*LEVELS, UV):
        below = HOLDS.get(name, (name,))[:-1]
        own = sorted(needed[name].difference(*(needed[other] for other in below)))
        text = heading(name, below) + "".join(packages[package] for package in own)
        (ROOT / lock_of(name)).write_text(text, "utf-8")
        say(f"{lock_of(name)} holds {len(own)} packages.")


def heading(name: str, below: tuple[str, ...]) -> str:
    on_top = f", on top of {' and '.join(map(lock_of, below))}" if below else ""
    return f"# Written by `./run lock`, not by hand: what {name} needs{on_top}.\n"


def compiled(uv: str, requirements: list[str], *options: str) -> str:
    """uv's resolution. Raises Stop with the likely cause."""
    oldest = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
        "requires-python"
    ].removeprefix(">=")
    command = [uv, "pip", "compile", "--universal", "--python-version", oldest, "--quiet"]
    # One version for every Python, where there is one.
    command += ["--fork-strategy", "fewest", "--no-python-downloads"]
    command += ["--no-annotate", "--no-header", "--no-emit-index-url", *options, *requirements]
    answer = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **installation.uv_variables()},
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        log_file().write_text(answer.stdout + answer.stderr, "utf-8")
        raise Stop(installation.failure(answer.stdout + answer.stderr, log_file()))
    return without_the_limits(answer.stdout)


def without_the_limits(text: str) -> str:
    """The resolution without the marker that uv adds to every line: [tool.uv] environments."""
    limits = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["uv"]
    (limit,) = limits["environments"]
    return text.replace(f" ; {limit}", "").replace(f" and {limit}", "")


def blocks(text: str) -> dict[str, str]:
    """Package -> its lines: name, version, marker, and hashes where asked for."""
    found: dict[str, str] = {}
    for block in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE):
        name = re.match(r"[a-z0-9-]+(?===)", block)
        if name:
            found[name[0]] = found.get(name[0], "") + block
    return found


def log_file() -> Path:
    log = ROOT / "var" / "lock.log"
    log.parent.mkdir(exist_ok=True)
    return log
