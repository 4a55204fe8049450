"""Orders: `submit` checks what is asked, stores the act with its entry in one transaction, and
queues it on commit.

`by` is a person or the name of a rule. Every order is idempotent by its key; a second open act of
the same kind on the same target returns the first. Raises Refused in words for people. Bans of the
whole platform are in `registry`.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import replace

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import gettext as _

from liveapi import LiveApiError
from moderation.actions import dispatch
from moderation.actions.handlers import stream_key
from moderation.actions.handlers.warning_text import warning_text
from moderation.actions.preconditions import (
    may_change,
    must_not_weaken,
    quarantine_of,
    require_live,
    state_before,
    who_and_when,
)
from moderation.actions.requests import ActionRequest
from moderation.actions.verbs import VERBS
from moderation.alerts import alerts
from moderation.audit import audit_log
from moderation.audit.audit_log import Actor
from moderation.core.errors import Refused
from moderation.core.limits import MAX_SECONDS
from moderation.models import Action, Alert
from moderation.values import undo_time
from moderation.values.acts import Warn
from rooms.infra import database_time, json_values
from rooms.infra.transactions import write_turn
from rooms.models import Room

Verb = Action.Verb


def submit(request: ActionRequest, *, by: Actor) -> Action:
    """Orders an act of any verb: an end, a warning, something about a member, or a change of the
    room.
    """
    if VERBS[request.verb].is_change:
        return change_room(request, by=by)
    require_live(request.room)
    if request.verb == Verb.END:
        grace = undo_time.grace_of(by) if request.grace is None else request.grace
        return create_action(replace(request, grace=grace), by=by)
    checked = checked_warning(request) if request.verb == Verb.WARN else checked_member(request)
    return create_action(checked, by=by)


def checked_warning(request: ActionRequest) -> ActionRequest:
    """A warning of the host's app, with its text in its language."""
    language = request.language or settings.HOST_LANGUAGE
    text = warning_text(request.policy, request.text, language).text
    return replace(request, text=text, arguments=json_values.write(Warn(language=language)))


def checked_member(request: ActionRequest) -> ActionRequest:
    """A mute, unmute, ban or unban of one account in one room; `seconds` for mutes and bans."""
    account = request.account.strip()
    if not account:
        raise Refused(_("Give an account."), status=422)
    must_not_weaken(request.verb, request.room, account)
    if request.verb not in {Verb.MUTE, Verb.ROOM_BAN}:
        return replace(request, account=account, seconds=None)
    if account == request.room.owner_account:
        raise Refused(
            _(
                "This is the host. A host cannot be muted or banned in the own room: end the "
                "stream instead."
            )
        )
    if not request.seconds or not 0 < request.seconds <= MAX_SECONDS:
        raise Refused(_("Give a length of time."), status=422)
    return replace(request, account=account)


def change_room(request: ActionRequest, *, by: Actor) -> Action:
    """Changes a room that goes on; the verb's handler says what `arguments` it takes.

    Raises Refused for what breaks the vendor's limits, for a quarantined room that would be opened
    by anything but its release, and while another change of the same kind is under way.
    """
    verb, room = request.verb, request.room
    # As the database gives it back, so that a repeat is known to be the same.
    asked = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in request.arguments.items()
    }
    known = (
        Action.objects.filter(key=request.key, verb=verb, room=room).first()
        if request.key
        else None
    )
    if known is not None and (verb == Verb.RELEASE or known.arguments == asked):
        return known
    if verb == Verb.RELEASE:
        asked = state_before(quarantine_of(room))
    may_change(verb, room)
    try:
        VERBS[verb].handler.check(verb, room, asked)
    except LiveApiError as error:
        raise Refused(
            _("The vendor would refuse this: %(why)s.") % {"why": error.text}, status=422
        ) from None
    account = stream_key.robot_of(room) if verb in stream_key.VERBS else ""
    return create_action(replace(request, account=account, arguments=asked), by=by)


def create_action(request: ActionRequest, *, by: Actor) -> Action:
    """Stores one act as requested, due after its grace, and queues it, without further checks.

    The common part of all verbs.
    """
    try:
        with write_turn(priority=True):
            action = stored(request, by)
            audit_log.record_action(action, by=by, outcome="requested")
            dispatch.on_commit(action)
            close_alert(request, action, by)
    except IntegrityError:
        # Somebody was first: the same key sent twice, the same act already open, or already taken
        # back.
        action = first_of(request)
        close_alert(request, action, by)
    return action


def close_alert(request: ActionRequest, action: Action, by: Actor) -> None:
    """The alert that the act answers is handled by it. Raises Refused when somebody else has closed
    it: then nothing is ordered either.
    """
    if request.alert is not None:
        alerts.close(
            by=by,
            alert=request.alert,
            outcome=Alert.Outcome.HANDLED,
            note=request.note,
            action=action,
        )


def stored(request: ActionRequest, by: Actor) -> Action:
    now, grace = database_time.now(), request.grace or 0.0
    return Action.objects.create(
        key=request.key or uuid.uuid4(),
        verb=request.verb,
        room=request.room,
        account=request.account,
        seconds=request.seconds,
        text=request.text,
        policy=request.policy,
        note=request.note,
        by=None if isinstance(by, str) else by,
        by_name=audit_log.actor_name(by)[:150],
        ban=request.ban,
        hold=request.hold,
        retry_of=request.retry_of,
        undoes=request.undoes,
        arguments=dict(request.arguments),
        rests_on=request.rests_on,
        due_at=now + dt.timedelta(seconds=grace),
        give_up_at=now + dt.timedelta(seconds=grace + settings.ACT_RETRY_SECONDS),
    )


def first_of(request: ActionRequest) -> Action:
    """The act that was there before this order: the same one, or one that it conflicts with.

    Raises Refused where that is another change, or gone by now.
    """
    verb, room, account = request.verb, request.room, request.account
    first = None
    if request.key:
        first = find_by_idempotency_key(
            key=request.key, verb=verb, room=room, account=account, arguments=request.arguments
        )
    if first is None:
        first = find_conflicting(verb=verb, room=room, account=account, undoes=request.undoes)
    if first is None:
        raise Refused(
            _("Somebody else did the same at the same moment. Check it, then try again.")
        ) from None
    if first.arguments != request.arguments:
        message = _(
            "A change of this kind is in progress in this room, ordered by %(who)s at %(time)s. "
            "Yours was not sent. Check its outcome, then try again."
        )
        raise Refused(message % who_and_when(first)) from None
    return first


def find_by_idempotency_key(
    *, key: uuid.UUID, verb: str, room: Room, account: str, arguments: Mapping[str, object]
) -> Action | None:
    """The act that was ordered with this key.

    Raises Refused when the key came with another order.
    """
    known = Action.objects.filter(key=key).select_related("policy", "by").first()
    asked = (verb, room.pk, account, arguments)
    if known is not None and (known.verb, known.room_id, known.account, known.arguments) != asked:
        raise Refused(_("This form was used for something else already. Open it again."))
    return known


def find_conflicting(
    *, verb: str, room: Room, account: str, undoes: Action | None
) -> Action | None:
    """The act of another person that stands in the way of the same one."""
    same = Q(room=room, verb=verb, account=account, status__in=Action.OPEN)
    if undoes is not None:
        same |= Q(undoes=undoes) & ~Q(status__in=[Action.Status.FAILED, Action.Status.UNDONE])
    return Action.objects.filter(same).first()
