"""What was stranded goes on: orders that never reached the queue, claims whose holder died, bans
whose time is over.
"""

import datetime as dt
import logging
from collections.abc import Callable

from django.db import transaction

from moderation.alerts import alerts
from moderation.audit import audit_log
from moderation.automation import large_rooms, receivers, verification, words
from moderation.bans import registry
from moderation.core import broker
from moderation.models import Action, Ban
from moderation.provisioning import executor, publish_on_start
from moderation.values.acts import Result
from rooms.infra import database_time
from rooms.live import demand, push, system_history

logger = logging.getLogger(__name__)
# A due order is normally claimed within milliseconds; after this it is taken to be stranded.
STRANDED = dt.timedelta(seconds=3)
MAX_ROWS = 500


def sweep() -> int:
    """Queues what was stranded of acts, bans, verifications and hits; how many.

    A dead worker's act is read back first.
    """
    now = database_time.now()
    expired = Action.objects.filter(status=Action.Status.CALLING, lease_until__lt=now)
    for action in expired.select_related("room", "policy")[:MAX_ROWS]:
        reclaim(action)
    late = Action.objects.filter(
        status__in=[Action.Status.REQUESTED, Action.Status.UNKNOWN], due_at__lt=now - STRANDED
    )
    stranded = list(late.order_by("due_at").values_list("pk", flat=True)[:MAX_ROWS])
    told_late = Ban.objects.filter(orders_due=True, changed_at__lt=now - STRANDED)
    bans = list(told_late.order_by("changed_at").values_list("pk", flat=True)[:MAX_ROWS])
    unverified = Action.objects.filter(needs_verifying=True, finished_at__lt=now - 2 * STRANDED)
    ends = list(unverified.order_by("finished_at").values_list("pk", flat=True)[:MAX_ROWS])
    hits = verification.stranded(now - STRANDED, MAX_ROWS)
    count = len(stranded) + len(bans) + len(ends) + len(hits)
    # While no worker takes them off, the same numbers would be queued again with every sweep.
    if count and broker.waiting() < count:
        requeue(
            [
                (broker.enqueue_ban, bans),
                (broker.enqueue, stranded),
                (broker.enqueue_hit, hits),
                (broker.enqueue_verification, ends),
            ]
        )
    executor.sweep()
    publish_on_start.sweep()
    receivers.enforce_owned()
    words.sweep()
    alerts.close_over()
    if Ban.objects.in_force().exists():
        demand.want_members(registry.MEMBERS_WANTED)
        large_rooms.enforce_in_large_rooms()
    return count


def requeue(waiting: list[tuple[Callable[[int], bool], list[int]]]) -> None:
    """Puts them on the queue, until the broker takes no more."""
    for enqueue, pks in waiting:
        for pk in pks:
            if not enqueue(pk):
                return


def reclaim(action: Action) -> None:
    """A claim that ran out: nobody knows whether the call went out."""
    with transaction.atomic():
        mine = Action.objects.filter(pk=action.pk, status=Action.Status.CALLING, claim=action.claim)
        result: Result = {**action.kept, "may_have_arrived": True}
        if not mine.update(
            status=Action.Status.UNKNOWN,
            claim=None,
            lease_until=None,
            due_at=database_time.now(),
            result=result,
        ):
            return
        action.refresh_from_db()
        audit_log.record_action(action, by="system:sweep", outcome="unknown", before="calling")
        transaction.on_commit(lambda: broker.enqueue(action.pk))
        transaction.on_commit(lambda: push.publish_act(action.room.pk, action.pk))


def expire_bans() -> int:
    """Closes bans whose time is over; how many."""
    count = registry.close_expired(Ban.objects.all(), MAX_ROWS)
    if count:
        push.publish_bans()
    return count


def keep_system_history() -> None:
    """Notes how the installation does this minute, with how long the oldest due act waits."""
    now = database_time.now()
    due = Action.objects.filter(status__in=Action.OPEN, due_at__lt=now)
    oldest = due.order_by("due_at").values_list("due_at", flat=True).first()
    system_history.keep(waiting=(now - oldest).total_seconds() if oldest else 0)
