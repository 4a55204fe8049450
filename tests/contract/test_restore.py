"""The commands of docs/production.md for backup and restore, carried out as they stand; and the
units beside them.
"""

import contextlib
import importlib.util
import os
import pwd
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from launcher.development import postgres
from tests.contract.running import ROOT, variables

GUIDE = (ROOT / "docs" / "production.md").read_text("utf-8")
SYSTEMD = shutil.which("systemd-analyze")
SQLITE = shutil.which("sqlite3")
COLUMNS = "actor, code_name, verb, room_id, room_name, account, reason, note, outcome, before, after, request_id, at"
VALUES = "'x', '', '{verb}', '', '', '', '', '', 'done', '{{}}', '{{}}', '', CURRENT_TIMESTAMP"
ENTRY = f"INSERT INTO moderation_auditentry ({COLUMNS}) VALUES (" + VALUES + ")"
RECORD = "SELECT verb FROM moderation_auditentry ORDER BY id"
FORGET = "DELETE FROM moderation_auditentry"
MIGRATIONS = "SELECT count(*) FROM django_migrations"
pytestmark = pytest.mark.timeout(500)


def commands(name: str) -> str:
    """The shell commands of the guide under this mark."""
    found = re.search(rf"<!-- test: {name} -->\n```sh\n(.*?)```", GUIDE, re.DOTALL)
    assert found, name
    return found[1]


def carried_out(script: str, *changes: tuple[str, str], **more: object) -> None:
    for old, new in changes:
        assert old in script, old
        script = script.replace(old, new)
    subprocess.run(["bash", "-euo", "pipefail", "-c", script], check=True, timeout=120, **more)  # type: ignore[call-overload]


# --- SQLite ---------------------------------------------------------------------------------------


@pytest.mark.skipif(not SQLITE, reason="the program sqlite3 is not installed")
def test_an_sqlite_file_comes_back_as_it_was_copied_while_it_was_written_to(
    migrated: Path, tmp_path: Path
) -> None:
    (tmp_path / "backups").mkdir()
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "livewarden.sqlite3"
    journal = file.with_name("livewarden.sqlite3-wal")
    shutil.copyfile(migrated, file)
    place = ("/var/lib/livewarden", str(tmp_path))

    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as console:
        console.execute("PRAGMA journal_mode=WAL")
        console.execute(ENTRY.format(verb="first"))
        console.execute("BEGIN IMMEDIATE")
        console.execute(ENTRY.format(verb="not yet"))
        carried_out(commands("backup of SQLite"), place)
        console.execute("COMMIT")
        lost_journal = journal.read_bytes()
    file.write_bytes(b"lost")
    journal.write_bytes(lost_journal)  # of the lost file: it must not be taken for the copy's
    me = pwd.getpwuid(os.getuid()).pw_name
    owner = ("-o livewarden -g livewarden", f"-o {me} -g {os.getgid()}")
    carried_out(commands("restore of SQLite"), place, owner)

    with (
        contextlib.closing(sqlite3.connect(file)) as console,
        contextlib.closing(sqlite3.connect(migrated)) as empty,
    ):
        assert console.execute(RECORD).fetchall() == [("first",)]
        assert console.execute(MIGRATIONS).fetchall() == empty.execute(MIGRATIONS).fetchall()
        with pytest.raises(sqlite3.DatabaseError, match="append-only"):
            console.execute(FORGET)
    assert file.stat().st_mode & 0o077 == 0


# --- PostgreSQL -----------------------------------------------------------------------------------


def test_postgresql_comes_back_on_an_empty_server_with_both_roles(
    postgres_server: str, tmp_path: Path
) -> None:
    """As in docker-compose.yml: `migrate` makes database and roles, the dump brings the rows.
    pg_dump is the server's own.
    """
    binaries = (
        Path(importlib.util.find_spec(postgres.PACKAGE).submodule_search_locations[0])
        / "pginstall"
        / "bin"
    )  # type: ignore[union-attr, index]
    port = postgres_server.rpartition(":")[2].partition("/")[0]
    there = (
        "docker compose exec -T postgres ",
        f"env PGHOST=127.0.0.1 PGPORT={port} PATH={binaries}:/usr/bin:/bin ",
    )
    with psycopg.connect(postgres_server, autocommit=True) as owner:
        owner.execute("CREATE DATABASE livewarden")
    address = f"{postgres_server.rpartition('/')[0]}/livewarden"
    app = address.replace("//livewarden@", "//livewarden_app:x@")
    prepare(app, address, tmp_path)
    with psycopg.connect(app) as console:
        console.execute(ENTRY.format(verb="first"))

    carried_out(commands("backup of PostgreSQL"), there, cwd=tmp_path)
    with psycopg.connect(app) as console:
        console.execute(ENTRY.format(verb="afterwards"))
    with psycopg.connect(postgres_server, autocommit=True) as owner:
        owner.execute("DROP DATABASE livewarden WITH (FORCE)")
        owner.execute("DROP ROLE livewarden_app")
        owner.execute("CREATE DATABASE livewarden")
    prepare(app, address, tmp_path)
    carried_out(commands("restore of PostgreSQL"), there, cwd=tmp_path)

    with psycopg.connect(app, autocommit=True) as console:
        assert console.execute(RECORD).fetchall() == [("first",)]
        console.execute(ENTRY.format(verb="again"))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            console.execute(FORGET)
    with (
        psycopg.connect(address) as owner,
        pytest.raises(psycopg.errors.RaiseException, match="append-only"),
    ):
        owner.execute(FORGET)


def prepare(app: str, owner: str, folder: Path) -> None:
    """The command of compose's `migrate`."""
    given = variables("127.0.0.1:1", "unix:///nowhere", app, folder) | {
        "DATABASE_MIGRATE_URL": owner
    }
    command = [sys.executable, "manage.py", "prepare_database", "-v0"]
    subprocess.run(command, cwd=ROOT, env=given, check=True, capture_output=True, timeout=400)


# --- systemd --------------------------------------------------------------------------------------


@pytest.mark.skipif(not SYSTEMD, reason="systemd is not installed")
def test_the_units_are_ones_that_systemd_takes(tmp_path: Path) -> None:
    units = sorted((ROOT / "deploy" / "systemd").iterdir())
    for unit in units:
        text = unit.read_text("utf-8").replace("/opt/livewarden", str(ROOT))
        (tmp_path / unit.name).write_text(text.replace("/usr/bin/sqlite3", "/bin/true"))

    answer = subprocess.run(
        [
            str(SYSTEMD),
            "verify",
            "--man=no",
            "--recursive-errors=no",
            *(tmp_path / unit.name for unit in units),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 0, answer.stderr
    ours = [line for line in answer.stderr.splitlines() if "livewarden" in line]
    assert not ours, ours


def test_the_units_copy_is_the_guides() -> None:
    unit = (ROOT / "deploy" / "systemd" / "livewarden-backup.service").read_text("utf-8")
    program, database, *orders = re.findall(r'"[^"]+"|\S+', commands("backup of SQLite"))

    assert program == "sqlite3"
    assert f"ExecStart=/usr/bin/sqlite3 {database} {orders[0]} " in unit
    assert orders[1] == '".backup /var/lib/livewarden/backups/livewarden.sqlite3"'
    assert (
        "mv /var/lib/livewarden/backups/livewarden.new "
        "/var/lib/livewarden/backups/livewarden.sqlite3" in unit
    )
