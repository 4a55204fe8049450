"""Whose clock says when a row was made: only Python knows of it, no table changes (a remade one would lose its triggers)."""

import rooms.infra.database_time
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('moderation', '0018_time_to_undo'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[
        migrations.AlterField(
            model_name='action',
            name='requested_at',
            field=models.DateTimeField(default=rooms.infra.database_time.now, editable=False),
        ),
        migrations.AlterField(
            model_name='alert',
            name='raised_at',
            field=models.DateTimeField(default=rooms.infra.database_time.now, editable=False),
        ),
        migrations.AlterField(
            model_name='apirequest',
            name='at',
            field=models.DateTimeField(db_index=True, default=rooms.infra.database_time.now, editable=False),
        ),
        migrations.AlterField(
            model_name='apitoken',
            name='made_at',
            field=models.DateTimeField(default=rooms.infra.database_time.now, editable=False),
        ),
        migrations.AlterField(
            model_name='ban',
            name='changed_at',
            field=models.DateTimeField(default=rooms.infra.database_time.now),
        ),
        migrations.AlterField(
            model_name='ban',
            name='created_at',
            field=models.DateTimeField(default=rooms.infra.database_time.now, editable=False),
        ),
        migrations.AlterField(
            model_name='claim',
            name='at',
            field=models.DateTimeField(default=rooms.infra.database_time.now, editable=False),
        ),
        migrations.AlterField(
            model_name='hold',
            name='placed_at',
            field=models.DateTimeField(default=rooms.infra.database_time.now, editable=False),
        ),
        migrations.AlterField(
            model_name='note',
            name='at',
            field=models.DateTimeField(default=rooms.infra.database_time.now, editable=False),
        ),
        migrations.AlterField(
            model_name='plannedroom',
            name='planned_at',
            field=models.DateTimeField(default=rooms.infra.database_time.now, editable=False),
        ),
        migrations.AlterField(
            model_name='rulehit',
            name='at',
            field=models.DateTimeField(default=rooms.infra.database_time.now, editable=False),
        ),
        migrations.AlterField(
            model_name='timelimit',
            name='set_at',
            field=models.DateTimeField(default=rooms.infra.database_time.now, editable=False),
        ),
        ]),
    ]
