"""A simulator, a fresh database and a prefix for each test of the collector; one Valkey for all."""

import fcntl
import functools
import json
import os
import subprocess
import sys
import uuid

import pytest
import redis

from tests.contract import databases
from tests.contract.running import ROOT, Collector, simulator, variables
from tests.contract.talking import Vendor, client_of


@pytest.fixture
def simulated():
    """A world where nobody comes or goes by themselves."""
    with simulator("--rooms", "30", "--viewers", "2000", "--churn", "0") as running:
        yield running


def migrate(url, folder):
    """Makes every table in an empty database."""
    environment = variables("127.0.0.1:1", "unix:///nowhere", url, folder)
    command = [sys.executable, "manage.py", "migrate", "-v0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=600)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """An SQLite file with every table and no row, made by the first worker that needs it."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = tmp_path_factory.getbasetemp().parent / "migrated"  # all workers' own
        folder.mkdir(exist_ok=True)
    else:
        folder = tmp_path_factory.mktemp("migrated")
    path = folder / "empty.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            half = folder / "half.sqlite3"
            migrate(f"sqlite:///{half}", folder)
            half.rename(path)
    return path


@pytest.fixture(scope="session")
def template(request, tmp_path_factory):
    """The URL of a database with every table and no row: PostgreSQL where that is asked for, else
    SQLite.
    """
    if not databases.ON_POSTGRES:
        yield f"sqlite:///{request.getfixturevalue('migrated')}"
        return
    url = databases.make(tmp_path_factory.mktemp("template"))
    migrate(url, tmp_path_factory.mktemp("template-data"))
    yield url
    databases.drop(url)


@pytest.fixture
def installation(simulated, valkey, template, tmp_path):
    """The environment of one installation on the simulator: an empty database, keys of its own."""
    url = databases.make(tmp_path, template)
    prefix = f"{uuid.uuid4().hex[:8]}:"
    yield variables(simulated.host, valkey, url, tmp_path, LIVEWARDEN_REDIS_PREFIX=prefix)
    databases.drop(url)


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


@pytest.fixture
def rows(installation):
    """rows(sql, *values): what the collector has stored."""
    return functools.partial(databases.ask, installation["DATABASE_URL"])


@pytest.fixture
def hot(installation):
    """The hot state: hot(name) is the name of a key, hot.client the connection."""
    prefix = installation["LIVEWARDEN_REDIS_PREFIX"]

    class Hot:
        client = redis.Redis.from_url(installation["REDIS_URL"])

        def __call__(self, name):
            return prefix + name

        def states(self):
            return {int(k): json.loads(v) for k, v in self.client.hgetall(self("live")).items()}

    with Hot.client:
        yield Hot()
