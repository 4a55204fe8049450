"""`./run` before anything runs: the Python it needs, the folder it keeps, ports, secrets, and its
words.
"""

import ast
import contextlib
import errno
import fcntl
import json
import os
import re
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import tomllib
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest

from launcher import environment, main, processes, stack, stores
from launcher import folder as folders
from launcher.development import testing
from launcher.folder import (
    Folder,
    Listener,
    data_folder,
    free_port,
    port_of,
    unwritable,
    web_listener,
)
from launcher.terminal import Stop
from tests.config.running import ROOT, clean_environment, python
from tests.support.waiting import eventually

LEAST = {"LIVE_SDKAPPID": "1400000000", "LIVE_SECRET_KEY": "k", "LIVE_ADMIN": "a", "LIVE_HOST": "h"}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "var")


@pytest.fixture
def planned(folder: Folder) -> Iterator[Callable[..., processes.Plan]]:
    """`processes.plan` of a folder (else of this test's), any port (else the given one); its doors
    are closed afterwards.
    """
    with contextlib.ExitStack() as made:

        def plan(
            on: Folder | None = None, port: int | None = 0, *, webhooks: bool = True
        ) -> processes.Plan:
            layout = processes.plan(on or folder, port, webhooks=webhooks)
            made.callback(layout.close)
            return layout

        yield plan


# --- Words instead of traces ----------------------------------------------------------------------


def test_an_old_python_can_read_the_file_and_gets_words() -> None:
    source = (ROOT / "run").read_text("utf-8")
    ast.parse(source, feature_version=(3, 4))
    program = "import sys; sys.version_info = (3, 8, 10); exec(compile(open('run').read(), 'run', 'exec'))"

    answer = python("-c", program)

    assert answer.returncode == 2
    assert "needs Python 3.11 or newer; this is Python 3.8" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_help_says_every_command() -> None:
    answer = python("run", "--help")

    assert answer.returncode == 0
    for command in (
        "test",
        "bench",
        "simulator",
        "manage",
        "lock",
        "--for 60 --check",
        "--port",
        "--data",
    ):
        assert command in answer.stdout


@pytest.mark.parametrize(
    "arguments", [("--port", "abc"), ("--port", "70000"), ("--rooms", "0"), ("--for", "-1")]
)
def test_nonsense_arguments_are_refused_without_a_trace(arguments: tuple[str, str]) -> None:
    answer = python("run", *arguments)

    assert answer.returncode == 2
    assert "Traceback" not in answer.stderr
    assert arguments[0] in answer.stderr


def test_an_unknown_command_is_told_where_the_known_ones_are() -> None:
    answer = python("run", "nonsense")

    assert answer.returncode == 2
    assert "There is no ./run nonsense. What there is: ./run --help" in answer.stderr


def test_a_python_without_venv_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(Stop, match=r"apt install python3\.\d+-venv"):
        environment.make(tmp_path / "log")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(Stop, match="Cannot write to"):
        Folder(tmp_path / "file" / "var")


def test_a_full_disk_is_told_as_such(tmp_path: Path) -> None:
    assert "disk is full" in unwritable(tmp_path, OSError(errno.ENOSPC, "No space left on device"))


READ_ONLY = OSError(errno.EROFS, "Read-only file system", "/srv/livewarden/var")


