"""The data folder of a stack (default var/): its lock, its generated secrets, its sockets and
ports.
"""

import errno
import fcntl
import json
import os
import re
import secrets
import socket
import tempfile
import time
from pathlib import Path
from typing import IO, TypedDict

from launcher import dotenv, environment
from launcher.terminal import Stop, shown

# Linux takes 108 bytes with the closing zero. Anything but plain characters would need quoting in
# addresses.
MAX_SOCKET_PATH = 100
PLAIN_PATH = re.compile(r"[A-Za-z0-9._/-]+")
FIRST_PORT = 8000
PORTS_TRIED = 100
LOCK_SECONDS = 0.5
Listener = socket.socket
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class StackState(TypedDict):
    """What a running stack writes into its folder (`stack.json`) for the programs that use it."""

    url: str
    control: str | None  # address of the simulator's control endpoint; None with the real service
    password: str  # of the demo people, "" without them
    began: float  # Unix seconds
    launcher: int  # process id
    processes: dict[str, int]  # name -> process id
    variables: dict[str, str]  # environment of the console's processes


def read_state(file: Path) -> StackState:
    """Raises OSError or ValueError when there is none, or half of one."""
    state: StackState = json.loads(file.read_text("utf-8"))
    return state


class Folder:
    """A data folder that this process may use: made, writable, and locked while `lock()` is
    held.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.state = path / "stack.json"
        self._lock: IO[str] | None = None
        try:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            (path / "log").mkdir(exist_ok=True)
            probe = path / ".writable"
            probe.write_bytes(b"x" * 4096)
            probe.unlink()
        except OSError as error:
            raise Stop(unwritable(path, error)) from None

    def lock(self) -> None:
        """Claims the folder for this process. Raises Stop, naming who has it."""
        self._lock = (self.path / "lock").open("a+")
        if self._locked():
            # Of a stack that was killed: nobody may take its address for the one of this stack.
            self.state.unlink(missing_ok=True)
        else:
            self.unlock()
            running = self.running()
            where = f" at {running['url']}" if running else ""
            raise Stop(
                f"Livewarden is already running on {shown(self.path)}{where}.\n"
                "Stop it there (Ctrl-C), or start a second one on its own folder: ./run --data "
                "FOLDER"
            )

    def _locked(self) -> bool:
        """Whether the lock could be taken.

        Tried for a moment: `running()` of another process holds it that long.
        """
        assert self._lock is not None
        end = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                if time.monotonic() > end:
                    return False
                time.sleep(0.02)
            else:
                return True

    def unlock(self) -> None:
        """Gives the folder back; the end of the process does so too."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def running(self) -> StackState | None:
        """What the stack that holds this folder wrote about itself, or None when none runs."""
        with (self.path / "lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                pass
            else:
                return None
        try:
            return read_state(self.state)
        except (OSError, ValueError):
            return None

    def kept(self, name: str) -> str:
        """A secret that was made before, or nothing."""
        try:
            return (self.path / name).read_text("utf-8").strip()
        except FileNotFoundError:
            return ""

    def secret(self, name: str, length: int = 50) -> str:
        """A generated secret, made once and kept in a file that only its owner reads."""
        file = self.path / name
        kept = self.kept(name)
        if len(kept) >= length:
            return kept
        made = "".join(secrets.choice(ALPHABET) for _ in range(length))
        self.write_private(file, made + "\n")
        return made

    def write_private(self, file: Path, text: str) -> None:
        """Writes a file that only its owner may read, in one step."""
        new = file.with_name(f".{file.name}.new")
        new.unlink(missing_ok=True)
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
        new.replace(file)

    def listener(self, name: str) -> Listener:
        """A socket on a port of 127.0.0.1 that stays the same from run to run as long as it is
        free.

        The simulated platform's covers are addresses of its port: stored ones would be dead after
        each start.
        """
        file = self.path / name
        kept = file.read_text("utf-8").strip() if file.is_file() else ""
        usual = int(kept) if re.fullmatch(r"[0-9]{4,5}", kept) else 0
        found = (listening(usual) if 0 < usual < 65536 else None) or any_port()
        if port_of(found) != usual:
            self.write_private(file, f"{port_of(found)}\n")
        return found

    def socket_path(self) -> Path:
        """Where Valkey listens: in the folder, or in a short one of its own when the path is too
        long.
        """
        path = self.path / "valkey.sock"
        if len(os.fsencode(path)) <= MAX_SOCKET_PATH and PLAIN_PATH.fullmatch(str(path)):
            return path
        short = Path(tempfile.mkdtemp(prefix="lw-", dir="/tmp"))
        return short / "valkey.sock"


def data_folder(chosen: str | None) -> Path:
    """Of a stack: what the command line says, else LIVEWARDEN_DATA_DIR (environment or .env), else
    var/. Raises Stop.
    """
    said = (
        chosen
        or dotenv.completed(os.environ, environment.ROOT).get("LIVEWARDEN_DATA_DIR", "").strip()
    )
    return Path(said).absolute() if said else environment.ROOT / "var"


def unwritable(path: Path, error: OSError) -> str:
    """What to tell a person about a folder that does not take files."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"The disk is full: {shown(path)} takes no more."
    venv = (
        ""
        if environment.PYTHON.exists() or os.access(environment.ROOT, os.W_OK)
        else "LIVEWARDEN_VENV=FOLDER/venv "
    )
    why = error.strerror or error
    return (
        f"Cannot write to {shown(path)}: {why}. Give another folder: {venv}./run --data FOLDER/data"
    )


def listening(port: int) -> Listener | None:
    """A socket that listens on this port of 127.0.0.1, or None when the port is taken or not
    allowed.

    It is held from here on and handed to the process that serves: a port that was only found free
    may be somebody else's a moment later, and what answers there is then not what this `./run`
    started.
    """
    try:
        return socket.create_server(("127.0.0.1", port), backlog=1024)
    except OSError:
        return None


def port_of(listener: Listener) -> int:
    return int(listener.getsockname()[1])


def any_port() -> Listener:
    """Listens on any free port of 127.0.0.1. Raises Stop when the machine has none."""
    found = listening(0)
    if found is None:
        raise Stop("No port of 127.0.0.1 can be listened on.")
    return found


def free_port() -> int:
    """Any free port of 127.0.0.1, for a program that takes no socket."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def web_listener(wanted: int | None) -> Listener:
    """On the wanted port (0: any), else on 8000 or the next free one.

    Raises Stop when the wanted one is taken.
    """
    if wanted is not None:
        found = listening(wanted)
        if found is None:
            raise Stop(
                f"Port {wanted} is taken by another program, or not allowed. Without --port, one "
                "is found."
            )
        return found
    tried = (listening(port) for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED))
    return next((found for found in tried if found), None) or any_port()
