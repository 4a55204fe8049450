"""Keeps a set of processes running: starts, restarts with back-off, stops all of them, leaves none.

honcho was tried: it ends everything when one process ends. Here a crash of one is mended, and said.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from launcher.parent_death import die_with_parent
from launcher.terminal import say, shown

POLL_SECONDS = 0.2
TERMINATE_SECONDS = 3.0
LAST_SECONDS = 1.0
MAX_WAIT_SECONDS = 15.0
STEADY_SECONDS = 30.0
MAX_LOG_BYTES = 20_000_000


@dataclass
class Child:
    """One process: what to run, and how it is doing. `last` ones are stopped after the others.

    `listener`: a listening socket that it is handed at each start. While it is down, what calls
    there waits.
    """

    name: str
    command: Sequence[str]
    variables: Mapping[str, str]
    log: Path
    last: bool = False
    listener: socket.socket | None = None
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    restarts: int = 0
    started: float = 0.0
    due: float = field(default=0.0)

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def tail(self, lines: int = 12) -> str:
        """The end of its log, indented."""
        try:
            text = self.log.read_text("utf-8", errors="replace")
        except OSError:
            return ""
        return "\n".join("    " + line for line in text.splitlines()[-lines:])


class Supervisor:
    """Runs children until `stop()` or a signal.

    One thread: children die with the thread that made them.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.children: list[Child] = []
        self.interrupted = False
        self._impatient = False
        self._logs_checked = time.monotonic()

    def listen(self) -> None:
        """Ctrl-C, SIGTERM and a closed terminal end the run; a second Ctrl-C ends it at once."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: object) -> None:
        self._impatient = self.interrupted and number == signal.SIGINT
        self.interrupted = True

    def add(
        self,
        name: str,
        command: Sequence[str],
        variables: Mapping[str, str],
        *,
        last: bool = False,
        listener: socket.socket | None = None,
    ) -> Child:
        """Starts a process, its output appended to log/<name>.log."""
        child = Child(name, command, variables, self.folder / "log" / f"{name}.log", last, listener)
        self.children.append(child)
        self._start(child)
        return child

    def _start(self, child: Child) -> None:
        child.started = time.monotonic()
        with child.log.open("ab") as log:
            child.process = subprocess.Popen(
                child.command,
                cwd=Path(__file__).resolve().parent.parent,
                env=dict(child.variables),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=(child.listener.fileno(),) if child.listener else (),
                preexec_fn=die_with_parent,  # noqa: PLW1509 (this program has one thread)
            )

    def wait(self, until: Callable[[], bool], seconds: float) -> bool:
        """Keeps everything running until `until()` is true (True), or the time is over or a signal
        came.
        """
        end = time.monotonic() + seconds
        while not self.interrupted:
            if until():
                return True
            left = end - time.monotonic()
            if left <= 0:
                return False
            self.mend()
            time.sleep(min(POLL_SECONDS, max(left, 0.01)))
        return False

    def attend(self, process: subprocess.Popen[bytes], seconds: float) -> int | None:
        """Waits for a process that ends by itself, keeping everything else running.

        Returns its status.

        None, and the process is killed, when the time is over or a signal came.
        """
        self.wait(lambda: process.poll() is not None, seconds)
        if process.poll() is None:
            process.kill()
            process.wait()
            return None
        return process.returncode

    def mend(self) -> None:
        """Starts again what ended, later each time it ends soon; keeps logs from growing without
        end.
        """
        now = time.monotonic()
        for child in self.children:
            if child.runs or child.process is None:
                continue
            if not child.due:
                self._note_end(child, now)
            elif now >= child.due:
                child.due = 0.0
                child.restarts += 1
                self._start(child)
        if now - self._logs_checked > 60:
            self._logs_checked = now
            self.rotate_logs()

    def _note_end(self, child: Child, now: float) -> None:
        assert child.process is not None
        child.failures = 1 if now - child.started > STEADY_SECONDS else child.failures + 1
        pause = min(0.5 * 2 ** (child.failures - 1), MAX_WAIT_SECONDS)
        child.due = now + pause
        how = describe(child.process.returncode)
        say(f"  {child.name} {how}; starts again in {pause:g} s. Its log: {shown(child.log)}")

    def rotate_logs(self) -> None:
        """A log past its size moves to <name>.log.1.

        Writers append, so they go on at the new end.
        """
        for child in self.children:
            with contextlib.suppress(OSError):
                if child.log.stat().st_size > MAX_LOG_BYTES:
                    shutil.copyfile(child.log, child.log.with_suffix(".log.1"))
                    os.truncate(child.log, 0)

    def stop(self) -> None:
        """Ends everything within 5 seconds: politely, then not; the stores last.

        Leaves no process.
        """
        self._end([child for child in self.children if not child.last], TERMINATE_SECONDS)
        self._end([child for child in self.children if child.last], LAST_SECONDS)
        self.children.clear()

    def _end(self, children: list[Child], seconds: float) -> None:
        for child in children:
            signal_group(child, signal.SIGTERM)
        end = time.monotonic() + seconds
        while (
            time.monotonic() < end and not self._impatient and any(child.runs for child in children)
        ):
            time.sleep(0.02)
        for child in children:
            # Also when it ended well: whatever it may have started itself goes with it.
            signal_group(child, signal.SIGKILL)
            if child.process is not None:
                child.process.wait()


def signal_group(child: Child, number: int) -> None:
    """Signals a child and whatever it started."""
    if child.process is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.process.pid, number)


def describe(status: int) -> str:
    """How a process ended, in words."""
    if status < 0:
        return f"was ended by {signal.Signals(-status).name}"
    return "ended by itself" if status == 0 else f"failed with status {status}"
