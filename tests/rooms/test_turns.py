"""Threads of a process take turns at writing, and give their turn back at the commit."""

import threading

import pytest
from django.db import connection, transaction

from rooms import transactions as turns
from rooms.models import CollectorLease
from rooms.transactions import writing

only_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="other databases take many writers")


def is_free() -> bool:
    free = turns._writer.acquire(blocking=False)
    if free:
        turns._writer.release()
    return free


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_the_turn_ends_with_the_commit_before_what_follows_on_it():
    seen = []
    with writing():
        seen.append(is_free())
        CollectorLease.objects.create(pk=7)
        transaction.on_commit(lambda: seen.append(is_free()))
    assert seen == [False, True]
    assert is_free()


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_the_turn_ends_when_the_transaction_fails():
    with pytest.raises(ZeroDivisionError), writing(urgent=True):
        CollectorLease.objects.create(pk=7)
        raise ZeroDivisionError
    assert is_free()
    assert not turns._patient.locked()
    assert not CollectorLease.objects.filter(pk=7).exists()


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_whoever_can_wait_lets_the_urgent_go_first():
    order = []
    inside, go = threading.Event(), threading.Event()

    def first():
        with writing():
            inside.set()
            go.wait(10)
            order.append("first")
        connection.close()

    def another(name, urgent):
        with writing(urgent=urgent):
            order.append(name)
        connection.close()

    threads = [threading.Thread(target=first)]
    threads[0].start()
    assert inside.wait(10)
    for name, urgent in (("patient", False), ("patient", False), ("urgent", True)):
        threads.append(threading.Thread(target=another, args=(name, urgent)))
        threads[-1].start()
    go.set()
    for thread in threads:
        thread.join(10)
    # The first patient one may be on its way already; the second stands behind it and not behind the writer.
    assert order[0] == "first"
    assert sorted(order[1:]) == ["patient", "patient", "urgent"]
    assert order[-1] == "patient"


@pytest.mark.django_db
def test_inside_another_transaction_it_is_a_part_of_it():
    with writing():
        assert is_free()
        with writing():
            pass


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_turn_that_does_not_come_is_done_without(monkeypatch):
    monkeypatch.setattr(turns, "MOST_SECONDS", 0.01)
    with turns._writer, writing(urgent=True):
        CollectorLease.objects.create(pk=7)
    assert CollectorLease.objects.filter(pk=7).exists()
