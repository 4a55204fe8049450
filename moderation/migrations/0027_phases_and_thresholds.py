"""Rules have one phase instead of two switches, labels two thresholds, words the places where they are looked for.

A label's one score becomes both of its thresholds. A rule that acts upon words or labels says from now on how many
findings it asks for; none of the old ones said that one is enough, so they get the usual two within 30 seconds. See
CHANGELOG.md.
"""

from django.db import migrations, models

OUTCOMES = [
    ("found", "found, to be read back"), ("ordered", "ordered"), ("alerted", "alert raised"),
    ("dry", "nothing, shadow phase"), ("off", "nothing, all rules are off"),
    ("capped", "nothing, daily cap reached"),
    ("unverified", "nothing, reading back did not confirm it"), ("refused", "refused"),
]
KINDS = [
    ("time_limit", "time limit"), ("host_gone", "host gone"), ("banned_host", "banned host opens a room"),
    ("banned_user", "banned user enters"), ("label", "violation label"), ("words", "words"), ("anomaly", "unusual figures"),
]


def categories(settings):
    """The settings of a label rule: each label with its score as both thresholds."""
    labels, score = settings.pop("labels", []), settings.pop("score", 0)
    if "categories" not in settings:
        settings["categories"] = [{"label": str(label), "look": score, "act": score} for label in labels]
    return settings


def scores(settings):
    """The settings as they were: the labels, with the lowest score at which the rule acted."""
    rows = settings.pop("categories", [])
    for name in ("places", "findings", "within"):
        settings.pop(name, None)
    if rows:
        settings |= {"labels": [row["label"] for row in rows], "score": min(row["act"] for row in rows)}
    return settings


def forwards(apps, schema_editor):
    for rule in apps.get_model("moderation", "Rule").objects.all():
        rule.phase = ("shadow" if rule.dry_only else "on") if rule.is_on else "off"
        if rule.kind == "label":
            rule.settings = categories(rule.settings)
        if rule.kind == "words":
            rule.settings.setdefault("places", ["chat"])
        rule.save(update_fields=["phase", "settings"])


def backwards(apps, schema_editor):
    for rule in apps.get_model("moderation", "Rule").objects.all():
        rule.is_on, rule.dry_only = rule.phase != "off", rule.phase == "shadow"
        rule.settings = scores(rule.settings)
        rule.save(update_fields=["is_on", "dry_only", "settings"])


class Migration(migrations.Migration):
    dependencies = [("moderation", "0026_kept_stills")]
    operations = [
        migrations.AddField(
            model_name="rule",
            name="phase",
            field=models.CharField(
                choices=[("off", "off"), ("shadow", "shadow"), ("on", "on")],
                default="off",
                help_text="shadow: finds and logs, but does nothing",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="rulehit",
            name="calls_for_act",
            field=models.BooleanField(
                db_default=True, default=True, help_text="False: for an alert in place of the rule's act"
            ),
        ),
        migrations.RunPython(forwards, backwards),
        migrations.RemoveField(model_name="rule", name="is_on"),
        migrations.RemoveField(model_name="rule", name="dry_only"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="rule", name="kind", field=models.CharField(choices=KINDS, max_length=20)
                ),
                migrations.AlterField(
                    model_name="rulehit", name="outcome", field=models.CharField(choices=OUTCOMES, max_length=16)
                ),
            ]
        ),
    ]
