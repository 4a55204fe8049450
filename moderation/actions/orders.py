"""Orders: each function checks, stores the act with its entry in one transaction, and queues it on
commit.

Keyword-only; `by` is a person or the name of a rule. Every function is idempotent by `key`; a
second open act of the same kind on the same target returns the first. Raises Refused in words for
people. Bans of the whole platform are in `registry`.
"""

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import gettext as _

from liveapi import LiveApiError
from moderation.actions import dispatch
from moderation.actions.handlers import stream_key
from moderation.actions.preconditions import (
    may_change,
    must_not_weaken,
    quarantine_of,
    require_live,
    state_before,
    who_and_when,
)
from moderation.actions.verbs import VERBS
from moderation.audit import audit_log
from moderation.audit.audit_log import Actor
from moderation.core.errors import Refused
from moderation.core.limits import MAX_SECONDS
from moderation.models import Action, Ban, Hold, Policy
from moderation.values import undo_time
from moderation.values.acts import Warn
from rooms.infra import database_time, json_values
from rooms.infra.transactions import write_turn
from rooms.models import Room


def create_action(
    *,
    by: Actor,
    verb: str,
    room: Room,
    policy: Policy,
    key: uuid.UUID | None = None,
    account: str = "",
    seconds: int | None = None,
    text: str = "",
    note: str = "",
    grace: float = 0.0,
    ban: Ban | None = None,
    hold: Hold | None = None,
    retry_of: Action | None = None,
    undoes: Action | None = None,
    arguments: dict[str, Any] | None = None,
    rests_on: str = "",
) -> Action:
    """Stores one act as requested, due after `grace` seconds, and queues it.

    The common part of all verbs.
    """
    now = database_time.now()
    key = key or uuid.uuid4()
    try:
        with write_turn(priority=True):
            action = Action.objects.create(
                key=key,
                verb=verb,
                room=room,
                account=account,
                seconds=seconds,
                text=text,
                policy=policy,
                note=note,
                by=None if isinstance(by, str) else by,
                by_name=audit_log.actor_name(by)[:150],
                ban=ban,
                hold=hold,
                retry_of=retry_of,
                undoes=undoes,
                arguments=arguments or {},
                rests_on=rests_on,
                due_at=now + dt.timedelta(seconds=grace),
                give_up_at=now + dt.timedelta(seconds=grace + settings.ACT_RETRY_SECONDS),
            )
            audit_log.record_action(action, by=by, outcome="requested")
            dispatch.on_commit(action)
    except IntegrityError:
        # Somebody was first: the same key sent twice, the same act already open, or already taken
        # back.
        asked = arguments or {}
        first = find_by_idempotency_key(
            key=key, verb=verb, room=room, account=account, arguments=asked
        ) or find_conflicting(verb=verb, room=room, account=account, undoes=undoes)
        if first is None:
            raise Refused(
                _("Somebody did the same this very moment. Look, and try again.")
            ) from None
        if first.arguments != asked:
            words = _(
                "Another such change of this room is under way: by %(who)s at %(time)s. Nothing of "
                "yours was sent. "
                "Look at what became of it, and try again."
            )
            raise Refused(words % who_and_when(first)) from None
        return first
    return action


