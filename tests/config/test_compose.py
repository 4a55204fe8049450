"""docker-compose.yml and the Dockerfile without an engine: valid, complete, and their command lines
run.
"""

import contextlib
import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import redis
from ruamel.yaml import YAML

from launcher import environment, processes, stack
from launcher.folder import free_port
from tests.config.running import ROOT, clean_environment
from tests.config.test_configuration import read_by_settings
from tests.support.waiting import eventually

COMPOSE: dict[str, Any] = YAML(typ="safe").load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
CONSOLE = ["web", "collector", "worker-acts", "worker-chores", "pictures", "beat"]
pytestmark = pytest.mark.timeout(180)  # a busy machine starts each of the six processes slowly
TOOLS = Path(sys.executable).parent


# What an operator's .env holds at least.
DOTENV = {
    "LIVEWARDEN_SECRET_KEY": "k" * 50,
    "LIVEWARDEN_ALLOWED_HOSTS": "console.example.org",
    "LIVEWARDEN_ORIGINS": "https://console.example.org",
    "LIVEWARDEN_BEHIND_PROXY": "yes",
    "LIVEWARDEN_IMAGE_ORIGINS": "https://img.live.example",
    "POSTGRES_PASSWORD": "theowners",
    "POSTGRES_APP_PASSWORD": "theapps",
    "REDIS_PASSWORD": "thestores",
    "LIVE_SDKAPPID": "1400000000",
    "LIVE_SECRET_KEY": "not-a-real-one",
    "LIVE_ADMIN": "administrator",
    "LIVE_HOST": "127.0.0.1:9",
    "LIVE_WEBHOOK_TOKEN": "the-token",
}


def environment_of(name: str) -> dict[str, str]:
    """What compose gives to a container, with DOTENV in the place of .env."""
    given = {}
    for key, value in (SERVICES[name].get("environment") or {}).items():
        if value is not None:
            given[key] = re.sub(r"\$\{(\w+):\?[^}]*\}", lambda match: DOTENV[match[1]], str(value))
        elif key in DOTENV:
            given[key] = DOTENV[key]
    return given


@pytest.fixture(scope="module")
def of_this_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What is not as in a container: stores of this test, and its folder."""
    folder = tmp_path_factory.mktemp("compose")
    socket = Path("/tmp") / f"lw-compose-{os.getpid()}.sock"
    server = subprocess.Popen(processes.valkey_command(socket, folder), stdout=subprocess.DEVNULL)
    places = {
        "LIVEWARDEN_DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "REDIS_URL": f"unix://{socket}",
        "LIVE_ALLOW_LOOPBACK": "1",
    }
    build = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    try:
        demo = clean_environment(**places, LIVEWARDEN_MODE="demo")
        subprocess.run(build, cwd=ROOT, env=demo, check=True, timeout=150)
        migrate = in_this_place(SERVICES["migrate"]["command"])
        variables = clean_environment(
            **{**environment_of("migrate"), **places, "DATABASE_MIGRATE_URL": ""}
        )
        subprocess.run(
            migrate, cwd=ROOT, env=variables, check=True, timeout=150, capture_output=True
        )
        yield places
    finally:
        server.terminate()
        server.wait(10)
        socket.unlink(missing_ok=True)


def in_this_place(command: list[str], port: int = 0) -> list[str]:
    """A container's command line with this environment's programs and a port of this machine."""
    words = [
        word.replace("0.0.0.0", "127.0.0.1").replace("8000", str(port or 8000)) for word in command
    ]
    return [str(TOOLS / words[0]), *words[1:]]


@contextlib.contextmanager
def running(
    command: list[str], variables: dict[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=variables,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.mark.parametrize("name", CONSOLE)
def test_the_command_of_a_service_runs_until_its_own_health_check_is_content(
    name: str, of_this_place: dict[str, str], tmp_path: Path
) -> None:
    """With nothing in its environment but what compose gives to this container."""
    variables = clean_environment(**{**environment_of(name), **of_this_place})
    port = free_port()
    probe = in_this_place(SERVICES[name]["healthcheck"]["test"][1:], port)
    log = tmp_path / "log"

    with running(in_this_place(SERVICES[name]["command"], port), variables, log) as process:

        def is_healthy_or_over() -> bool:
            asked = subprocess.run(probe, cwd=ROOT, env=variables, check=False)
            return asked.returncode == 0 or process.poll() is not None

        said = lambda: log.read_text(errors="replace")[-3000:]  # noqa: E731
        eventually(f"the container of {name} is healthy", is_healthy_or_over, 30, seen=said)
        assert process.poll() is None, said()


def test_it_runs_what_the_embedded_stack_runs() -> None:
    """Same programs and options; only where it listens and the interpreter's path differ."""

    def plain(command: list[str]) -> list[str]:
        words = command[1:] if command[0].endswith("python") else command
        words = words[1:] if words[0] == "-m" else words
        return [word for word in words if word not in {"-b", "0.0.0.0", "-p", "8000", "--fd", "3"}]

    embedded = processes.console_commands("--fd", "3")

    assert set(embedded) == set(CONSOLE)
    for name, command in embedded.items():
        assert plain(SERVICES[name]["command"]) == plain(command)


