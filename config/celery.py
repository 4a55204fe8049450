"""The Celery application: two queues, so that an act never waits behind a chore."""

import gc
import os
from typing import Any

from celery import Celery, bootsteps
from celery.signals import beat_init, before_task_publish, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery(
    "livewarden",
    fixups={"config.celery_database:fixup"},
    task_cls="config.celery_request:LivewardenTask",
)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


class Alive(bootsteps.StartStopStep):
    """Says every few seconds, in a file, that the worker's loop turns: remote control is off."""

    requires = {"celery.worker.components:Timer"}

    def __init__(self, parent: Any, **options: Any) -> None:
        self.timer_entry: Any = None

    def start(self, parent: Any) -> None:
        name = parent.hostname.split("@")[0]
        touch(name)
        self.timer_entry = parent.timer.call_repeatedly(5.0, touch, (name,), priority=10)

    def stop(self, parent: Any) -> None:
        if self.timer_entry is not None:
            self.timer_entry.cancel()


app.steps["worker"].add(Alive)


def touch(name: str) -> None:
    """Renews the sign of life of a process; read by the health checks of docker-compose.yml."""
    from rooms.alive import touch as renew

    renew(name)


@app.on_after_configure.connect
def refuse(sender: Any = None, **_: Any) -> None:
    """Celery runs Django's checks but ignores what they say."""
    from config.checks import refuse_nonsense

    refuse_nonsense()


@worker_ready.connect
def settle(sender: Any = None, **_: Any) -> None:
    """What is there now stays: nobody looks through it for garbage while a hundred acts wait."""
    from moderation import execution, registry  # noqa: F401 (what the first act would import)

    gc.collect()
    gc.freeze()


@beat_init.connect
def watch_beat(sender: Any = None, **_: Any) -> None:
    """Beat publishes a chore every few seconds: that is its sign of life."""
    touch("beat")
    before_task_publish.connect(lambda **_: touch("beat"), weak=False)
