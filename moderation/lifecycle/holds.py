"""An end that stays ended: after an end its RoomId and its owner are held off, and ended again when
they appear.

For how long says the reason of the end: some minutes, and as long as the host is banned. Every end
again is an act of its own, as `system:hold`, with its entry and a count on the card, until the hold
is over or lifted. Raises Refused in words for people.
"""

import datetime as dt
import logging
import uuid

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from moderation.actions import orders, queries
from moderation.actions.requests import ActionRequest
from moderation.audit import audit_log
from moderation.audit.audit_log import Actor
from moderation.core.errors import Refused
from moderation.models import Action, Ban, Hold, Rule
from rooms import signals
from rooms.infra import database_time
from rooms.infra.transactions import write_turn
from rooms.live import push
from rooms.models import Room

logger = logging.getLogger(__name__)
ACTOR = "system:hold"
# An owner's other rooms that went on before are not "again"; clocks may differ, and a listing tells
# some seconds late.
CLOCKS_DIFFER = dt.timedelta(seconds=10)
MAX_HOLDS = 500
# After the end of these rules their own facts decide what a next broadcast may do: the time, the
# host's presence.
WITHOUT_HOLD = (Rule.Kind.TIME_LIMIT, Rule.Kind.HOST_GONE)


def place(action: Action) -> Hold | None:
    """The hold that follows from an end which succeeded, as its reason says.

    Call it in the transaction that records how the end was read back.

    None where the reason asks for none, after an end that was itself for a hold, and after those of
    WITHOUT_HOLD. A hold that is in force already is renewed.
    """
    if (
        action.verb != Action.Verb.END
        or action.status not in Action.SUCCEEDED
        or action.hold_id is not None
    ):
        return None
    policy, room, now = action.policy, action.room, database_time.now()
    ban = ban_on_host(action)
    until = now + dt.timedelta(seconds=policy.hold_seconds) if policy.hold_seconds else None
    if (until is None and ban is None) or is_without_hold(action.by_name):
        return None
    known = Hold.objects.filter(room_id=room.room_id, lifted_at=None).first()
    if known is not None and not known.in_force:
        expire(known)
        known = None
    by = action.by or action.by_name
    if known is None:
        hold = Hold.objects.create(
            room_id=room.room_id,
            owner_account=room.owner_account,
            until=until,
            ban=ban,
            policy=policy,
            by=action.by,
            by_name=action.by_name,
        )
        record(hold, by=by, verb="hold", outcome="done", note=action.note, room=room)
        return hold
    before = state(known)
    known.until = max((end for end in (known.until, until) if end is not None), default=None)
    known.ban = ban or known.ban
    known.owner_account = room.owner_account or known.owner_account
    known.save(update_fields=["until", "ban", "owner_account", "folded"])
    record(known, by=by, verb="hold", outcome="done", note=action.note, room=room, before=before)
    return known


def ban_on_host(action: Action) -> Ban | None:
    """The ban in force on the host, where the reason holds a room off as long as its host is
    banned.
    """
    if not action.policy.hold_while_banned:
        return None
    return queries.active_ban(action.room.owner_account)


def is_without_hold(by_name: str) -> bool:
    """Whether whoever ended it is a rule that looks after the next broadcast itself."""
    slug = by_name.removeprefix("system:")
    return slug != by_name and Rule.objects.filter(slug=slug, kind__in=WITHOUT_HOLD).exists()


def lift(*, by: User, hold: Hold, note: str) -> Hold:
    """Ends a hold before its time: its RoomId and owner may broadcast again."""
    if not note.strip():
        raise Refused(_("Explain why it is lifted."), status=422)
    now = database_time.now()
    with write_turn(priority=True):
        lifted = {"lifted_at": now, "lifted_by_name": by.get_username(), "lift_note": note}
        if not hold.in_force or not Hold.objects.filter(pk=hold.pk, lifted_at=None).update(
            **lifted
        ):
            raise Refused(_("This re-open block is no longer in force."))
        before = state(hold)
        hold.refresh_from_db()
        record(hold, by=by, verb="lift_hold", outcome="done", note=note, before=before)
        take_back_orders(hold)
    return hold


def take_back_orders(hold: Hold) -> None:
    """Ends for a lifted hold that no worker has begun are undone: nothing was sent."""
    waiting = Action.objects.filter(hold=hold, status=Action.Status.REQUESTED)
    for action in waiting.select_related("room", "policy"):
        undone = {"status": Action.Status.UNDONE, "finished_at": database_time.now()}
        if Action.objects.filter(pk=action.pk, status=Action.Status.REQUESTED).update(**undone):
            action.refresh_from_db()
            audit_log.record_action(action, by=ACTOR, outcome="undone", before="requested")
            tell(action)


def close_expired(limit: int = MAX_HOLDS) -> int:
    """Closes holds whose time, and the ban behind them, is over; how many.

    So that a RoomId may be held anew.
    """
    over = Hold.objects.filter(lifted_at=None).exclude(pk__in=Hold.objects.in_force().values("pk"))
    holds = list(over[:limit])
    for hold in holds:
        with write_turn():
            expire(hold)
    return len(holds)


