"""The platform's ban registry: placing, changing and lifting a ban, and the orders in rooms that
follow from it.

A ban is stored with its entry in one transaction, marked `orders_due`. `spread` then orders what
the rooms need and takes the mark off; the sweep calls it again for what was stranded. Raises
Refused in words for people.
"""

import datetime as dt
import logging
import uuid
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from moderation.actions import orders
from moderation.audit import audit_log
from moderation.audit.audit_log import Actor
from moderation.bans import enforcement, requests
from moderation.core import broker, unseen
from moderation.core.errors import Refused
from moderation.models import Action, Alert, Ban, BanQuerySet, Policy
from rooms.infra import database_time
from rooms.live import demand, push
from rooms.models import Room
from rooms.text import NotAnAccount

logger = logging.getLogger(__name__)
# The vendor names at most this many members; in larger rooms nobody can tell who is present.
NAMED_MEMBERS = 1000
MEMBERS_WANTED = 120  # seconds; renewed by the sweep while bans are in force
LIFTING = "system:lifted-ban"


def place(
    *,
    by: Actor,
    account: str,
    policy: Policy,
    until: dt.datetime | None,
    note: str = "",
    room: Room | None = None,
    key: uuid.UUID | None = None,
    alert: Alert | None = None,
) -> Ban:
    """Enters an account in the registry (until: None is permanent) and orders its enforcement.

    Every live room it owns is ended; it is banned in `room` and in every room too large for the
    vendor to name its members. Wherever else it is, the next member lists tell. An account already
    banned returns the ban in force, whoever placed it. What moderators have asked for it is
    granted, and `alert`, which the ban answers, is closed in the same transaction.
    """
    try:
        account = unseen.account_of(account)
    except NotAnAccount as no:
        raise Refused(no.message, status=422) from None
    requests.must_be_about(account, alert)
    if until is not None and until <= database_time.now():
        raise Refused(_("The ban must end in the future."), status=422)
    close_expired(Ban.objects.filter(account=account))
    try:
        with transaction.atomic():
            if known := the_same(key, account):
                return known
            ban = Ban.objects.create(
                key=key,
                account=account,
                policy=policy,
                note=note,
                until=until,
                by=None if isinstance(by, str) else by,
                by_name=audit_log.actor_name(by)[:150],
            )
            audit_log.record_ban(
                ban, by=by, verb="platform_ban", outcome="done", note=note, room=room
            )
            requests.grant_with(by=by, ban=ban)
            requests.close_alert(alert, by=by)
            transaction.on_commit(lambda: announce(ban, room))
    except IntegrityError:
        first = the_same(key, account) or Ban.objects.not_closed().filter(account=account).first()
        if first is None:
            raise Refused(
                _("Somebody else changed this ban at the same moment. Check it, then try again.")
            ) from None
        requests.close_alert(alert, by=by)
        return first
    return ban


def the_same(key: uuid.UUID | None, account: str) -> Ban | None:
    """The ban that was placed with this key.

    Raises Refused when the key came with another account.
    """
    known = Ban.objects.filter(key=key).first() if key else None
    if known is not None and known.account != account:
        raise Refused(_("This form was used for something else already. Open it again."))
    return known


def change(*, by: User, ban: Ban, version: int, until: dt.datetime | None, note: str) -> Ban:
    """Moves the end of a ban (until: None is permanent), if it still is as the person saw it."""
    if not note.strip():
        raise Refused(_("Explain why it is changed."), status=422)
    if until is not None and until <= database_time.now():
        raise Refused(_("The ban must end in the future."), status=422)
    return _changed(by=by, ban=ban, version=version, verb="change_ban", note=note, until=until)


def lift(*, by: Actor, ban: Ban, note: str, verb: str = "lift_ban") -> Ban:
    """Ends a ban before its time and takes it back in every live room where it was enforced."""
    if not note.strip():
        raise Refused(_("Explain why it is lifted."), status=422)
    fields = {
        "lifted_at": database_time.now(),
        "lifted_by_name": audit_log.actor_name(by)[:150],
        "lift_note": note,
    }
    return _changed(by=by, ban=ban, version=None, verb=verb, note=note, **fields)


def undo(*, by: User, ban: Ban) -> Ban:
    """Takes back a ban that was just placed, as an act of its own in the record."""
    return lift(by=by, ban=ban, note=_("Undone."), verb="undo_ban")


def _changed(
    *, by: Actor, ban: Ban, version: int | None, verb: str, note: str, **fields: object
) -> Ban:
    now = database_time.now()
    with transaction.atomic():
        seen = Ban.objects.in_force().filter(pk=ban.pk)
        before = seen.select_related("policy").first()
        if before is None:
            raise Refused(_("This ban is no longer in force."))
        if version is not None:
            seen = seen.filter(version=version)
        if not seen.update(version=F("version") + 1, changed_at=now, orders_due=True, **fields):
            raise Refused(_("Somebody has changed this ban meanwhile. Look at it again."))
        state = audit_log.ban_state(before)
        ban.refresh_from_db()
        audit_log.record_ban(ban, by=by, verb=verb, outcome="done", note=note, before=state)
        transaction.on_commit(lambda: announce(ban, None))
    return ban


