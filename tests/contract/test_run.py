"""`./run` from its first start to its last breath: what it leaves, what it keeps, who may look
inside.
"""

import contextlib
import signal
import socket
import sqlite3
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from launcher.smoke_test.console_client import ConsoleClient
from launcher.supervisor import LAST_SECONDS, TERMINATE_SECONDS
from tests.config.running import python
from tests.running_stack import Launched, launched
from tests.support.waiting import eventually

pytestmark = pytest.mark.timeout(
    180
)  # three starts of seven processes, on a machine that may be busy
PARTS = {
    "valkey",
    "simulator",
    "web",
    "collector",
    "worker-acts",
    "worker-chores",
    "pictures",
    "beat",
}


def gone(processes: list[psutil.Process]) -> bool:
    """Whether none of them is left within a moment (the kernel may still be at it)."""
    _, left = psutil.wait_procs(processes, timeout=5)
    return not [process for process in left if process.status() != psutil.STATUS_ZOMBIE]


def secrets_of(stack: Launched) -> list[str]:
    names = ("LIVE_SECRET_KEY", "LIVEWARDEN_SECRET_KEY")
    return [*(stack.state["variables"][name] for name in names), stack.password]


def see_that_it_is_private(stack: Launched) -> None:
    folder, family = stack.folder, stack.family()
    valkey = psutil.Process(stack.state["processes"]["valkey"])

    assert set(stack.state["processes"]) == PARTS
    for process in family:
        assert not any(secret in " ".join(process.cmdline()) for secret in secrets_of(stack))
        for connection in process.net_connections("inet"):
            if connection.status == psutil.CONN_LISTEN:
                assert connection.laddr.ip == "127.0.0.1", process.name()
    assert not [c for c in valkey.net_connections("inet") if c.status == psutil.CONN_LISTEN]
    door = Path(stack.state["variables"]["REDIS_URL"].removeprefix("unix://"))
    assert stat.S_ISSOCK(door.stat().st_mode)
    assert stat.S_IMODE(door.stat().st_mode) == 0o700
    assert stat.S_IMODE(door.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in [*folder.glob("*"), *folder.glob("log/*")]:
        empty_lock = file.name == "lock"
        assert empty_lock or not file.is_file() or not stat.S_IMODE(file.stat().st_mode) & 0o077, (
            file
        )


def known_rooms(folder: Path) -> set[str]:
    with closing(sqlite3.connect(folder / "livewarden.sqlite3")) as database:
        return {room_id for (room_id,) in database.execute("SELECT room_id FROM rooms_room")}


def log_ins(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "livewarden.sqlite3")) as database:
        record = "SELECT count(*) FROM moderation_auditentry WHERE verb = 'log_in'"
        return int(database.execute(record).fetchone()[0])


def test_it_stops_as_told_leaves_nothing_and_goes_on_from_what_it_stored(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    assert TERMINATE_SECONDS + LAST_SECONDS < 5

    with launched(folder, "--rooms", "20") as first:
        for name in ("moderator", "banadmin", "supervisor", "auditor", first.url, first.password):
            assert name in first.said
        see_that_it_is_private(first)
        ConsoleClient(first.url, "moderator", first.password).close()
        stored = eventually("rooms are stored", lambda: known_rooms(folder), 20)
        family = first.family()
        words = first.signal(signal.SIGINT)
    assert stored
    assert first.process.returncode == 0
    assert "Traceback" not in words
    assert gone(family)
    assert not list(folder.glob("*.sock"))

    with launched(folder, "--rooms", "20") as second:
        assert second.password == first.password
        ConsoleClient(second.url, "moderator", second.password).close()
        assert stored <= known_rooms(folder)
        assert log_ins(folder) == 2
        family = second.family()
        second.process.kill()
        second.process.wait()
        # Linux ends children with their parent, even when it had no time to ask them.
        assert sys.platform != "linux" or gone(family)

    with launched(folder, "--rooms", "20") as third:
        family = third.family()
        third.signal(signal.SIGTERM)
    assert third.process.returncode == 0
    assert gone(family)


def test_two_runs_announce_their_own_consoles_and_a_third_on_one_folder_is_refused(
    tmp_path: Path,
) -> None:
    folders = [tmp_path / "one", tmp_path / "other"]

    def started(folder: Path) -> Launched:
        return both.enter_context(launched(folder, "--rooms", "5", any_port=False))

    with contextlib.ExitStack() as both, ThreadPoolExecutor(2) as threads:
        stacks = list(threads.map(started, folders))
        for stack in stacks:
            ConsoleClient(stack.url, "moderator", stack.password).close()
            web = psutil.Process(stack.state["processes"]["web"])
            doors = [
                c.laddr.port for c in web.net_connections("inet") if c.status == psutil.CONN_LISTEN
            ]
            assert doors == [int(stack.url.rpartition(":")[2])]
        third = python("run", "--data", str(folders[0]))

    assert stacks[0].url != stacks[1].url
    assert stacks[0].state["control"] != stacks[1].state["control"]
    assert third.returncode == 2
    assert f"already running on {folders[0]} at {stacks[0].url}" in third.stderr


def test_a_taken_port_is_told_before_anything_is_installed_or_started(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = python("run", "--data", str(tmp_path), "--port", str(taken.getsockname()[1]))

    assert answer.returncode == 2
    assert "is taken by another program" in answer.stderr
    assert "Preparing" not in answer.stdout


def test_half_an_account_is_told_before_anything_is_installed_or_started(tmp_path: Path) -> None:
    answer = python("run", "--data", str(tmp_path), LIVE_SDKAPPID="1400000000", LIVE_SECRET_KEY="k")

    assert answer.returncode == 2
    assert "LIVE_SDKAPPID, LIVE_SECRET_KEY set, but not LIVE_ADMIN, LIVE_HOST." in answer.stderr
    assert "Preparing" not in answer.stdout
