"""One simulator and one Valkey a module; a fresh database and prefix for each test of the collector."""

import subprocess
import sys
import uuid

import pytest

from tests.contract.running import ROOT, Collector, simulator, variables
from tests.contract.talking import Vendor, client_of


@pytest.fixture
def simulated():
    """A world where nobody comes or goes by themselves."""
    with simulator("--rooms", "30", "--viewers", "2000", "--churn", "0") as running:
        yield running


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """An SQLite file with every table and no row."""
    folder = tmp_path_factory.mktemp("migrated")
    path = folder / "empty.sqlite3"
    environment = variables("127.0.0.1:1", "unix:///nowhere", f"sqlite:///{path}", folder)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True, timeout=60
    )
    return path


@pytest.fixture
def installation(simulated, valkey, migrated, tmp_path):
    """The environment of one installation on the simulator: an empty database, keys of its own."""
    database = tmp_path / "livewarden.sqlite3"
    database.write_bytes(migrated.read_bytes())
    prefix = f"{uuid.uuid4().hex[:8]}:"
    return variables(
        simulated.host, valkey, f"sqlite:///{database}", tmp_path, LIVEWARDEN_REDIS_PREFIX=prefix
    )


@pytest.fixture
def collectors(installation, tmp_path):
    """collectors(): starts one more `manage.py collect`; all are stopped afterwards."""
    started = []

    def start(**more):
        started.append(Collector(installation | more, tmp_path / f"collector-{len(started)}.log"))
        return started[-1]

    yield start
    for collector in started:
        collector.stop()


@pytest.fixture(scope="module")
def vendor():
    """The client and a simulator of its own, where nobody comes or goes by themselves."""
    with (
        simulator("--rooms", "45", "--viewers", "20000", "--churn", "0", "--seed", "3") as running,
        client_of(running) as client,
    ):
        yield Vendor(running, client)
