"""Acts, bans and the record as pages read them."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import Q, QuerySet

from moderation.models import Action, AuditEntry, Ban, Policy
from rooms.models import Room


def policies() -> list[Policy]:
    """The reason codes in use, by key."""
    return list(Policy.objects.filter(is_active=True))


def room_timeline(room: Room, limit: int = 50) -> list[Action]:
    """The acts on a broadcast, newest first."""
    return list(Action.objects.filter(room=room).select_related("policy")[:limit])


def latest_actions(room_pks: Collection[int], each: int = 2) -> dict[int, list[Action]]:
    """Room -> its open act of ending, if any, else its newest acts of the last while; at most `each`."""
    found: dict[int, list[Action]] = defaultdict(list)
    for action in Action.objects.filter(room_id__in=room_pks).select_related("policy")[
        : 50 * max(1, len(room_pks))
    ]:
        kept = found[action.room_id]
        if len(kept) < each:
            kept.append(action)
    return found


def open_actions(room_pks: Collection[int]) -> dict[int, list[Action]]:
    """Room -> its acts that are not finished."""
    found: dict[int, list[Action]] = defaultdict(list)
    for action in Action.objects.filter(room_id__in=room_pks, status__in=Action.OPEN).select_related(
        "policy"
    ):
        found[action.room_id].append(action)
    return found


def active_ban(account: str) -> Ban | None:
    return (
        Ban.objects.filter(account=account, lifted_at=None, expired_at=None).select_related("policy").first()
    )


def bans(*, search: str = "", state: str = "force") -> QuerySet[Ban]:
    """The registry. state: force, ended or all. search: part of an account or of a name."""
    found = Ban.objects.select_related("policy")
    if state == "force":
        found = found.filter(lifted_at=None, expired_at=None)
    elif state == "ended":
        found = found.exclude(lifted_at=None, expired_at=None)
    return found.filter(Q(account__icontains=search) | Q(by_name__icontains=search)) if search else found


def audit_entries(filters: Mapping[str, object]) -> QuerySet[AuditEntry]:
    """The record, newest first. filters: actor, verb, outcome, reason, target, since, until; empty ones count as none."""
    found = AuditEntry.objects.all()
    for name in ("actor", "verb", "outcome", "reason"):
        if filters.get(name):
            found = found.filter(**{name: filters[name]})
    if target := filters.get("target"):
        found = found.filter(
            Q(account__icontains=target) | Q(room_id__icontains=target) | Q(room_name__icontains=target)
        )
    if filters.get("since"):
        found = found.filter(at__date__gte=filters["since"])
    if filters.get("until"):
        found = found.filter(at__date__lte=filters["until"])
    return found


def audit_choices() -> dict[str, list[str]]:
    """The actors, verbs and outcomes that occur."""
    return {
        name: list(AuditEntry.objects.order_by(name).values_list(name, flat=True).distinct()[:200])
        for name in ("actor", "verb", "outcome")
    }