def test_a_read_only_clone_is_told_what_leads_to_a_stack_that_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The advice was --data FOLDER alone, and the next word then a bare error about var/, which
    --data does not move.
    """
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr(environment, "PYTHON", tmp_path / "none")
    assert "LIVEWARDEN_VENV=FOLDER/venv ./run --data FOLDER/data" in unwritable(tmp_path, READ_ONLY)

    monkeypatch.setattr(environment, "is_current", lambda requirements: False)
    monkeypatch.setattr(Path, "mkdir", Mock(side_effect=READ_ONLY))
    with pytest.raises(
        Stop, match=r"Read-only.*\n +LIVEWARDEN_VENV=FOLDER/venv ./run --data FOLDER/data"
    ):
        environment.ensure(environment.RUNTIME)


def test_an_environment_elsewhere_has_all_of_its_files_there(tmp_path: Path) -> None:
    code = (
        "from launcher import environment as e; "
        "print(e.VENV, e.PYTHON, e.install_log(), e.COMPILED['PYTHONPYCACHEPREFIX'], "
        "e.stamp(e.RUNTIME), sep='\\n')"
    )

    said = python("-c", code, LIVEWARDEN_VENV=str(tmp_path / "venv")).stdout.split()

    assert len(said) == 5
    assert all(path.startswith(f"{tmp_path}/venv") for path in said)


# --- Stores that somebody named -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["REDIS_URL", "DATABASE_URL"])
def test_a_store_where_nothing_answers_is_told_at_once_and_without_its_password(
    name: str, tmp_path: Path
) -> None:
    """It was a minute of log lines, and then that the web process does not come up."""
    scheme = "redis" if name == "REDIS_URL" else "postgres"
    value = f"{scheme}://user:hunter2@127.0.0.1:{free_port()}/0"

    answer = python("run", "--port", "0", "--data", str(tmp_path), **{name: value})

    assert answer.returncode == 2
    assert f"{name} names 127.0.0.1:" in answer.stderr and "where nothing answers" in answer.stderr
    assert f"leave {name} out" in answer.stderr
    assert "hunter2" not in answer.stdout + answer.stderr
    assert "reparing" not in answer.stdout


def test_a_socket_that_is_none_and_a_name_that_is_none_are_told_too(tmp_path: Path) -> None:
    for value, where in (
        (f"unix://{tmp_path}/none.sock", f"{tmp_path}/none.sock"),
        ("redis://no-such-host.invalid/0", "no-such-host.invalid:6379"),
    ):
        with pytest.raises(
            Stop, match=f"REDIS_URL names {re.escape(where)}, where nothing answers"
        ):
            stores.see_that_they_answer({"REDIS_URL": value})


def test_what_answers_or_is_no_address_or_is_not_given_is_nobodys_concern_here() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        given = {"REDIS_URL": f"redis://127.0.0.1:{port_of(server)}"}
        for variables in (
            {},
            given,
            {"REDIS_URL": ""},
            {"DATABASE_URL": "sqlite:////x"},
            {"REDIS_URL": "redis://[x"},
        ):
            stores.see_that_they_answer(variables)


@pytest.mark.timeout(180)
def test_a_store_that_does_not_take_us_is_told_before_anything_starts(tmp_path: Path) -> None:
    """It answers, but to another password. The words are the store's own, and hold none of them."""
    here = tmp_path / "valkey.sock"
    server = subprocess.Popen(
        [*processes.valkey_command(here, tmp_path), "--requirepass", "the-right-one"]
    )
    try:
        eventually("Valkey listens", lambda: stack.listens(here), 5)
        url = f"unix://:hunter2@{here}"
        answer = python(
            *("-c", "from launcher import prepare; prepare.main('real', '', 'given-store')"),
            seconds=150,
            DJANGO_SETTINGS_MODULE="config.settings",
            LIVEWARDEN_MODE="demo",
            LIVEWARDEN_DATA_DIR=str(tmp_path),
            REDIS_URL=url,
        )
    finally:
        server.terminate()
        server.wait(10)

    assert answer.returncode == 1
    assert "The server that REDIS_URL names does not take us" in answer.stderr
    assert "hunter2" not in answer.stderr and "Traceback" not in answer.stderr
    assert not (tmp_path / "livewarden.sqlite3").exists()


# --- Environment ----------------------------------------------------------------------------------


