"""How an act is claimed, what its outcome writes, when it is tried again, and what follows from
it.
"""

import datetime as dt
import uuid
from types import SimpleNamespace

import pytest
from django.utils import timezone

from liveapi import LiveApiError
from liveapi.messages import RoomStatistics
from moderation.actions.handlers import base, members
from moderation.actions.handlers.base import Outcome
from moderation.core import broker, leases
from moderation.models import Action, Alert, AuditEntry, Hold
from moderation.worker import executor, followups
from rooms.live import demand, push
from rooms.models import Room
from tests.moderation import acting
from tests.support.clocks import NOW
from tests.support.factories import make_room
from tests.support.vendor import GONE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
BUSY = LiveApiError("too often", kind="vendor", code=60007, retryable=True, request_id="r-7")
LOST = LiveApiError("no answer", kind="timeout", retryable=True)
NEVER = LiveApiError("not so", kind="vendor", code=100002, request_id="r-2")


@pytest.fixture
def mute(people, room, policy):
    return acting.member_act(
        by=people["moderator"],
        verb="mute",
        room=room,
        account="troll",
        policy=policy,
        seconds=60,
        note="why",
    )


@pytest.fixture
def end(people, room, policy):
    return acting.end_stream(by=people["moderator"], room=room, policy=policy, grace=0.0)


def claimed(action):
    [mine] = executor.claim(action.pk)
    return mine


# --- The claim ------------------------------------------------------------------------------------


def test_a_claim_marks_the_act_and_says_until_when(mute):
    mine = claimed(mute)
    assert (mine.status, mine.attempts, mine.called_at) == ("calling", 1, NOW)
    assert mine.lease_until == NOW + leases.lease()
    assert leases.lease() == leases.sending_time() + dt.timedelta(seconds=5)
    assert isinstance(mine.claim, uuid.UUID)
    assert executor.claim(mute.pk) == []


@pytest.mark.parametrize("status", ["requested", "unknown"])
@pytest.mark.parametrize(("ahead", "taken"), [(0.05, True), (0.06, False)])
def test_a_claim_takes_what_is_due_within_a_moment(status, ahead, taken, mute):
    Action.objects.update(status=status, due_at=NOW + dt.timedelta(seconds=ahead))
    assert bool(executor.claim(mute.pk)) is taken


@pytest.mark.parametrize("status", ["calling", "done", "already", "failed", "undone"])
def test_a_claim_takes_nothing_that_is_under_way_or_over(status, mute):
    Action.objects.update(status=status)
    assert executor.claim(mute.pk) == []


def test_a_claim_takes_those_that_are_named(mute, room, policy):
    other = acting.end_stream(by="system:test", room=room, policy=policy, grace=0.0)
    claimed(mute)
    other.refresh_from_db()
    assert (other.status, other.claim) == ("requested", None)


def test_what_carrying_out_needs_comes_with_the_claim(mute, django_assert_num_queries):
    mine = claimed(mute)
    with django_assert_num_queries(0):
        assert (mine.room.room_id, mine.policy.code, mine.by.username) == (
            "room-1",
            "violence",
            "moderator",
        )


def test_a_claim_that_lasts_long_enough_is_not_written_again(mute, django_assert_num_queries):
    mine = claimed(mute)
    with django_assert_num_queries(0):
        executor.renew_lease(mine)
    mine.lease_until = NOW + leases.sending_time()
    with django_assert_num_queries(0):
        executor.renew_lease(mine)
    mine.lease_until -= dt.timedelta(seconds=1)
    with django_assert_num_queries(1):
        executor.renew_lease(mine)
    mute.refresh_from_db()
    assert mute.lease_until == NOW + leases.lease()


def test_a_lost_claim_is_not_prolonged(mute):
    mine = claimed(mute)
    Action.objects.update(claim=uuid.uuid4(), lease_until=NOW)
    mine.lease_until = None
    with pytest.raises(leases.TakenOver):
        executor.renew_lease(mine)
    mute.refresh_from_db()
    assert mute.lease_until == NOW


# --- The outcome ----------------------------------------------------------------------------------


