"""The supervisor: mends what crashes, and leaves nothing behind, however it ends."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from launcher import supervisor as module
from launcher.supervisor import Supervisor
from tests.config.running import ROOT
from tests.support.waiting import eventually

# Ignores SIGTERM, starts a child of its own that does too, and says both numbers.
STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
inner = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
print(os.getpid(), inner.pid, flush=True)
time.sleep(300)
"""
SUPERVISED = """
import sys; sys.path.insert(0, {root!r})
from pathlib import Path
from launcher.supervisor import Supervisor
supervisor = Supervisor(Path({folder!r}))
sleep = "import os, time; print(os.getpid(), flush=True); time.sleep(300)"
supervisor.add("sleeper", [sys.executable, "-c", sleep], {{}})
supervisor.wait(lambda: False, 300)
"""


def mended(supervisor: Supervisor, question: Callable[[], bool]) -> Callable[[], bool]:
    """The question, for one that is asked while the supervisor works."""

    def asked() -> bool:
        if answer := question():
            return answer
        supervisor.mend()
        return False

    return asked


def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


@pytest.fixture
def supervisor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    monkeypatch.setattr(module, "TERMINATE_SECONDS", 0.3)
    (tmp_path / "log").mkdir()
    supervisor = Supervisor(tmp_path)
    yield supervisor
    supervisor.stop()


def test_it_starts_again_what_crashed_and_says_so(
    supervisor: Supervisor, capsys: pytest.CaptureFixture[str]
) -> None:
    child = supervisor.add(
        "fragile", [sys.executable, "-c", "print('here'); raise SystemExit(3)"], {}
    )

    eventually("the child is started again", mended(supervisor, lambda: child.restarts >= 1))
    assert "fragile failed with status 3; starts again in 0.5 s" in capsys.readouterr().out
    assert "here" in child.tail()


def test_what_calls_a_door_while_its_process_is_down_is_answered_by_the_next(
    supervisor: Supervisor,
) -> None:
    serve = (
        "import os, socket, sys; door = socket.socket(fileno=int(sys.argv[1])); caller, _ = "
        "door.accept(); "
        "caller.sendall(str(os.getpid()).encode()); os._exit(3)"
    )
    with socket.create_server(("127.0.0.1", 0)) as door:
        command = [sys.executable, "-c", serve, str(door.fileno())]
        child = supervisor.add("server", command, {}, listener=door)
        for starts in (0, 1):
            with socket.create_connection(door.getsockname(), timeout=20) as caller:
                eventually(
                    f"the server is started {starts} times more",
                    mended(supervisor, lambda wanted=starts: child.restarts == wanted),
                )
                assert child.process
                assert caller.recv(20) == str(child.process.pid).encode()


def test_it_waits_longer_each_time(
    supervisor: Supervisor, capsys: pytest.CaptureFixture[str]
) -> None:
    child = supervisor.add("fragile", [sys.executable, "-c", ""], {})
    for _ in range(8):
        assert child.process is not None
        child.process.wait()
        supervisor.mend()
        child.due = 1e-9  # as if the pause were over
        supervisor.mend()

    said = capsys.readouterr().out
    assert [f"in {pause} s" in said for pause in ("0.5", "1", "2", "4", "8", "15")] == [True] * 6
    assert "in 16 s" not in said


def test_stopping_leaves_nothing_of_a_stubborn_family(supervisor: Supervisor) -> None:
    child = supervisor.add("stubborn", [sys.executable, "-c", STUBBORN], {})
    eventually("both of the family tell their number", lambda: len(child.tail().split()), equals=2)
    family = [int(pid) for pid in child.tail().split()]

    supervisor.stop()

    eventually("the family is gone", lambda: all(gone(pid) for pid in family))


def test_stores_are_stopped_last(supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    ended = supervisor._end
    monkeypatch.setattr(
        supervisor,
        "_end",
        lambda children, seconds: (
            order.extend(c.name for c in children),
            ended(children, seconds),
        ),
    )
    sleep = [sys.executable, "-c", "import time; time.sleep(300)"]
    supervisor.add("store", sleep, {}, last=True)
    supervisor.add("web", sleep, {})

    supervisor.stop()

    assert order == ["web", "store"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_children_die_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    program = SUPERVISED.format(root=str(ROOT), folder=str(tmp_path))
    parent = subprocess.Popen([sys.executable, "-c", program])
    log = tmp_path / "log" / "sleeper.log"
    eventually("the sleeper tells its number", lambda: log.exists() and log.read_text().strip())
    sleeper = int(log.read_text())

    parent.send_signal(signal.SIGKILL)
    parent.wait()

    eventually("the sleeper is gone", lambda: gone(sleeper))


def test_a_signal_ends_the_waiting(supervisor: Supervisor) -> None:
    before = {
        number: signal.getsignal(number)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        supervisor.listen()
        os.kill(os.getpid(), signal.SIGTERM)

        assert supervisor.wait(lambda: False, 20) is False
        assert supervisor.interrupted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_logs_do_not_grow_without_end(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_LOG_BYTES", 100)
    child = supervisor.add("chatty", [sys.executable, "-c", "print('x' * 500)"], {})
    assert child.process is not None
    child.process.wait()

    supervisor.rotate_logs()

    assert child.log.stat().st_size == 0
    assert child.log.with_suffix(".log.1").stat().st_size == 501
