"""Starting `./run` as a person does, in a process of its own, and knowing what it consists of."""

import contextlib
import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from launcher.parent_death import die_with_parent

ROOT = Path(__file__).resolve().parents[1]
OWN = ("LIVE_", "LIVEWARDEN_", "REDIS_", "DATABASE_", "DJANGO_", "SIMULATOR_")
START_SECONDS = 90.0
# The launcher promises 5 s. A machine that also runs other tests gets more, but not for ever.
STOP_SECONDS = 15.0


@dataclass
class Launched:
    """A running `./run`: its process, what it has said so far, and what it wrote about itself."""

    process: subprocess.Popen[str]
    folder: Path
    said: str
    state: dict[str, Any]

    @property
    def url(self) -> str:
        return str(self.state["url"])

    @property
    def password(self) -> str:
        return str(self.state["password"])

    def family(self) -> list[psutil.Process]:
        """The launcher and everything that it, or what it started, has started."""
        launcher = psutil.Process(self.process.pid)
        return [launcher, *launcher.children(recursive=True)]

    def signal(self, number: signal.Signals) -> str:
        """Signals the launcher (Ctrl-C: its whole group, as a terminal does), returns its last
        words.
        """
        if number == signal.SIGINT:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        words, _ = self.process.communicate(timeout=STOP_SECONDS)
        return words


@contextlib.contextmanager
def launched(
    folder: Path, *options: str, any_port: bool = True, **variables: str
) -> Iterator[Launched]:
    """`./run --data folder` until it has said where it is. Stopped afterwards if it still runs.

    `any_port`: on any free one (`--port 0`), else on the one that it takes by itself.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OWN)}
    process = subprocess.Popen(
        [
            sys.executable,
            "run",
            *(("--port", "0") if any_port else ()),
            "--data",
            str(folder),
            *options,
        ],
        cwd=ROOT,
        # Stills only where a test asks: the simulated platform would encode every room's stream.
        env={**kept, "LIVEWARDEN_STILL_INTERVAL": "0", **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=die_with_parent,
    )
    try:
        said = until_it_runs(process)
        state = json.loads((folder / "stack.json").read_text("utf-8"))
        yield Launched(process, folder, said, state)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process.stdout is not None:
            process.stdout.close()


def managed(folder: Path, *words: str, **variables: str) -> str:
    """`./run manage --data folder ...` beside a running stack; what it says.

    Fails with that when it fails.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OWN)}
    answer = subprocess.run(
        [sys.executable, "run", "manage", "--data", str(folder), *words],
        cwd=ROOT,
        env={**kept, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


def until_it_runs(process: subprocess.Popen[str]) -> str:
    """What a launcher says up to the line that ends its banner.

    Fails, with that text, when it does not come.
    """
    lines: queue.Queue[str] = queue.Queue()
    stream = process.stdout
    assert stream is not None

    def read() -> None:
        for line in iter(stream.readline, ""):
            lines.put(line)
            if "Ctrl-C" in line:
                return
        lines.put("")

    threading.Thread(target=read, daemon=True).start()
    said, end = "", time.monotonic() + START_SECONDS
    while "Ctrl-C" not in said:
        try:
            line = lines.get(timeout=max(0.01, end - time.monotonic()))
        except queue.Empty:
            line = ""
        assert line, f"./run does not come up:\n{said}"
        said += line
    assert re.search(r"http://127\.0\.0\.1:\d+", said), said
    return said
