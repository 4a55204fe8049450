"""Orders: each function checks, stores the act with its entry in one transaction, and queues it on commit.

Keyword-only; `by` is a person or the name of a rule. Every function is idempotent by `key`; a second open act of
the same kind on the same target returns the first. Raises Refused in words for people. Bans of the whole platform
are in `registry`.
"""

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from liveapi import LiveApiError
from moderation.actions import dispatch
from moderation.actions.handlers import registry, room_settings, stream_key
from moderation.audit import audit_log
from moderation.audit.audit_log import Actor
from moderation.core.errors import Refused
from moderation.core.limits import MOST_SECONDS
from moderation.models import Action, AuditEntry, Ban, Hold, Policy
from moderation.values import undo_time
from moderation.values.acts import Release, Warn
from rooms.infra import database_time, json_values
from rooms.infra.transactions import writing
from rooms.live import push
from rooms.models import Room

SLIP_SECONDS = 0.7  # static/js/acts.js knows it, too


def order(*, by: Actor, verb: str, room: Room, policy: Policy, key: uuid.UUID | None = None, account: str = "",
          seconds: int | None = None, text: str = "", note: str = "", grace: float = 0.0, ban: Ban | None = None,
          hold: Hold | None = None, retry_of: Action | None = None, undoes: Action | None = None,
          arguments: dict[str, Any] | None = None, rests_on: str = "") -> Action:  # fmt: skip
    """Stores one act as requested, due after `grace` seconds, and queues it. The common part of all verbs."""
    now = database_time.now()
    key = key or uuid.uuid4()
    try:
        with writing(urgent=True):
            action = Action.objects.create(
                key=key, verb=verb, room=room, account=account, seconds=seconds, text=text, policy=policy, note=note,
                by=None if isinstance(by, str) else by, by_name=audit_log.actor_name(by)[:150], ban=ban, hold=hold,
                retry_of=retry_of, undoes=undoes, arguments=arguments or {}, rests_on=rests_on,
                due_at=now + dt.timedelta(seconds=grace),
                give_up_at=now + dt.timedelta(seconds=grace + settings.ACT_RETRY_SECONDS),
            )  # fmt: skip
            audit_log.record_action(action, by=by, outcome="requested")
            dispatch.on_commit(action)
    except IntegrityError:
        # Somebody was first: the same key sent twice, the same act already open, or already taken back.
        asked = arguments or {}
        first = the_same(key=key, verb=verb, room=room, account=account, arguments=asked) or the_first(
            verb=verb, room=room, account=account, undoes=undoes
        )
        if first is None:
            raise Refused(_("Somebody did the same this very moment. Look, and try again.")) from None
        if first.arguments != asked:
            words = _("Another such change of this room is under way: by %(who)s at %(time)s. Nothing of yours was sent. "
                      "Look at what became of it, and try again.")  # fmt: skip
            raise Refused(words % who_and_when(first)) from None
        return first
    return action


def the_same(
    *, key: uuid.UUID, verb: str, room: Room, account: str, arguments: dict[str, Any]
) -> Action | None:
    """The act that was ordered with this key. Raises Refused when the key came with another order."""
    known = Action.objects.filter(key=key).select_related("policy", "by").first()
    asked = (verb, room.pk, account, arguments)
    if known is not None and (known.verb, known.room_id, known.account, known.arguments) != asked:
        raise Refused(_("This form was used for something else already. Open it again."))
    return known


def the_first(*, verb: str, room: Room, account: str, undoes: Action | None) -> Action | None:
    """The act of another person that stands in the way of the same one."""
    same = Q(room=room, verb=verb, account=account, status__in=Action.OPEN)
    if undoes is not None:
        same |= Q(undoes=undoes) & ~Q(status__in=["failed", "undone"])
    return Action.objects.filter(same).first()