@pytest.fixture
def pushed(monkeypatch):
    """What pages are told and what is read anew: (what, number ...)."""
    told = []
    monkeypatch.setattr(push, "publish_act", lambda *numbers: told.append(("act", *numbers)))
    monkeypatch.setattr(demand, "refresh", lambda *numbers: told.append(("refresh", *numbers)))
    monkeypatch.setattr(
        broker, "enqueue_verification", lambda pk: told.append(("verify", pk)) or True
    )
    return told


def test_a_success_is_written_told_and_recorded(mute, room, pushed, committing):
    mine = claimed(mute)
    with committing():
        executor.succeeded(mine, Outcome("done", "r-1", None, {"verified": True}))
    mute.refresh_from_db()
    for act in (mute, mine):
        assert (act.status, act.claim, act.lease_until, act.finished_at) == (
            "done",
            None,
            None,
            NOW,
        )
        assert (act.vendor_code, act.vendor_text, act.request_id, act.result) == (
            None,
            "",
            "r-1",
            {"verified": True},
        )
        assert not act.needs_verifying
    entry = AuditEntry.objects.get(outcome="done")
    assert (entry.actor, entry.action_id, entry.request_id, entry.note) == (
        "moderator",
        mute.pk,
        "r-1",
        "why",
    )
    assert (entry.before["status"], entry.after["status"]) == ("calling", "done")
    assert sorted(pushed) == [("act", room.pk, mute.pk), ("refresh", room.pk)]


def test_an_end_ends_its_room_and_is_read_back_a_little_later(end, room, pushed, committing):
    with committing():
        executor.succeeded(claimed(end), Outcome("done", "r-1"))
    end.refresh_from_db()
    room.refresh_from_db()
    assert (room.ended_at, room.end_cause) == (NOW, Room.EndCause.ACT)
    assert end.needs_verifying and not Hold.objects.exists()
    assert ("verify", end.pk) in pushed and ("act", room.pk, end.pk) in pushed
    assert not [told for told in pushed if told[0] == "refresh"]


def test_an_end_of_what_was_over_is_held_off_at_once_and_not_read_back(
    end, room, pushed, committing
):
    with committing():
        executor.succeeded(claimed(end), Outcome("already", "r-1", 100004, {"verified": True}))
    room.refresh_from_db()
    end.refresh_from_db()
    assert (room.end_cause, end.needs_verifying, end.vendor_code) == (
        Room.EndCause.GONE,
        False,
        100004,
    )
    assert Hold.objects.get().room_id == "room-1"
    assert not [told for told in pushed if told[0] == "verify"]


def test_a_worker_whose_claim_is_lost_changes_nothing(end, room, pushed, committing):
    mine = claimed(end)
    Action.objects.update(claim=uuid.uuid4())
    with committing():
        executor.succeeded(mine, Outcome("done"))
        executor.failed(mine, BUSY, lost=False)
    end.refresh_from_db()
    room.refresh_from_db()
    assert (end.status, room.ended_at, pushed, AuditEntry.objects.count()) == (
        "calling",
        None,
        [],
        1,
    )


@pytest.mark.parametrize(
    ("error", "lost", "kept", "status", "arrived"),
    [
        (BUSY, False, {}, "requested", None),
        (BUSY, False, {"may_have_arrived": True}, "unknown", True),
        (LOST, True, {"seat": 3}, "unknown", True),
        (NEVER, True, {}, "unknown", True),
        (NEVER, False, {}, "failed", None),
    ],
)
def test_a_failure_is_tried_again_while_that_can_help(
    error, lost, kept, status, arrived, mute, queue, pushed, committing, monkeypatch
):
    waits = []
    monkeypatch.setattr(executor, "backoff", lambda attempts: waits.append(attempts) or 2.0)
    monkeypatch.setattr(broker, "enqueue", lambda pk, delay=0.0: queue.append((pk, delay)) or True)
    Action.objects.update(result=kept)
    mine = claimed(mute)
    queue.clear()
    with committing():
        executor.failed(mine, error, lost=lost)
    mute.refresh_from_db()
    assert (mute.status, mute.result.get("may_have_arrived"), mute.claim) == (status, arrived, None)
    assert (mute.vendor_code, mute.vendor_text, mute.request_id) == (
        error.code,
        error.text,
        error.request_id,
    )
    assert {name: mute.result[name] for name in kept} == kept
    assert waits == [1]
    if status == "failed":
        assert (mute.finished_at, queue) == (NOW, [])
    else:
        wait = leases.MIN_WAIT + 2.0
        assert (mute.finished_at, mute.due_at) == (None, NOW + dt.timedelta(seconds=wait))
        assert queue == [(mute.pk, wait)]
    entry = AuditEntry.objects.latest("pk")
    actor = "moderator" if status == "failed" else "system:retry"
    assert (entry.actor, entry.before["status"], entry.vendor_code) == (
        actor,
        "calling",
        error.code,
    )


