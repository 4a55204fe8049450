"""The worker's connections: kept between tasks for as long as the settings say."""

from django.conf import settings

from config import celery_database
from config.celery import app


def test_a_task_leaves_the_connection_to_the_settings(monkeypatch):
    closed = []
    monkeypatch.setattr(celery_database, "close_old_connections", lambda: closed.append("old ones"))
    [fixup] = app._fixups
    task = next(iter(app.tasks.values()))
    fixup.worker_fixup.on_task_prerun(sender=task)
    fixup.worker_fixup.on_task_postrun(sender=task)
    assert closed == ["old ones", "old ones"]


def test_sqlite_stays_open_between_tasks_and_requests():
    default = settings.DATABASES["default"]
    kept = default.get("CONN_MAX_AGE", 0)
    # A pool keeps its own connections, and Django refuses both at once.
    assert kept == 0 if "pool" in default["OPTIONS"] else kept > 0
