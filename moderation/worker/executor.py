"""Carries out one act: claims its row, looks, calls, records the outcome with its entry in one
transaction.
"""

import contextlib
import datetime as dt
import logging
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import Executor

from django.db import close_old_connections, transaction
from django.db.models import F, QuerySet

from liveapi import LiveApiError
from liveapi.retries import backoff
from moderation.actions.handlers import base
from moderation.actions.handlers.base import BroadcastState, Outcome
from moderation.actions.verbs import VERBS
from moderation.audit import audit_log
from moderation.core import broker
from moderation.core.leases import (
    EARLY,
    MIN_WAIT,
    TakenOver,
    lease,
    release_db_connection,
    sending_time,
)
from moderation.lifecycle import holds
from moderation.models import Action, AuditEntry
from moderation.values.acts import Result
from moderation.worker import followups
from rooms.infra import database_time, vendor
from rooms.infra.transactions import write_turn
from rooms.ingest import room_writer
from rooms.live import demand, push
from rooms.models import Room

logger = logging.getLogger(__name__)
TURN_SECONDS = 1.0
_threads: Executor | None = None
_turns = threading.BoundedSemaphore(2)
RETRYING = "system:retry"  # the actor of entries about what will be tried again
VERIFYING = dt.timedelta(
    seconds=60
)  # how long an end is read back before it is told as not verified


def execute(*action_ids: int) -> None:
    """Carries out acts that are due.

    Redelivered, too early or claimed by somebody else: changes nothing.
    """
    claimed = claim(*action_ids)
    for action in claimed[1:]:
        hand_over(action)
    for action in claimed[:1]:
        carry_out(action)


def hand_over(action: Action) -> None:
    """Has an act carried out by another thread of the worker; by this one where there is none, or
    no longer.
    """
    if _threads is not None:
        with contextlib.suppress(RuntimeError):  # the worker is about to end
            _threads.submit(_carry_out_there, action)
            return
    carry_out(action)


def use_executor(threads: Executor) -> None:
    """Lets the acts of one message be carried out side by side by the threads that a worker has for
    its messages.
    """
    global _threads
    _threads = threads


def _carry_out_there(action: Action) -> None:
    """As Celery would: what is raised is logged, and the connection kept no longer than the
    settings say.
    """
    try:
        carry_out(action)
    except Exception:
        logger.exception("act %s", action.pk)
    finally:
        close_old_connections()


def carry_out(action: Action) -> None:
    """The reading before it, the call, and the record of what came of both."""
    sent = False
    try:
        client = vendor.sync_client()
        release_db_connection()
        handler = VERBS[action.verb].handler
        outcome = handler.precheck(client, action)
        if outcome is None:
            renew_lease(action)
            release_db_connection()
            sent = True
            outcome = handler.perform(client, action)
    except TakenOver:
        logger.warning("act %s was taken over before anything was sent", action.pk)
    except LiveApiError as error:
        failed(action, error, lost=sent and may_have_worked(action, error))
    except Exception:
        logger.exception("act %s", action.pk)
        trouble = LiveApiError("an error of the console; its log says more", kind="config")
        failed(action, trouble, lost=sent)
    else:
        with commit_slot():
            succeeded(action, outcome)


def may_have_worked(action: Action, error: LiveApiError) -> bool:
    """Whether a call that failed may have had its effect.

    A warning cannot be read back: what a gateway could not pass on is sent again, for a warning
    that nobody got is worse than the rare one that comes twice.
    """
    return (
        not error.certainly_without_effect
        if action.verb == Action.Verb.WARN
        else error.effect_unknown
    )


@contextlib.contextmanager
def commit_slot() -> Iterator[None]:
    """A few at a time: when the answers to a hundred acts come at once, those that still have to be
    sent go first.

    A turn is a courtesy: who has waited for TURN_SECONDS goes on without one.
    """
    mine = _turns.acquire(timeout=TURN_SECONDS)
    try:
        yield
    finally:
        if mine:
            _turns.release()


def claim(*action_ids: int) -> list[Action]:
    """Those of these acts that are to be had, claimed by one conditional update."""
    now, mark = database_time.now(), uuid.uuid4()
    waiting = Action.objects.filter(
        pk__in=action_ids, status__in=[Action.Status.REQUESTED, Action.Status.UNKNOWN]
    )
    with write_turn(priority=True):
        won = waiting.filter(due_at__lte=now + EARLY).update(
            status=Action.Status.CALLING,
            claim=mark,
            lease_until=now + lease(),
            attempts=F("attempts") + 1,
            called_at=now,
        )
    if won < len(action_ids):
        wait_for(waiting.filter(due_at__gt=now + EARLY), now)
    if not won:
        return []
    # No order to be written into it: of a hundred acts at once the last would feel that.
    mine = Action.objects.select_related("room", "policy", "by__staff").order_by()
    return list(mine.filter(pk__in=action_ids, claim=mark))


def wait_for(early: QuerySet[Action], now: dt.datetime) -> None:
    """A message that came before its time, from a machine or to one whose clock jumped: it comes
    again when it is due.
    """
    for pk, due_at in early.values_list("pk", "due_at"):
        broker.enqueue(pk, delay=(due_at - now).total_seconds())


