"""Acts, bans and the record as pages read them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber

from moderation.actions import presentation
from moderation.models import Action, AuditEntry, Ban, Hold, Policy
from rooms.infra import database_time, folded
from rooms.models import Room, RoomQuerySet

LATELY = dt.timedelta(minutes=10)
TRIED_LATELY = dt.timedelta(seconds=60)  # an end that was given up is ordered anew after this


def policies() -> list[Policy]:
    """The reason codes in use, by key."""
    return list(Policy.objects.filter(is_active=True))


def room_timeline(room: Room, limit: int = 50) -> list[Action]:
    """The acts on a broadcast, newest first."""
    return list(Action.objects.filter(room=room).select_related("policy")[:limit])


def latest_actions(room_pks: Collection[int], each: int = 2) -> dict[int, list[Action]]:
    """Room -> its open act of ending, if any, then its newest acts; at most `each`.

    What a platform ban does in many rooms at once comes last: it must not stand in the place of a
    moderator's own act. What was finished more than LATELY ago is history: the room's timeline has
    it.
    """
    current = Q(finished_at=None) | Q(finished_at__gte=database_time.now() - LATELY)
    # Most pages have none: to ask for their numbers costs half of asking for all that is known of
    # them.
    numbers = (
        Action.objects.filter(current, room_id__in=room_pks).order_by().values_list("pk", flat=True)
    )
    if not (pks := list(numbers)):
        return {}
    # Chosen here: there are few, and Django takes longer to write a window function than the
    # database to answer it.
    newest_first = Action.objects.filter(pk__in=pks).order_by("-requested_at", "-pk")
    found: dict[int, list[Action]] = defaultdict(list)
    for action in newest_first.select_related("policy", "by__staff"):
        found[action.room_id].append(action)
    return {room: sorted(actions, key=place_in_line)[:each] for room, actions in found.items()}


def place_in_line(action: Action) -> int:
    """0 for an open end, 2 for what enforces a platform ban on somebody in the room, 1 for every
    other act.
    """
    if action.verb == Action.Verb.END:
        return 0 if action.is_open else 1
    return 2 if action.ban_id else 1


def without_end(rooms: RoomQuerySet) -> RoomQuerySet:
    """Those of these broadcasts whose end is not on its way and was not ordered just now."""
    ends = Action.objects.filter(room=OuterRef("pk"), verb=Action.Verb.END)
    lately = Q(requested_at__gt=database_time.now() - TRIED_LATELY)
    return rooms.exclude(Exists(ends.filter(Q(status__in=Action.OPEN) | lately)))


def in_quarantine(rooms: RoomQuerySet) -> RoomQuerySet:
    """Those of these broadcasts that are in quarantine: the last that succeeded was no release.

    A room in quarantine is hidden, which few are: only of these the acts are looked at.
    """
    last = (
        Action.objects.filter(
            room=OuterRef("pk"),
            verb__in=[Action.Verb.QUARANTINE, Action.Verb.RELEASE],
            status__in=Action.SUCCEEDED,
        )
        .order_by("-finished_at", "-pk")
        .values("verb")[:1]
    )
    hidden = rooms.filter(is_public_visible=False)
    return hidden.alias(last=Subquery(last)).filter(last=Action.Verb.QUARANTINE)


def next_try(room: Room, by: str) -> int | None:
    """The number of a rule's next try to end a broadcast: 0 at first; None while one is open or was
    given up just now.
    """
    ends = Action.objects.filter(room=room, verb=Action.Verb.END)
    lately = Q(
        by_name=by, status=Action.Status.FAILED, finished_at__gt=database_time.now() - TRIED_LATELY
    )
    if ends.filter(Q(status__in=Action.OPEN) | lately).exists():
        return None
    return ends.filter(by_name=by, status=Action.Status.FAILED).count()


def active_ban(account: str) -> Ban | None:
    """The platform ban on an account, if one is in force."""
    if not account:
        return None
    return Ban.objects.in_force().filter(account=account).select_related("policy").first()


def bans(*, search: str = "", state: str = "force") -> QuerySet[Ban]:
    """The registry. state: force, ended or all. search: part of an account, of a name or of a
    note.
    """
    found = Ban.objects.select_related("policy")
    if state == "force":
        found = found.in_force()
    elif state == "ended":
        found = found.exclude(pk__in=Ban.objects.in_force().values("pk"))
    if search:
        found = found.filter(folded.holds(["folded"], search))
    return found


def holds(*, search: str = "", state: str = "force") -> QuerySet[Hold]:
    """The holds. state: force, ended or all. search: part of a RoomId, an account or a name."""
    found = Hold.objects.select_related("policy", "ban")
    if state == "force":
        found = found.in_force()
    elif state == "ended":
        found = found.exclude(pk__in=Hold.objects.in_force().values("pk"))
    if search:
        found = found.filter(folded.holds(["folded"], search))
    return found


def enforcement(ban: Ban, limit: int = 200) -> list[Action]:
    """The state of a ban in each room it reached: the newest act there, newest room first."""
    place = Window(
        RowNumber(), partition_by="room_id", order_by=[F("requested_at").desc(), F("pk").desc()]
    )
    placed = Action.objects.filter(ban=ban).annotate(place=place).filter(place=1)
    return list(placed.select_related("room", "policy")[:limit])


def ban_history(ban: Ban, limit: int = 100) -> list[AuditEntry]:
    """What was done to a ban in the registry, newest first."""
    return list(AuditEntry.objects.filter(ban_id=ban.pk, action_id=None)[:limit])


def audit_entries(filters: Mapping[str, object]) -> QuerySet[AuditEntry]:
    """The record, newest first. Empty filters count as none.

    filters: actor, verb, outcome, reason; room_pk, action_id, ban_id; target (part of a room or an
    account); since, until (dates, UTC).
    """
    found = AuditEntry.objects.all()
    for name in ("actor", "verb", "outcome", "reason", "room_pk", "action_id", "ban_id"):
        if filters.get(name):
            found = found.filter(**{name: filters[name]})
    if target := filters.get("target"):
        found = found.filter(folded.holds(["folded"], str(target)))
    if filters.get("since"):
        found = found.filter(at__date__gte=filters["since"])
    if filters.get("until"):
        found = found.filter(at__date__lte=filters["until"])
    return found


def audit_choices() -> dict[str, list[tuple[str, str]]]:
    """What the record can be filtered by: name -> (value, words)."""
    actors = AuditEntry.objects.order_by("actor").values_list("actor", flat=True).distinct()[:200]
    return {
        "actor": [(actor, actor) for actor in actors],
        "verb": [(code, str(words)) for code, words in presentation.VERBS.items()],
        "outcome": [(code, str(words)) for code, words in presentation.OUTCOMES.items()],
        "reason": [(policy.code, policy.label) for policy in Policy.objects.all()],
    }
