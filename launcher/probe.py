"""Health checks of docker-compose.yml, in the standard library so that they cost little.

`python -m launcher.probe http://127.0.0.1:8000/readyz` asks a page; `python -m launcher.probe alive acts 30`
wants the worker's sign of life to be at most 30 s old.
"""

import os
import sys
import time
import urllib.request
from pathlib import Path


def page(url: str) -> bool:
    """Whether the page answers 200, asked as a browser of the first allowed host would."""
    host = os.environ.get("LIVEWARDEN_ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".*") or "127.0.0.1"
    request = urllib.request.Request(url, headers={"Host": host})  # noqa: S310 (our own address)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError:
        return False


def alive(name: str, seconds: float) -> bool:
    """Whether a process without a port renewed its sign of life lately."""
    folder = Path(os.environ.get("LIVEWARDEN_DATA_DIR") or Path(__file__).resolve().parent.parent / "var")
    try:
        return time.time() - (folder / "alive" / name).stat().st_mtime <= seconds
    except OSError:
        return False


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["alive"]:
        return 0 if alive(arguments[1], float(arguments[2])) else 1
    return 0 if page(arguments[0]) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
