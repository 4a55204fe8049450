"""Conditions of acts and holds that only a second writer, a lost answer or an odd clock ever
meets.
"""

import datetime as dt

import pytest
from django.utils import timezone

from liveapi import LiveApiError
from moderation.core import broker, leases
from moderation.core.errors import Refused
from moderation.lifecycle import holds
from moderation.models import Action, AuditEntry, Hold, Policy, Rule
from moderation.worker import executor
from rooms.models import Room
from tests.moderation import acting
from tests.support.clocks import NOW
from tests.support.factories import make_room

pytestmark = pytest.mark.django_db
LOST = LiveApiError("no answer within 5 s", kind="timeout", retryable=True)
BUSY = LiveApiError("too often", kind="vendor", code=60007, retryable=True)
MINUTE = dt.timedelta(minutes=1)


# --- Acts -----------------------------------------------------------------------------------------


def test_an_unanswered_read_never_verifies_an_end(room, policy, service, monkeypatch):
    monkeypatch.setattr(broker, "enqueue_verification", lambda pk: True)
    end = acting.end_stream(by="system:test", room=room, policy=policy, grace=0.0)
    executor.execute(end.pk)
    service.answers["get_room_info"] = LOST
    executor.verify(end.pk)
    end.refresh_from_db()
    assert end.needs_verifying and "verified" not in end.result
    Action.objects.update(finished_at=timezone.now() - 2 * MINUTE)
    executor.verify(end.pk)
    end.refresh_from_db()
    assert (end.needs_verifying, end.result["verified"], end.result["reopened"]) == (
        False,
        False,
        False,
    )
    assert AuditEntry.objects.filter(action_id=end.pk).latest("pk").outcome == "not verified"


def test_that_a_call_may_have_arrived_is_remembered_through_later_tries(room, policy, service):
    mute = acting.member_act(
        by="system:test", verb="mute", room=room, account="troll", policy=policy, seconds=60
    )
    service.answers |= {"mute_member": LOST, "get_muted_member_list": BUSY}
    for _ in range(2):
        executor.execute(mute.pk)
        mute.refresh_from_db()
        assert (mute.status, mute.result["may_have_arrived"]) == ("unknown", True)
        Action.objects.update(due_at=timezone.now())
    assert service.count("mute_member") == 1


def test_a_claim_that_is_prolonged_keeps_what_was_found_so_far(room, policy, service):
    end = acting.end_stream(by="system:test", room=room, policy=policy, grace=0.0)
    [claimed] = executor.claim(end.pk)
    claimed.result, claimed.lease_until = {"before": {"notice": "old"}}, timezone.now()
    executor.renew_lease(claimed)
    end.refresh_from_db()
    assert end.result == {"before": {"notice": "old"}}
    assert end.lease_until - timezone.now() > leases.sending_time()


def test_every_entry_of_an_act_carries_its_note(room, policy, service):
    end = acting.end_stream(
        by="system:test", room=room, policy=policy, grace=0.0, note="shown twice"
    )
    executor.execute(end.pk)
    executor.verify(end.pk)
    entries = AuditEntry.objects.filter(action_id=end.pk)
    assert {entry.note for entry in entries} == {"shown twice"} and len(entries) == 3


# --- Holds ----------------------------------------------------------------------------------------


@pytest.fixture
def over(clock):
    """over(room, policy, **more): the hold that follows from its end."""

    def place(room, policy, by="system:test", **more) -> Hold | None:
        end = acting.end_stream(by=by, room=room, policy=policy, grace=0.0, **more)
        Action.objects.filter(pk=end.pk).update(status="done")
        end.refresh_from_db()
        hold = holds.place(end)
        Room.objects.filter(pk=room.pk).update(
            ended_at=timezone.now()
        )  # one broadcast lives under a RoomId
        return hold

    return place


def test_an_end_for_a_hold_does_not_renew_it(room, policy, over, clock):
    hold = over(room, policy)
    clock.shift(5 * MINUTE)
    assert over(make_room("room-1", create_time=1), policy, by="system:hold", hold=hold) is None
    hold.refresh_from_db()
    assert hold.until == NOW + 10 * MINUTE


def test_a_renewal_never_shortens(room, policy, over):
    over(room, policy)
    Policy.objects.update(hold_seconds=60)
    policy.refresh_from_db()
    over(make_room("room-1", create_time=1), policy)
    assert Hold.objects.get().until == NOW + 10 * MINUTE


def test_a_renewal_takes_the_newest_owner_and_keeps_the_old_one_when_none_is_given(
    room, policy, over
):
    over(room, policy)
    over(make_room("room-1", create_time=1, owner_account="heir"), policy)
    assert Hold.objects.get().owner_account == "heir"
    over(make_room("room-1", create_time=2, owner_account=""), policy)
    assert Hold.objects.get().owner_account == "heir"


def test_only_rules_that_look_after_the_next_broadcast_leave_no_hold(policy):
    slug = Rule.objects.filter(kind=Rule.Kind.TIME_LIMIT).first().slug
    other = Rule.objects.exclude(kind__in=holds.WITHOUT_HOLD).first().slug
    names = (f"system:{slug}", slug, f"system:{other}", "moderator")
    assert [holds.is_without_hold(name) for name in names] == [True, False, False, False]


def test_who_lifts_a_hold_that_was_lifted_meanwhile_is_refused_and_records_nothing(
    room, policy, over, people
):
    hold = over(room, policy)
    seen_before = Hold.objects.get()
    holds.lift(by=people["supervisor"], hold=hold, note="first")
    with pytest.raises(Refused, match="no longer in force"):
        holds.lift(by=people["banadmin"], hold=seen_before, note="second")
    assert Hold.objects.get().lift_note == "first"
    assert AuditEntry.objects.filter(verb="lift_hold").count() == 1


def test_a_hold_that_somebody_lifted_is_not_closed_as_over(room, policy, over, people):
    hold = over(room, policy)
    seen_before = Hold.objects.get()
    holds.lift(by=people["supervisor"], hold=hold, note="first")
    holds.expire(seen_before)
    assert Hold.objects.get().lifted_by_name == "supervisor"
    assert not AuditEntry.objects.filter(verb="hold_over").exists()


@pytest.mark.parametrize(("seconds", "ends"), [(9, True), (10, True), (11, False)])
def test_clocks_may_differ_by_ten_seconds(seconds, ends, room, policy, over):
    hold = over(room, policy)
    other = make_room(
        "room-2", owner_account=room.owner_account, create_time=int(NOW.timestamp()) - seconds
    )
    Room.objects.filter(pk=other.pk).update(first_seen_at=NOW - dt.timedelta(seconds=seconds))
    other.refresh_from_db()
    assert holds.applies_to(hold, other) is ends


def test_a_hold_on_a_room_precedes_one_on_its_owner_and_a_newer_one_an_older(policy, over):
    first = over(make_room("room-1", owner_account="anna"), policy)
    second = over(make_room("room-2", owner_account="anna"), policy)
    assert holds.in_force_for(make_room("room-1", owner_account="anna", create_time=1)) == first
    assert holds.in_force_for(make_room("room-3", owner_account="anna")) == second
    assert holds.in_force_for(make_room("room-4", owner_account="")) is None
