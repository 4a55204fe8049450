"""Signs of life are a process's own: a dead or hanging worker is not hidden by another of its
name.
"""

import os
import socket
import time
from pathlib import Path

import pytest

from launcher import probe
from rooms.infra import heartbeat

ENDED = 2**22 - 1  # no process has this number


@pytest.fixture
def folder(settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    (tmp_path / "alive").mkdir()
    heartbeat.tidy.cache_clear()
    return tmp_path / "alive"


def is_healthy(folder: Path) -> bool:
    return probe.alive("acts", 30, {"LIVEWARDEN_DATA_DIR": str(folder.parent)})


def sign(folder: Path, number: int, *, age: float = 0.0, machine: str | None = None) -> Path:
    file = folder / f"acts@{machine or socket.gethostname()}@{number}"
    file.touch()
    os.utime(file, (time.time() - age, time.time() - age))
    return file


def test_a_process_that_renews_its_sign_is_healthy(folder):
    assert not is_healthy(folder)
    heartbeat.touch("acts")
    assert is_healthy(folder)
    assert not probe.alive("chores", 30, {"LIVEWARDEN_DATA_DIR": str(folder.parent)})


def test_one_that_hangs_is_not_hidden_by_another(folder):
    heartbeat.touch("acts")
    sign(folder, os.getppid(), age=60)

    assert not is_healthy(folder)


def test_one_that_has_ended_is_none(folder):
    sign(folder, ENDED)
    assert not is_healthy(folder)

    heartbeat.touch("acts")
    assert is_healthy(folder)
    assert [file.name for file in folder.iterdir()] == [
        f"acts@{socket.gethostname()}@{os.getpid()}"
    ]


def test_one_on_another_machine_is_asked_there(folder):
    sign(folder, os.getpid(), machine="another")
    assert not is_healthy(folder)

    sign(folder, ENDED, age=60, machine="another")
    heartbeat.touch("acts")
    assert is_healthy(folder)
    assert len(list(folder.iterdir())) == 3


def test_it_raises_nothing(settings, tmp_path):
    (tmp_path / "file").touch()
    settings.DATA_DIR = tmp_path / "file"
    heartbeat.touch("acts")