def find_by_idempotency_key(
    *, key: uuid.UUID, verb: str, room: Room, account: str, arguments: dict[str, Any]
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
        same |= Q(undoes=undoes) & ~Q(status__in=["failed", "undone"])
    return Action.objects.filter(same).first()


def submit(
    *,
    by: User,
    verb: str,
    room: Room,
    policy: Policy,
    key: uuid.UUID,
    note: str = "",
    text: str = "",
    account: str = "",
    seconds: int | None = None,
    language: str = "",
    arguments: dict[str, Any] | None = None,
) -> Action:
    """The order of any verb, from what its form holds."""
    if VERBS[verb].is_change:
        return change_room(
            by=by, verb=verb, room=room, policy=policy, key=key, note=note, arguments=arguments
        )
    if verb == "end":
        return end_stream(by=by, room=room, policy=policy, key=key, note=note)
    if verb == "warn":
        return warn_host(
            by=by, room=room, policy=policy, key=key, note=note, text=text, language=language
        )
    return member_act(
        by=by,
        verb=verb,
        room=room,
        account=account,
        policy=policy,
        key=key,
        seconds=seconds,
        note=note,
    )


def end_stream(
    *,
    by: Actor,
    room: Room,
    policy: Policy,
    key: uuid.UUID | None = None,
    note: str = "",
    grace: float | None = None,
    ban: Ban | None = None,
    hold: Hold | None = None,
    rests_on: str = "",
) -> Action:
    """Ends a broadcast after the grace (seconds; default the person's own), in which it can be
    undone.
    """
    require_live(room)
    wait = undo_time.grace_of(by) if grace is None else grace
    return create_action(
        by=by,
        verb="end",
        room=room,
        policy=policy,
        key=key,
        note=note,
        grace=wait,
        ban=ban,
        hold=hold,
        rests_on=rests_on,
    )


def warn_host(
    *,
    by: Actor,
    room: Room,
    policy: Policy,
    key: uuid.UUID,
    text: str = "",
    note: str = "",
    language: str = "",
) -> Action:
    """Sends the host's app a warning; `text` defaults to the policy's, in `language` (default:
    hosts' language).
    """
    require_live(room)
    told = language or settings.HOST_LANGUAGE
    words = text.strip() or policy.text_in(told)
    return create_action(
        by=by,
        verb="warn",
        room=room,
        policy=policy,
        key=key,
        text=words,
        note=note,
        arguments=json_values.write(Warn(language=told)),
    )


def member_act(
    *,
    by: Actor,
    verb: str,
    room: Room,
    account: str,
    policy: Policy,
    key: uuid.UUID | None = None,
    seconds: int | None = None,
    note: str = "",
    ban: Ban | None = None,
    rests_on: str = "",
) -> Action:
    """Mutes, unmutes, bans or unbans one account in one room; `seconds` for mutes and bans."""
    require_live(room)
    account = account.strip()
    if not account:
        raise Refused(_("Say which account."), status=422)
    must_not_weaken(verb, room, account)
    if verb in {"mute", "room_ban"}:
        if account == room.owner_account:
            raise Refused(
                _(
                    "This is the host. A host cannot be muted or banned in the own room: end the "
                    "stream instead."
                )
            )
        if not seconds or not 0 < seconds <= MAX_SECONDS:
            raise Refused(_("Say for how long."), status=422)
    else:
        seconds = None
    return create_action(
        by=by,
        verb=verb,
        room=room,
        account=account,
        policy=policy,
        key=key,
        seconds=seconds,
        note=note,
        ban=ban,
        rests_on=rests_on,
    )


def change_room(
    *,
    by: Actor,
    verb: str,
    room: Room,
    policy: Policy,
    key: uuid.UUID | None = None,
    arguments: dict[str, Any] | None = None,
    note: str = "",
    grace: float = 0.0,
    rests_on: str = "",
) -> Action:
    """Changes a room that goes on; `verb` is a VerbSpec.is_change, whose handler says what
    `arguments` it takes.

    Raises Refused for what breaks the vendor's limits, for a quarantined room that would be opened
    by anything but its release, and while another change of the same kind is under way.
    """
    # As the database gives it back, so that a repeat is known to be the same.
    asked = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in (arguments or {}).items()
    }
    known = Action.objects.filter(key=key, verb=verb, room=room).first() if key else None
    if known is not None and (verb == "release" or known.arguments == asked):
        return known
    if verb == "release":
        asked = state_before(quarantine_of(room))
    may_change(verb, room)
    try:
        VERBS[verb].handler.check(verb, room, asked)
    except LiveApiError as error:
        raise Refused(
            _("The vendor would refuse this: %(why)s.") % {"why": error.text}, status=422
        ) from None
    account = stream_key.robot_of(room) if verb in stream_key.VERBS else ""
    return create_action(
        by=by,
        verb=verb,
        room=room,
        account=account,
        policy=policy,
        key=key,
        note=note,
        grace=grace,
        arguments=asked,
        rests_on=rests_on,
    )