def close_expired(bans: BanQuerySet, limit: int = 500) -> int:
    """Closes those of these bans whose time is over; how many.

    The vendor's room bans end by themselves.
    """
    now, count = database_time.now(), 0
    for ban in bans.not_closed().filter(until__lte=now)[:limit]:
        with transaction.atomic():
            if Ban.objects.not_closed().filter(pk=ban.pk).update(expired_at=now, orders_due=False):
                before = audit_log.ban_state(ban) | {"in_force": True}
                ban.refresh_from_db()
                audit_log.record_ban(
                    ban, by="system:expiry", verb="ban_expired", outcome="done", before=before
                )
                count += 1
    return count


# --- What follows in the rooms --------------------------------------------------------------------


def announce(ban: Ban, room: Room | None) -> None:
    """After the commit: the room it was placed from at once, all others as a task."""
    if room is not None and room.is_live:
        enforce(ban, room)
    if broker.enqueue_ban(ban.pk):
        push.publish_bans()
        demand.want_members(MEMBERS_WANTED)


def enforce_everywhere(ban_id: int) -> None:
    """Orders what the newest version of a ban asks of the rooms.

    Interrupted or called twice: orders the rest.
    """
    ban = Ban.objects.select_related("policy").filter(pk=ban_id, orders_due=True).first()
    if ban is None:
        return
    if ban.in_force:
        for room in rooms_to_enforce(ban):
            enforce(ban, room)
    elif ban.lifted_at is not None and not revoke_everywhere(ban):
        return  # the sweep comes back to it
    Ban.objects.filter(pk=ban.pk, version=ban.version).update(orders_due=False)


def rooms_to_enforce(ban: Ban) -> Iterable[Room]:
    """The live rooms that have not been told of this version: its own, the large ones, those that
    knew another.
    """
    ordered = Action.objects.filter(room=OuterRef("pk"), ban=ban)
    told_now = ordered.filter(requested_at__gte=ban.changed_at).exclude(status=Action.Status.FAILED)
    concerned = Q(owner_account=ban.account) | Q(online__gt=NAMED_MEMBERS) | Exists(ordered)
    return Room.objects.live().filter(concerned).exclude(Exists(told_now))


def enforce(ban: Ban, room: Room) -> Action | None:
    """Orders what a ban means for one room; None when that is nothing, or is refused."""
    request = enforcement.enforcement_for(ban, room)
    if request is None:
        return None
    try:
        return orders.submit(request, by=enforcement.ACTOR)
    except Refused as refusal:
        logger.info("ban %s is not enforced in room %s: %s", ban.pk, room.pk, refusal.message)
        return None


def revoke_everywhere(ban: Ban) -> bool:
    """Takes back what a lifted ban had caused in rooms that still live.

    False while some of it is under way.
    """
    take_back_orders(ban)
    acts = Action.objects.filter(room=OuterRef("pk"), ban=ban)
    caused = acts.filter(verb=Action.Verb.ROOM_BAN).exclude(status=Action.Status.UNDONE)
    taken_back = acts.filter(verb=Action.Verb.ROOM_UNBAN, requested_at__gte=ban.changed_at)
    # A ban that is being placed this moment could arrive after its lifting.
    under_way = Q(Exists(caused.filter(status__in=[Action.Status.CALLING, Action.Status.UNKNOWN])))
    rooms = Room.objects.live().filter(Exists(caused), ~Exists(taken_back))
    for room in rooms.exclude(under_way):
        try:
            orders.submit(enforcement.lifting_of(ban, room), by=LIFTING)
        except Refused as refusal:
            logger.info("ban %s is not taken back in room %s: %s", ban.pk, room.pk, refusal.message)
    return not rooms.filter(under_way).exists()


def take_back_orders(ban: Ban) -> None:
    """Orders of a lifted ban that no worker has begun are undone: nothing was sent."""
    waiting = Action.objects.filter(
        ban=ban, verb__in=[Action.Verb.ROOM_BAN, Action.Verb.END], status=Action.Status.REQUESTED
    )
    for action in waiting.select_related("room", "policy"):
        with transaction.atomic():
            if Action.objects.filter(pk=action.pk, status=Action.Status.REQUESTED).update(
                status=Action.Status.UNDONE, finished_at=database_time.now()
            ):
                action.refresh_from_db()
                audit_log.record_action(action, by=LIFTING, outcome="undone", before="requested")
