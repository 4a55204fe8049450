"""A saved view without a sort was one by people online, which is no longer the default."""

from urllib.parse import parse_qsl, urlencode

from django.db import migrations
from django.db.migrations.state import StateApps


def name_the_sort(apps: StateApps, schema_editor: object) -> None:
    SavedView = apps.get_model("monitor", "SavedView")
    for view in SavedView.objects.all().iterator():
        asked = parse_qsl(view.query, keep_blank_values=True)
        if not any(name == "sort" for name, _value in asked):
            query = urlencode([("sort", "online"), *asked])
            if len(query) <= 2000:  # as much as the column takes
                SavedView.objects.filter(pk=view.pk).update(query=query)


class Migration(migrations.Migration):

    dependencies = [("monitor", "0003_list_columns")]

    operations = [migrations.RunPython(name_the_sort, migrations.RunPython.noop)]
