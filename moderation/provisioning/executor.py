"""Carries out one plan: claims its row, imports the owner where asked, creates the room, reads it
back, records it.

A room must be created exactly once, and create_room is not repeatable. `called_at` is therefore the
time of the first call whose effect is not known: it is set just before a call, taken back when the
vendor refuses plainly, and as long as it stands the room is read before anything is sent again.
"""

import dataclasses
import datetime as dt
import logging
import uuid
from typing import TypeVar

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from liveapi import Call, LiveApiError, LiveClient, commands
from liveapi.messages import RoomInfo
from liveapi.retries import backoff
from moderation.audit import audit_log
from moderation.core import broker
from moderation.core.errors import Refused
from moderation.core.leases import (
    EARLY,
    MIN_WAIT,
    TakenOver,
    lease,
    release_db_connection,
    sending_time,
)
from moderation.core.room_fields import NewRoom, room_of
from moderation.lifecycle import limits
from moderation.models import PlannedRoom
from moderation.provisioning import plans
from rooms.infra import database_time, vendor
from rooms.infra.transactions import write_turn
from rooms.ingest import room_writer
from rooms.live import demand

logger = logging.getLogger(__name__)
T = TypeVar("T")

GONE, TAKEN, OURS, AGAIN = 100004, 100003, 100010, 100012
ONE_A_SECOND = 1.0  # the vendor takes a RoomId once a second
# The vendor's CreateTime has whole seconds, and its clock is not ours.
CLOCKS = dt.timedelta(seconds=10)
MAX_PLANS = 200  # plans a sweep takes up
MAX_READ = 5  # rooms a sweep reads itself
READ_LATER = dt.timedelta(minutes=10)


@dataclasses.dataclass(frozen=True, slots=True)
class Made:
    """What came of the call. code: 100010 for a room of the owner that was there before us."""

    request_id: str = ""
    code: int | None = None
    info: RoomInfo | None = None


def create(plan_id: int) -> None:
    """Carries out a plan that is due.

    Redelivered, too early or claimed by somebody else: changes nothing.
    """
    plan = claim(plan_id)
    if plan is None:
        return
    try:
        if words := plans.barred(plan.room_id, plan.owner_account):
            raise Refused(words)
        client = vendor.sync_client()
        made = look(client, plan) if plan.called_at else None
        if made is None:
            have_owner(client, plan)
            made = open_room(client, plan)
        read(client, plan, made)
    except TakenOver:
        logger.warning("plan %s was taken over", plan.pk)
    except Refused as refusal:
        settle(
            plan,
            status=PlannedRoom.Status.FAILED,
            finished_at=database_time.now(),
            vendor_code=None,
            vendor_text=refusal.message,
        )
    except LiveApiError as error:
        failed(plan, error)
    except Exception:
        logger.exception("plan %s", plan.pk)
        failed(plan, LiveApiError("an error of the console; its log says more", kind="config"))


def claim(plan_id: int) -> PlannedRoom | None:
    """The plan, claimed by one conditional update; None when it is not to be had."""
    now, mark = database_time.now(), uuid.uuid4()
    waiting = PlannedRoom.objects.filter(
        pk=plan_id, status__in=[PlannedRoom.Status.PLANNED, PlannedRoom.Status.UNKNOWN]
    )
    with write_turn(priority=True):
        won = waiting.filter(due_at__lte=now + EARLY).update(
            status=PlannedRoom.Status.CREATING,
            claim=mark,
            lease_until=now + lease(),
            attempts=F("attempts") + 1,
        )
    if not won:
        return None
    return (
        PlannedRoom.objects.select_related("policy", "by__staff")
        .filter(pk=plan_id, claim=mark)
        .first()
    )


def ask(
    client: LiveClient, plan: PlannedRoom, call: Call[T], *, sends: bool = False
) -> tuple[T, str]:
    """One call under a claim that outlasts it: its value and RequestId.

    `sends`: create_room itself.
    """
    now = database_time.now()
    kept: dict[str, object] = {"called_at": now} if sends and plan.called_at is None else {}
    if kept or plan.lease_until is None or plan.lease_until - now < sending_time():
        kept["lease_until"] = now + lease()
        mine = PlannedRoom.objects.filter(
            pk=plan.pk, claim=plan.claim, status=PlannedRoom.Status.CREATING
        )
        if not mine.update(**kept):
            raise TakenOver
        for name, value in kept.items():
            setattr(plan, name, value)
    release_db_connection()
    answer = client.call(call, lane="act")
    return answer.value, answer.request_id


