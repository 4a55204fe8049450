"""requirements*.lock: every file that is installed is held by its hash, on every Python we name."""

import re
import tomllib
from collections import Counter

import pytest

from launcher import environment, installation
from launcher.development import locking
from launcher.environment import HOLDS, LEVELS, lock_of
from tests.config.running import ROOT

LOCKED = (*LEVELS, locking.UV)
ENTRY = re.compile(
    r"([a-z0-9-]+)==([^\s;]+)(?: ; (?P<marker>[a-z_]+ (?:[<>=!]=?) '[^']+'))?"
    r"(?: +--hash=sha256:[0-9a-f]{64})+ *"
)


def held(requirements: str) -> dict[str, str]:
    """Package -> version, as one lock says; each entry must be whole."""
    text = (ROOT / lock_of(requirements)).read_text("utf-8").replace("\\\n", "")
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            entry = ENTRY.fullmatch(line)
            assert entry, f"{lock_of(requirements)}: {line[:80]!r} is no version with hashes"
            assert entry[1] not in found, f"{lock_of(requirements)} holds {entry[1]} twice"
            found[entry[1]] = entry[2]
    return found


def asked(requirements: str) -> list[tuple[str, str]]:
    """The direct requirements of one file, with their versions; each must give its reason."""
    found = []
    for line in (ROOT / requirements).read_text("utf-8").splitlines():
        if line and not line.startswith(("#", "-r")):
            match = re.match(r"([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==(\S+)\s+# \S", line)
            assert match, f"{requirements}: {line!r} is not pinned, or gives no reason"
            found.append((re.sub(r"[-_.]+", "-", match[1]).lower(), match[2]))
    return found


@pytest.mark.parametrize("requirements", LOCKED)
def test_a_lock_holds_every_requirement_at_its_version(requirements: str) -> None:
    versions = held(requirements)

    assert {name: versions.get(name) for name, _ in asked(requirements)} == dict(
        asked(requirements)
    ), "./run lock brings the locks up to date"


@pytest.mark.parametrize("requirements", LEVELS)
def test_the_locks_of_a_level_hold_a_package_once(requirements: str) -> None:
    """pip refuses a package that two of the files name with different versions or hashes."""
    times = Counter(name for level in HOLDS[requirements] for name in held(level))

    assert [name for name, count in times.items() if count > 1] == []


def test_no_two_locks_disagree() -> None:
    versions: dict[str, set[str]] = {}
    for requirements in LOCKED:
        for name, version in held(requirements).items():
            versions.setdefault(name, set()).add(version)

    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_a_level_is_on_top_of_those_that_its_file_names() -> None:
    for requirements, levels in HOLDS.items():
        named = re.findall(r"^-r (\S+)", (ROOT / requirements).read_text("utf-8"), re.MULTILINE)
        assert levels == (*(HOLDS[named[0]] if named else ()), requirements)


def test_the_locks_are_for_the_systems_that_are_promised() -> None:
    """Linux and macOS with CPython: what uv resolved for, and nothing that a line repeats."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (limit,) = project["tool"]["uv"]["environments"]

    assert limit == "platform_python_implementation == 'CPython' and sys_platform != 'win32'"
    assert locking.without_the_limits(
        f"a==1 ; {limit}\nb==2 ; python_version < '3' and {limit}"
    ) == ("a==1\nb==2 ; python_version < '3'")


def test_an_entry_is_taken_with_its_hashes_and_its_marker() -> None:
    text = "a-b==1 ; x < '2' \\\n    --hash=sha256:0\nc==2 \\\n    --hash=sha256:1\n"

    assert locking.blocks(text) == {
        "a-b": "a-b==1 ; x < '2' \\\n    --hash=sha256:0\n",
        "c": "c==2 \\\n    --hash=sha256:1\n",
    }


def test_the_uv_that_is_fetched_is_one_that_would_be_taken() -> None:
    assert lock_of(locking.UV) == installation.UV_LOCK
    major, minor = held(locking.UV)["uv"].split(".")[:2]
    assert (int(major), int(minor)) >= installation.OLDEST_UV
    assert environment.lock_of(locking.UV) not in map(lock_of, LEVELS)