def test_a_failure_is_final_when_the_next_try_would_come_too_late(mute, monkeypatch):
    monkeypatch.setattr(executor, "backoff", lambda attempts: 2.0)
    wait = dt.timedelta(seconds=leases.MIN_WAIT + 2.0)
    for later, status in ((dt.timedelta(0), "failed"), (dt.timedelta(microseconds=1), "requested")):
        Action.objects.update(status="requested", due_at=NOW, give_up_at=NOW + wait + later)
        executor.failed(claimed(mute), BUSY, lost=False)
        mute.refresh_from_db()
        assert mute.status == status


def test_an_error_of_the_console_is_told_as_such_and_lost_only_after_the_call(
    mute, service, monkeypatch, caplog
):
    monkeypatch.setattr(members, "precheck", lambda client, action: 1 / 0)
    executor.carry_out(claimed(mute))
    mute.refresh_from_db()
    assert (mute.status, mute.result) == ("failed", {})
    assert "error of the console" in mute.vendor_text and "ZeroDivisionError" in caplog.text
    Action.objects.update(status="requested")
    monkeypatch.setattr(members, "precheck", lambda client, action: None)
    monkeypatch.setattr(members, "perform", lambda client, action: 1 / 0)
    executor.carry_out(claimed(mute))
    mute.refresh_from_db()
    assert (mute.status, mute.result) == ("unknown", {"may_have_arrived": True})


def test_what_reading_found_is_the_outcome_and_nothing_is_sent(mute, service, monkeypatch):
    monkeypatch.setattr(members, "precheck", lambda client, action: Outcome("already", "r-9"))
    executor.carry_out(claimed(mute))
    mute.refresh_from_db()
    assert (mute.status, mute.request_id, service.calls) == ("already", "r-9", [])


def test_a_refused_call_of_a_message_may_be_sent_again_and_others_are_read_back():
    gateway = LiveApiError("bad gateway", kind="transport", http_status=502, retryable=True)
    assert not executor.may_have_worked(Action(verb="warn"), gateway)
    assert executor.may_have_worked(Action(verb="mute"), gateway)
    assert executor.may_have_worked(Action(verb="warn"), LOST)
    assert not executor.may_have_worked(Action(verb="mute"), BUSY)


@pytest.mark.parametrize(
    ("options", "inside", "closed"),
    [({"pool": {"max_size": 20}}, False, True), ({"pool": 1}, True, False), ({}, False, False)],
)
def test_a_connection_is_lent_back_where_there_is_a_pool_and_no_transaction(
    options, inside, closed, monkeypatch
):
    calls = []
    pooled = SimpleNamespace(
        settings_dict={"OPTIONS": options},
        in_atomic_block=inside,
        close=lambda: calls.append("closed"),
    )
    monkeypatch.setattr(leases, "connection", pooled)
    leases.release_db_connection()
    assert bool(calls) is closed


