"""Rules about unusual figures: their kind, and those that every installation begins with."""

from django.db import migrations, models

KINDS = [
    ("time_limit", "time limit"), ("host_gone", "host gone"), ("banned_host", "banned host opens a room"),
    ("banned_user", "banned user enters"), ("label", "violation label"), ("words", "words in chat"),
    ("anomaly", "unusual figures"),
]
# slug, title, reason
SHIPPED = (
    ("anomaly-viewers-jump", "Viewers jump", "fraud"),
    ("anomaly-viewers-ramp", "Viewers rise steadily", "fraud"),
    ("anomaly-viewers-drop", "Viewers collapse", "other"),
    ("anomaly-chat-flood", "Chat flood", "other"),
    ("anomaly-chat-silence", "Chat silent", "other"),
    ("anomaly-gifts-few-givers", "Gifts of few givers", "fraud"),
    ("anomaly-gifts-flood", "Gift flood", "fraud"),
    ("anomaly-gifts-stopped", "Gifts stopped", "other"),
)


def ship(apps, schema_editor):
    Rule = apps.get_model("moderation", "Rule")
    policies = apps.get_model("moderation", "Policy").objects
    for slug, title, reason in SHIPPED:
        policy = policies.filter(code=reason).first() or policies.order_by("pk").first()
        known = {"title": title, "kind": "anomaly", "act": "alert", "is_on": True, "daily_cap": 500}
        Rule.objects.get_or_create(slug=slug, defaults=known | {"policy": policy, "settings": {"sensitivity": "usual"}})


class Migration(migrations.Migration):
    dependencies = [("moderation", "0022_words_on_screens")]
    operations = [
        migrations.AlterField(
            model_name="rule", name="kind", field=models.CharField(choices=KINDS, max_length=20)
        ),
        migrations.RunPython(ship, migrations.RunPython.noop),
    ]
