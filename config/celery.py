"""The Celery application: two queues, so that an act never waits behind a chore."""

import contextlib
import gc
import os
import threading
from collections.abc import Callable
from concurrent import futures
from typing import Any, Protocol

from celery import Celery, bootsteps
from celery.signals import beat_init, before_task_publish, worker_init, worker_ready
from django.db import DatabaseError, close_old_connections

from config import celery_request

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

WARM_UP_SECONDS = 10.0

app = Celery(
    "livewarden",
    fixups={"config.celery_database:fixup"},
    task_cls="config.celery_request:LivewardenTask",
)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


class TimerEntry(Protocol):
    def cancel(self) -> object: ...


class Timer(Protocol):
    def call_repeatedly(
        self, secs: float, fun: Callable[[str], None], args: tuple[str], *, priority: int
    ) -> TimerEntry: ...


class Worker(Protocol):
    """What is used of celery.apps.worker.Worker."""

    hostname: str
    timer: Timer


class Alive(bootsteps.StartStopStep):
    """Says every few seconds, in a file, that the worker's loop turns: remote control is off."""

    requires = {"celery.worker.components:Timer"}

    def __init__(self, parent: Worker, **options: object) -> None:
        self.timer_entry: TimerEntry | None = None

    def start(self, parent: Worker) -> None:
        name = parent.hostname.split("@")[0]
        touch(name)
        self.timer_entry = parent.timer.call_repeatedly(5.0, touch, (name,), priority=10)

    def stop(self, parent: Worker) -> None:
        if self.timer_entry is not None:
            self.timer_entry.cancel()


app.steps["worker"].add(Alive)


def touch(name: str) -> None:
    """Renews the sign of life of a process; read by the health checks of docker-compose.yml."""
    from rooms.infra.heartbeat import touch as renew

    renew(name)


@app.on_after_configure.connect
def refuse(sender: object = None, **_: object) -> None:
    """Celery runs Django's checks but ignores what they say."""
    from config.checks import refuse_nonsense

    refuse_nonsense()


@worker_init.connect
def take_the_time(sender: object = None, **_: object) -> None:
    """Before the first message: what time decides is decided by the database's time."""
    begin(f"worker-{str(sender).split('@')[0]}")


def begin(name: str) -> None:
    """Measures the database's time from now on, and tells that this process lives."""
    from rooms.infra import database_time, processes

    database_time.start(name, processes.tell)


@before_task_publish.connect
def in_the_databases_time(headers: dict[str, object] | None = None, **_: object) -> None:
    """When a message is due and when it is over, as the database's clock has it: the worker's may
    be another machine's.
    """
    celery_request.shift(headers or {})


@worker_ready.connect
def settle(sender: Any = None, **_: object) -> None:
    """What is there now stays: nobody looks through it for garbage while a hundred acts wait."""
    from moderation.bans import registry  # noqa: F401 (what the first act would import)
    from moderation.worker import executor

    executor.use_executor(sender.pool.executor)
    warm_up(sender.pool.executor, sender.pool.limit)
    if str(sender.hostname).startswith("chores@"):
        from moderation.worker import risk_loop

        risk_loop.start()
    gc.collect()
    gc.freeze()


def warm_up(threads: futures.Executor, count: int) -> None:
    """Has all threads of the worker started, each with its connection to the database, where it may
    keep one.

    The first hundred acts at once would else wait for a hundred of both, half of their time.
    """
    from moderation.models import Action

    all_there = threading.Barrier(count)

    def start() -> None:
        # Not there yet: whoever needs it opens it, and says what is wrong.
        with contextlib.suppress(DatabaseError):
            Action.objects.filter(pk=0).exists()
        close_old_connections()
        with contextlib.suppress(threading.BrokenBarrierError):
            all_there.wait(
                WARM_UP_SECONDS
            )  # a thread that was done would be taken for the next start

    futures.wait([threads.submit(start) for _ in range(count)], timeout=WARM_UP_SECONDS)


@beat_init.connect
def watch_beat(sender: object = None, **_: object) -> None:
    """Beat publishes a chore every few seconds: that is its sign of life."""
    begin("beat")
    touch("beat")
    before_task_publish.connect(lambda **_: touch("beat"), weak=False)
