"""What was stranded goes on: orders that never reached the queue, claims whose holder died, bans whose time is over."""

import datetime as dt
import logging

from django.db import transaction
from django.utils import timezone

from moderation import audit, tasks
from moderation.models import Action, Ban
from rooms import live

logger = logging.getLogger(__name__)
# A due order is normally claimed within milliseconds; after this it is taken to be stranded.
STRANDED = dt.timedelta(seconds=3)
MOST = 500


def sweep() -> int:
    """Queues every stranded act again; how many. A dead worker's act is read back before it is repeated."""
    now = timezone.now()
    expired = Action.objects.filter(status="calling", lease_until__lt=now)
    for action in expired.select_related("room", "policy")[:MOST]:
        reclaim(action)
    late = Action.objects.filter(status__in=["requested", "unknown"], due_at__lt=now - STRANDED)
    stranded = list(late.order_by("due_at").values_list("pk", flat=True)[:MOST])
    for pk in stranded:
        if not tasks.enqueue(pk):
            break
    if Ban.objects.filter(lifted_at=None, expired_at=None).exists():
        live.want_members(120)
    return len(stranded)


def reclaim(action: Action) -> None:
    """A claim that ran out: nobody knows whether the call went out."""
    with transaction.atomic():
        mine = Action.objects.filter(pk=action.pk, status="calling", claim=action.claim)
        result = {**action.result, "may_have_arrived": True} if action.verb == "warn" else action.result
        if not mine.update(
            status="unknown", claim=None, lease_until=None, due_at=timezone.now(), result=result
        ):
            return
        action.refresh_from_db()
        audit.record_action(action, by="system:sweep", outcome="unknown", before="calling")
        transaction.on_commit(lambda: tasks.enqueue(action.pk))
        transaction.on_commit(lambda: live.publish_act(action.room.pk, action.pk))


def expire_bans() -> int:
    """Closes bans whose time is over; how many. The vendor's room bans end by themselves."""
    now = timezone.now()
    count = 0
    for ban in Ban.objects.filter(lifted_at=None, expired_at=None, until__lte=now)[:MOST]:
        with transaction.atomic():
            if Ban.objects.filter(pk=ban.pk, lifted_at=None, expired_at=None).update(expired_at=now):
                ban.refresh_from_db()
                audit.record_ban(ban, by="system:expiry", verb="ban_expired", outcome="done")
                count += 1
    if count:
        live.publish_bans()
    return count
