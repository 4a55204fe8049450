"""Rooms that the console creates: what may be asked for, the plan with its entry, taking it back,
trying again.

A plan is stored with its entry in one transaction and carried out by `executor`, at once or at its
time. The page and the HTTP API both come here. Raises Refused in words for people.
"""

import datetime as dt
import uuid
from dataclasses import asdict, replace
from urllib.parse import quote

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liveapi.calls import UINT32
from liveapi.commands.accounts import NEW_ACCOUNT_BYTES
from liveapi.commands.rooms import NEW_ROOM_ID_BYTES
from moderation.audit import audit_log
from moderation.audit.audit_log import Actor
from moderation.core import broker, unseen
from moderation.core.attribution import attribution
from moderation.core.errors import Refused
from moderation.core.room_fields import (
    COVER_BYTES,
    LAYOUTS,
    MAX_CATEGORIES,
    NAME_BYTES,
    NOTICE_BYTES,
    SEAT_MODES,
    NewRoom,
    is_category,
    room_of,
    wrong_text,
)
from moderation.lifecycle import limits
from moderation.models import Ban, Hold, PlannedRoom, Policy
from rooms.infra import database_time
from rooms.infra.transactions import write_turn
from rooms.text import NotAnAccount

# Reason codes of the form; the HTTP API takes any.
REASONS = ("programme", "rehearsal")
FARTHEST = dt.timedelta(days=90)  # how far ahead a start may be planned
# A timer of the queue lives in a worker's memory: what starts later than this is left to the sweep.
TIMED = 60.0

# What a refusal of the vendor means here, and what can be done about it.
ADVICE: dict[int, str | Promise] = {
    100002: gettext_lazy(
        "The vendor does not accept one of the fields; its message says which. Change "
        "it and schedule the room again."
    ),
    100003: gettext_lazy(
        "Another owner's room uses this RoomId. Choose another RoomId, or end that room first."
    ),
    100007: gettext_lazy(
        "The application's package does not include Live or has expired. Renew it in the vendor's "
        "console, then try again."
    ),
    100010: gettext_lazy(
        "The RoomId was in use already, by a room of this owner: that room is used as "
        "it is. Its name, seats and visibility are as shown here, not as scheduled; "
        "Edit changes them."
    ),
    100011: gettext_lazy(
        "An ordinary chat group of the application uses this id. Choose another RoomId: a prefix "
        "of your own keeps them apart."
    ),
    100012: gettext_lazy(
        "This RoomId was created less than a second ago; the vendor takes one a second. It is "
        "tried again by itself."
    ),
    100013: gettext_lazy(
        "A limit of the package is reached, of rooms or of seats. End rooms that nobody uses, "
        "choose a layout with fewer"
        " seats, or enlarge the package in the vendor's console."
    ),
    70107: gettext_lazy(
        "The owner's account does not exist at the vendor. Have it imported, or correct the "
        "account."
    ),
}


def check(room: NewRoom) -> dict[str, str]:
    """What is wrong with a plan: field -> words.

    Every limit is the vendor's; nothing was asked of anybody.
    """
    texts = (
        ("room_id", room.room_id, NEW_ROOM_ID_BYTES),
        ("owner_account", room.owner_account, NEW_ACCOUNT_BYTES),
        ("name", room.name, NAME_BYTES),
        ("cover_url", room.cover_url, COVER_BYTES),
        ("notice", room.notice, NOTICE_BYTES),
    )
    wrong = {
        field: message
        for field, value, max_bytes in texts
        if (message := wrong_text(value, max_bytes))
    }
    if not room.room_id:
        wrong["room_id"] = _("Give a RoomId.")
    elif not (room.room_id.isascii() and room.room_id.isprintable()):
        wrong["room_id"] = _(
            "A RoomId holds printable ASCII: letters, digits and marks without accents."
        )
    if not room.owner_account:
        wrong["owner_account"] = _("Give the account that hosts the room.")
    if room.cover_url and not room.cover_url.startswith(("https://", "http://")):
        wrong["cover_url"] = _("An address begins with https:// or http://.")
    if len(room.categories) > MAX_CATEGORIES or not all(map(is_category, room.categories)):
        wrong["categories"] = _("At most %(most)d whole numbers, from 0 to %(top)d.") % {
            "most": MAX_CATEGORIES,
            "top": UINT32,
        }
    for field, value, known in (
        ("seat_template", room.seat_template, LAYOUTS),
        ("take_seat_mode", room.take_seat_mode, SEAT_MODES),
        ("visibility", room.visibility, PlannedRoom.Visibility.values),
    ):
        if value not in known:
            wrong[field] = _("Choose one of: %(choices)s.") % {"choices": ", ".join(known)}
    seconds, start = room.time_limit_seconds, room.starts_at
    if seconds is not None and not limits.MIN_SECONDS <= seconds <= limits.MAX_SECONDS:
        wrong["time_limit_seconds"] = _("A time limit lasts from 1 minute to 30 days.")
    if start is not None and not database_time.now() < start <= database_time.now() + FARTHEST:
        wrong["starts_at"] = _("The start must be in the future, at most 90 days ahead.")
    return wrong


