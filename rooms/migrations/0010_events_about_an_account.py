from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rooms", "0009_folded_names")]
    operations = [
        migrations.AddIndex(
            model_name="roomevent",
            index=models.Index(fields=["account"], name="events_about_an_account"),
        )
    ]