def expire(hold: Hold) -> None:
    before = state(hold) | {"in_force": True}
    lifted = {"lifted_at": database_time.now(), "lifted_by_name": "system:expiry"}
    if Hold.objects.filter(pk=hold.pk, lifted_at=None).update(**lifted):
        hold.refresh_from_db()
        record(hold, by="system:expiry", verb="hold_over", outcome="done", before=before)


# --- Ending again ---------------------------------------------------------------------------------


def in_force_for(room: Room) -> Hold | None:
    """The hold that concerns a broadcast: on its RoomId, else on its owner.

    For a room that has ended as well.
    """
    about = Q(room_id=room.room_id)
    if room.owner_account:
        about |= Q(owner_account=room.owner_account)
    holds = list(Hold.objects.in_force().filter(about).select_related("policy", "ban"))
    return min(holds, key=lambda hold: (hold.room_id != room.room_id, -hold.pk), default=None)


def applies_to(hold: Hold, room: Room) -> bool:
    """Whether a broadcast appeared after the hold was placed: any under its RoomId, the owner's
    when opened since.
    """
    if room.room_id == hold.room_id:
        return True
    since = hold.placed_at - CLOCKS_DIFFER
    opened_since = not room.create_time_told or room.create_time >= since.timestamp()
    return room.first_seen_at >= since and opened_since


def connect() -> None:
    """Receive the signal of a new broadcast."""
    signals.room_opened.connect(
        on_room_opened, dispatch_uid="moderation.lifecycle.holds.room_opened"
    )


def on_room_opened(sender: object, room: Room, **_: object) -> None:
    on_broadcast_opened(room)


def on_broadcast_opened(room: Room) -> Action | None:
    """A broadcast has opened: it is ended when a hold is in force.

    The order; None when there is none.
    """
    hold = in_force_for(room)
    if hold is None or not room.is_live or not applies_to(hold, room):
        return None
    return end_again(hold, room)


def end_again(hold: Hold, room: Room) -> Action | None:
    """Orders the end of a broadcast for a hold, and counts it there. Told twice: orders once."""
    failed = Action.objects.filter(hold=hold, room=room, status=Action.Status.FAILED).count()
    key = uuid.uuid5(uuid.NAMESPACE_OID, f"hold:{hold.pk}:{room.pk}:{failed}")
    try:
        with write_turn(priority=True):
            request = ActionRequest(
                verb=Action.Verb.END, room=room, policy=hold.policy, key=key, grace=0.0, hold=hold
            )
            action = orders.submit(request, by=ACTOR)
            again = hold.ends.values("room").distinct().count()
            Hold.objects.filter(pk=hold.pk, again__lt=again).update(
                again=again, last_again_at=database_time.now()
            )
    except Refused as refusal:
        logger.info("room %s is not ended again for hold %s: %s", room.pk, hold.pk, refusal.message)
        return None
    return action


def enforce(limit: int = MAX_HOLDS) -> int:
    """Ends whatever goes on against a hold and has no end on its way; how many orders.

    The signal of a new room may have been lost, or an end given up; this finds what is left.
    """
    return sum(on_broadcast_opened(room) is not None for room in held_rooms()[:limit])


def held_rooms() -> QuerySet[Room]:
    """Live rooms under a held RoomId or of a held owner, without those whose end is ordered or was
    just tried.
    """
    held = Hold.objects.in_force()
    owners = held.exclude(owner_account="").values("owner_account")
    about = Q(room_id__in=held.values("room_id")) | Q(owner_account__in=owners)
    return queries.without_end(Room.objects.live().filter(about))


# --- The record -----------------------------------------------------------------------------------


def record(
    hold: Hold,
    *,
    by: Actor,
    verb: str,
    outcome: str,
    note: str = "",
    room: Room | None = None,
    before: dict[str, object] | None = None,
) -> None:
    """The entry of a change, with its room: the newest broadcast of the RoomId unless said.

    Its page is told.
    """
    room = room or Room.objects.filter(room_id=hold.room_id).order_by("create_time", "pk").last()
    audit_log.record(
        by=by,
        verb=verb,
        outcome=outcome,
        room_pk=room.pk if room else None,
        room_id=hold.room_id,
        room_name=room.name if room else "",
        account=hold.owner_account,
        reason=hold.policy.code,
        note=note,
        before=before or {},
        after=state(hold),
        ban_id=hold.ban_id,
    )
    if room is not None:
        pk = room.pk
        transaction.on_commit(lambda: push.publish_act(pk, 0))


def state(hold: Hold) -> dict[str, object]:
    """What an entry tells of a hold: {"until": ISO time or None, "while_banned": bool, "again":
    int, "in_force": bool}.
    """
    return {
        "until": hold.until.isoformat() if hold.until else None,
        "while_banned": hold.ban_id is not None,
        "again": hold.again,
        "in_force": hold.in_force,
    }


def tell(action: Action) -> None:
    """After the commit the lines of an act are fetched anew."""
    transaction.on_commit(lambda: push.publish_act(action.room.pk, action.pk))
