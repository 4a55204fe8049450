"""Health checks, by hand on a socket so that they cost little: urllib would bring TLS, 8 MB and 50
ms.

`python -m launcher.probe page 8000 /readyz` asks a page of this machine. `python -m launcher.probe
alive acts 30` wants the signs of life of the processes of that name to be at most 30 s old.
docker-compose.yml runs both.
"""

import contextlib
import os
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path


def page(port: int, path: str, variables: Mapping[str, str], seconds: float = 3.0) -> bool:
    """Whether a page of 127.0.0.1 answers 200, asked under the first host that the console
    allows.
    """
    host = (
        variables.get("LIVEWARDEN_ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".*")
        or "127.0.0.1"
    )
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
            connection.sendall(f"GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
            return connection.recv(64).split(b" ")[1:2] == [b"200"]
    except OSError:
        return False


def alive(name: str, seconds: float, variables: Mapping[str, str]) -> bool:
    """Whether every running process of that name on this machine renewed its sign of life lately,
    and there is one.

    See rooms/infra/heartbeat.py. A process that has ended is none; one that hangs makes this false,
    whatever the others do.
    """
    folder = Path(
        variables.get("LIVEWARDEN_DATA_DIR") or Path(__file__).resolve().parent.parent / "var"
    )
    ages = []
    for file, number in signs(folder / "alive", name):
        with contextlib.suppress(OSError):  # it went this moment
            if is_running(number):
                ages.append(time.time() - file.stat().st_mtime)
    return bool(ages) and max(ages) <= seconds


def sign_of(name: str, number: int | str) -> str:
    """The name of the file that a process of this machine renews."""
    return f"{name}@{socket.gethostname()[:100]}@{number}"


def signs(folder: Path, name: str) -> Iterator[tuple[Path, int]]:
    """The signs of this machine's processes of that name, each with the number of its process."""
    for file in folder.glob(sign_of(name, "*")):
        number = file.name.rpartition("@")[2]
        if number.isdecimal():
            yield file, int(number)


def is_running(number: int) -> bool:
    """Whether a process of this number runs on this machine."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except OSError:  # another's
        return True
    return True


def main(arguments: list[str]) -> int:
    kind, what, more = arguments
    held = (
        page(int(what), more, os.environ)
        if kind == "page"
        else alive(what, float(more), os.environ)
    )
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
