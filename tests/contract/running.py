"""Starting the real simulator and the real collector, each in a process of its own, on free
ports.
"""

import contextlib
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
SECRET = "the-secret-key-of-the-tests-and-nothing-else"
WEBHOOK_TOKEN = "the-webhook-token-of-the-tests"
START_SECONDS = 90  # a quiet machine needs one or two


def terminate(process: subprocess.Popen[Any], seconds: float = 8.0) -> float:
    """Asks a process to end and returns the seconds it took; kills it after `seconds`."""
    began = time.monotonic()
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return time.monotonic() - began


class Simulator:
    """The running stand-in and its control door."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.host = url.removeprefix("http://")
        self.door = httpx.Client(base_url=f"{url}/_simulator", timeout=10)

    def get(self, path: str, **query: Any) -> Any:
        return self.door.get(path, params=query).raise_for_status().json()

    def order(self, what: str, **fields: Any) -> Any:
        return self.door.post(what, json=fields).raise_for_status().json()

    def close(self) -> None:
        self.door.close()

    def clear_faults(self) -> None:
        self.door.delete("fault").raise_for_status()


@contextlib.contextmanager
def simulator(*options: str) -> Iterator[Simulator]:
    """A simulator on a free port."""
    command = [sys.executable, "-m", "simulator", "--port", "0", *options]
    environment = {
        **os.environ,
        "SIMULATOR_SECRET": SECRET,
        "SIMULATOR_WEBHOOK_TOKEN": WEBHOOK_TOKEN,
    }
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], START_SECONDS)
        line = process.stdout.readline() if ready else ""
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert found, f"the simulator does not start: {line}"
        with contextlib.closing(Simulator(found[0])) as running:
            yield running
    finally:
        terminate(process)
        if process.stdout is not None:
            process.stdout.close()


def variables(
    simulated: str, redis_url: str, database: str, folder: Path, **more: str
) -> dict[str, str]:
    """The environment of a console process that talks to this simulator, quick about everything."""
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("LIVE_", "LIVEWARDEN_", "REDIS_"))
    }
    return kept | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "LIVEWARDEN_MODE": "test",
        "LIVEWARDEN_DATA_DIR": str(folder),
        "LIVEWARDEN_LOG_LEVEL": "INFO",
        "LIVEWARDEN_SWEEP_INTERVAL": "1",
        "LIVEWARDEN_REST_INTERVAL": "1",
        "LIVEWARDEN_WATCHED_INTERVAL": "1",
        "LIVEWARDEN_TICK_SECONDS": "0.2",
        "LIVE_SDKAPPID": "1400000000",
        "LIVE_SECRET_KEY": SECRET,
        "LIVE_HOST": simulated,
        "LIVE_ALLOW_LOOPBACK": "1",
        "LIVE_SHARE": "1",
        "REDIS_URL": redis_url,
        "DATABASE_URL": database,
        "PYTHONUNBUFFERED": "1",
        **more,
    }


class Collector:
    """A running `manage.py collect` and its log."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "collect"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )

    @property
    def text(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def stop(self) -> float:
        return terminate(self.process)
