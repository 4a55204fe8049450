"""The console's web process on a free port, where the simulated vendor's webhooks arrive."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx

from launcher.folder import free_port
from tests.contract.running import ROOT, Simulator, terminate
from tests.support.waiting import eventually

PATH = "/webhooks/live"


@contextlib.contextmanager
def webhook_console(environment: dict[str, str], log: Path) -> Iterator[str]:
    """A web process of this installation; the address of its webhook endpoint."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "daphne",
        "-b",
        "127.0.0.1",
        "-v",
        "0",
        "-p",
        str(port),
        "config.asgi:application",
    ]
    with log.open("ab") as file:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=file)

    def answers() -> bool:
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=2).status_code == 200
        return False

    try:
        eventually("the console answers", answers, 50, seen=lambda: log.read_text())
        yield f"http://127.0.0.1:{port}{PATH}"
    finally:
        terminate(process)


def arrived(simulated: Simulator) -> int:
    """How many webhooks were taken, once none is on its way any more."""

    def nothing_waits() -> bool:
        seen = simulated.get("webhooks")
        return not seen["waiting"] and not seen["in_flight"]

    eventually("no webhook is on its way", nothing_waits, 10)
    return int(simulated.get("webhooks")["sent"])