def look(client: LiveClient, plan: PlannedRoom) -> Made | None:
    """The room under the RoomId, when it is the owner's; None when there is none.

    Raises LiveApiError when it is somebody else's.
    """
    try:
        info, request_id = ask(client, plan, commands.get_room_info(plan.room_id))
    except LiveApiError as error:
        if error.code != GONE:
            raise
        plan.called_at = None  # whatever was sent before made nothing
        return None
    if info.owner_account != plan.owner_account:
        raise LiveApiError(
            _("the RoomId belongs to %(owner)s") % {"owner": info.owner_account or "–"},
            kind="vendor",
            code=TAKEN,
            command="create_room",
            request_id=request_id,
        )
    since = (plan.called_at or plan.planned_at) - CLOCKS
    is_own = plan.attempts > 1 and info.create_time >= since.timestamp()
    return Made(request_id, None if is_own else OURS, info)


def have_owner(client: LiveClient, plan: PlannedRoom) -> None:
    """Imports the owner's account, where that was asked for and it is missing.

    An account that is there keeps its name.
    """
    if not plan.import_owner:
        return
    checks, _request = ask(client, plan, commands.account_check([plan.owner_account]))
    if any(check.account == plan.owner_account and check.imported for check in checks):
        return
    _nothing, request_id = ask(client, plan, commands.account_import(plan.owner_account))
    with transaction.atomic():
        plans.record(
            plan,
            by=plan.by or plan.by_name,
            verb="import_account",
            outcome="done",
            import_request=request_id,
        )


def call_of(room: NewRoom) -> Call[None]:
    """The vendor's command for a room; what was left empty is left to the vendor's defaults."""
    return commands.create_room(
        room.room_id,
        owner_account=room.owner_account,
        seat_template=room.seat_template,
        is_public_visible=room.is_listed_at_once,
        room_name=room.name or None,
        cover_url=room.cover_url or None,
        notice=room.notice or None,
        categories=room.categories or None,
        take_seat_mode=room.take_seat_mode,
    )


def open_room(client: LiveClient, plan: PlannedRoom) -> Made:
    """create_room.

    A RoomId that is in use is read: it may be the owner's own room, or that of a call before.
    """
    had_called = plan.called_at is not None
    try:
        _nothing, request_id = ask(client, plan, call_of(room_of(plan)), sends=True)
    except LiveApiError as error:
        if not had_called and not error.effect_unknown:
            plan.called_at = None  # nothing was made
        if error.code not in {TAKEN, OURS}:
            raise
        found = look(client, plan)
        if found is None:  # it has ended this very moment
            error.retryable = True
            raise
        return found
    return Made(request_id)


def read(client: LiveClient, plan: PlannedRoom, made: Made) -> None:
    """Stores the new broadcast, so that it is watched from now on, and records the success.

    A failure of this reading changes nothing about the room: `attach` finds it later.
    """
    info, request_id = made.info, made.request_id
    if info is None:
        try:
            found, _request = ask(client, plan, commands.get_room_info(plan.room_id))
            info = found
        except LiveApiError as error:
            logger.warning("plan %s: the new room could not be read: %s", plan.pk, error)
    room = room_writer.upsert_room(info, at=int(database_time.unix())) if info else None
    with write_turn():
        if settle(
            plan,
            status=PlannedRoom.Status.CREATED,
            finished_at=database_time.now(),
            broadcast=room,
            request_id=request_id,
            vendor_code=made.code,
            vendor_text="",
        ):
            limit_time(plan)
            # The collector watches it from now on, listed or not.
            transaction.on_commit(lambda: demand.discover(plan.room_id))


def limit_time(plan: PlannedRoom) -> None:
    """The planned time limit begins to count; one that was set meanwhile and stands in the way is
    told in the record.
    """
    if plan.time_limit_seconds is None:
        return
    by: audit_log.Actor = plan.by or plan.by_name
    try:
        limits.set_limit(
            by=by,
            room_id=plan.room_id,
            policy=plan.policy,
            seconds=plan.time_limit_seconds,
            note=plan.note,
        )
    except Refused as refusal:
        plans.record(plan, by=by, verb="set_limit", outcome="refused", words=refusal.message)


