"""Threads of a process take turns at writing, and give their turn back at the commit.

The database is a stand-in.
"""

import contextlib
import threading
from types import SimpleNamespace

import pytest

from rooms.infra import transactions
from rooms.infra.transactions import write_turn


class Database:
    """Transactions that commit, or roll back when an exception leaves them."""

    def __init__(self):
        self.hooks = []
        self.said = []

    @contextlib.contextmanager
    def atomic(self):
        yield
        self.said.append("commit")
        for hook in self.hooks:
            hook()

    def on_commit(self, hook):
        self.hooks.append(hook)


@pytest.fixture
def database(monkeypatch):
    made = Database()
    monkeypatch.setattr(transactions, "transaction", made)
    monkeypatch.setattr(
        transactions, "connection", SimpleNamespace(vendor="sqlite", in_atomic_block=False)
    )
    return made


def is_free() -> bool:
    free = transactions._writer.acquire(blocking=False)
    if free:
        transactions._writer.release()
    return free and not transactions._patient.locked()


@pytest.mark.parametrize("urgent", [True, False])
def test_the_turn_ends_with_the_commit_before_what_follows_on_it(database, urgent):
    seen = []
    with write_turn(priority=urgent):
        seen.append(is_free())
        database.on_commit(lambda: seen.append(is_free()))
    assert seen == [False, True]
    assert database.said == ["commit"]
    assert is_free()


@pytest.mark.parametrize("urgent", [True, False])
def test_the_turn_ends_when_the_transaction_fails(database, urgent):
    with pytest.raises(ZeroDivisionError), write_turn(priority=urgent):
        raise ZeroDivisionError
    assert database.said == []
    assert is_free()


def test_whoever_can_wait_lets_the_urgent_go_first(database):
    order = []
    inside, go = threading.Event(), threading.Event()

    def first():
        with write_turn():
            inside.set()
            go.wait(10)
            order.append("first")

    def another(name, urgent):
        with write_turn(priority=urgent):
            order.append(name)

    threads = [threading.Thread(target=first)]
    threads[0].start()
    assert inside.wait(10)
    threads += [threading.Thread(target=another, args=("patient", False)) for _ in range(2)]
    threads.append(threading.Thread(target=another, args=("urgent", True)))
    for thread in threads[1:]:
        thread.start()
    go.set()
    for thread in threads:
        thread.join(10)
    assert order[0] == "first"
    assert sorted(order[1:]) == ["patient", "patient", "urgent"]


def test_inside_another_transaction_and_on_other_databases_nobody_queues(database, monkeypatch):
    for found in (
        {"vendor": "sqlite", "in_atomic_block": True},
        {"vendor": "postgresql", "in_atomic_block": False},
    ):
        monkeypatch.setattr(transactions, "connection", SimpleNamespace(**found))
        with write_turn():
            assert is_free()


def test_a_turn_that_does_not_come_is_done_without(database, monkeypatch):
    monkeypatch.setattr(transactions, "MAX_SECONDS", 0.01)
    with transactions._writer, write_turn(priority=True):
        pass
    assert database.said == ["commit"]
