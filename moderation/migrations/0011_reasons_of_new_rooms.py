"""Reasons of their own for rooms that the console creates: nobody has done wrong there.

Acts do not offer them (they have no key, and are not among the active); the form of a new room offers these alone.
"""

from django.db import migrations

SHIPPED = (
    ("programme", "Planned programme"),
    ("rehearsal", "Rehearsal or test"),
)


def ship(apps, schema_editor):
    Policy = apps.get_model("moderation", "Policy")
    for code, title in SHIPPED:
        known = {"key": 0, "title": title, "is_active": False, "hold_seconds": 0, "hold_while_banned": False}
        Policy.objects.get_or_create(code=code, defaults=known)


class Migration(migrations.Migration):
    dependencies = [("moderation", "0010_api_requests")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