def must_live(room: Room) -> None:
    """Raises Refused when the broadcast is over, and says who ended it when it was one of us."""
    if room.is_live:
        return
    end = Action.objects.filter(room=room, verb="end", status__in=Action.SUCCEEDED).first()
    if end is None or end.finished_at is None:
        raise Refused(_("This broadcast has ended."))
    told = {"who": end.by_name, "time": f"{timezone.localtime(end.finished_at):%H:%M:%S %Z}"}
    raise Refused(_("This broadcast has ended: by %(who)s at %(time)s.") % told)


def take(*, by: User, verb: str, room: Room, policy: Policy, key: uuid.UUID, note: str = "", text: str = "",
         account: str = "", seconds: int | None = None, language: str = "",
         arguments: dict[str, Any] | None = None) -> Action:  # fmt: skip
    """The order of any verb, from what its form holds."""
    if verb in registry.CHANGES:
        return change_room(
            by=by, verb=verb, room=room, policy=policy, key=key, note=note, arguments=arguments
        )
    if verb == "end":
        return end_stream(by=by, room=room, policy=policy, key=key, note=note)
    if verb == "warn":
        return warn_host(by=by, room=room, policy=policy, key=key, note=note, text=text, language=language)
    return member_act(by=by, verb=verb, room=room, account=account, policy=policy, key=key, seconds=seconds,
                      note=note)  # fmt: skip


