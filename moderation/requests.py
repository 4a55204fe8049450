"""Orders: each function checks, stores the act with its entry in one transaction, and queues it on commit.

Keyword-only; `by` is a person or the name of a rule. Every function is idempotent by `key`; a second open act of
the same kind on the same target returns the first. Raises Refused in words for people.
"""

import datetime as dt
import logging
import uuid

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation import audit, tasks
from moderation.audit import Actor
from moderation.models import Action, Ban, Policy
from rooms import live
from rooms.models import Room

logger = logging.getLogger(__name__)
MOST_SECONDS = 10 * 365 * 86400
# The vendor names at most this many members; in larger rooms nobody can tell who is present.
NAMED_MEMBERS = 1000


class Refused(Exception):
    """An order that cannot be taken; `words` are for the person, `status` is the HTTP status."""

    def __init__(self, words: str, *, status: int = 409) -> None:
        super().__init__(words)
        self.words = words
        self.status = status


def order(*, by: Actor, verb: str, room: Room, policy: Policy, key: uuid.UUID | None = None, account: str = "",
          seconds: int | None = None, text: str = "", note: str = "", grace: float = 0.0, ban: Ban | None = None,
          retry_of: Action | None = None) -> Action:  # fmt: skip
    """Stores one act as requested, due after `grace` seconds, and queues it. The common part of all verbs."""
    now = timezone.now()
    try:
        with transaction.atomic():
            known = Action.objects.filter(key=key).first() if key else None
            if known is not None:
                return known
            action = Action.objects.create(
                key=key or uuid.uuid4(), verb=verb, room=room, account=account, seconds=seconds, text=text, policy=policy,
                note=note, by=None if isinstance(by, str) else by, by_name=audit.actor_name(by)[:150], ban=ban,
                retry_of=retry_of, due_at=now + dt.timedelta(seconds=grace),
                give_up_at=now + dt.timedelta(seconds=grace + settings.ACT_RETRY_SECONDS),
            )  # fmt: skip
            audit.record_action(action, by=by, outcome="requested")
            transaction.on_commit(lambda: announce(action, grace))
    except IntegrityError:
        # Somebody was first: the same key sent twice at once, or the same act already open.
        first = Action.objects.filter(key=key).first() if key else None
        first = (
            first
            or Action.objects.filter(room=room, verb=verb, account=account, status__in=Action.OPEN).first()
        )
        if first is None:
            raise
        return first
    return action


def announce(action: Action, grace: float) -> None:
    """After the commit: to the queue, to the screens, and to the collector, which reads the room at once."""
    tasks.enqueue(action.pk, delay=grace)
    live.publish_act(action.room.pk, action.pk)
    live.ask_refresh(action.room.pk)


def must_live(room: Room) -> None:
    if not room.is_live:
        raise Refused(_("This broadcast has ended."))


def end_stream(*, by: Actor, room: Room, policy: Policy, key: uuid.UUID | None = None, note: str = "",
               grace: float | None = None, ban: Ban | None = None) -> Action:  # fmt: skip
    """Ends a broadcast after the grace (seconds; default the setting), in which it can be undone."""
    must_live(room)
    wait = settings.END_GRACE_SECONDS if grace is None else grace
    return order(by=by, verb="end", room=room, policy=policy, key=key, note=note, grace=wait, ban=ban)


def warn_host(
    *, by: Actor, room: Room, policy: Policy, key: uuid.UUID, text: str = "", note: str = ""
) -> Action:
    """Sends the host's app a warning; `text` defaults to the policy's."""
    must_live(room)
    words = text.strip() or policy.text or policy.title
    return order(by=by, verb="warn", room=room, policy=policy, key=key, text=words, note=note)


def member_act(*, by: Actor, verb: str, room: Room, account: str, policy: Policy, key: uuid.UUID | None = None,
               seconds: int | None = None, note: str = "", ban: Ban | None = None) -> Action:  # fmt: skip
    """Mutes, unmutes, bans or unbans one account in one room; `seconds` for mutes and bans."""
    must_live(room)
    account = account.strip()
    if not account:
        raise Refused(_("Say which account."), status=422)
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
    )


def end_now(*, by: User, action: Action) -> Action:
    """Cuts the grace short. A second call, or one too late, changes nothing."""
    now = timezone.now()
    with transaction.atomic():
        waiting = Action.objects.filter(pk=action.pk, status="requested", attempts=0, due_at__gt=now)
        if waiting.update(due_at=now):
            action.refresh_from_db()
            audit.record_action(action, by=by, outcome="hastened")
            transaction.on_commit(lambda: announce(action, 0.0))
    return action


