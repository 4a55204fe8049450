"""How the environment is filled: by uv, by a uv that pip fetches, and by pip when uv fails."""

import hashlib
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from launcher import installation
from launcher.terminal import Stop

NOTHING = "a" * 64


def program(folder: Path, name: str, code: str) -> Path:
    """An executable shell script."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\n{code}\n")
    file.chmod(0o755)
    return file


def uv_that(code: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts a uv on the PATH that tells its version, and does `code` for anything else."""
    program(folder / "bin", "uv", f'[ "$1" = --version ] && echo "uv 0.9.1" && exit 0\n{code}')
    monkeypatch.setenv("PATH", f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def asked_of_pip(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The locks that pip was told to install; there is a pip, and it manages."""
    asked: list[list[str]] = []

    def installed(venv: Path, locks: list[str], log: Path) -> None:
        asked.append(locks)

    monkeypatch.setattr(installation, "made_pip", lambda venv, log: True)
    monkeypatch.setattr(installation, "installed_by_pip", installed)
    return asked


@pytest.mark.parametrize(
    ("code", "taken"),
    [
        ('echo "uv 0.13.9 (x86_64-unknown-linux-gnu)"', True),
        ('echo "uv 1.0.0"', True),
        ('echo "uv 0.4.30"', False),
        ("echo pyenv: uv: command not found >&2; exit 127", False),
        ("kill -SEGV $$", False),
        ("echo nonsense", False),
    ],
)
def test_the_uv_on_the_path_is_taken_when_it_runs_and_is_new_enough(
    code: str, taken: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    uv = program(tmp_path, "uv", code)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert installation.found_uv() == (str(uv) if taken else None)


def test_uv_is_told_the_environment_and_the_locks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, asked_of_pip: list[list[str]]
) -> None:
    uv_that('echo "$@"', tmp_path, monkeypatch)

    installation.install(tmp_path / "venv", ["a.lock", "b.lock"], tmp_path / "log")

    said = (tmp_path / "log").read_text()
    assert f"--python {tmp_path}/venv/bin/python" in said
    assert said.endswith("--require-hashes -r a.lock -r b.lock\n")
    assert asked_of_pip == []


@pytest.mark.parametrize("code", ["echo error: boom; exit 2", "kill -SEGV $$"])
def test_pip_installs_what_uv_cannot(
    code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, asked_of_pip: list[list[str]]
) -> None:
    uv_that(code, tmp_path, monkeypatch)

    installation.install(tmp_path / "venv", ["a.lock"], tmp_path / "log")

    assert asked_of_pip == [["a.lock"]]


def test_pip_installs_where_no_uv_can_be_had(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, asked_of_pip: list[list[str]]
) -> None:
    monkeypatch.setattr(installation, "found_uv", lambda: None)
    monkeypatch.setattr(installation, "has_pip", lambda python: True)
    monkeypatch.setattr(sys, "executable", str(program(tmp_path, "python", "exit 1")))

    installation.install(tmp_path / "venv", ["a.lock"], tmp_path / "log")

    assert asked_of_pip == [["a.lock"]]


def test_a_full_disk_is_not_tried_a_second_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, asked_of_pip: list[list[str]]
) -> None:
    uv_that("echo 'No space left on device (os error 28)'; exit 2", tmp_path, monkeypatch)

    with pytest.raises(Stop, match="disk is full"):
        installation.install(tmp_path / "venv", ["a.lock"], tmp_path / "log")
    assert asked_of_pip == []


def test_without_uv_and_pip_a_person_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(installation, "found_uv", lambda: None)
    monkeypatch.setattr(installation, "has_pip", lambda python: False)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(Stop, match=r"apt install python3\.\d+-venv"):
        installation.install(tmp_path / "venv", ["a.lock"], tmp_path / "log")


def test_uv_takes_the_index_and_the_certificates_that_pip_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    monkeypatch.setenv("PIP_CERT", "/etc/ca.crt")
    variables = installation.uv_variables()
    assert variables["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert variables["SSL_CERT_FILE"] == "/etc/ca.crt"

    monkeypatch.setenv("UV_INDEX_URL", "https://other.example/simple")
    assert "UV_DEFAULT_INDEX" not in installation.uv_variables()


def wheel(folder: Path) -> str:
    """A wheel of one module; returns its sha256."""
    name = folder / "lwprobe-1.0-py3-none-any.whl"
    about = "lwprobe-1.0.dist-info"
    with zipfile.ZipFile(name, "w") as file:
        file.writestr("lwprobe.py", "")
        file.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: lwprobe\nVersion: 1.0\n")
        file.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        file.writestr(f"{about}/RECORD", "")
    return hashlib.sha256(name.read_bytes()).hexdigest()


@pytest.mark.timeout(300)
def test_after_a_failure_of_uv_pip_takes_only_files_with_the_hash_of_the_lock(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    uv_that("echo error: boom; exit 2", tmp_path, monkeypatch)
    for name, value in {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    venv, right, wrong = tmp_path / "venv", tmp_path / "right.lock", tmp_path / "wrong.lock"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True, timeout=100)
    right.write_text(f"lwprobe==1.0 --hash=sha256:{wheel(tmp_path)}\n")
    wrong.write_text(f"lwprobe==1.0 --hash=sha256:{NOTHING}\n")

    with pytest.raises(Stop, match="its hash differs"):
        installation.install(venv, [str(wrong)], tmp_path / "log")
    assert list(venv.rglob("lwprobe*")) == []

    installation.install(venv, [str(right)], tmp_path / "log")
    assert [file.name for file in venv.rglob("lwprobe.py")] == ["lwprobe.py"]


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (
            "WARNING: Retrying after NewConnectionError(...)\nERROR: No matching distribution",
            "cannot be reached",
        ),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: Could not find a version that satisfies django==99", "satisfies django==99"),
        ("", "installer failed"),
        (
            "ERROR: Cannot install -r requirements.txt (line 9)\n    pgserver 0.1.4 depends on "
            "...\n"
            "ERROR: ResolutionImpossible: for help visit https://pip.pypa.io",
            "no release for this Python",
        ),
        (
            "ERROR: No matching distribution found for pgserver==0.1.4",
            "The one without: pgserver==0.1.4",
        ),
        (
            "error: Request failed after 3 retries in 6.9s\n  cause: error sending request for url "
            "(https://pypi.org/simple/av/)\n  cause: client error (Connect)\n  cause: dns error",
            "cannot be reached",
        ),
        (
            "error: Failed to download `six==1.17.0`\n  cause: Hash mismatch for `six==1.17.0`",
            "its hash differs",
        ),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
            "its hash differs",
        ),
        (
            "error: No solution found when resolving dependencies\n  cause: Because av==18.1.0 has "
            "no wheels with a matching platform tag and you require av==18.1.0, ...",
            "The one without: av==18.1.0",
        ),
        ("error: Permission denied (os error 13)", "Permission denied"),
    ],
)
def test_a_failed_installation_names_its_likely_cause(
    output: str, words: str, tmp_path: Path
) -> None:
    said = installation.failure(output, tmp_path / "install.log")

    assert words in said
    assert re.search(r"install\.log|disk is full", said)
