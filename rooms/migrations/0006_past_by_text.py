"""Indexes of what ended broadcasts are called, for rooms.search. Of ended ones alone: what is live changes often.

Written as SQL: PostgreSQL needs an operator class to find how a text begins, whatever its collation.
"""

from django.db import migrations

FIELDS = ("room_id", "owner_account", "name", "owner_name")


def make(apps, schema_editor):
    operators = " varchar_pattern_ops" if schema_editor.connection.vendor == "postgresql" else ""
    for field in FIELDS:
        schema_editor.execute(
            f"CREATE INDEX past_by_{field} ON rooms_room ((lower({field})){operators}) WHERE ended_at IS NOT NULL"
            if operators
            else f"CREATE INDEX past_by_{field} ON rooms_room (lower({field})) WHERE ended_at IS NOT NULL"
        )


def drop(apps, schema_editor):
    for field in FIELDS:
        schema_editor.execute(f"DROP INDEX past_by_{field}")


class Migration(migrations.Migration):
    dependencies = [("rooms", "0005_reported_gifts")]
    operations = [migrations.RunPython(make, drop)]