def attach(plan: PlannedRoom) -> bool:
    """Finds the broadcast of a created room that could not be read when it was made.

    True when it is known now.
    """
    try:
        info = vendor.sync_client().call(commands.get_room_info(plan.room_id), lane="poll").value
    except LiveApiError:
        return False
    room = (
        room_writer.upsert_room(info, at=int(database_time.unix()))
        if info.owner_account == plan.owner_account
        else None
    )
    return bool(
        room and PlannedRoom.objects.filter(pk=plan.pk, broadcast=None).update(broadcast=room)
    )


def failed(plan: PlannedRoom, error: LiveApiError) -> None:
    """Records a failure: tried again while that can help and its time is not over, else given up
    with the reason.
    """
    now = database_time.now()
    lost = plan.called_at is not None
    wait = MIN_WAIT + backoff(plan.attempts) + (ONE_A_SECOND if error.code == AGAIN else 0.0)
    again = now + dt.timedelta(seconds=wait)
    vendor_error = {
        "vendor_code": error.code,
        "vendor_text": error.text,
        "request_id": error.request_id,
    }
    kept = {**vendor_error, "called_at": plan.called_at}
    if (error.retryable or (lost and error.code != TAKEN)) and again < plan.give_up_at:
        status = PlannedRoom.Status.UNKNOWN if lost else PlannedRoom.Status.PLANNED
        if settle(plan, status=status, due_at=again, **kept):
            transaction.on_commit(lambda: broker.enqueue_creation(plan.pk, delay=wait))
        return
    settle(plan, status=PlannedRoom.Status.FAILED, finished_at=now, **kept)


def settle(plan: PlannedRoom, **fields: object) -> bool:
    """Writes the outcome and its entry, if the claim still holds.

    False when another worker has taken over.
    """
    with write_turn():
        mine = PlannedRoom.objects.filter(
            pk=plan.pk, claim=plan.claim, status=PlannedRoom.Status.CREATING
        )
        if not mine.update(claim=None, lease_until=None, **fields):
            logger.warning("plan %s was taken over", plan.pk)
            return False
        for name, value in {"claim": None, "lease_until": None, **fields}.items():
            setattr(plan, name, value)
        by: audit_log.Actor = plan.by or plan.by_name
        plans.record(plan, by=by, outcome=plan.status, before="creating")
    return True


def reclaim(plan: PlannedRoom) -> None:
    """A claim that ran out: its worker died, and where a call had begun nobody knows what came of
    it.
    """
    status = PlannedRoom.Status.UNKNOWN if plan.called_at else PlannedRoom.Status.PLANNED
    with transaction.atomic():
        mine = PlannedRoom.objects.filter(
            pk=plan.pk, status=PlannedRoom.Status.CREATING, claim=plan.claim
        )
        if not mine.update(status=status, claim=None, lease_until=None, due_at=database_time.now()):
            return
        plan.refresh_from_db()
        plans.record(plan, by="system:sweep", outcome=status, before="creating")
        transaction.on_commit(lambda: broker.enqueue_creation(plan.pk))


def sweep() -> int:
    """Plans whose time has come, whose worker died, or whose room could not be read; how many."""
    now = database_time.now()
    expired = PlannedRoom.objects.filter(status=PlannedRoom.Status.CREATING, lease_until__lt=now)
    for plan in expired.select_related("policy")[:MAX_PLANS]:
        reclaim(plan)
    due = PlannedRoom.objects.filter(
        status__in=[PlannedRoom.Status.PLANNED, PlannedRoom.Status.UNKNOWN], due_at__lte=now
    )
    pks = list(due.order_by("due_at").values_list("pk", flat=True)[:MAX_PLANS])
    # While no worker takes them off, the same numbers would be queued again with every sweep.
    if pks and broker.waiting() < len(pks):
        for pk in pks:
            if not broker.enqueue_creation(pk):
                break
    unread = PlannedRoom.objects.filter(
        status=PlannedRoom.Status.CREATED, broadcast=None, finished_at__gt=now - READ_LATER
    )
    for plan in unread[:MAX_READ]:
        attach(plan)
    return len(pks)
