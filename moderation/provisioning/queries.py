"""Planned rooms as pages read them: the list, the hand-over card, its history."""

import uuid

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from moderation.core import room_fields
from moderation.lifecycle.limits import open_limit
from moderation.models import AuditEntry, PlannedRoom
from moderation.provisioning import plans, presentation, publish_on_start
from rooms.models import Room

STATES: dict[str, str | Promise] = {
    "all": _("All"),
    "open": _("Open"),
    "waiting": _("Waiting for the host"),
    "created": _("Created"),
    "failed": _("Failed"),
}
MAX_ENTRIES = 50


def listed(state: str) -> QuerySet[PlannedRoom]:
    """The plans of a state, newest first; those to come by their time."""
    found = PlannedRoom.objects.select_related("policy", "broadcast")
    if state == "open":
        return found.filter(status__in=PlannedRoom.OPEN).order_by("due_at", "pk")
    if state == "waiting":
        return found.filter(
            status=PlannedRoom.Status.CREATED,
            broadcast__ended_at=None,
            broadcast__host_started_at=None,
        ).exclude(broadcast=None)
    return found.filter(status=state) if state in {"created", "failed"} else found


def counts() -> dict[str, int]:
    """How many plans are open, and how many failed."""
    return PlannedRoom.objects.aggregate(
        open=Count("pk", filter=Q(status__in=PlannedRoom.OPEN)),
        failed=Count("pk", filter=Q(status=PlannedRoom.Status.FAILED)),
    )


def card(plan: PlannedRoom) -> dict[str, object]:
    """What the hand-over card shows. room: the broadcast, None while there is none."""
    room = plan.broadcast
    is_live = room is not None and room.is_live
    has_started = room is not None and room.host_started_at is not None
    return {
        "plan": plan,
        "entries": history(plan),
        "room": room,
        "trouble": presentation.trouble(plan, room),
        "steps": presentation.steps(plan, room),
        "seats": room_fields.LAYOUTS.get(plan.seat_template),
        "audience": plans.audience_link(plan.room_id),
        "limit": open_limit(plan.room_id),
        "never_entered": is_live and not has_started and not (room and room.views),
        "publishes": plan.visibility == PlannedRoom.Visibility.ON_START,
        "sign": publish_on_start.words_of(plan.published_sign),
        "may_retry": plan.status in presentation.STOPPED,
        "lacks_owner": plan.status == PlannedRoom.Status.FAILED and plan.vendor_code == 70107,
        "changes": plan.status in PlannedRoom.OPEN
        or (is_live and not (has_started and plan.published_at)),
        "key": uuid.uuid4(),
    }


def history(plan: PlannedRoom) -> list[AuditEntry]:
    """What the record holds of a plan, newest first."""
    entries = AuditEntry.objects.filter(
        account=plan.owner_account, room_id=plan.room_id, after__plan=plan.pk
    )
    return list(entries[:MAX_ENTRIES])


def of_room(room: Room) -> PlannedRoom | None:
    """The plan that a broadcast came from."""
    return PlannedRoom.objects.select_related("policy", "broadcast").filter(broadcast=room).first()


def given(query: QueryDict) -> dict[str, str]:
    """What an address gives for the form: a RoomId, an owner."""
    return {
        name: query.get(name, "")[:128]
        for name in ("room_id", "owner_account", "name")
        if name in query
    }
