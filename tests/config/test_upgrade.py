"""An installation from before the packages by subject is upgraded in place.

tests/config/upgrade/ holds a demo of commit 6cc3850 as each database dumps it: acts, bans, alerts,
a session, an API token. Its pictures' addresses are made up, and its sessions end in 2099.
"""

import json
import re
import sqlite3
from pathlib import Path

import pytest

from tests.config.running import python

DUMPS = Path(__file__).parent / "upgrade"
# Of that throw-away installation.
SECRET_KEY = "zcx8huq9prfjhp7u2drgavk5hr8c8gk9sdf5f55b4ja3553dcy"
SESSION = "93h7m4a5uwn163gqaj6hgrqzga961pd5"  # the supervisor's
TOKEN = "lw_wT2h6Rd6kyQcJlzuMTo2UcBLqVtP1k_GgsZ4Hcr5BmI"
# Messages of that commit may still be in the queues.
TASKS = {
    "moderation.tasks.check_hit",
    "moderation.tasks.create_room",
    "moderation.tasks.execute",
    "moderation.tasks.expire_bans",
    "moderation.tasks.forget_hits",
    "moderation.tasks.forget_requests",
    "moderation.tasks.publish_on_start",
    "moderation.tasks.spread_ban",
    "moderation.tasks.sweep",
    "moderation.tasks.verify",
    "moderation.tasks.watch_hosts",
    "moderation.tasks.watch_over",
    "rooms.tasks.prune",
}
GROWS = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "auth_group_permissions",  # with the permissions
    "moderation_rule",  # with the rules about unusual figures
    "sqlite_sequence",
}
SCRIPT = """
import json
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.db import connection
from django.test import Client
from config.celery import app
from moderation.models import Action
app.loader.import_default_modules()
with connection.cursor() as cursor:
    counts = {}
    for table in connection.introspection.table_names(cursor):
        if table == "rooms_chatterms":
            continue  # SQLite's index of words in chat holds no rows of its own
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        counts[table] = cursor.fetchone()[0]
person = Client(headers={"host": "localhost"})
person.cookies["sessionid"] = "SESSION_OF_BEFORE"
pages = ["/", "/wall", "/queue", "/bans", "/audit", "/rules", "/plans", "/people", "/system"]
answers = {page: person.get(page).status_code for page in pages}
room = Action.objects.filter(verb="end").first().room
answers["/rooms/1"] = person.get(f"/rooms/{room.pk}").status_code
program = Client(headers={"host": "localhost", "authorization": "Bearer TOKEN_OF_BEFORE"})
answers["/api/v1/rooms"] = program.get("/api/v1/rooms").status_code
print(json.dumps([counts, answers, sorted(app.tasks)]))
"""


def upgraded(address: str) -> tuple[dict[str, int], dict[str, int], set[str]]:
    """Rows of each table, what pages answered, the tasks that a worker knows."""
    script = SCRIPT.replace("SESSION_OF_BEFORE", SESSION).replace("TOKEN_OF_BEFORE", TOKEN)
    answer = python(
        "-c",
        script,
        seconds=400,
        DJANGO_SETTINGS_MODULE="config.settings",
        LIVEWARDEN_MODE="test",
        LIVEWARDEN_SECRET_KEY=SECRET_KEY,
        DATABASE_URL=address,
    )
    assert answer.returncode == 0, answer.stderr
    counts, answers, tasks = json.loads(answer.stdout.splitlines()[-1])
    return counts, answers, set(tasks)


def held(dump: str) -> dict[str, int]:
    """Rows of each table in a dump."""
    found: dict[str, int] = {}
    for name in re.findall(r'^INSERT INTO (?:public\.)?"?(\w+)"? VALUES', dump, re.MULTILINE):
        found[name] = found.get(name, 0) + 1
    return {name: count for name, count in found.items() if name not in GROWS}


def holds_together(dump: str, address: str) -> None:
    counts, answers, tasks = upgraded(address)
    before = held(dump)
    assert before["moderation_action"] == 6
    assert {name: counts.get(name) for name in before} == before
    assert set(answers.values()) == {200}, answers
    assert tasks >= TASKS


def test_an_installation_on_sqlite_is_upgraded(tmp_path: Path) -> None:
    dump = (DUMPS / "sqlite.sql").read_text("utf-8")
    file = tmp_path / "old.sqlite3"
    with sqlite3.connect(file) as database:
        database.executescript(dump)
    database.close()
    holds_together(dump, f"sqlite:///{file}")


def test_an_installation_on_postgresql_is_upgraded(postgres_server: str) -> None:
    import psycopg

    dump = (DUMPS / "postgresql.sql").read_text("utf-8")
    with psycopg.connect(postgres_server, autocommit=True) as database:
        database.execute(dump.encode())
    holds_together(dump, postgres_server)


pytestmark = pytest.mark.timeout(600)
