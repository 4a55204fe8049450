"""The life of one `./run`: prepares the data folder, starts the processes of `processes`, keeps
them until the end.
"""

import contextlib
import json
import os
import shutil
import subprocess
import time
from argparse import Namespace
from pathlib import Path

from launcher import environment, probe, processes
from launcher.folder import Folder, StackState, data_folder
from launcher.parent_death import die_with_parent
from launcher.processes import Plan
from launcher.stores import listens
from launcher.supervisor import Child, Supervisor
from launcher.terminal import Moving, Stop, say, shown

START_SECONDS = 60.0
PREPARE_SECONDS = 300.0
ROLES = (
    ("moderator", "watches, warns, mutes, bans from rooms, ends streams"),
    ("banadmin", "also places and lifts platform bans"),
    ("supervisor", "all of it, the record and the accounts"),
    ("auditor", "reads, changes nothing"),
)


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
        raise Stop(
            f"The preparation did not end within {PREPARE_SECONDS:.0f} s. Its log: {shown(log)}"
        )
    if status:
        raise Stop(refusal(log.read_text("utf-8", "replace").strip(), plan))


def refusal(output: str, plan: Plan) -> str:
    """What to tell a person about a failed preparation: the last thing Django said, without the
    trace.
    """
    if "disk is full" in output or "No space left" in output:
        return f"The disk is full: {plan.variables['LIVEWARDEN_DATA_DIR']} takes no more."
    if "Livewarden does not start" in output or "SystemCheckError" in output:
        return output
    said = [
        line
        for line in output.splitlines()
        if line and not line.startswith(("Traceback", "  ", "The above"))
    ]
    return f"The console cannot be prepared. {said[-1] if said else ''}"


def start(supervisor: Supervisor, plan: Plan, options: Namespace) -> None:
    """Starts everything, waits until pages are served.

    Raises Stop, with its log, when one cannot start.
    """
    with Moving("starting") as line:
        if plan.socket:
            plan.socket.unlink(missing_ok=True)
            line.show("valkey")
            command = processes.valkey_command(plan.socket, supervisor.folder)
            await_child(
                supervisor,
                supervisor.add("valkey", command, plan.variables, last=True),
                plan.socket,
            )
        if plan.simulator:
            line.show("simulator")
            # Not on its command line, which everybody on the machine can read.
            variables = {
                **plan.variables,
                "SIMULATOR_SECRET": plan.variables["LIVE_SECRET_KEY"],
                "SIMULATOR_WEBHOOK_TOKEN": plan.variables["LIVE_WEBHOOK_TOKEN"],
            }
            supervisor.add(
                "simulator",
                processes.simulator_command(plan, options),
                variables,
                listener=plan.simulator,
            )
        for name, command in processes.console_commands("--fd", str(plan.web.fileno())).items():
            supervisor.add(
                name, command, plan.variables, listener=plan.web if name == "web" else None
            )
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
    """Waits until a child listens.

    Raises Stop with the end of its log when it does not within 10 s.
    """
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
            "  No account is made for you, and the demo's four are closed. The first one, from "
            "another terminal:\n"
            "    ./run manage first_supervisor NAME\n\n"
        )
    return (
        f"\n  Livewarden watches {what}:  {plan.url}\n\n{entry}"
        f"  Logs and data are in {shown(folder.path)}. Ctrl-C stops everything.\n"
    )


def up(options: Namespace) -> int:
    """One `./run`: everything from an empty folder to a running console, until it is told to
    stop.
    """
    began = time.time()
    path = data_folder(options.data)
    if options.check and not options.data:
        # A folder of its own: the smoke test ends streams and bans people, which is nobody's demo
        # data.
        path = path / "check"
    folder = Folder(path)
    folder.lock()
    if options.check and not options.data:
        clear(path)
    # Before anything is installed: what is refused is refused at once.
    layout = processes.plan(folder, options.port, webhooks=options.webhooks)
    supervisor = Supervisor(folder.path)
    try:
        if options.check and not layout.demo:
            raise Stop(
                "--check ends a stream and bans somebody, so it runs on the simulator only (unset "
                "LIVE_* "
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


def run(
    supervisor: Supervisor, folder: Folder, layout: Plan, options: Namespace, began: float
) -> int:
    """Prepares and starts everything, then stays (or proves it) until told to stop.

    The exit status.
    """
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
    return (
        run_smoke_test(supervisor, folder, options)
        if options.check
        else rest(supervisor, options.seconds)
    )


def clear(path: Path) -> None:
    """Empties the folder of an earlier smoke test, keeping its lock."""
    for entry in path.iterdir():
        if entry.name != "lock":
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    (path / "log").mkdir()


def remember(
    folder: Folder, layout: Plan, supervisor: Supervisor, password: str, began: float
) -> None:
    """Writes, for `./run manage`, the smoke test and the browser tests, how to reach this stack."""
    own = ("LIVE_", "LIVEWARDEN_", "REDIS_", "DATABASE_")
    state: StackState = {
        "url": layout.url,
        "control": layout.control,
        "password": password if layout.demo else "",
        "began": began,
        "launcher": os.getpid(),
        "processes": {
            child.name: child.process.pid for child in supervisor.children if child.process
        },
        "variables": {
            name: value for name, value in layout.variables.items() if name.startswith(own)
        },
    }
    folder.write_private(folder.state, json.dumps(state, indent=1))


def rest(supervisor: Supervisor, seconds: float | None) -> int:
    """Keeps everything running for so long, or until told to stop. 0 when stopped as asked."""
    supervisor.wait(lambda: False, seconds if seconds is not None else float("inf"))
    return 0


def run_smoke_test(supervisor: Supervisor, folder: Folder, options: Namespace) -> int:
    """Runs the smoke test beside the stack, then says whether it passed. 0 only if all of it was
    true.
    """
    seconds = options.seconds or 60.0
    command = [
        str(environment.PYTHON),
        "-m",
        "launcher.smoke_test",
        str(folder.state),
        str(seconds),
    ]
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