def test_the_environment_is_current_until_a_requirement_changes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in environment.LEVELS:
        (tmp_path / environment.lock_of(name)).write_text(name)
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "venv" / "bin" / "python").write_text("")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / "venv")
    monkeypatch.setattr(environment, "PYTHON", tmp_path / "venv" / "bin" / "python")
    assert not environment.is_current(environment.RUNTIME)

    environment.stamp(environment.DEVELOPMENT).write_text(
        environment.fingerprint(environment.DEVELOPMENT)
    )
    assert environment.is_current(environment.DEVELOPMENT)
    assert environment.is_current(environment.RUNTIME)  # development holds the runtime too

    (tmp_path / environment.lock_of(environment.RUNTIME)).write_text("changed")
    assert not environment.is_current(environment.RUNTIME)


def test_what_only_some_commands_need_is_not_in_the_way_of_the_others() -> None:
    """PostgreSQL's binaries stood in requirements-dev.txt: where they had no wheel, `./run test`
    did not install.
    """
    asked = (ROOT / environment.DEVELOPMENT).read_text() + (ROOT / environment.RUNTIME).read_text()

    assert "postgres" not in re.sub(r"#.*", "", asked)
    assert f"-r {environment.DEVELOPMENT}" in (ROOT / environment.POSTGRES).read_text().splitlines()


def test_every_command_asks_for_the_least_that_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(environment, "ensure", lambda requirements: asked.append(requirements))
    monkeypatch.setattr(testing, "run", lambda options: 0)

    for arguments in (["--fast"], ["--fast", "--postgres"]):
        assert main.main(["test", *arguments]) == 0
    monkeypatch.setattr(
        main, "replace_by", lambda command: asked.append(" ".join(command[1:])) or 0
    )
    assert main.main(["test", "--mutants", "--sample", "3"]) == 0
    assert asked == [
        environment.DEVELOPMENT,
        environment.POSTGRES,
        environment.MUTANTS,
        "-m launcher.development.mutants --sample 3",
    ]