def end_stream(*, by: Actor, room: Room, policy: Policy, key: uuid.UUID | None = None, note: str = "",
               grace: float | None = None, ban: Ban | None = None, hold: Hold | None = None,
               rests_on: str = "") -> Action:  # fmt: skip
    """Ends a broadcast after the grace (seconds; default the person's own), in which it can be undone."""
    must_live(room)
    wait = undo_time.grace_of(by) if grace is None else grace
    return order(
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
    """Sends the host's app a warning; `text` defaults to the policy's, in `language` (default: hosts' language)."""
    must_live(room)
    told = language or settings.HOST_LANGUAGE
    words = text.strip() or policy.text_in(told)
    return order(
        by=by,
        verb="warn",
        room=room,
        policy=policy,
        key=key,
        text=words,
        note=note,
        arguments=json_values.write(Warn(language=told)),
    )


def member_act(*, by: Actor, verb: str, room: Room, account: str, policy: Policy, key: uuid.UUID | None = None,
               seconds: int | None = None, note: str = "", ban: Ban | None = None, rests_on: str = "") -> Action:  # fmt: skip
    """Mutes, unmutes, bans or unbans one account in one room; `seconds` for mutes and bans."""
    must_live(room)
    account = account.strip()
    if not account:
        raise Refused(_("Say which account."), status=422)
    must_not_weaken(verb, room, account)
    if verb in {"mute", "room_ban"}:
        if account == room.owner_account:
            raise Refused(
                _(
                    "This is the host. A host cannot be muted or banned in the own room: end the stream instead."
                )
            )
        if not seconds or not 0 < seconds <= MOST_SECONDS:
            raise Refused(_("Say for how long."), status=422)
    else:
        seconds = None
    return order(
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


def change_room(*, by: Actor, verb: str, room: Room, policy: Policy, key: uuid.UUID | None = None,
                arguments: dict[str, Any] | None = None, note: str = "", grace: float = 0.0,
                rests_on: str = "") -> Action:  # fmt: skip
    """Changes a room that goes on; `verb` is one of steps.CHANGES, whose modules say what `arguments` it takes.

    Raises Refused for what breaks the vendor's limits, for a quarantined room that would be opened by anything but
    its release, and while another change of the same kind is under way.
    """
    # As the database gives it back, so that a repeat is known to be the same.
    asked = {
        name: list(value) if isinstance(value, tuple) else value for name, value in (arguments or {}).items()
    }
    known = Action.objects.filter(key=key, verb=verb, room=room).first() if key else None
    if known is not None and (verb == "release" or known.arguments == asked):
        return known
    if verb == "release":
        asked = as_before(quarantine_of(room))
    may_change(verb, room)
    try:
        registry.CHANGES[verb].check(verb, room, asked)
    except LiveApiError as error:
        raise Refused(_("The vendor would refuse this: %(why)s.") % {"why": error.text}, status=422) from None
    account = stream_key.robot_of(room) if verb in stream_key.VERBS else ""
    return order(by=by, verb=verb, room=room, account=account, policy=policy, key=key, note=note, grace=grace,
                 arguments=asked, rests_on=rests_on)  # fmt: skip


def may_change(verb: str, room: Room) -> None:
    """Raises Refused when the state of a room stands in the way of a change."""
    if verb != "obs_revoke":  # a key is worth taking back whatever the room has become
        must_live(room)
    must_not_open(verb, room)
    must_not_weaken(verb, room, room.owner_account)
    if verb == "release" and quarantine_of(room) is None:
        raise Refused(_("This room is not in quarantine."))
    out = stream_key.key_out(room) if verb == "obs_key" else None
    if out is not None:  # of two nobody would know which of them streams
        raise Refused(
            _("A stream key was made already, by %(who)s at %(time)s. Take it back first.")
            % who_and_when(out)
        )


def who_and_when(action: Action) -> dict[str, str]:
    return {"who": action.by_name, "time": f"{timezone.localtime(action.requested_at):%H:%M:%S %Z}"}


def quarantine_of(room: Room) -> Action | None:
    """The quarantine that a broadcast is in: the last that succeeded, unless a release has succeeded since."""
    acts = Action.objects.filter(room=room, verb__in=["quarantine", "release"], status__in=Action.SUCCEEDED)
    last = acts.order_by("-finished_at", "-pk").first()
    return last if last is not None and last.verb == "quarantine" else None


def must_not_open(verb: str, room: Room) -> None:
    """Raises Refused when a change would open, or close again, a room that is in quarantine or about to be."""
    if verb not in {"publish", "unmute_all", "quarantine"}:
        return
    quarantine = quarantine_of(room)
    if quarantine is None and verb != "quarantine":
        quarantine = Action.objects.filter(room=room, verb="quarantine", status__in=Action.OPEN).first()
    if quarantine is not None:
        words = _("This room is in quarantine, by %(who)s since %(time)s. Release it, or end it.")
        raise Refused(words % who_and_when(quarantine))


def must_not_weaken(verb: str, room: Room, account: str) -> None:
    """Raises Refused for what would take back in a room what a platform ban in force does there, whichever way it is asked.

    An unban or unmute of a banned account, and the release of a banned host's room.
    """
    weakens = verb in {"room_unban", "unmute", "release"}
    if weakens and account and Ban.objects.in_force().filter(account=account).exists():
        raise Refused(_("A platform ban is behind this. Lift that ban instead."))


def as_before(quarantine: Action | None) -> dict[str, Any]:
    """What a release makes of the room: as it was before, listed and open for what nobody knows."""
    before = quarantine.kept.get("before", {}) if quarantine is not None else {}
    was = {
        name: usual if before.get(name) is None else before[name]
        for name, usual in room_settings.OPEN.items()
    }
    return json_values.write(Release(**was))


def end_now(*, by: User, action: Action) -> Action:
    """Cuts the grace short. Where it is over already that is a success, for the end is under way or done.

    Raises Refused within SLIP_SECONDS of the order, which one hand cannot mean twice, and when the end was taken back or
    has failed: nobody may believe that the broadcast is about to end.
    """
    now = database_time.now()
    if action.status == "requested" and now - action.requested_at < dt.timedelta(seconds=SLIP_SECONDS):
        raise Refused(_("This came within a moment of the order. Press End now again if it is meant."))
    with transaction.atomic():
        waiting = Action.objects.filter(pk=action.pk, status="requested", attempts=0, due_at__gt=now)
        hastened = waiting.update(due_at=now)
        action.refresh_from_db()
        if hastened:
            audit_log.record_action(action, by=by, outcome="hastened")
            dispatch.on_commit(action)
    if action.status == "undone":
        raise Refused(_("Nothing was ended: %(who)s took this end back at %(time)s.") % who_undid(action))
    if action.status == "failed":
        raise Refused(_("This end has failed. Look at the room, and order it again."))
    return action


def change_reason(*, by: User, action: Action, policy: Policy) -> Action:
    """Gives an order another reason while nothing was sent; the same one again changes nothing.

    Raises Refused once a worker has it: what was sent for a reason stays in the record with that one.
    """
    with writing(urgent=True):
        was = Action.objects.select_related("policy").get(pk=action.pk).policy
        waiting = Action.objects.filter(pk=action.pk, status="requested", attempts=0)
        changed = policy != was and waiting.update(policy=policy)
        action.refresh_from_db()
        if changed:
            audit_log.record_action(
                action, by=by, outcome="other reason", before="requested", was={"reason": was.code}
            )
            transaction.on_commit(lambda: push.publish_act(action.room.pk, action.pk))
    if action.policy != policy:
        raise Refused(
            _("Too late: it is not waiting any more. Its reason stays: %(reason)s.") % {"reason": was.label}
        )
    return action


def who_undid(action: Action) -> dict[str, str]:
    """Who took an act back, and when; from the record, for the act itself names who ordered it."""
    entry = AuditEntry.objects.filter(action_id=action.pk, outcome="undone").order_by("-pk").first()
    at = action.finished_at or database_time.now()
    return {"who": entry.actor if entry else action.by_name, "time": f"{timezone.localtime(at):%H:%M:%S %Z}"}


def undo(*, by: User, action: Action, key: uuid.UUID | None = None) -> Action:
    """Takes an act back: an order while nothing was sent, a mute or ban that is done by its opposite.

    Returns the act as undone, or the opposite act. Raises Refused when it cannot be taken back (any more).
    """
    with transaction.atomic():
        taken_back = Action.objects.filter(pk=action.pk, status="requested")
        if taken_back.update(status="undone", finished_at=database_time.now()):
            action.refresh_from_db()
            audit_log.record_action(action, by=by, outcome="undone", before="requested")
            transaction.on_commit(lambda: push.publish_act(action.room.pk, action.pk))
            return action
    action.refresh_from_db()
    if action.status in Action.SUCCEEDED and action.verb in Action.OPPOSITE:
        return reverse(by=by, action=action, key=key)
    if action.is_open:
        raise Refused(_("Too late: it is already under way."))
    raise Refused(_("This cannot be taken back."))


def reverse(*, by: User, action: Action, key: uuid.UUID | None) -> Action:
    """Orders what takes a mute or ban back, once: undoing twice returns the first. For the same reason."""
    must_live(action.room)
    opposite = Action.OPPOSITE[Action.Verb(action.verb)]
    newer = Action.objects.filter(
        room=action.room, account=action.account, verb__in=[action.verb, opposite], pk__gt=action.pk
    ).exclude(status__in=["failed", "undone"])
    if newer.exclude(undoes=action).exists():
        raise Refused(_("Something newer was done to this account here. Look at the timeline."))
    must_not_weaken(opposite, action.room, action.account or action.room.owner_account)
    if action.ban is not None and action.ban.in_force:
        raise Refused(_("A platform ban is behind this. Lift that ban instead."))
    if action.status == "already" and action.verb != "quarantine":
        raise Refused(_("It was so before: there is nothing to take back."))
    must_not_open(opposite, action.room)
    arguments = as_before(action) if opposite == "release" else None
    return order(by=by, verb=opposite, room=action.room, account=action.account, policy=action.policy, key=key,
                 undoes=action, arguments=arguments)  # fmt: skip


def retry(*, by: User, action: Action, key: uuid.UUID) -> Action:
    """A failed act ordered again, as an act of its own."""
    if action.status != "failed":
        raise Refused(_("Only a failed act can be tried again."))
    if action.verb in registry.CHANGES:
        may_change(action.verb, action.room)
    else:
        must_live(action.room)
    return order(by=by, verb=action.verb, room=action.room, account=action.account, seconds=action.seconds,
                 text=action.text, policy=action.policy, note=action.note, key=key, retry_of=action, ban=action.ban,
                 hold=action.hold, undoes=action.undoes, arguments=action.arguments)  # fmt: skip
