"""A label of a choice in plain terms: only Python knows of it, no table changes."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rooms', '0010_events_about_an_account'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='room',
                    name='host_state',
                    field=models.CharField(blank=True, choices=[('', 'not reported'), ('seated', 'on a seat'), ('inside', 'in the room, on no seat'), ('lost', 'heartbeat lost'), ('away', 'not in the room')], db_default='', default='', max_length=16),
                ),
            ]
        )
    ]
