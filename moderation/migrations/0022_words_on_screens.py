"""Labels of choices and help texts in plain terms: only Python knows of them, no table changes."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('moderation', '0021_times_of_rules_and_alerts'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='action',
                    name='status',
                    field=models.CharField(choices=[('requested', 'requested'), ('calling', 'in progress'), ('unknown', 'unknown, reading back'), ('done', 'done'), ('already', 'no change needed'), ('failed', 'failed'), ('undone', 'undone')], default='requested', max_length=20),
                ),
                migrations.AlterField(
                    model_name='action',
                    name='verb',
                    field=models.CharField(choices=[('end', 'End stream'), ('mute', 'Mute'), ('unmute', 'Unmute'), ('room_ban', 'Ban from room'), ('room_unban', 'Lift room ban'), ('warn', 'Warn host'), ('edit', 'Edit room'), ('mute_all', 'Mute all'), ('unmute_all', 'Unmute all'), ('publish', 'Show in the list'), ('hide', 'Hide from the list'), ('quarantine', 'Quarantine'), ('release', 'Release from quarantine'), ('admins', 'Room administrators'), ('metadata', 'Room metadata'), ('obs_key', 'Stream key for OBS'), ('obs_revoke', 'Revoke stream key')], max_length=20),
                ),
                migrations.AlterField(
                    model_name='apitoken',
                    name='name',
                    field=models.CharField(help_text='who uses it; shown in the audit log', max_length=40, unique=True),
                ),
                migrations.AlterField(
                    model_name='plannedroom',
                    name='status',
                    field=models.CharField(choices=[('planned', 'scheduled'), ('creating', 'being created'), ('unknown', 'unknown, reading back'), ('created', 'created'), ('failed', 'failed'), ('cancelled', 'cancelled')], default='planned', max_length=16),
                ),
                migrations.AlterField(
                    model_name='policy',
                    name='hold_seconds',
                    field=models.PositiveIntegerField(default=600, help_text='how long after an end the room is ended again if it re-opens; 0: never'),
                ),
                migrations.AlterField(
                    model_name='policy',
                    name='hold_while_banned',
                    field=models.BooleanField(default=True, help_text='also ends the room again for as long as the host is banned'),
                ),
                migrations.AlterField(
                    model_name='policy',
                    name='key',
                    field=models.PositiveSmallIntegerField(help_text='1-9: the key that selects it'),
                ),
            ]
        )
    ]
