"""What follows the commit of an order: one message for one order, and one for all that are ordered
together.
"""

import datetime as dt
import uuid

import pytest
from django.db import transaction
from django.utils import timezone

from moderation.actions import bulk, dispatch
from moderation.core import broker
from moderation.models import Action
from rooms.live import demand, push
from tests.moderation import acting
from tests.support.factories import make_room

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch) -> dict[str, list]:
    """What went to the queue, message by message, to the screens and to the collector."""
    found = {"messages": [], "delays": [], "screens": [], "read": []}
    monkeypatch.setattr(
        broker,
        "enqueue",
        lambda *pks, delay=0.0: (
            found["messages"].append(pks) or found["delays"].append(delay) or True
        ),
    )
    monkeypatch.setattr(push, "publish_act", lambda room, act: found["screens"].append(act))
    monkeypatch.setattr(demand, "refresh", lambda room: found["read"].append(room))
    return found


@pytest.fixture
def end(people, policy):
    def order(name, grace=0.0) -> Action:
        return acting.end_stream(
            by=people["moderator"], room=make_room(name), policy=policy, grace=grace
        )

    return order


def test_each_order_alone_is_a_message_of_its_own(end, told, committing):
    with committing():
        first, second = end("a"), end("b", grace=5.0)
    assert told["messages"] == [(first.pk,), (second.pk,)]
    assert told["screens"] == [first.pk, second.pk]
    assert told["delays"][0] == 0.0
    assert 4.0 < told["delays"][1] <= 5.0
    assert told["read"] == [second.room.pk], "one that is due reads its room itself"


def test_orders_together_are_one_message(end, told, committing):
    with committing(), dispatch.batch():
        acts = [end(name) for name in "abc"]
    assert told["messages"] == [tuple(act.pk for act in acts)]
    assert told["screens"] == [act.pk for act in acts]


def test_those_that_are_taken_back_with_a_transaction_are_not_among_them(end, told, committing):
    with committing(), dispatch.batch():
        stays = end("a")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            end("b")
            raise ZeroDivisionError
    assert told["messages"] == [(stays.pk,)]


def test_a_transaction_that_fails_sends_nothing(end, told, committing):
    with committing(), pytest.raises(ZeroDivisionError), transaction.atomic(), dispatch.batch():
        end("a")
        raise ZeroDivisionError
    assert not told["messages"]


def test_what_was_ordered_before_an_error_goes_out_all_the_same(end, told, committing):
    with committing(), pytest.raises(ZeroDivisionError), dispatch.batch():
        first = end("a")
        raise ZeroDivisionError
    assert told["messages"] == [(first.pk,)]


def test_the_latest_of_them_is_waited_for(end, told, committing):
    with committing(), dispatch.batch():
        end("a", grace=1.0)
        end("b", grace=9.0)
    assert 8.0 < told["delays"][0] <= 9.0


def test_nobody_waits_for_redis_again_when_the_broker_is_away(end, told, committing, monkeypatch):
    monkeypatch.setattr(broker, "enqueue", lambda *pks, delay=0.0: False)
    with committing(), dispatch.batch():
        end("a")
    assert not told["screens"]


def test_an_order_for_many_rooms_is_a_few_messages(people, policy, told, committing, monkeypatch):
    monkeypatch.setattr(bulk, "A_MESSAGE", 2)
    rooms = [make_room(name) for name in "abcde"]
    rooms[1].ended_at = timezone.now() - dt.timedelta(minutes=1)
    rooms[1].save()
    with committing():
        said = bulk.order(
            by=people["moderator"],
            verb="end",
            rooms=rooms,
            policy=policy,
            key=uuid.uuid4(),
            count=len(rooms),
        )
    assert [len(message) for message in told["messages"]] == [1, 2, 1]
    assert [one.action is None for one in said] == [False, True, False, False, False]