@pytest.mark.parametrize("name", CONSOLE)
def test_every_process_waits_for_migrated_stores_and_has_a_health_check(name: str) -> None:
    needs = SERVICES[name]["depends_on"]

    assert needs["migrate"]["condition"] == "service_completed_successfully"
    assert needs["postgres"]["condition"] == needs["redis"]["condition"] == "service_healthy"
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


def test_stores_are_checked_too() -> None:
    for name in ("postgres", "redis"):
        assert SERVICES[name]["healthcheck"]["test"]


def test_no_secret_is_inside() -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")

    assert "POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?" in text
    assert ":${POSTGRES_PASSWORD:?" in text
    for name in ("LIVEWARDEN_SECRET_KEY", "LIVE_SECRET_KEY"):
        assert all(
            value is None or value.startswith("${")
            for service in SERVICES.values()
            for key, value in (service.get("environment") or {}).items()
            if key == name
        )
        assert name not in (ROOT / "Dockerfile").read_text("utf-8")


OWNER = "DATABASE_MIGRATE_URL"
NEEDED = {
    "LIVEWARDEN_SECRET_KEY": {"web"},
    "LIVE_WEBHOOK_TOKEN": {"web", "collector"},
    "LIVE_SECRET_KEY": {"web", "collector", "worker-acts"},
    "POSTGRES_PASSWORD": {"migrate", "postgres"},
    "POSTGRES_APP_PASSWORD": {*CONSOLE, "migrate"},
    "REDIS_PASSWORD": {*CONSOLE, "migrate", "redis"},
}


@pytest.mark.parametrize("secret", NEEDED)
def test_a_secret_is_in_the_containers_that_need_it_and_in_no_other(secret: str) -> None:
    """All of .env was in every one of them, the clock of the chores included."""
    holders = {
        name for name in SERVICES if DOTENV[secret] in "\n".join(environment_of(name).values())
    }

    assert holders == NEEDED[secret]
    assert not any("env_file" in service for service in SERVICES.values())


def test_tables_are_owned_by_a_role_that_no_serving_process_can_be() -> None:
    """The record's triggers are the owner's to take off; the role that serves owns nothing."""
    with_owner = {
        name for name, service in SERVICES.items() if OWNER in (service.get("environment") or {})
    }
    owner, app = (environment_of("migrate")[name].split(":")[1] for name in (OWNER, "DATABASE_URL"))

    assert with_owner == {"migrate"}
    assert SERVICES["migrate"]["command"] == ["python", "manage.py", "prepare_database"]
    assert owner == f"//{SERVICES['postgres']['environment']['POSTGRES_USER']}" != app


def test_every_other_setting_reaches_every_process_of_the_console() -> None:
    """No env_file brings them: one that is missing in the list would silently do nothing."""
    apart = {*NEEDED, "LIVE_SDKAPPID", "LIVE_ADMIN", "LIVE_HOST"}  # with their secrets
    set_here = {"DATABASE_URL", "REDIS_URL", "LIVEWARDEN_MODE"}
    of_the_image = {"LIVEWARDEN_DATA_DIR", "LIVEWARDEN_STATIC_DIR"}
    never_there = {
        "LIVEWARDEN_DEBUG",
        "LIVE_ALLOW_LOOPBACK",
    }  # for the simulator and for developers
    for name in [*CONSOLE, "migrate"]:
        given = SERVICES[name]["environment"]
        passed = {key for key, value in given.items() if value is None} - apart
        assert passed == set(read_by_settings()) - apart - set_here - of_the_image - never_there - {
            OWNER
        }
        assert set_here <= set(given)
    assert given["LIVEWARDEN_MODE"] == "production"
    for variable in of_the_image:
        assert f"{variable}=/" in (ROOT / "Dockerfile").read_text("utf-8")


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_has_no_rights_beyond_a_users_and_an_end_to_what_it_takes(
    name: str,
) -> None:
    service = SERVICES[name]

    assert service["cap_drop"] == ["ALL"] and "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True
    assert service["mem_limit"] and service["pids_limit"]
    assert "privileged" not in service
    assert name in {*CONSOLE, "migrate"} or service["user"] not in {"root", "0"}
    assert all("size=" in mount for mount in service["tmpfs"])
    if "image" in service and service["image"] != "livewarden":
        assert re.search(r":\d+\.\d+", service["image"]), "the version is exact"


