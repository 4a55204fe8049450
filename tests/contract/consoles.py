"""A console's web process on a free port, its Valkey, its people, and browsers' websockets to
it.
"""

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from launcher.folder import free_port
from tests.contract.running import ROOT, terminate, variables
from tests.fixtures_valkey import start_valkey
from tests.support.waiting import eventually

DAPHNE = ("daphne", "-b", "127.0.0.1", "-v", "0", "-p")
UVICORN = ("uvicorn", "--host", "127.0.0.1", "--log-level", "warning", "--port")
PEOPLE = """
import json
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User
from django.test import Client
from moderation.core.roles import ROLES, make_person
PBKDF2PasswordHasher.iterations = 1000  # ten people at the usual million cost five seconds
people = {role: make_person(role, role, "x" * 12) for role in ROLES}
for name in ("leaver", "changer", "demoted", "locked", "loud"):
    people[name] = make_person(name, "moderator", "x" * 12)
people["nobody"] = User.objects.create_user("nobody")
cookies = {}
for name, person in people.items():
    client = Client()
    client.force_login(person, backend="monitor.backends.ScreenBackend")
    cookies[name] = client.cookies["sessionid"].value
print(json.dumps(cookies))
"""


class Console:
    """One web process. `cookies`: the session of each person by name."""

    def __init__(self, folder: Path, database: Path) -> None:
        self.folder = folder
        self.redis = f"unix://{folder}/valkey.sock"
        self.variables = variables("127.0.0.1:1", self.redis, f"sqlite:///{database}", folder)
        self.valkey = start_valkey(folder)
        self.log = folder / "web.log"
        self.cookies: dict[str, str] = json.loads(self.shell(PEOPLE))
        self.port = 0

    def shell(self, code: str) -> str:
        """Runs Python inside the console's own settings."""
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-v0", "-c", code]
        return subprocess.run(
            command,
            cwd=ROOT,
            env=self.variables,
            check=True,
            text=True,
            stdout=subprocess.PIPE,
            timeout=90,
        ).stdout

    def restart_valkey(self) -> None:
        self.valkey.kill()
        self.valkey.wait()
        self.valkey = start_valkey(self.folder)

    @contextlib.contextmanager
    def serving(self, *server: str) -> Iterator[None]:
        self.port = free_port()
        command = [sys.executable, "-m", *server, str(self.port), "config.asgi:application"]
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.variables, stdout=log, stderr=log
            )
        try:
            eventually("the console listens", self._listens, 20, seen=lambda: self.log.read_text())
            yield
        finally:
            terminate(process)

    def _listens(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def browser(
        self, who: str, *, origin: str | None = "", path: str = "/ws/live", **more: Any
    ) -> "Browser":
        """A new tab of this person ("stranger": nobody logged in)."""
        headers = {"Cookie": f"sessionid={self.cookies[who]}"} if who in self.cookies else {}
        own = f"http://127.0.0.1:{self.port}"
        return Browser(
            connect(
                f"ws://127.0.0.1:{self.port}{path}",
                origin=own if origin == "" else origin,
                additional_headers=headers,
                proxy=None,
                close_timeout=1,
                **more,
            )
        )

    def close(self) -> None:
        self.valkey.terminate()
        self.valkey.wait(5)


class Browser:
    """One websocket as a page would use it. Every wait ends after 10 seconds."""

    def __init__(self, connecting: connect) -> None:
        self._connecting = connecting
        self.connection: ClientConnection = connecting.__enter__()

    def say(self, message: Any) -> None:
        self.connection.send(message if isinstance(message, (str, bytes)) else json.dumps(message))

    def hear(self, seconds: float = 10.0) -> dict[str, Any]:
        """The next frame. Raises TimeoutError or ConnectionClosed."""
        return json.loads(self.connection.recv(timeout=seconds))

    def hear_of(self, *kinds: str) -> dict[str, Any]:
        """The next frame of one of these kinds; others are passed over: one about people may come
        at any time.
        """
        for _ in range(1000):
            if (frame := self.hear())["k"] in kinds:
                return frame
        raise AssertionError(f"no {kinds}")

    def watch(self, *rooms: int, visible: bool = True) -> dict[str, Any]:
        """Says what the page shows; the snapshot that follows."""
        self.say({"watch": rooms, "visible": visible})
        return self.hear_of("snapshot")

    def end(self, seconds: float = 10.0) -> tuple[int, str]:
        """Waits for the server's close: its code and reason."""
        from websockets.exceptions import ConnectionClosed

        try:
            while True:
                self.connection.recv(timeout=seconds)
        except ConnectionClosed as closed:
            assert closed.rcvd is not None, closed
            return closed.rcvd.code, closed.rcvd.reason

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._connecting.__exit__(None, None, None)


@contextlib.contextmanager
def console(migrated: Path) -> Iterator[Console]:
    """A console with a database of its own, not serving yet."""
    folder = Path(tempfile.mkdtemp(prefix="lw-"))
    database = folder / "livewarden.sqlite3"
    database.write_bytes(migrated.read_bytes())
    made = Console(folder, database)
    try:
        yield made
    finally:
        made.close()
        shutil.rmtree(folder, ignore_errors=True)
