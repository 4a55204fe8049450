"""What rooms are called, folded, for search on both databases; the rows that are there are folded too.

The indexes of how a text begins (0006) and of the sort by name are made anew over the folded columns.
"""

from django.db import migrations, models

import rooms.infra.folded

COLUMNS = {
    "folded_room_id": ["room_id"],
    "folded_name": ["name"],
    "folded_owner_account": ["owner_account"],
    "folded_owner_name": ["owner_name"],
}


def add(apps, schema_editor):
    rooms.infra.folded.add_columns("rooms_room", list(COLUMNS), schema_editor)


def fill(apps, schema_editor):
    rooms.infra.folded.fill("rooms_room", COLUMNS, schema_editor)


def drop(apps, schema_editor):
    for (name,) in COLUMNS.values():
        schema_editor.execute(f"DROP INDEX past_by_{name}")


def past(name):
    return migrations.AddIndex(
        model_name="room",
        index=models.Index(
            fields=[f"folded_{name}"], condition=models.Q(ended_at__isnull=False), name=f"past_by_{name}"
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("rooms", "0008_database_time")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add)],
            state_operations=[
                migrations.AddField(model_name="room", name=column, field=rooms.infra.folded.Folded(*of))
                for column, of in COLUMNS.items()
            ],
        ),
        migrations.RunPython(fill),
        migrations.RunPython(drop),
        migrations.RemoveIndex(model_name="room", name="live_by_name"),
        migrations.AddIndex(
            model_name="room",
            index=models.Index(
                fields=["folded_name", "id"], condition=models.Q(ended_at__isnull=True), name="live_by_name"
            ),
        ),
        *map(past, ("room_id", "owner_account", "name", "owner_name")),
    ]
