"""What bans, holds and the record are searched by, folded, on both databases; the rows that are there are folded too.

The folded column is an index of an entry and no part of what it says. The triggers that refuse changes of the record are
off for this one statement of its owner, inside the migration's transaction.
"""

from django.db import migrations

import rooms.infra.folded

TABLES = {
    "ban": ["account", "by_name", "note"],
    "hold": ["room_id", "owner_account", "by_name"],
    "auditentry": ["account", "room_id", "room_name"],
}
RECORD = "moderation_auditentry"


def add(apps, schema_editor):
    for table in TABLES:
        rooms.infra.folded.add_columns(f"moderation_{table}", ["folded"], schema_editor)


def fill(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    with schema_editor.connection.cursor() as cursor:
        if postgresql:
            cursor.execute(f"ALTER TABLE {RECORD} DISABLE TRIGGER USER")
        else:
            cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = %s", [f"{RECORD}_no_update"])
            trigger = cursor.fetchone()[0]
            cursor.execute(f"DROP TRIGGER {RECORD}_no_update")
    for table, of in TABLES.items():
        rooms.infra.folded.fill(f"moderation_{table}", {"folded": of}, schema_editor)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {RECORD} ENABLE TRIGGER USER" if postgresql else trigger)


class Migration(migrations.Migration):
    dependencies = [("moderation", "0019_database_time"), ("rooms", "0009_folded_names")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add)],
            state_operations=[
                migrations.AddField(model_name=table, name="folded", field=rooms.infra.folded.Folded(*of))
                for table, of in TABLES.items()
            ],
        ),
        migrations.RunPython(fill),
    ]
