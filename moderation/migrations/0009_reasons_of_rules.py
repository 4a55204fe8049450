"""Reasons of their own for the rules that end without anybody having done wrong: the host is told what it is.

People do not pick them (they have no key), and no hold follows: the rules look after the next broadcast themselves.
"""

from django.db import migrations

SHIPPED = (
    ("time-limit", "time-is-over", "Time is over", "The time of this broadcast is over."),
    ("host-gone", "host-gone", "Host gone", "The host of this broadcast has not been there for a while."),
)


def ship(apps, schema_editor):
    Policy = apps.get_model("moderation", "Policy")
    rules = apps.get_model("moderation", "Rule").objects
    for slug, code, title, text in SHIPPED:
        known = {"key": 0, "title": title, "text": text, "is_active": False, "hold_seconds": 0, "hold_while_banned": False}
        policy, _made = Policy.objects.get_or_create(code=code, defaults=known)
        # Only as it was shipped: what somebody has changed is the installation's own.
        rules.filter(slug=slug, version=1, policy__code="other").update(policy=policy)


class Migration(migrations.Migration):
    dependencies = [("moderation", "0008_default_rules")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