def test_what_may_be_scaled_has_no_port_of_the_host() -> None:
    """A fixed one forbade two webs: `--scale web=2` ended with "port is already allocated"."""
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy"}
    assert SERVICES["proxy"]["ports"] == ["127.0.0.1:8000:8000"]
    assert not any("container_name" in service for service in SERVICES.values())
    assert set(SERVICES["proxy"]["networks"]) & set(SERVICES["web"]["networks"])


def test_the_stores_are_reached_by_the_console_alone() -> None:
    assert COMPOSE["networks"]["stores"] == {"internal": True}
    for name in ("postgres", "redis"):
        assert SERVICES[name]["networks"] == ["stores"]
    assert "stores" not in SERVICES["proxy"]["networks"]


def test_the_store_wants_its_password_and_shows_it_to_nobody(tmp_path: Path) -> None:
    """Its command line runs here, with the embedded server's binary in the place of the image's."""
    socket = Path("/tmp") / f"lw-store-{os.getpid()}.sock"
    server = processes.valkey_command(socket, tmp_path)[0]
    [script] = SERVICES["redis"]["command"]
    script = (
        script.replace("$$", "$")
        .replace("/tmp", str(tmp_path))
        .replace("exec valkey-server", f"exec {server}")
    )
    script = script.rstrip() + f" --port 0 --unixsocket {socket}"
    process = subprocess.Popen(
        [*SERVICES["redis"]["entrypoint"], script], env={**os.environ, **environment_of("redis")}
    )
    try:
        over = lambda: process.poll() is not None  # noqa: E731
        eventually("Valkey listens or has ended", lambda: stack.listens(socket) or over(), 5)
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(unix_socket_path=str(socket)).ping()
        with redis.Redis(unix_socket_path=str(socket), password=DOTENV["REDIS_PASSWORD"]) as client:
            assert client.ping()
            assert client.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"
        assert DOTENV["REDIS_PASSWORD"] not in " ".join(psutil.Process(process.pid).cmdline())
        assert stat.S_IMODE((tmp_path / "valkey.conf").stat().st_mode) == 0o600
    finally:
        process.terminate()
        process.wait(10)
        socket.unlink(missing_ok=True)


def test_the_image_installs_what_is_held_by_hashes_and_nothing_else() -> None:
    """What the lock holds, as everywhere (test_locks.py), and nothing that is built on the way."""
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")

    assert f"COPY {environment.lock_of(environment.RUNTIME)} ./" in dockerfile.splitlines()
    assert [line for line in dockerfile.splitlines() if "/pip install" in line] == [
        "    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check "
        "--only-binary=:all: --require-hashes "
        f"-r {environment.lock_of(environment.RUNTIME)}"
    ]


def test_the_image_runs_as_nobody_in_particular_and_serves_by_default() -> None:
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()

    assert "USER 10001" in lines
    assert lines.index("USER 10001") < next(
        i for i, line in enumerate(lines) if line.startswith("CMD")
    )
    assert lines[-1] == "CMD " + str(SERVICES["web"]["command"]).replace("'", '"')


def test_what_is_private_or_bulky_stays_out_of_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()

    assert {".env", "var", ".git", ".venv"} <= set(ignored)


def test_its_heading_names_what_a_log_in_behind_tls_needs() -> None:
    """Without LIVEWARDEN_BEHIND_PROXY the origin of a form never matches: nobody could log in."""
    heading = (ROOT / "docker-compose.yml").read_text("utf-8").partition("\nname:")[0]

    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "ORIGINS", "BEHIND_PROXY=yes"):
        assert f"LIVEWARDEN_{name}" in heading
    assert "first_supervisor NAME" in heading
