"""The shipped reason codes. They are the installation's own from then on."""

from django.db import migrations

SHIPPED = (
    (1, "sexual", "Sexual content", "Sexual content is not allowed on this platform."),
    (2, "minors", "Danger to minors", "Content that sexualises or endangers minors is not allowed."),
    (3, "violence", "Violence or gore", "Violent or shocking content is not allowed."),
    (4, "self-harm", "Self-harm", "Content that shows or encourages self-harm is not allowed. Help is available."),
    (5, "hate", "Hate or harassment", "Hateful content and harassment are not allowed."),
    (6, "fraud", "Fraud or scam", "Misleading people for gain is not allowed."),
    (7, "illegal", "Illegal goods or acts", "Illegal goods and acts are not allowed."),
    (8, "copyright", "Copyright", "You may not broadcast what others hold the rights to."),
    (9, "other", "Spam or other", "This broadcast breaks the rules of the platform."),
)


def ship(apps, schema_editor):
    Policy = apps.get_model("moderation", "Policy")
    for key, code, title, text in SHIPPED:
        Policy.objects.get_or_create(code=code, defaults={"key": key, "title": title, "text": text})


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_initial")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
