"""How Celery's threads treat the database: as Django's do, by CONN_MAX_AGE.

Celery's own fixup closes the connection before and after each task, whatever that says: opening
SQLite anew cost an act more than its three statements.
"""

from functools import cached_property

from celery import Celery
from celery.fixups.django import DjangoFixup, DjangoWorkerFixup
from django.db import close_old_connections


class WorkerFixup(DjangoWorkerFixup):
    def _close_database(self) -> None:
        close_old_connections()


class Fixup(DjangoFixup):
    @cached_property
    def worker_fixup(self) -> DjangoWorkerFixup:
        return WorkerFixup(self.app)


def fixup(app: Celery) -> Fixup:
    """As celery.fixups.django.fixup, for the settings of this project."""
    made = Fixup(app)
    made.install()
    return made
