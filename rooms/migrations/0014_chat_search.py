"""Stored lines of chat are found by their words: their terms, and the database's index of them."""

from django.db import migrations

import rooms.infra.chat_index
import rooms.infra.folded


def add(apps, schema_editor):
    rooms.infra.folded.add_columns("rooms_chatline", ["terms"], schema_editor)


def fill(apps, schema_editor):
    rooms.infra.chat_index.fill(schema_editor)


def create(apps, schema_editor):
    rooms.infra.chat_index.create(schema_editor)


def drop(apps, schema_editor):
    rooms.infra.chat_index.drop(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("rooms", "0013_still_hashes")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add)],
            state_operations=[
                migrations.AddField(
                    model_name="chatline", name="terms", field=rooms.infra.chat_index.Terms()
                )
            ],
        ),
        migrations.RunPython(fill),
        migrations.RunPython(create, drop),
    ]
