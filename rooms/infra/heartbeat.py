"""Signs of life of processes that listen on no port: a file each, renewed every few seconds.

DATA_DIR/alive/<name>@<machine>@<process id>: workers of one name may share a data folder, and a
dead one must not live on by the signs of another. Read by launcher/probe.py, which knows the names
of the files and nothing but Python's own library.
"""

import contextlib
import os
from functools import cache
from pathlib import Path

from django.conf import settings

from launcher.probe import is_running, sign_of, signs


def touch(name: str) -> None:
    """Renews the sign of this process. Never raises: a full disk must not stop the work itself."""
    with contextlib.suppress(OSError):
        folder = Path(settings.DATA_DIR) / "alive"
        folder.mkdir(parents=True, exist_ok=True)
        tidy(folder, name)
        (folder / sign_of(name, os.getpid())).touch()


@cache
def tidy(folder: Path, name: str) -> None:
    """Once a process: signs of processes of this machine that are no more go."""
    for file, number in signs(folder, name):
        if number != os.getpid() and not is_running(number):
            file.unlink(missing_ok=True)
