"""The Celery application: two queues, so that an act never waits behind a chore."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("livewarden")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
