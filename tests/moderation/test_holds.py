"""An end that stays ended: held off after its end, ended again, until the hold is over or
lifted.
"""

import datetime as dt

import pytest

from moderation.actions import amendments
from moderation.bans import registry
from moderation.core.errors import Refused
from moderation.lifecycle import holds
from moderation.models import Action, AuditEntry, Hold, Policy
from moderation.worker import executor
from rooms.models import Room
from tests.moderation import acting
from tests.support.clocks import NOW
from tests.support.factories import make_room
from tests.support.vendor import GONE

pytestmark = pytest.mark.usefixtures("db", "service", "clock")

BEGAN = int(NOW.timestamp())
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def ended(service):
    """ended(room, policy, by=..., **more): an end that was carried out and read back."""

    def end(room, policy, *, by="system:test", **more) -> Action:
        action = acting.end_stream(by=by, room=room, policy=policy, grace=0.0, **more)
        executor.execute(action.pk)
        before = service.answers.get("get_room_info")
        service.answers["get_room_info"] = GONE
        executor.verify(action.pk)
        service.answers["get_room_info"] = before
        action.refresh_from_db()
        assert action.status in Action.SUCCEEDED
        return action

    return end


def opened(room_id, **fields) -> Room:
    """A broadcast that opened this moment, as the collector tells of it."""
    room = make_room(room_id, **{"create_time": BEGAN + 8} | fields)
    holds.on_room_opened(sender=Room, room=room)
    return room


def again(room) -> list[Action]:
    return list(Action.objects.filter(room=room, verb="end", by_name="system:hold"))


def test_an_end_holds_its_room_and_owner_for_as_long_as_its_reason_says(
    room, policy, people, ended
):
    ended(room, policy, by=people["moderator"])
    hold = Hold.objects.get()
    assert (hold.room_id, hold.owner_account, hold.by_name) == (
        "room-1",
        "host-of-room-1",
        "moderator",
    )
    assert (hold.until, hold.ban, hold.again, hold.in_force) == (NOW + 10 * MINUTE, None, 0, True)
    entry = AuditEntry.objects.get(verb="hold")
    assert (entry.actor, entry.room_pk, entry.after["until"]) == (
        "moderator",
        room.pk,
        hold.until.isoformat(),
    )


def test_an_end_of_something_that_was_over_already_holds_too(room, policy, service, ended):
    service.answers["get_room_info"] = GONE
    assert ended(room, policy).status == "already"
    assert Hold.objects.get().in_force


def test_an_undone_end_leaves_no_hold(room, policy, people):
    end = acting.end_stream(by=people["moderator"], room=room, policy=policy, grace=3.0)
    amendments.undo(by=people["moderator"], action=end)
    executor.execute(end.pk)
    assert not Hold.objects.exists()
    opened("room-2", owner_account=room.owner_account)
    assert not Action.objects.filter(by_name="system:hold").exists()


def test_a_failed_end_leaves_no_hold(room, policy):
    end = acting.end_stream(by="system:test", room=room, policy=policy, grace=0.0)
    Action.objects.filter(pk=end.pk).update(status="failed")
    end.refresh_from_db()
    assert holds.place(end) is None


def test_a_mute_holds_nothing(room, policy):
    mute = acting.member_act(
        by="system:test", verb="mute", room=room, account="troll", policy=policy, seconds=60
    )
    executor.execute(mute.pk)
    assert not Hold.objects.exists()


def test_a_reason_may_ask_for_no_hold(room, policy, ended):
    Policy.objects.update(hold_seconds=0)
    policy.refresh_from_db()
    ended(room, policy)
    assert not Hold.objects.exists()


@pytest.mark.parametrize("while_banned", [True, False])
def test_it_holds_as_long_as_the_host_is_banned_when_the_reason_says_so(
    room, policy, clock, service, while_banned
):
    Policy.objects.update(hold_seconds=60, hold_while_banned=while_banned)
    ban = registry.place(
        by="system:test", account=room.owner_account, policy=policy, until=NOW + 60 * MINUTE
    )
    registry.enforce_everywhere(ban.pk)
    end = Action.objects.get(room=room, verb="end")
    executor.execute(end.pk)
    service.answers["get_room_info"] = GONE
    executor.verify(end.pk)
    assert (Hold.objects.get().ban is not None) == while_banned
    clock.shift(10 * MINUTE)
    assert Hold.objects.in_force().exists() == while_banned
    clock.shift(51 * MINUTE)
    assert not Hold.objects.in_force().exists()


def test_the_same_room_id_is_ended_again_and_counted(room, policy, service, ended):
    ended(room, policy)
    reopened = opened("room-1", owner_account="another-host")
    (end,) = again(reopened)
    hold = Hold.objects.get()
    assert (end.hold, end.due_at, end.policy) == (hold, NOW, policy)
    assert (hold.again, hold.last_again_at) == (1, NOW)
    entry = AuditEntry.objects.get(action_id=end.pk)
    assert (entry.actor, entry.outcome, entry.after["hold"]) == (
        "system:hold",
        "requested",
        hold.pk,
    )
    service.destroyed = False
    executor.execute(end.pk)
    assert Hold.objects.count() == 1, "an end for a hold places no hold of its own"
    opened("room-1", create_time=BEGAN + 20)
    assert Hold.objects.get().again == 2