def barred(room_id: str, owner_account: str) -> str:
    """Why this owner or RoomId gets no room now: a platform ban, a hold after an end.

    "": nothing speaks against it.
    """
    if Ban.objects.in_force().filter(account=owner_account).exists():
        return _("%(account)s is banned from the platform.") % {"account": owner_account}
    held = Hold.objects.in_force().filter(Q(room_id=room_id) | Q(owner_account=owner_account))
    if held.exists():
        return _(
            "A room with this RoomId or owner was ended, and a re-open block is in force. "
            "Lift the re-open block first."
        )
    return ""


def plan_room(
    room: NewRoom,
    *,
    by: Actor,
    policy: Policy,
    key: uuid.UUID | None = None,
    note: str = "",
    retry_of: PlannedRoom | None = None,
) -> PlannedRoom:
    """Plans a room and queues its creation: at once, or at its start.

    A repetition with the same key returns the same plan. Raises Refused: 422 for what breaks a
    limit, 409 for a banned owner, a hold, or an open plan of the same RoomId.
    """
    key = key or uuid.uuid4()
    room = with_known_owner(room)
    if known := the_same(key, room.room_id, room.owner_account):
        return known
    if wrong := check(room):
        raise Refused(
            " ".join(f"{field}: {message}" for field, message in wrong.items()), status=422
        )
    if obstacle := barred(room.room_id, room.owner_account):
        raise Refused(obstacle)
    due = room.starts_at or database_time.now()
    try:
        with write_turn(priority=True):
            plan = PlannedRoom.objects.create(
                **asdict(room) | {"categories": list(room.categories)},
                key=key,
                policy=policy,
                note=note,
                due_at=due,
                by=None if isinstance(by, str) else by,
                by_name=audit_log.actor_name(by)[:150],
                give_up_at=due + dt.timedelta(seconds=settings.ACT_RETRY_SECONDS),
            )
            record(plan, by=by, outcome="planned", retry_of=retry_of.pk if retry_of else None)
            transaction.on_commit(lambda: announce(plan))
    except IntegrityError:
        first = the_same(key, room.room_id, room.owner_account)
        if first is not None:
            return first
        raise Refused(in_the_way(room.room_id)) from None
    return plan


def with_known_owner(room: NewRoom) -> NewRoom:
    """The room with its owner's account as it is meant, without what pasting adds."""
    if not room.owner_account:
        return room
    try:
        return replace(room, owner_account=unseen.account_of(room.owner_account))
    except NotAnAccount as no:
        raise Refused(f"owner_account: {no.message}", status=422) from None


def the_same(key: uuid.UUID, room_id: str, owner_account: str) -> PlannedRoom | None:
    """The plan that was made with this key. Raises Refused when the key came with another room."""
    known = PlannedRoom.objects.filter(key=key).select_related("policy", "by").first()
    if known is not None and (known.room_id, known.owner_account) != (room_id, owner_account):
        raise Refused(_("This form was used for something else already. Open it again."))
    return known