def test_the_versions_of_python_that_are_tried_are_said_alike_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    tried = [line.rpartition(" ")[2] for line in project["classifiers"]]
    images = set(
        re.findall(r"^FROM python:([0-9.]+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    )
    words = re.search(r"Tried are ([^.]*(?:\.[0-9][^.]*)*)\.", (ROOT / "README.md").read_text())

    assert project["requires-python"] == f">={tried[0]}"
    assert images == {tried[-1]}
    assert words and re.findall(r"3\.[0-9]+", words[1]) == tried


def test_two_runs_at_once_install_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    done: list[str] = []
    monkeypatch.setattr(environment, "is_current", lambda requirements: requirements in done)
    monkeypatch.setattr(environment, "works", lambda: True)
    monkeypatch.setattr(environment, "stamp", lambda requirements: tmp_path / "stamp")
    monkeypatch.setattr(environment, "install_log", lambda: tmp_path / "install.log")
    began, go_on = threading.Event(), threading.Event()

    def install(requirements: str, log: Path) -> None:
        began.set()
        go_on.wait(10)
        done.append(requirements)

    monkeypatch.setattr(environment, "install", install)
    runs = [threading.Thread(target=environment.ensure, args=(environment.RUNTIME,)) for _ in "ab"]
    runs[0].start()
    assert began.wait(10)
    runs[1].start()
    go_on.set()
    for run in runs:
        run.join(10)

    assert done == [environment.RUNTIME]


def test_only_the_parts_that_run_inside_the_environment_import_from_it() -> None:
    ours = {"launcher"}
    inside = {
        "prepare.py",
        "smoke_test/checks.py",
        "smoke_test/__main__.py",
        "smoke_test/console_client.py",
        "development/messages.py",
        "development/screenshots.py",
        "development/browser.py",
        "development/mutants.py",
    }
    for file in (ROOT / "launcher").rglob("*.py"):
        if str(file.relative_to(ROOT / "launcher")) in inside:
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.split(".")[0] in sys.stdlib_module_names | ours, (
                    f"{file.name} imports {name}"
                )


# --- The data folder ------------------------------------------------------------------------------


def test_the_data_folder_is_what_the_command_says_else_the_environment_else_var(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(os, "environ", {})
    assert data_folder(None) == tmp_path / "var"
    (tmp_path / ".env").write_text("LIVEWARDEN_DATA_DIR = /srv/file\n")
    assert data_folder(None) == Path("/srv/file")
    monkeypatch.setattr(os, "environ", {"LIVEWARDEN_DATA_DIR": "/srv/variable"})
    assert data_folder(None) == Path("/srv/variable")
    assert data_folder("/srv/told") == Path("/srv/told")


@pytest.mark.parametrize("spelling", [["--data", "{}"], ["--data={}"]])
def test_manage_speaks_to_the_stack_on_another_folder(
    spelling: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    called: list[tuple[list[str], dict[str, str]]] = []
    monkeypatch.setattr(
        os, "environ", clean_environment(LIVEWARDEN_DATA_DIR=str(tmp_path / "variable"))
    )
    monkeypatch.setattr(main, "with_environment", lambda requirements: "python")
    monkeypatch.setattr(
        main, "replace_by", lambda command, variables: called.append((command, variables))
    )

    main.manage([word.format(tmp_path / "other") for word in spelling] + ["check", "--deploy"])

    assert called[0][0] == ["python", "manage.py", "check", "--deploy"]
    assert called[0][1]["LIVEWARDEN_DATA_DIR"] == str(tmp_path / "other")


def test_a_second_run_on_the_same_folder_is_told_so(folder: Folder) -> None:
    folder.lock()

    with pytest.raises(Stop, match=r"already running on .*\n.*--data FOLDER"):
        Folder(folder.path).lock()
    folder.unlock()


def test_the_address_of_a_stack_that_was_killed_is_nobodys(folder: Folder) -> None:
    """It stood in the refusal of a second start, and `./run manage` went there, while the new one
    was starting.
    """
    folder.write_private(folder.state, '{"url": "http://127.0.0.1:1"}')
    folder.lock()

    with pytest.raises(Stop) as refused:
        Folder(folder.path).lock()

    assert folder.running() is None
    assert "127.0.0.1" not in str(refused.value)
    folder.unlock()


def test_a_start_waits_for_who_only_looks_whether_one_runs(folder: Folder) -> None:
    """`./run manage` holds the lock while it looks; a start in that moment was refused."""
    with (folder.path / "lock").open("a+") as looking:
        fcntl.flock(looking, fcntl.LOCK_EX)
        threading.Timer(0.1, looking.close).start()
        folder.lock()
    folder.unlock()


def test_the_lock_goes_with_its_holder(folder: Folder) -> None:
    holder = Folder(folder.path)
    holder.lock()
    folder.write_private(folder.state, '{"url": "http://127.0.0.1:1"}')
    assert folder.running() == {"url": "http://127.0.0.1:1"}

    holder.unlock()

    assert folder.running() is None
    folder.lock()
    folder.unlock()


def test_secrets_are_made_once_and_only_their_owner_reads_them(folder: Folder) -> None:
    first = folder.secret("secret_key")

    assert len(first) == 50
    assert folder.secret("secret_key") == first
    assert folder.secret("other") != first
    assert stat.S_IMODE((folder.path / "secret_key").stat().st_mode) == 0o600


def test_the_socket_moves_to_a_short_place_when_the_folder_is_deep(tmp_path: Path) -> None:
    deep = Folder(tmp_path / ("deep/" * 20))
    odd = Folder(tmp_path / "a folder")

    for folder in (deep, odd):
        path = folder.socket_path()
        assert len(os.fsencode(path)) <= 100
        assert not path.is_relative_to(folder.path)
        path.parent.rmdir()


def test_the_socket_stays_in_a_plain_folder() -> None:
    with tempfile.TemporaryDirectory(prefix="lw", dir="/tmp") as place:
        assert Folder(Path(place)).socket_path() == Path(place) / "valkey.sock"


# --- Ports ----------------------------------------------------------------------------------------


def taken(taken_ports: set[int]) -> Callable[[int], Listener | None]:
    """`listening` on a machine where other programs have these ports."""
    listening = folders.listening
    return lambda port: None if port in taken_ports else listening(port)


def test_a_taken_port_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = port_of(other)

        with pytest.raises(Stop, match=f"Port {port} is taken"):
            web_listener(port)


def test_the_default_port_is_the_next_free_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "FIRST_PORT", first := free_port())
    monkeypatch.setattr(folders, "listening", taken({first}))

    with web_listener(None) as found:
        assert first < port_of(found) < first + folders.PORTS_TRIED


def test_without_a_free_one_in_range_any_port_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "listening", taken(set(range(8000, 8100))))

    with web_listener(None) as found:
        assert port_of(found) not in range(8000, 8100)


def test_two_runs_at_once_never_mean_the_same_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, planned: Callable[..., processes.Plan]
) -> None:
    """Both found 8000 free, prepared for a while, and one announced what the other served there."""
    monkeypatch.setattr(os, "environ", clean_environment())
    one, other = (planned(Folder(tmp_path / name), None) for name in ("one", "other"))

    assert len({one.port, other.port, one.simulator_port, other.simulator_port}) == 4
    with pytest.raises(Stop, match=f"Port {one.port} is taken"):
        planned(Folder(tmp_path / "third"), one.port)


def test_what_answers_at_the_announced_address_is_what_was_started(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, planned: Callable[..., processes.Plan]
) -> None:
    """The servers are handed the very sockets that were planned with; nothing looks a port up
    again.
    """
    monkeypatch.setattr(os, "environ", clean_environment())
    monkeypatch.setattr(stack.probe, "page", lambda *_: True)
    monkeypatch.setattr(stack, "await_child", lambda *_: None)
    monkeypatch.setattr(processes, "valkey_command", lambda *_: ["valkey"])
    supervisor = Mock(interrupted=False, children=[child := Mock(restarts=0)])
    child.name = "web"
    layout = planned()

    stack.start(supervisor, layout, Namespace(rooms=1, viewers=1, seed=1))

    for name, door in (("web", layout.web), ("simulator", layout.simulator)):
        call = next(call for call in supervisor.add.call_args_list if call.args[0] == name)
        assert call.kwargs["listener"] is door and door
        assert call.args[1][call.args[1].index("--fd") + 1] == str(door.fileno())
        assert str(port_of(door)) not in call.args[1]


def test_a_kept_port_stays_the_same_while_it_is_free(folder: Folder) -> None:
    with folder.listener("simulator_port") as first:
        port = port_of(first)
    with folder.listener("simulator_port") as second:
        assert port_of(second) == port
        with folder.listener("simulator_port") as third:
            other = port_of(third)
    assert other != port
    with folder.listener("simulator_port") as last:
        assert port_of(last) == other


@pytest.mark.parametrize("kept", ["", "nonsense", "99999", "0", "-1"])
def test_a_kept_port_that_is_none_is_chosen_anew(folder: Folder, kept: str) -> None:
    (folder.path / "simulator_port").write_text(kept)

    with folder.listener("simulator_port") as found:
        assert (folder.path / "simulator_port").read_text() == f"{port_of(found)}\n"


def test_free_ports_can_be_listened_on() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", free_port()))


# --- What runs ------------------------------------------------------------------------------------


def test_a_real_account_needs_all_four_and_none_means_the_simulator() -> None:
    assert processes.real_account(LEAST)
    assert not processes.real_account({})
    assert not processes.real_account({"LIVE_ADMIN": "administrator"})
    for name in LEAST:
        if name != "LIVE_ADMIN":
            with pytest.raises(Stop, match=rf"not {name}\b"):
                processes.real_account({**LEAST, name: ""})


def test_with_a_real_account_no_simulator_runs(
    folder: Folder, planned: Callable[..., processes.Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", clean_environment(**LEAST))
    monkeypatch.setattr(environment, "ROOT", folder.path)

    plan = planned()

    assert plan.simulator_port is None
    assert plan.variables["LIVE_HOST"] == "h"


@pytest.mark.parametrize("given", [LEAST, {"LIVEWARDEN_MODE": "production"}])
def test_a_real_account_or_production_has_no_demo_people_and_is_told_what_to_do(
    given: dict[str, str],
    folder: Folder,
    planned: Callable[..., processes.Plan],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "environ", clean_environment(**given))
    layout = planned()

    words = stack.banner(layout, folder, "the-demo-password")

    assert not layout.demo
    assert "./run manage first_supervisor NAME" in words
    assert "the-demo-password" not in words


def test_the_simulated_platform_has_its_demo_people(
    folder: Folder, planned: Callable[..., processes.Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", clean_environment())
    layout = planned()

    assert layout.demo
    assert "with the password  the-demo-password" in stack.banner(
        layout, folder, "the-demo-password"
    )


def test_manage_speaks_of_the_running_stack_unless_an_account_was_given_since(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "ROOT", folder.path)
    simulated = {"LIVE_HOST": "127.0.0.1:1", "REDIS_URL": "unix:///x", "LIVEWARDEN_MODE": "demo"}
    holder = Folder(folder.path)
    holder.lock()
    folder.write_private(folder.state, json.dumps({"variables": simulated}))
    try:
        monkeypatch.setattr(os, "environ", clean_environment())
        assert processes.settings_of(folder) == simulated

        monkeypatch.setattr(os, "environ", clean_environment(**LEAST))
        assert processes.settings_of(folder) == {
            "REDIS_URL": "unix:///x",
            "LIVEWARDEN_MODE": "demo",
        }
    finally:
        holder.unlock()


def test_given_stores_are_used_instead_of_embedded_ones(
    folder: Folder, planned: Callable[..., processes.Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"REDIS_URL": "redis://r.example/1", "DATABASE_URL": "postgres://d.example/x"}
    monkeypatch.setattr(stores, "see_that_they_answer", lambda variables: None)
    monkeypatch.setattr(os, "environ", clean_environment(**given))
    monkeypatch.setattr(environment, "ROOT", folder.path)

    plan = planned()

    assert plan.socket is None
    assert plan.simulator_port
    assert {name: plan.variables[name] for name in given} == given


def test_simulator_and_console_share_a_webhook_token_that_no_command_line_shows(
    folder: Folder, planned: Callable[..., processes.Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", clean_environment())
    monkeypatch.setattr(environment, "ROOT", folder.path)
    options = Namespace(rooms=1, viewers=1, seed=1)

    plan = planned()
    command = processes.simulator_command(plan, options)

    token = folder.secret("webhook_token")
    assert plan.variables["LIVE_WEBHOOK_TOKEN"] == token
    assert command[command.index("--webhooks") + 1] == f"{plan.url}/webhooks/live"
    shown = " ".join(command)
    assert token not in shown and plan.variables["LIVE_SECRET_KEY"] not in shown


def test_without_webhooks_neither_of_them_has_a_token(
    folder: Folder, planned: Callable[..., processes.Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", clean_environment())
    monkeypatch.setattr(environment, "ROOT", folder.path)

    plan = planned(webhooks=False)

    assert plan.variables["LIVE_WEBHOOK_TOKEN"] == ""
    assert "--webhooks" not in processes.simulator_command(
        plan, Namespace(rooms=1, viewers=1, seed=1)
    )


def test_a_real_account_keeps_its_own_token(
    folder: Folder, planned: Callable[..., processes.Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", clean_environment(**LEAST, LIVE_WEBHOOK_TOKEN="its own"))
    monkeypatch.setattr(environment, "ROOT", folder.path)

    assert planned().variables["LIVE_WEBHOOK_TOKEN"] == "its own"


def test_dotenv_names_the_account_for_the_launcher_too(
    folder: Folder, planned: Callable[..., processes.Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", clean_environment())
    monkeypatch.setattr(environment, "ROOT", folder.path)
    (folder.path / ".env").write_text("".join(f"{name}={value}\n" for name, value in LEAST.items()))

    assert planned().simulator_port is None
