"""The rules that every installation begins with. They are its own from then on."""

from django.db import migrations, models

# slug, title, kind, act, settings, on, daily cap
SHIPPED = (
    ("time-limit", "Time limit", "time_limit", "end", {}, True, 10_000),
    ("host-gone", "Host gone", "host_gone", "end", {"grace": 300}, False, 1_000),
    ("banned-host", "Banned host opens a room", "banned_host", "end", {}, True, 10_000),
    ("banned-user", "Banned user enters", "banned_user", "room_ban", {}, True, 100_000),
    ("label-violence", "Label: violence", "label", "alert", {"labels": ["violence"], "score": 90}, False, 1_000),
    ("words-fraud", "Words: fraud", "words", "alert", {"words": ["free coins", "gift card"]}, False, 1_000),
)


def ship(apps, schema_editor):
    Rule = apps.get_model("moderation", "Rule")
    policies = apps.get_model("moderation", "Policy").objects
    reasons = {"label-violence": "violence", "words-fraud": "fraud"}
    for slug, title, kind, act, settings, is_on, cap in SHIPPED:
        policy = policies.filter(code=reasons.get(slug, "other")).first() or policies.order_by("pk").first()
        known = {"title": title, "kind": kind, "act": act, "settings": settings, "is_on": is_on, "daily_cap": cap}
        Rule.objects.get_or_create(slug=slug, defaults=known | {"policy": policy})
    apps.get_model("moderation", "RuleSwitch").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("moderation", "0007_life_and_rules")]
    operations = [
        migrations.AlterField(
            model_name="rulehit",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("found", "found, to be read back"), ("ordered", "ordered"), ("alerted", "alert raised"),
                    ("dry", "nothing, dry run"), ("off", "nothing, all rules are off"),
                    ("capped", "nothing, daily cap reached"),
                    ("unverified", "nothing, reading back did not confirm it"), ("refused", "refused"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddIndex(
            model_name="rulehit",
            index=models.Index(condition=models.Q(("outcome", "found")), fields=["at"], name="hits_to_read_back"),
        ),
        migrations.RunPython(ship, migrations.RunPython.noop),
    ]
