"""Two ways round the triggers of 0003, closed.

SQLite's REPLACE deletes the row in its way without firing the trigger on deletion: an entry whose number is taken is
refused. PostgreSQL's TRUNCATE fires no trigger for rows: it has one of its own, which lets an empty table pass.
"""

from django.db import migrations

SQLITE = [
    "CREATE TRIGGER moderation_auditentry_no_replace BEFORE INSERT ON moderation_auditentry "
    "WHEN EXISTS (SELECT 1 FROM moderation_auditentry WHERE id = NEW.id) "
    "BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END",
]
POSTGRESQL = [
    "CREATE OR REPLACE FUNCTION livewarden_no_truncate() RETURNS trigger AS $$ "
    "BEGIN IF EXISTS (SELECT 1 FROM moderation_auditentry) THEN "
    "RAISE EXCEPTION 'the record is append-only'; END IF; RETURN NULL; END; $$ LANGUAGE plpgsql",
    "CREATE TRIGGER moderation_auditentry_no_truncate BEFORE TRUNCATE ON moderation_auditentry "
    "FOR EACH STATEMENT EXECUTE FUNCTION livewarden_no_truncate()",
]


def guard(apps, schema_editor):
    statements = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("moderation", "0004_undo_and_ban_versions")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
