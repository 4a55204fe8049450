"""Signs of life of processes that listen on no port: a file each, renewed every few seconds."""

import contextlib

from django.conf import settings


def touch(name: str) -> None:
    """Renews DATA_DIR/alive/<name>. Never raises: a full disk must not stop the work itself."""
    with contextlib.suppress(OSError):
        folder = settings.DATA_DIR / "alive"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
