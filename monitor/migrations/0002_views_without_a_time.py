"""Nothing ever read when a view was saved."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('monitor', '0001_preferences_and_views'),
    ]

    operations = [
        migrations.RemoveField(model_name='savedview', name='changed_at'),
    ]
