"""Who leads: one at a time, numbered, and nobody who cannot be sure of it."""

import pytest
from django.db import OperationalError

from rooms.collector import lease
from rooms.collector.lease import Lease
from rooms.ingest import fencing
from rooms.ingest.fencing import Fenced
from rooms.models import CollectorLease
from tests.support.clocks import Clock

pytestmark = pytest.mark.django_db


def test_the_first_to_ask_leads_and_gets_a_number(hot):
    first, second = Lease(), Lease()

    assert first.take() == 1
    assert first.held
    assert second.take() is None
    assert not second.held


def test_every_leader_has_a_higher_number(hot):
    first, second = Lease(), Lease()
    first.take()
    first.release()

    assert second.take() == 2
    assert CollectorLease.objects.get().holder == second.name


def test_a_lease_is_taken_for_six_seconds(hot):
    Lease().take()

    assert 5000 < hot.pttl("lw:leader") <= 6000


def test_renewing_extends_it(hot):
    clock = Clock(100.0)
    held = Lease(clock)
    held.take()
    hot.pexpire("lw:leader", 100)
    clock.now += 4

    assert held.renew()
    assert hot.pttl("lw:leader") > 5000
    clock.now += 4
    assert held.held


def test_it_is_not_held_after_its_time_even_if_nobody_says_so(hot):
    clock = Clock(100.0)
    held = Lease(clock)
    held.take()

    clock.now += lease.LEASE_SECONDS - lease.MARGIN_SECONDS

    assert not held.held


def test_a_lease_that_redis_forgot_is_lost(hot):
    held = Lease()
    held.take()
    hot.flushall()

    assert not held.renew()
    assert not held.held


def test_a_lease_that_somebody_else_has_is_lost_and_not_released(hot):
    held = Lease()
    held.take()
    hot.set("lw:leader", "somebody else")

    assert not held.renew()
    held.release()
    assert hot.get("lw:leader") == b"somebody else"


def test_without_redis_it_is_held_to_its_end_only(hot, settings):
    clock = Clock(100.0)
    held = Lease(clock)
    held.take()
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"

    assert held.renew()
    clock.now += lease.LEASE_SECONDS
    assert not held.renew()
    held.release()


def test_without_a_number_nobody_leads(hot, monkeypatch):
    def locked(_):
        raise OperationalError("database is locked")

    monkeypatch.setattr(fencing, "raise_fence", locked)

    with pytest.raises(OperationalError):
        Lease().take()
    assert hot.get("lw:leader") is None


def test_an_older_number_is_refused_and_the_newest_is_not():
    older, newest = fencing.raise_fence("one"), fencing.raise_fence("two")

    fencing.check_fence(newest)
    with pytest.raises(Fenced):
        fencing.check_fence(older)
