"""Whose clock says when a row was made: only Python knows of it, no table changes (a remade one would lose its triggers)."""

import rooms.infra.database_time
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rooms', '0007_lookups'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[
        migrations.AlterField(
            model_name='reportedgift',
            name='at',
            field=models.DateTimeField(db_index=True, default=rooms.infra.database_time.now, editable=False),
        ),
        ]),
    ]
