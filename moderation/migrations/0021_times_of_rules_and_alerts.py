"""Whose clock says when a rule was changed and an alert raised: only Python knows of it, no table changes."""

import rooms.infra.database_time
from django.db import migrations, models

OF_DATABASE = models.DateTimeField(default=rooms.infra.database_time.now)
STAMPS = (("alert", "last_raised_at"), ("rule", "changed_at"), ("ruleswitch", "changed_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('moderation', '0020_folded_text'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(model_name=model, name=name, field=OF_DATABASE.clone()) for model, name in STAMPS
            ]
        )
    ]
