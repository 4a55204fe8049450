"""Runs inside the environment: brings a data folder up to date in one process.

`python -m launcher.prepare demo` migrates, collects static files when they changed, and makes the
demo people with the password that it reads from standard input. `python -m launcher.prepare real`
takes the access of those people away. `given-store` after that: the store that REDIS_URL names is
asked first.
"""

import hashlib
import os
import sys
from importlib.metadata import version
from pathlib import Path

import django


def static_fingerprint(folders: list[Path]) -> str:
    """Names, sizes and times of the project's static files, and the version of what brings
    others.
    """
    digest = hashlib.sha256(f"{django.__version__} {version('django-htmx')}".encode())
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                state = file.stat()
                digest.update(f"{file} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def see_that_the_store_takes_us() -> None:
    """Raises SystemExit, in words, when the server of REDIS_URL hangs or wants another password."""
    import redis
    from django.conf import settings

    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=3, socket_connect_timeout=3, retry=None
        ) as client:
            client.ping()
    except (redis.RedisError, OSError) as error:
        raise SystemExit(
            f"The server that REDIS_URL names does not take us: {str(error).rstrip('.')}."
        ) from None


def main(kind: str, password: str, *more: str) -> None:
    os.environ.setdefault(
        "LIVEWARDEN_STATEMENT_SECONDS", "0"
    )  # migrations of large tables take their time
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError

    try:
        call_command("check")
    except SystemCheckError as refused:
        raise SystemExit(str(refused)) from None
    if "given-store" in more:
        see_that_the_store_takes_us()
    call_command("migrate", interactive=False, verbosity=0)
    stamp = Path(settings.STATIC_ROOT) / ".fingerprint"
    wanted = static_fingerprint([Path(folder) for folder in settings.STATICFILES_DIRS])
    if not stamp.is_file() or stamp.read_text() != wanted:
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        stamp.write_text(wanted)
    if kind == "demo":
        call_command("demo_people", password=password, verbosity=0)
        return
    from moderation.staff import accounts

    closed = accounts.close_demo(password)
    if closed:
        sys.stdout.write(f"closed {' '.join(closed)}\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.stdin.readline().strip(), *sys.argv[2:])
