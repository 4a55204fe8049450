"""docker-compose.yml and the Dockerfile without an engine: valid, complete, and their command lines run."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from launcher import stack
from launcher.folder import free_port
from tests.config.running import ROOT, clean_environment

COMPOSE: dict[str, Any] = YAML(typ="safe").load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
CONSOLE = ["web", "collector", "worker-acts", "worker-chores", "beat"]
TOOLS = Path(sys.executable).parent


@pytest.fixture(scope="module")
def settings_of_services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What the services get as environment, with stores of this test behind it."""
    folder = tmp_path_factory.mktemp("compose")
    socket = Path("/tmp") / f"lw-compose-{os.getpid()}.sock"
    server = subprocess.Popen(stack.valkey_command(socket, folder), stdout=subprocess.DEVNULL)
    variables = clean_environment(
        LIVEWARDEN_SECRET_KEY="k" * 50,
        LIVEWARDEN_DATA_DIR=str(folder),
        LIVEWARDEN_ALLOWED_HOSTS="console.example.org",
        REDIS_URL=f"unix://{socket}",
        LIVE_SDKAPPID="1400000000",
        LIVE_SECRET_KEY="not-a-real-one",
        LIVE_ADMIN="administrator",
        LIVE_HOST="127.0.0.1:9",
        LIVE_ALLOW_LOOPBACK="1",
    )
    build = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    try:
        subprocess.run(build, cwd=ROOT, env={**variables, "LIVEWARDEN_MODE": "demo"}, check=True, timeout=50)
        migrate = in_this_place(SERVICES["migrate"]["command"])
        subprocess.run(migrate, cwd=ROOT, env=variables, check=True, timeout=50, capture_output=True)
        yield variables
    finally:
        server.terminate()
        server.wait(10)
        socket.unlink(missing_ok=True)


def in_this_place(command: list[str], port: int = 0) -> list[str]:
    """A container's command line with this environment's programs and a port of this machine."""
    words = [word.replace("0.0.0.0", "127.0.0.1").replace("8000", str(port or 8000)) for word in command]
    return [str(TOOLS / words[0]), *words[1:]]


@contextlib.contextmanager
def running(command: list[str], variables: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env=variables, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
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
    name: str, settings_of_services: dict[str, str], tmp_path: Path
) -> None:
    port = free_port()
    probe = in_this_place(SERVICES[name]["healthcheck"]["test"][1:], port)
    log = tmp_path / "log"

    with running(in_this_place(SERVICES[name]["command"], port), settings_of_services, log) as process:
        end = time.monotonic() + 40
        healthy = False
        while not healthy and process.poll() is None and time.monotonic() < end:
            time.sleep(0.2)
            healthy = subprocess.run(probe, cwd=ROOT, env=settings_of_services, check=False).returncode == 0

        assert healthy, log.read_text(errors="replace")[-3000:]
        assert process.poll() is None


def test_it_runs_what_the_embedded_stack_runs() -> None:
    """Same programs and options; only where it listens and the interpreter's path differ."""

    def plain(command: list[str]) -> list[str]:
        words = command[1:] if command[0].endswith("python") else command
        words = words[1:] if words[0] == "-m" else words
        return [word for word in words if word not in {"-b", "0.0.0.0", "-p", "8000", "--fd", "3"}]

    embedded = stack.console_commands("--fd", "3")

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
        assert not any(name in (service.get("environment") or {}) for service in SERVICES.values())
        assert name not in (ROOT / "Dockerfile").read_text("utf-8")


def test_the_image_runs_as_nobody_in_particular_and_serves_by_default() -> None:
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()

    assert "USER 10001" in lines
    assert lines.index("USER 10001") < next(i for i, line in enumerate(lines) if line.startswith("CMD"))
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


@pytest.mark.parametrize("name", [*CONSOLE, "migrate"])
def test_the_consoles_processes_have_no_rights_beyond_a_users(name: str) -> None:
    assert SERVICES[name]["cap_drop"] == ["ALL"]
    assert SERVICES[name]["security_opt"] == ["no-new-privileges:true"]