def undo(*, by: User, action: Action) -> Action:
    """Takes an order back while nobody has claimed it. Raises Refused when it is too late."""
    with transaction.atomic():
        taken_back = Action.objects.filter(pk=action.pk, status="requested", attempts=0)
        if not taken_back.update(status="undone", finished_at=timezone.now()):
            raise Refused(_("Too late: it is already under way."))
        action.refresh_from_db()
        audit.record_action(action, by=by, outcome="undone", before="requested")
        transaction.on_commit(lambda: live.publish_act(action.room.pk, action.pk))
    return action


def retry(*, by: User, action: Action, key: uuid.UUID) -> Action:
    """A failed act ordered again, as an act of its own."""
    if action.status != "failed":
        raise Refused(_("Only a failed act can be tried again."))
    must_live(action.room)
    return order(by=by, verb=action.verb, room=action.room, account=action.account, seconds=action.seconds, text=action.text,
                 policy=action.policy, note=action.note, key=key, retry_of=action, ban=action.ban)  # fmt: skip


def ban_account(*, by: Actor, account: str, policy: Policy, until: dt.datetime | None, note: str = "",
                room: Room | None = None) -> Ban:  # fmt: skip
    """Enters an account in the registry (until: None is permanent) and orders its first enforcement.

    Ends every live room it owns; bans it in `room` and in every room too large for the vendor to name its members.
    Wherever else it is, the next member lists tell. An account already banned returns the ban in force.
    """
    account = account.strip()
    if not account:
        raise Refused(_("Say which account."), status=422)
    if until is not None and until <= timezone.now():
        raise Refused(_("The end of the ban must lie ahead."), status=422)
    try:
        with transaction.atomic():
            person = None if isinstance(by, str) else by
            ban = Ban.objects.create(
                account=account,
                policy=policy,
                note=note,
                until=until,
                by=person,
                by_name=audit.actor_name(by),
            )
            audit.record_ban(
                ban, by=by, verb="platform_ban", outcome="done", note=note, room_pk=room.pk if room else None
            )
            transaction.on_commit(lambda: first_enforcement(ban, room))
    except IntegrityError:
        return Ban.objects.get(account=account, lifted_at=None, expired_at=None)
    return ban


def first_enforcement(ban: Ban, room: Room | None) -> None:
    """What a new ban does at once."""
    live.publish_bans()
    live.want_members(120)
    for owned in Room.objects.live().filter(owner_account=ban.account):
        enforce(ban, owned)
    large = Room.objects.live().filter(online__gt=NAMED_MEMBERS)
    for other in {*large, *([room] if room and room.is_live else [])}:
        enforce(ban, other)


def enforce(ban: Ban, room: Room) -> None:
    """One ban in one room: its own room is ended, from any other it is banned for the rest of the ban."""
    rule = "system:platform-ban"
    try:
        if room.owner_account == ban.account:
            end_stream(by=rule, room=room, policy=ban.policy, grace=0.0, ban=ban)
        else:
            left = (ban.until - timezone.now()).total_seconds() if ban.until else MOST_SECONDS
            seconds = max(60, min(int(left), MOST_SECONDS))
            member_act(
                by=rule,
                verb="room_ban",
                room=room,
                account=ban.account,
                seconds=seconds,
                policy=ban.policy,
                ban=ban,
            )
    except Refused as refusal:
        logger.info("ban %s is not enforced in room %s: %s", ban.pk, room.pk, refusal.words)


def lift_ban(*, by: User, ban: Ban, note: str) -> Ban:
    """Ends a ban before its time and takes it back in every live room where it was enforced."""
    if not note.strip():
        raise Refused(_("Say why it is lifted."), status=422)
    with transaction.atomic():
        in_force = Ban.objects.filter(pk=ban.pk, lifted_at=None, expired_at=None)
        if not in_force.update(lifted_at=timezone.now(), lifted_by_name=by.get_username(), lift_note=note):
            raise Refused(_("This ban is no longer in force."))
        ban.refresh_from_db()
        audit.record_ban(ban, by=by, verb="lift_ban", outcome="done", note=note)
        transaction.on_commit(lambda: withdraw(ban))
    return ban


def withdraw(ban: Ban) -> None:
    """Lifts the room bans that a platform ban had caused, in rooms that still live."""
    live.publish_bans()
    rooms = Room.objects.live().filter(actions__ban=ban, actions__verb="room_ban").distinct()
    for room in rooms:
        member_act(
            by="system:lifted-ban",
            verb="room_unban",
            room=room,
            account=ban.account,
            policy=ban.policy,
            ban=ban,
        )
