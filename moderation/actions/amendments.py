"""What can be done with an act that is ordered already: hastened, given another reason, taken back,
tried again.
"""

import datetime as dt
import uuid

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from moderation.actions import dispatch
from moderation.actions.orders import create_action
from moderation.actions.preconditions import (
    may_change,
    must_not_open,
    must_not_weaken,
    require_live,
    state_before,
)
from moderation.actions.requests import ActionRequest
from moderation.actions.verbs import VERBS
from moderation.alerts import alerts
from moderation.audit import audit_log
from moderation.core.attribution import Attribution, attribution
from moderation.core.errors import Refused
from moderation.models import Action, AuditEntry, Policy
from rooms.infra import database_time
from rooms.infra.transactions import write_turn
from rooms.live import push

SLIP_SECONDS = 0.7  # static/js/rooms/actions.js knows it, too


def end_now(*, by: User, action: Action) -> Action:
    """Cuts the grace short.

    Where it is over already that is a success, for the end is under way or done.

    Raises Refused within SLIP_SECONDS of the order, which one hand cannot mean twice, and when the
    end was taken back or has failed: nobody may believe that the broadcast is about to end.
    """
    now = database_time.now()
    if action.status == Action.Status.REQUESTED and now - action.requested_at < dt.timedelta(
        seconds=SLIP_SECONDS
    ):
        raise Refused(_("This came right after the first click. Press End now again to confirm."))
    with transaction.atomic():
        waiting = Action.objects.filter(
            pk=action.pk, status=Action.Status.REQUESTED, attempts=0, due_at__gt=now
        )
        hastened = waiting.update(due_at=now)
        action.refresh_from_db()
        if hastened:
            audit_log.record_action(action, by=by, outcome="hastened")
            dispatch.on_commit(action)
    if action.status == Action.Status.UNDONE:
        raise Refused(
            _("Nothing was ended: %(who)s took this end back at %(time)s.") % who_undid(action)
        )
    if action.status == Action.Status.FAILED:
        raise Refused(_("Ending the stream has failed. Check the room, then try again."))
    return action


def change_reason(*, by: User, action: Action, policy: Policy) -> Action:
    """Gives an order another reason while nothing was sent; the same one again changes nothing.

    Raises Refused once a worker has it: what was sent for a reason stays in the record with that
    one.
    """
    with write_turn(priority=True):
        was = Action.objects.select_related("policy").get(pk=action.pk).policy
        waiting = Action.objects.filter(pk=action.pk, status=Action.Status.REQUESTED, attempts=0)
        changed = policy != was and waiting.update(policy=policy)
        action.refresh_from_db()
        if changed:
            audit_log.record_action(
                action, by=by, outcome="other reason", before="requested", was={"reason": was.code}
            )
            transaction.on_commit(lambda: push.publish_act(action.room.pk, action.pk))
    if action.policy != policy:
        raise Refused(
            _("Too late: it is no longer waiting. Its reason stays %(reason)s.")
            % {"reason": was.label}
        )
    return action


def who_undid(action: Action) -> Attribution:
    """Who took an act back, and when; from the record, for the act itself names who ordered it."""
    entry = AuditEntry.objects.filter(action_id=action.pk, outcome="undone").order_by("-pk").first()
    at = action.finished_at or database_time.now()
    return attribution(entry.actor if entry else action.by_name, at)


def undo(*, by: User, action: Action, key: uuid.UUID | None = None) -> Action:
    """Takes an act back: an order while nothing was sent, a mute or ban that is done by its
    opposite.

    Returns the act as undone, or the opposite act. The alert that its order closed is open again.
    Raises Refused when it cannot be taken back (any more).
    """
    with transaction.atomic():
        taken_back = Action.objects.filter(pk=action.pk, status=Action.Status.REQUESTED)
        if taken_back.update(status=Action.Status.UNDONE, finished_at=database_time.now()):
            action.refresh_from_db()
            audit_log.record_action(action, by=by, outcome="undone", before="requested")
            alerts.reopen_of(by=by, action=action)
            transaction.on_commit(lambda: push.publish_act(action.room.pk, action.pk))
            return action
    action.refresh_from_db()
    if action.status in Action.SUCCEEDED and action.verb in Action.OPPOSITE:
        opposite = reverse(by=by, action=action, key=key)
        alerts.reopen_of(by=by, action=action)
        return opposite
    if action.is_open:
        raise Refused(_("Too late: it is already under way."))
    raise Refused(_("This cannot be undone."))


def reverse(*, by: User, action: Action, key: uuid.UUID | None) -> Action:
    """Orders what takes a mute or ban back, once: undoing twice returns the first.

    For the same reason.
    """
    require_live(action.room)
    opposite = Action.OPPOSITE[Action.Verb(action.verb)]
    newer = Action.objects.filter(
        room=action.room, account=action.account, verb__in=[action.verb, opposite], pk__gt=action.pk
    ).exclude(status__in=[Action.Status.FAILED, Action.Status.UNDONE])
    if newer.exclude(undoes=action).exists():
        raise Refused(_("A newer action on this account exists in this room. See the timeline."))
    must_not_weaken(opposite, action.room, action.account or action.room.owner_account)
    if action.ban is not None and action.ban.in_force:
        raise Refused(_("A platform ban is the cause. Lift that ban instead."))
    if action.status == Action.Status.ALREADY and action.verb != Action.Verb.QUARANTINE:
        raise Refused(_("It was already so before: there is nothing to undo."))
    must_not_open(opposite, action.room)
    arguments = state_before(action) if opposite == Action.Verb.RELEASE else {}
    request = ActionRequest(
        verb=opposite,
        room=action.room,
        account=action.account,
        policy=action.policy,
        key=key,
        undoes=action,
        arguments=arguments,
    )
    return create_action(request, by=by)


def retry(*, by: User, action: Action, key: uuid.UUID) -> Action:
    """A failed act ordered again, as an act of its own."""
    if action.status != Action.Status.FAILED:
        raise Refused(_("Only a failed action can be tried again."))
    if VERBS[action.verb].is_change:
        may_change(action.verb, action.room)
    else:
        require_live(action.room)
    request = ActionRequest(
        verb=action.verb,
        room=action.room,
        account=action.account,
        seconds=action.seconds,
        text=action.text,
        policy=action.policy,
        note=action.note,
        key=key,
        retry_of=action,
        ban=action.ban,
        hold=action.hold,
        undoes=action.undoes,
        arguments=action.arguments,
    )
    return create_action(request, by=by)
