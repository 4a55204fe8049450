"""What goes to the queue of acts when, and how a worker treats it."""

import queue
import threading
import time
from types import SimpleNamespace

import pytest
from celery import current_app
from celery.worker import request as celery_request
from django.conf import settings

from config import celery_request as requests
from moderation.core import broker
from moderation.core.broker import enqueue_verification  # this folder's fixtures replace it
from moderation.worker import executor
from tests.support.waiting import eventually


@pytest.fixture
def published(monkeypatch):
    """The acts whose verification went out, in a queue of this test's own."""
    found: queue.Queue[int] = queue.Queue()
    monkeypatch.setattr(broker, "publish", lambda task, pk, delay=0.0: found.put(pk))
    return found


def test_verifications_go_out_later_and_in_order(published, monkeypatch):
    monkeypatch.setattr(broker, "VERIFY_AFTER", 0.2)
    assert all(enqueue_verification(pk) for pk in (1, 2, 3))
    assert published.empty()
    assert [published.get(timeout=10) for _ in range(3)] == [1, 2, 3]


def test_a_crowd_of_verifications_goes_out_one_after_the_other(published, monkeypatch):
    monkeypatch.setattr(broker, "VERIFY_AFTER", 0.0)
    slept = []
    monkeypatch.setattr(
        broker, "time", SimpleNamespace(monotonic=time.monotonic, sleep=slept.append)
    )
    assert all(enqueue_verification(pk) for pk in (1, 2, 3))
    assert [published.get(timeout=10) for _ in range(3)] == [1, 2, 3]
    assert slept.count(broker.VERIFY_EVERY) >= 2, "between two of them, and after the last"


def test_when_too_many_wait_the_sweep_has_to_come_back(monkeypatch):
    monkeypatch.setattr(broker, "_to_verify", queue.Queue(1))
    monkeypatch.setattr(broker, "_start_verifying", lambda: None)
    assert enqueue_verification(1)
    assert not enqueue_verification(2)


def test_answers_are_recorded_two_at_a_time(monkeypatch):
    monkeypatch.setattr(executor, "TURN_SECONDS", 60)
    go, inside = threading.Event(), []

    def record() -> None:
        with executor.commit_slot():
            inside.append(1)
            go.wait(10)

    threads = [threading.Thread(target=record) for _ in range(5)]
    for thread in threads:
        thread.start()
    eventually("two are inside", lambda: len(inside) >= 2)
    time.sleep(0.05)  # nobody else comes in: of that there is no sign to wait for
    assert len(inside) == 2
    go.set()
    for thread in threads:
        thread.join(10)
    assert len(inside) == 5


def test_whoever_waits_too_long_for_a_turn_goes_without(monkeypatch):
    monkeypatch.setattr(executor, "TURN_SECONDS", 0.05)
    with executor.commit_slot(), executor.commit_slot(), executor.commit_slot():
        pass
    assert executor._turns._value == 2, "no turn is given back twice"


@pytest.mark.parametrize(("queue_name", "told"), [("acts", 0), ("chores", 1)])
def test_messages_of_acts_are_not_acknowledged(queue_name, told, monkeypatch):
    asked = []
    monkeypatch.setattr(celery_request.Request, "acknowledge", lambda self: asked.append(self))
    one = requests.Request.__new__(requests.Request)
    monkeypatch.setattr(requests.Request, "delivery_info", {"routing_key": queue_name})
    one.acknowledge()
    assert len(asked) == told


def test_tasks_sent_by_name_are_registered_and_go_to_the_acts_queue():
    sent = {
        value
        for name, value in vars(broker).items()
        if name.isupper() and str(value).startswith("moderation.")
    }
    current_app.loader.import_default_modules()  # as a worker does
    assert sent <= current_app.tasks.keys()
    assert len(sent) == 6
    assert {settings.CELERY_TASK_ROUTES[name]["queue"] for name in sent} == {"acts"}


def test_every_task_is_treated_so():
    current_app.loader.import_default_modules()
    for name, task in current_app.tasks.items():
        if name.startswith(("moderation.", "rooms.")):
            assert task.Request == "config.celery_request:Request", name
    assert requests.unacknowledged() == {"acts"}