def test_the_owner_is_ended_under_another_room_id(room, policy, ended):
    ended(room, policy)
    assert again(opened("room-2", owner_account=room.owner_account))
    assert not again(opened("room-3"))


def test_what_the_owner_had_open_before_goes_on(room, policy, ended):
    other = make_room("room-2", owner_account=room.owner_account, create_time=BEGAN - 3600)
    late = make_room("room-3", owner_account=room.owner_account, create_time=BEGAN - 3600)
    ended(room, policy)
    Room.objects.filter(pk=late.pk).update(first_seen_at=NOW + MINUTE)
    assert holds.enforce() == 0
    assert not again(other)
    assert not again(late)


def test_rooms_without_an_owner_are_not_of_one_owner(policy, ended):
    room = make_room("room-1", owner_account="")
    ended(room, policy)
    assert not again(opened("room-2", owner_account=""))


def test_told_twice_it_is_ended_once(room, policy, ended):
    ended(room, policy)
    reopened = opened("room-1")
    holds.on_room_opened(sender=Room, room=reopened)
    assert holds.enforce() == 0
    assert len(again(reopened)) == 1
    assert Hold.objects.get().again == 1


def test_the_sweep_finds_what_no_signal_told(room, policy, ended):
    ended(room, policy)
    reopened = make_room("room-1", create_time=BEGAN + 8)
    assert holds.enforce() == 1
    assert again(reopened)


def test_an_end_again_that_was_given_up_is_ordered_anew_a_minute_later(room, policy, clock, ended):
    ended(room, policy)
    reopened = opened("room-1")
    Action.objects.filter(room=reopened).update(status="failed", finished_at=NOW)
    assert holds.enforce() == 0
    clock.shift(MINUTE + dt.timedelta(seconds=1))
    assert holds.enforce() == 1
    assert len(again(reopened)) == 2
    assert Hold.objects.get().again == 1, "it is the same broadcast"


def test_after_its_time_a_room_may_open_again(room, policy, clock, ended):
    ended(room, policy)
    clock.shift(10 * MINUTE + dt.timedelta(seconds=1))
    assert not again(opened("room-1"))
    assert holds.close_expired() == 1
    assert holds.close_expired() == 0
    assert AuditEntry.objects.filter(verb="hold_over").count() == 1


def test_a_second_end_renews_the_hold(room, policy, clock, service, ended):
    ended(room, policy)
    clock.shift(5 * MINUTE)
    reopened = make_room("room-1", create_time=BEGAN + 240)
    make_room(
        "room-1", create_time=BEGAN + 250, ended_at=NOW
    )  # newer, and not the one that is ended
    service.destroyed = False
    ended(reopened, policy)
    hold = Hold.objects.get()
    assert hold.until == NOW + 15 * MINUTE
    entry = AuditEntry.objects.filter(verb="hold").latest("pk")
    assert (entry.outcome, entry.room_pk) == ("done", reopened.pk)
    assert entry.before["until"] == (NOW + 10 * MINUTE).isoformat()
    assert entry.after["until"] == hold.until.isoformat()


def test_the_hold_that_is_renewed_is_the_one_in_force(room, policy, people, service, ended):
    ended(room, policy)
    holds.lift(by=people["banadmin"], hold=Hold.objects.get(), note="a mistake")
    for seconds in (240, 480):
        service.destroyed = False
        ended(make_room("room-1", create_time=BEGAN + seconds), policy)
    assert [hold.lifted_by_name for hold in Hold.objects.order_by("pk")] == ["banadmin", ""]


def test_a_hold_that_is_over_makes_room_for_the_next(room, policy, clock, service, ended):
    ended(room, policy)
    clock.shift(20 * MINUTE)
    service.destroyed = False
    ended(make_room("room-1", create_time=BEGAN + 900), policy)
    assert [hold.lifted_by_name for hold in Hold.objects.order_by("pk")] == ["system:expiry", ""]
    assert Hold.objects.in_force().get().until == NOW + 30 * MINUTE


def test_lifting_lets_the_room_open_again_and_takes_waiting_orders_back(
    room, policy, people, ended
):
    ended(room, policy)
    reopened = opened("room-1")
    hold = Hold.objects.get()
    with pytest.raises(Refused, match="Explain why"):
        holds.lift(by=people["banadmin"], hold=hold, note=" ")
    holds.lift(by=people["banadmin"], hold=hold, note="a mistake")
    assert [end.status for end in again(reopened)] == ["undone"]
    entry = AuditEntry.objects.get(verb="lift_hold")
    assert (entry.actor, entry.note, entry.after["in_force"]) == ("banadmin", "a mistake", False)
    assert holds.enforce() == 0
    with pytest.raises(Refused, match="no longer in force"):
        holds.lift(by=people["banadmin"], hold=hold, note="again")


def test_a_hold_concerns_the_ended_room_and_whatever_its_owner_opens(room, policy, ended):
    ended(room, policy)
    hold = Hold.objects.get()
    room.refresh_from_db()
    assert holds.in_force_for(room) == hold
    assert holds.in_force_for(make_room("room-2", owner_account=room.owner_account)) == hold
    assert holds.in_force_for(make_room("room-3")) is None