# --- Reading an end back --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "verified", "reopened", "outcome"),
    [
        (GONE, True, False, "verified"),
        ("newer", True, True, "verified"),
        ("same", False, False, "not verified"),
    ],
)
def test_what_reading_back_showed_is_kept_recorded_and_told(
    answer, verified, reopened, outcome, end, room, service, clock, pushed, committing
):
    executor.succeeded(claimed(end), Outcome("done", result={"reward": 5}))
    clock.shift(executor.VERIFYING + dt.timedelta(seconds=1))
    if answer == "newer":
        make_room("room-1", create_time=int(NOW.timestamp()) + 30)
    service.answers["get_room_info"] = answer if answer is GONE else service.room_info
    service.calls.clear(), service.lanes.clear(), pushed.clear()
    with committing():
        executor.verify(end.pk)
    end.refresh_from_db()
    assert (end.needs_verifying, end.result) == (
        False,
        {"reward": 5, "verified": verified, "reopened": reopened},
    )
    entry = AuditEntry.objects.exclude(verb="hold").latest("pk")
    assert (entry.actor, entry.outcome, entry.before["status"], entry.action_id) == (
        "system:verification",
        outcome,
        "done",
        end.pk,
    )
    assert (entry.after["verified"], entry.after["reopened"]) == (verified, reopened)
    assert Hold.objects.get().by_name == "moderator"
    assert ("act", room.pk, end.pk) in pushed
    assert (service.calls, service.lanes) == ([("get_room_info", {"RoomId": "room-1"})], ["poll"])
    executor.verify(end.pk)
    assert len(service.calls) == 1


def test_an_end_is_asked_about_for_a_minute(end, service, clock):
    executor.succeeded(claimed(end), Outcome("done"))
    clock.shift(executor.VERIFYING)
    executor.verify(end.pk)
    end.refresh_from_db()
    assert end.needs_verifying
    Action.objects.update(finished_at=None)
    clock.shift(executor.VERIFYING)
    executor.verify(end.pk)
    assert service.count("get_room_info") == 1


def test_two_who_read_back_record_once(end, service, monkeypatch, clock):
    executor.succeeded(claimed(end), Outcome("done"))

    def meanwhile(*arguments):
        Action.objects.update(needs_verifying=False)
        return "gone"

    monkeypatch.setattr(base, "broadcast", meanwhile)
    executor.verify(end.pk)
    end.refresh_from_db()
    assert "verified" not in end.result and not Hold.objects.exists()


# --- What follows ---------------------------------------------------------------------------------


def test_a_quarantine_asks_for_a_decision_and_warns_the_host_once(room, policy, people, settings):
    settings.QUARANTINE_SECONDS = 600
    act = acting.change_room(
        by=people["moderator"], verb="quarantine", room=room, policy=policy, note="blood"
    )
    followups.after(act)
    followups.after(act)
    alert = Alert.objects.get()
    assert (alert.room, alert.source, alert.severity) == (room, "quarantine", 3)
    assert alert.title == "Quarantined: release it, or end the stream"
    assert alert.decide_by == NOW + dt.timedelta(seconds=600)
    told = {"action": act.pk, "by": "moderator", "reason": "violence", "words": "blood"}
    assert {name: alert.evidence[name] for name in told} == told
    warning = Action.objects.get(verb="warn")
    assert (warning.by, warning.by_name, warning.room, warning.policy) == (
        people["moderator"],
        "moderator",
        room,
        policy,
    )
    assert warning.text == policy.text


def test_a_release_closes_the_alert_of_its_room_and_no_other(room, policy, people):
    other = make_room("room-2")
    for each in (room, other):
        followups.ask_to_decide(
            acting.change_room(by="system:test", verb="quarantine", room=each, policy=policy)
        )
    foreign = Alert.objects.create(room=room, source="rule", title="x", evidence={})
    Action.objects.update(status="done", finished_at=NOW)
    release = acting.change_room(
        by=people["supervisor"], verb="release", room=room, policy=policy, note="fine"
    )
    followups.after(release)
    closed = Alert.objects.get(room=room, source="quarantine")
    assert (closed.outcome, closed.closed_by_name, closed.closed_at) == (
        "handled",
        "supervisor",
        timezone.now(),
    )
    assert AuditEntry.objects.get(verb="close_alert").note == "fine"
    assert set(Alert.objects.filter(closed_at=None)) == {foreign, Alert.objects.get(room=other)}


def test_nothing_follows_from_other_acts(mute, end):
    followups.after(mute), followups.after(end)
    assert not Alert.objects.exists() and not Action.objects.filter(verb="warn").exists()


def test_the_totals_of_an_end_are_the_vendors_last(end, service):
    service.answers["get_room_stats"] = RoomStatistics(total_gift_coins=77)
    executor.execute(end.pk)
    end.refresh_from_db()
    assert 77 in end.result.values() or any(
        77 in value.values() for value in end.result.values() if isinstance(value, dict)
    )
