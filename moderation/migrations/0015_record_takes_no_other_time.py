"""The database itself dates an entry, and refuses one that is given another date or stands in front of others.

SQLite takes the default from the model (Django writes it into every INSERT), so its table is not rebuilt here: that would
drop the triggers of 0003 and 0005 with the old table.
"""

from django.db import migrations, models

from moderation.models.record import DatabaseNow

SQLITE = [
    "CREATE TRIGGER moderation_auditentry_no_backdating AFTER INSERT ON moderation_auditentry "
    "WHEN COALESCE(ABS(julianday(NEW.at) - julianday('now')) * 1440, 9) > 5 "
    "OR NEW.id < (SELECT MAX(id) FROM moderation_auditentry) "
    "BEGIN SELECT RAISE(ABORT, 'the record is append-only: an entry is of now, and the last one'); END",
]
POSTGRESQL = [
    "ALTER TABLE moderation_auditentry ALTER COLUMN at SET DEFAULT STATEMENT_TIMESTAMP()",
    "CREATE OR REPLACE FUNCTION livewarden_no_backdating() RETURNS trigger AS $$ "
    "BEGIN IF ABS(EXTRACT(EPOCH FROM NEW.at - CLOCK_TIMESTAMP())) > 300 THEN "
    "RAISE EXCEPTION 'the record is append-only: an entry is of now'; END IF; RETURN NEW; END; $$ LANGUAGE plpgsql",
    "CREATE TRIGGER moderation_auditentry_no_backdating BEFORE INSERT ON moderation_auditentry "
    "FOR EACH ROW EXECUTE FUNCTION livewarden_no_backdating()",
]


def guard(apps, schema_editor):
    statements = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("moderation", "0014_first_passwords")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(guard, migrations.RunPython.noop)],
            state_operations=[
                migrations.AlterField(
                    "auditentry",
                    "at",
                    models.DateTimeField(
                        db_default=DatabaseNow(), db_index=True, help_text="by the database's clock, which alone dates it"
                    ),
                )
            ],
        )
    ]
