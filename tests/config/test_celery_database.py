"""The worker's connections: kept between tasks for as long as the settings say."""

import threading
from concurrent import futures

from django.conf import settings
from django.db import OperationalError
from django.db.models import QuerySet

from config import celery_database
from config.celery import app, warm_up


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
    assert kept == (0 if "pool" in default["OPTIONS"] else None)


def test_all_threads_of_a_worker_are_started_and_ask_the_database(monkeypatch):
    asked = []
    monkeypatch.setattr(QuerySet, "exists", lambda self: asked.append(threading.get_ident()))
    with futures.ThreadPoolExecutor(5) as threads:
        warm_up(threads, 5)
    assert len(set(asked)) == 5


def test_a_worker_starts_without_its_database(monkeypatch):
    def away(self):
        raise OperationalError("unable to open database file")

    monkeypatch.setattr(QuerySet, "exists", away)
    with futures.ThreadPoolExecutor(2) as threads:
        warm_up(threads, 2)
        assert threads.submit(lambda: "works").result(5) == "works"