def renew_lease(action: Action) -> None:
    """Before the call: makes sure that the claim outlasts it, and keeps what a change has read
    before it.

    Raises TakenOver when the claim is lost already.
    """
    now = database_time.now()
    if (
        not VERBS[action.verb].is_change
        and action.lease_until
        and action.lease_until - now >= sending_time()
    ):
        return
    mine = Action.objects.filter(pk=action.pk, claim=action.claim, status=Action.Status.CALLING)
    if not mine.update(lease_until=now + lease(), result=action.result):
        raise TakenOver


def succeeded(action: Action, outcome: Outcome) -> None:
    """Records a success; an ended broadcast is marked as ended in the same transaction."""
    now = database_time.now()
    kept = {
        "vendor_code": outcome.code,
        "vendor_text": "",
        "request_id": outcome.request_id,
        "result": outcome.result,
        "needs_verifying": action.verb == Action.Verb.END and "verified" not in outcome.result,
    }
    with write_turn():
        if not record_outcome(action, status=outcome.status, finished_at=now, **kept):
            return
        if action.verb == Action.Verb.END:
            cause = (
                Room.EndCause.ACT if outcome.status == Action.Status.DONE else Room.EndCause.GONE
            )
            room_writer.end_room(action.room, cause=cause, at=now)
            if not action.needs_verifying:
                holds.place(action)
        followups.after(action)
        if action.needs_verifying:
            # A task of its own, a little later: reading back never delays an end.
            transaction.on_commit(lambda: broker.enqueue_verification(action.pk))


def verify(action_id: int) -> None:
    """Reads back whether an ended broadcast is over, records it, and holds its RoomId and host off
    from now on.

    The sweep asks again while nobody can tell. The hold comes here and not with the end: of a
    hundred ends at once each would wait for the holds of those before it.
    """
    ends = Action.objects.filter(pk=action_id, needs_verifying=True)
    action = ends.select_related("room", "policy", "by__staff").first()
    if action is None or action.finished_at is None:
        return
    last_time = database_time.now() - action.finished_at > VERIFYING
    release_db_connection()
    try:
        standing: BroadcastState = base.broadcast(vendor.sync_client(), action.room, "poll")
    except LiveApiError:
        standing = "same"
    if standing == "same" and not last_time:
        return
    shown: Result = {"verified": standing != "same", "reopened": standing == "replaced"}
    with write_turn():
        if not ends.update(needs_verifying=False, result={**action.kept, **shown}):
            return
        action.keep(**shown)
        outcome = "verified" if shown["verified"] else "not verified"
        audit_log.record_action(
            action, by="system:verification", outcome=outcome, before=action.status
        )
        holds.place(action)
        transaction.on_commit(lambda: push.publish_act(action.room.pk, action.pk))


def failed(action: Action, error: LiveApiError, *, lost: bool) -> None:
    """Records a failure.

    `lost`: the call may have had its effect, which is read back before a repetition.

    Tried again later while that can help and its time is not over; else given up with the vendor's
    words.
    """
    now = database_time.now()
    wait = MIN_WAIT + backoff(action.attempts)
    again = now + dt.timedelta(seconds=wait)
    fields: dict[str, object] = {
        "vendor_code": error.code,
        "vendor_text": error.text,
        "request_id": error.request_id,
    }
    if lost:
        fields["result"] = Result(**{**action.kept, "may_have_arrived": True})
    may_have_arrived = lost or bool(action.kept.get("may_have_arrived"))
    can_repeat = not (lost and action.verb == Action.Verb.WARN)  # a message cannot be read back
    if (error.retryable or lost) and can_repeat and again < action.give_up_at:
        status = Action.Status.UNKNOWN if may_have_arrived else Action.Status.REQUESTED
        if record_outcome(action, status=status, due_at=again, **fields):
            transaction.on_commit(lambda: broker.enqueue(action.pk, delay=wait))
        return
    record_outcome(action, status=Action.Status.FAILED, finished_at=now, **fields)


def record_outcome(action: Action, **fields: object) -> bool:
    """Writes the outcome and its entry, if the claim still holds.

    False when another worker has taken over.
    """
    with write_turn():
        mine = Action.objects.filter(pk=action.pk, claim=action.claim, status=Action.Status.CALLING)
        if not mine.update(claim=None, lease_until=None, **fields):
            logger.warning("act %s was taken over", action.pk)
            return False
        for name, value in {"claim": None, "lease_until": None, **fields}.items():
            setattr(action, name, value)
        record(action)
        transaction.on_commit(lambda: push.publish_act(action.room.pk, action.pk))
        if action.verb != Action.Verb.END:  # what has ended is read back, it needs no newer figures
            transaction.on_commit(lambda: demand.refresh(action.room.pk))
    return True


def record(action: Action) -> None:
    """The entry of an outcome, in the name of whoever ordered the act.

    That it will be tried again is the console's doing, and said once: not each time, and in
    nobody's name."""
    by: audit_log.Actor = action.by or action.by_name
    outcome = "may have arrived" if action.is_unclear else action.status
    if outcome in {Action.Status.REQUESTED, Action.Status.UNKNOWN}:
        by = RETRYING
        if AuditEntry.objects.filter(action_id=action.pk, actor=by, outcome=outcome).exists():
            return
    audit_log.record_action(action, by=by, outcome=outcome, before="calling")
