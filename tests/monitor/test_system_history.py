"""The System page shows how the installation did, over an hour or a day."""

import datetime as dt

import pytest
from django.utils import timezone

from moderation.core.roles import make_person
from moderation.models import Action, Policy
from moderation.worker import recovery
from monitor.system_page import history
from rooms.live import system_history
from rooms.live.system_history import Minute
from tests.support.factories import PASSWORD, log_in, make_room

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(monkeypatch):
    """The minutes of the last quarter of an hour, with an outage in it."""
    now = int(timezone.now().timestamp()) // 60
    minutes = [
        Minute(now - back, back, None if back > 10 else back, 100 - back, back not in (5, 4))
        for back in range(15, 0, -1)
    ]
    monkeypatch.setattr(system_history, "read", lambda minutes_back: minutes)
    return minutes


def test_of_several_minutes_the_worst_counts(kept):
    by_step = history.worst(kept, 15, lambda one: one.budget, str)
    assert max(one.value for one in by_step) == 15
    assert len(by_step) <= 2
    assert len(history.worst(kept, 1, lambda one: one.age, str)) == 10, "no age is no zero"


def test_an_outage_is_marked_once_where_it_began(kept):
    assert [mark.at for mark in history.outages(kept)] == [kept[10].minute * 60]


def test_the_page_has_both_spans_and_says_the_values(client, kept):
    page = log_in(client, make_person("watcher", "auditor", PASSWORD)).get("/system?range=24h")
    assert 'href="/system?range=1h"' in page.content.decode()
    part = client.get("/system/charts").content.decode()
    assert "The vendor did not answer." in part
    assert "15 %" in part
    assert "99 s" in part or "1 min" in part
    assert part.count('role="slider"') == 3


def test_an_act_that_is_due_and_not_done_is_a_wait(monkeypatch):
    found = []
    monkeypatch.setattr(system_history, "keep", lambda waiting: found.append(waiting))
    recovery.keep_system_history()
    now = timezone.now()
    for status, seconds in (("requested", 40), ("done", 900), ("requested", -30)):
        due = now - dt.timedelta(seconds=seconds)
        Action.objects.create(
            room=make_room(f"room-{status}{seconds}"),
            verb="warn",
            policy=Policy.objects.first(),
            by_name="mika",
            status=status,
            due_at=due,
            give_up_at=now + dt.timedelta(minutes=5),
        )
    recovery.keep_system_history()
    assert found[0] == 0
    assert 39 < found[1] < 60
