"""A room created hidden becomes visible when REST says that its host streams, and for no other
reason.
"""

import datetime as dt

import pytest
from django.utils import timezone

from liveapi import LiveApiError
from liveapi.messages import MemberPage, RoomInfo, Seat
from moderation.actions import orders
from moderation.core import broker
from moderation.core.errors import Refused
from moderation.models import Action, AuditEntry, PlannedRoom
from moderation.provisioning import publish_on_start
from moderation.worker import executor
from rooms import signals
from rooms.ingest import notify, room_writer
from rooms.live import demand
from tests.support.factories import make_room


def seat(account: str) -> Seat:
    return Seat(0, account, None, None, None)


@pytest.fixture(autouse=True)
def looked_at(monkeypatch):
    """Plans that were queued to be looked at; the collector is asked nothing."""
    queued = []
    monkeypatch.setattr(
        broker, "enqueue_publishing", lambda pk, delay=0.0: queued.append(pk) or True
    )
    monkeypatch.setattr(demand, "want_hosts", lambda seconds: None)
    monkeypatch.setattr(notify, "tell", lambda changes: None)
    return queued


@pytest.fixture
def broadcast(db):
    return make_room("show-1", owner_account="host-1", is_public_visible=False)


@pytest.fixture
def plan(broadcast, policy):
    now = timezone.now()
    return PlannedRoom.objects.create(
        room_id="show-1",
        owner_account="host-1",
        seat_template="VideoDynamicGrid9Seats",
        policy=policy,
        by_name="ann",
        due_at=now,
        give_up_at=now,
        status="created",
        broadcast=broadcast,
    )


@pytest.fixture
def seated(service, broadcast):
    """The vendor says that the host is on a seat of the hidden room, and lists it when told to."""
    service.answers |= {
        "get_seat_list": (seat("host-1"),),
        "get_robot": (),
        "update_room_info": None,
        "get_room_info": RoomInfo(
            "show-1",
            create_time=broadcast.create_time,
            owner_account="host-1",
            is_public_visible=False,
            is_unlimited_room_enabled=True,
        ),
    }
    return service


def test_a_host_on_a_seat_publishes_the_room_once(plan, broadcast, seated, looked_at):
    action = publish_on_start.publish(plan.pk)
    assert looked_at == [plan.pk]  # again in a moment, when the order is done
    assert (action.verb, action.by_name, action.room) == (
        "publish",
        "system:publish-on-start",
        broadcast,
    )
    assert publish_on_start.publish(plan.pk) is None
    assert Action.objects.count() == 1
    plan.refresh_from_db()
    assert (plan.published_sign, plan.published_at) == (
        "host on a seat",
        None,
    )  # nothing is said before the answer

    executor.execute(action.pk)
    publish_on_start.sweep()
    plan.refresh_from_db()
    action.refresh_from_db()
    assert action.status == "done"
    assert plan.published_at == action.finished_at
    assert AuditEntry.objects.get(verb="publish_on_start").after["sign"] == "host on a seat"
    sent = next(body for command, body in seated.calls if command == "update_room_info")["RoomInfo"]
    assert sent == {"RoomId": "show-1", "IsPublicVisible": True, "IsUnlimitedRoomEnabled": True}


def test_a_robot_of_obs_counts_and_is_named_as_the_sign(plan, seated):
    seated.answers |= {
        "get_seat_list": (seat("live_obs_host-1"),),
        "get_robot": ("live_obs_host-1",),
    }
    assert publish_on_start.publish(plan.pk) is not None
    plan.refresh_from_db()
    assert plan.published_sign == "OBS robot on a seat"


@pytest.mark.parametrize(
    ("seats", "robots"),
    [((), ()), (("guest",), ()), (("host-1",), ("host-1",)), (("other-robot",), ("other-robot",))],
)
def test_without_its_host_the_room_stays_hidden(seats, robots, plan, seated):
    seated.answers |= {
        "get_seat_list": tuple(map(seat, seats)),
        "get_robot": robots,
        "get_member_list": MemberPage(("host-1",), 1, ""),
    }
    assert publish_on_start.publish(plan.pk) is None
    assert not Action.objects.exists()


def test_a_vendor_that_does_not_answer_publishes_nothing(plan, seated):
    seated.answers["get_seat_list"] = LiveApiError("no answer", kind="timeout", retryable=True)
    assert publish_on_start.publish(plan.pk) is None


@pytest.mark.parametrize("visibility", ["public", "hidden"])
def test_only_rooms_planned_so_become_visible(visibility, plan, seated):
    PlannedRoom.objects.update(visibility=visibility)
    assert publish_on_start.publish(plan.pk) is None
    assert seated.calls == []


def test_an_ended_broadcast_is_left_alone(plan, broadcast, seated):
    room_writer.end_room(broadcast, cause="gone", at=timezone.now())
    assert publish_on_start.publish(plan.pk) is None
    assert publish_on_start.sweep() == 0


def test_a_room_in_quarantine_waits(plan, broadcast, policy, seated):
    now = timezone.now()
    Action.objects.create(
        verb="quarantine",
        room=broadcast,
        policy=policy,
        status="done",
        finished_at=now,
        due_at=now,
        give_up_at=now,
    )
    assert publish_on_start.publish(plan.pk) is None


def test_a_room_that_somebody_listed_is_settled(plan, broadcast, seated):
    type(broadcast).objects.update(is_public_visible=True)
    publish_on_start.sweep()
    plan.refresh_from_db()
    assert (plan.published_sign, plan.published_at is not None) == ("listed by a person", True)
    assert seated.calls == []


def test_a_seated_host_has_the_plan_looked_at(plan, broadcast, looked_at):
    broadcast.host_state = "inside"
    signals.host_changed.send(type(broadcast), room=broadcast)
    assert looked_at == []
    broadcast.host_state = "seated"
    signals.host_changed.send(type(broadcast), room=broadcast)
    signals.host_changed.send(type(broadcast), room=make_room("other", host_state="seated"))
    assert looked_at == [plan.pk]


def test_the_sweep_finds_a_host_that_no_signal_told_of(plan, broadcast, looked_at):
    publish_on_start.sweep()
    assert looked_at == []
    type(broadcast).objects.update(host_state="seated")
    publish_on_start.sweep()
    assert looked_at == [plan.pk]


def test_an_order_that_was_given_up_is_given_anew_after_a_while(plan, seated, looked_at):
    first = publish_on_start.publish(plan.pk)
    Action.objects.update(status="failed")
    assert publish_on_start.publish(plan.pk) is None
    Action.objects.update(requested_at=timezone.now() - dt.timedelta(minutes=2))
    again = publish_on_start.publish(plan.pk)
    assert again is not None
    assert again.pk != first.pk


def test_a_refused_order_leaves_the_plan_waiting(plan, seated, monkeypatch):
    def refuse(*_, **__):
        raise Refused("not now")

    monkeypatch.setattr(orders, "submit", refuse)
    assert publish_on_start.publish(plan.pk) is None
    plan.refresh_from_db()
    assert (plan.published_at, plan.published_sign) == (None, "")
