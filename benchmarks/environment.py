"""The environment of one benchmark: a folder, a Valkey, a prepared database, and the processes of
the console that it starts.

The commands are those of `./run`, so that what is measured is what people run.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from launcher import environment, measure, probe, processes, stores
from launcher.folder import free_port
from launcher.supervisor import die_with_parent

PASSWORD = "benchmark-people-log-in"
SECRET = "the-secret-key-of-the-benchmarks-and-nothing-else"
START_SECONDS = 180.0  # a shared machine takes its time
STOP_SECONDS = 5.0


def eventually(question: Callable[[], Any], seconds: float = START_SECONDS) -> Any:
    """The first true answer. Raises TimeoutError when none comes in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := question():
            return answer
        time.sleep(0.02)
    raise TimeoutError(f"not true within {seconds:.0f} s")


class BenchmarkEnvironment:
    """Processes of one benchmark by name, their settings in `variables`; all are ended by
    `close()`.
    """

    def __init__(self, **variables: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="lw-bench-", dir="/tmp"))
        self.log = self.folder / "log"
        self.log.mkdir()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("LIVE_", "LIVEWARDEN_", "REDIS_", "DATABASE_"))
        }
        self.variables = kept | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "LIVEWARDEN_MODE": "demo",
            "LIVEWARDEN_MOST_TABS": "10000",  # a thousand sockets stand for as many people
            "LIVEWARDEN_DATA_DIR": str(self.folder),
            "LIVEWARDEN_LOG_LEVEL": "WARNING",
            "LIVE_SDKAPPID": processes.SDKAPPID,
            "LIVE_SECRET_KEY": SECRET,
            "LIVE_ADMIN": processes.ADMIN,
            "LIVE_HOST": "127.0.0.1:1",
            "LIVE_ALLOW_LOOPBACK": "1",
            "REDIS_URL": f"unix://{self.folder / 'valkey.sock'}",
            "MALLOC_ARENA_MAX": "1",
            "PYTHONUNBUFFERED": "1",
            **variables,
        }

    # --- Starting ---------------------------------------------------------------------------------

    def start(
        self, name: str, command: Sequence[str], variables: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Starts a process from the project's folder, its output in log/<name>.log."""
        with (self.log / f"{name}.log").open("ab") as out:
            process = subprocess.Popen(
                command,
                cwd=environment.ROOT,
                env={**self.variables, **(variables or {})},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                preexec_fn=die_with_parent,  # noqa: PLW1509 (started before any thread)
            )
        self.processes[name] = process
        return process

    def valkey(self) -> str:
        """A Valkey on a unix socket; its address."""
        path = self.folder / "valkey.sock"
        self.start("valkey", processes.valkey_command(path, self.folder))
        eventually(lambda: stores.listens(path))
        return self.variables["REDIS_URL"]

    def prepare(self) -> None:
        """Migrated database, static files, one account a role with PASSWORD."""
        subprocess.run(
            [sys.executable, "-m", "launcher.prepare", "demo"],
            input=PASSWORD + "\n",
            cwd=environment.ROOT,
            env=self.variables,
            check=True,
            text=True,
            timeout=300,
        )

    def django(self) -> None:
        """Sets Django up in this process with its settings; once a process."""
        os.environ.update(self.variables)
        import django

        django.setup()

    def simulator(self, *options: str) -> str:
        """The simulated platform; its address. The console's processes started later talk to it."""
        port = free_port()
        command = [
            sys.executable,
            "-m",
            "simulator",
            "--port",
            str(port),
            "--sdkappid",
            processes.SDKAPPID,
            *options,
        ]
        self.start(
            "simulator", [*command, "--admin", processes.ADMIN], {"SIMULATOR_SECRET": SECRET}
        )
        self.variables["LIVE_HOST"] = f"127.0.0.1:{port}"
        eventually(lambda: stores.listens(port))
        return f"http://127.0.0.1:{port}"

    def console(self, *names: str) -> str:
        """Processes of the console by the names of `launcher.processes`: web, collector,
        worker-acts, ...

        Returns the address of `web`, which has answered /readyz when it is among them.
        """
        port = free_port()
        commands = processes.console_commands("-b", "127.0.0.1", "-p", str(port))
        for name in names:
            self.start(name, commands[name])
        if "web" in names:
            eventually(lambda: probe.page(port, "/readyz", self.variables))
        return f"http://127.0.0.1:{port}"

    # --- Measuring --------------------------------------------------------------------------------

    def cpu(self, name: str) -> float:
        """CPU seconds that a process has used so far."""
        return measure.cpu_seconds(self.processes[name].pid)

    def resident(self, name: str) -> float:
        """Resident megabytes of a process."""
        return measure.resident_megabytes(self.processes[name].pid)

    # --- Ending -----------------------------------------------------------------------------------

    def end(self, name: str) -> None:
        """Asks one process to end, and makes it."""
        process = self.processes.pop(name)
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def close(self) -> None:
        """Ends everything and removes the folder."""
        for name in reversed(list(self.processes)):
            self.end(name)
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def benchmark_environment(**variables: str) -> Iterator[BenchmarkEnvironment]:
    """An environment that is always removed; after an error the ends of its logs are shown."""
    env = BenchmarkEnvironment(**variables)
    try:
        yield env
    except BaseException:
        for file in sorted(env.log.glob("*.log")):
            if tail := file.read_text("utf-8", "replace").splitlines()[-12:]:
                sys.stderr.write("\n".join([f"--- {file.name}", *tail, ""]))
        raise
    finally:
        env.close()
