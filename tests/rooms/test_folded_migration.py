"""Rows from before the search was folded are folded when an installation is upgraded, and the
record stays closed.
"""

import json
from pathlib import Path

import pytest

from rooms.infra import folded
from tests.config.running import python

NAME, OWNER, ACCOUNT = "ＦＵＬＬ Café ΣΊΣΥΦΟΣ", "Host_Ü", "Viewer-É"
SCRIPT = """
import datetime as dt, json, sys
import django
django.setup()
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

NAME, OWNER, ACCOUNT = json.loads(sys.argv[1])
NOW = dt.datetime.now(dt.timezone.utc)

def migrated(targets):
    executor = MigrationExecutor(connection)
    targets = targets or executor.loader.graph.leaf_nodes()
    return executor.migrate(targets).apps

old = migrated([("rooms", "0008_database_time"), ("moderation", "0019_database_time")])
Room = old.get_model("rooms", "Room")
Room.objects.create(room_id="r1", name=NAME, owner_account=OWNER, create_time=1, first_seen_at=NOW, facts_changed_at=NOW)
with connection.cursor() as cursor:
    cursor.execute(
        "INSERT INTO moderation_auditentry (actor, code_name, verb, room_id, room_name, account, reason, note, outcome,"
        " before, after, request_id, at) VALUES ('x', '', 'end', 'r1', %s, %s, '', '', 'done', '{}', '{}', '', %s)",
        [NAME, ACCOUNT, NOW],
    )
migrated(None)
from moderation.models import AuditEntry
from rooms.models import Room
room, entry = Room.objects.get(), AuditEntry.objects.get()
try:
    with transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).update(note="x")
    closed = False
except DatabaseError:
    closed = True
print(json.dumps([room.folded_name, room.folded_owner_account, entry.folded, closed]))
"""


def upgraded(address: str) -> list[object]:
    asked = json.dumps([NAME, OWNER, ACCOUNT])
    answer = python(
        "-c",
        SCRIPT,
        asked,
        seconds=400,
        DJANGO_SETTINGS_MODULE="config.settings",
        LIVEWARDEN_MODE="demo",
        DATABASE_URL=address,
    )
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout.splitlines()[-1])


FOLDED = [folded.folded(NAME), folded.folded(OWNER), folded.folded(ACCOUNT, "r1", NAME), True]


def test_rows_from_before_are_folded_in_sqlite(tmp_path: Path):
    assert upgraded(f"sqlite:///{tmp_path}/old.sqlite3") == FOLDED


def test_rows_from_before_are_folded_in_postgresql(postgres_server: str):
    assert upgraded(postgres_server) == FOLDED


def test_what_was_folded_differs_from_what_was_written():
    assert FOLDED[0] != NAME.lower()


pytestmark = pytest.mark.timeout(600)
