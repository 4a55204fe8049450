"""Health checks, by hand on a socket so that they cost little: urllib would bring TLS, 8 MB and 50 ms.

`python -m launcher.probe page 8000 /readyz` asks a page of this machine. `python -m launcher.probe alive
acts 30` wants a process's sign of life to be at most 30 s old. docker-compose.yml runs both.
"""

import os
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path


def page(port: int, path: str, variables: Mapping[str, str], seconds: float = 3.0) -> bool:
    """Whether a page of 127.0.0.1 answers 200, asked under the first host that the console allows."""
    host = variables.get("LIVEWARDEN_ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".*") or "127.0.0.1"
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
            connection.sendall(f"GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
            return connection.recv(64).split(b" ")[1:2] == [b"200"]
    except OSError:
        return False


def alive(name: str, seconds: float, variables: Mapping[str, str]) -> bool:
    """Whether a process without a port renewed its sign of life lately."""
    folder = Path(variables.get("LIVEWARDEN_DATA_DIR") or Path(__file__).resolve().parent.parent / "var")
    try:
        return time.time() - (folder / "alive" / name).stat().st_mtime <= seconds
    except OSError:
        return False


def main(arguments: list[str]) -> int:
    kind, what, more = arguments
    held = page(int(what), more, os.environ) if kind == "page" else alive(what, float(more), os.environ)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
