"""Triggers that refuse every change and deletion of the record, on SQLite and PostgreSQL.

TRUNCATE on PostgreSQL is a matter of privileges: give the console's role none on this table.
"""

from django.db import migrations

SQLITE = [
    f"CREATE TRIGGER moderation_auditentry_no_{verb} BEFORE {verb} ON moderation_auditentry "
    "BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END"
    for verb in ("update", "delete")
]
POSTGRESQL = [
    "CREATE OR REPLACE FUNCTION livewarden_append_only() RETURNS trigger AS $$ "
    "BEGIN RAISE EXCEPTION 'the record is append-only'; END; $$ LANGUAGE plpgsql",
    "CREATE TRIGGER moderation_auditentry_append_only BEFORE UPDATE OR DELETE ON moderation_auditentry "
    "FOR EACH ROW EXECUTE FUNCTION livewarden_append_only()",
]


def guard(apps, schema_editor):
    statements = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("moderation", "0002_reason_codes")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