def in_the_way(room_id: str) -> str:
    """Who else plans this RoomId, in words."""
    open_plan = PlannedRoom.objects.filter(room_id=room_id, status__in=PlannedRoom.OPEN).first()
    if open_plan is None:
        return _(
            "Somebody else scheduled the same room at the same moment. Check it, then try again."
        )
    values = attribution(open_plan.by_name, open_plan.due_at, dated=True)
    return _("A room with this RoomId is scheduled already: by %(who)s, for %(time)s.") % values


def announce(plan: PlannedRoom) -> None:
    """After the commit: to the queue, when it is due soon. The sweep finds everything else."""
    wait = max(0.0, (plan.due_at - database_time.now()).total_seconds())
    if wait <= TIMED:
        broker.enqueue_creation(plan.pk, delay=wait)


def cancel(*, by: Actor, plan: PlannedRoom, note: str = "") -> PlannedRoom:
    """Takes a plan back while nothing was sent.

    A second call returns it as it is. Raises Refused when it is too late.
    """
    with transaction.atomic():
        waiting = PlannedRoom.objects.filter(pk=plan.pk, status=PlannedRoom.Status.PLANNED)
        if waiting.update(status=PlannedRoom.Status.CANCELLED, finished_at=database_time.now()):
            plan.refresh_from_db()
            record(plan, by=by, outcome="cancelled", note=note, before="planned")
            return plan
    plan.refresh_from_db()
    if plan.status == PlannedRoom.Status.CANCELLED:
        return plan
    if plan.status in PlannedRoom.OPEN:
        raise Refused(_("Too late: the room is being created. Once it is there it can be ended."))
    raise Refused(_("Only a room that is still scheduled can be cancelled."))


def retry(
    *, by: Actor, plan: PlannedRoom, key: uuid.UUID, import_owner: bool = False
) -> PlannedRoom:
    """A plan that failed, made anew and at once. import_owner: have the missing account imported
    this time.
    """
    if plan.status not in {PlannedRoom.Status.FAILED, PlannedRoom.Status.CANCELLED}:
        raise Refused(_("Only a scheduled room that failed or was cancelled can be tried again."))
    room = replace(room_of(plan), starts_at=None, import_owner=import_owner or plan.import_owner)
    return plan_room(room, by=by, policy=plan.policy, key=key, note=plan.note, retry_of=plan)


def record(
    plan: PlannedRoom,
    *,
    by: Actor,
    outcome: str,
    before: str = "",
    note: str | None = None,
    verb: str = "create_room",
    **more: object,
) -> None:
    """The entry of one step of a plan; `before` is the status it had.

    What is told and is not None is kept.
    """
    asked = {
        "status": plan.status,
        "name": plan.name,
        "seats": plan.seat_template,
        "visibility": plan.visibility,
        "starts_at": plan.starts_at.isoformat() if plan.starts_at else None,
        "plan": plan.pk,
        "time_limit_seconds": plan.time_limit_seconds,
        "vendor_text": plan.vendor_text or None,
        "import_owner": plan.import_owner or None,
    }
    audit_log.record(
        by=by,
        verb=verb,
        outcome=outcome,
        room_pk=plan.broadcast_id,
        room_id=plan.room_id,
        room_name=plan.name,
        account=plan.owner_account,
        reason=plan.policy.code,
        note=plan.note if note is None else note,
        before={"status": before} if before else {},
        after={field: value for field, value in {**asked, **more}.items() if value is not None},
        vendor_code=plan.vendor_code,
        request_id=plan.request_id,
    )


def advice(plan: PlannedRoom) -> str:
    """What the vendor's refusal means and what can be done; "" where its own words must do."""
    return str(ADVICE.get(plan.vendor_code or 0, ""))


def audience_link(room_id: str) -> str:
    """Where the audience watches, by the configured template; "" when none is configured."""
    template: str = settings.AUDIENCE_LINK
    return template.replace("{room_id}", quote(room_id, safe="")) if template else ""
