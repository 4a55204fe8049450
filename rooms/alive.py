"""Signs of life of processes that listen on no port: a file each, renewed every few seconds.

DATA_DIR/alive/<name>@<machine>@<process id>: workers of one name may share a data folder, and a dead one must not live on by the
signs of another. Read by launcher/probe.py.
"""

import contextlib
import os
import socket
from functools import cache
from pathlib import Path

from django.conf import settings


def touch(name: str) -> None:
    """Renews the sign of this process. Never raises: a full disk must not stop the work itself."""
    with contextlib.suppress(OSError):
        folder = Path(settings.DATA_DIR) / "alive"
        folder.mkdir(parents=True, exist_ok=True)
        tidy(folder, name)
        (folder / f"{name}@{machine()}@{os.getpid()}").touch()


def machine() -> str:
    return socket.gethostname()[:100]


@cache
def tidy(folder: Path, name: str) -> None:
    """Once a process: signs of processes of this machine that are no more go."""
    for file in folder.glob(f"{name}@{machine()}@*"):
        number = file.name.rpartition("@")[2]
        if number.isdecimal() and int(number) != os.getpid() and not is_running(int(number)):
            file.unlink(missing_ok=True)


def is_running(number: int) -> bool:
    """Whether a process of this number runs on this machine."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except OSError:  # another's
        return True
    return True
