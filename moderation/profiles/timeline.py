"""Everything about one account in one timeline: rooms it opened, acts on them and on it, bans,
alerts, notes, what it said.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypedDict
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from moderation.actions import queries
from moderation.alerts import alerts
from moderation.core.strikes import STRIKES_FOR, against
from moderation.models import Action, Alert, AuditEntry, Ban, Note, Policy
from rooms.infra import database_time
from rooms.models import ChatLine, Room

SHOWN = 60
EPOCH = dt.datetime.fromtimestamp(0, dt.UTC)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline. kind: room, act, ban, alert, note or chat. thing: the row it is
    made of.
    """

    at: dt.datetime
    kind: str
    thing: object

    @property
    def template(self) -> str:
        """What draws it, as `thing`."""
        return f"moderation/_event_{self.kind}.html"


def address(account: str) -> str:
    """The address of an account's page.

    Browsers and proxies take "." and ".." out of a path, however they are written, and an empty
    part too; such an account, or one with a line break, stands in the query.
    """
    if not {"", ".", ".."} & set(account.split("/")) and account.isprintable():
        return reverse("account", args=[account])
    return f"{reverse('account-named')}?{urlencode({'account': account})}"


def timeline(
    account: str, *, before: dt.datetime | None = None, with_bans: bool = True
) -> list[Event]:
    """The newest SHOWN events before a moment, newest first.

    Each source is asked for no more than that.

    More of them when others are of the very moment of the last one: the next page begins before it.
    """
    before = before or database_time.now() + dt.timedelta(days=1)
    found = sorted(events(account, before, with_bans), key=lambda event: event.at, reverse=True)
    return [event for event in found if len(found) <= SHOWN or event.at >= found[SHOWN - 1].at]


def events(account: str, before: dt.datetime, with_bans: bool) -> Iterator[Event]:
    # Upwards: of the moment's own second and millisecond nothing is left out.
    until_ms = -((EPOCH - before) // dt.timedelta(milliseconds=1))
    rooms = Room.objects.filter(owner_account=account)
    for room in rooms.filter(create_time__lt=-(-until_ms // 1000)).order_by("-create_time")[:SHOWN]:
        yield Event(dt.datetime.fromtimestamp(room.create_time, dt.UTC), "room", room)
    acts = Action.objects.filter(requested_at__lt=before).select_related("room", "policy")
    for action in about(acts.order_by("-requested_at"), account, rooms):
        yield Event(action.requested_at, "act", action)
    raised = Alert.objects.filter(raised_at__lt=before).select_related("room")
    for alert in alerts.named(about(raised.order_by("-raised_at"), account, rooms)):
        yield Event(alert.raised_at, "alert", alert)
    for note in Note.objects.filter(account=account, at__lt=before)[:SHOWN]:
        yield Event(note.at, "note", note)
    lines = ChatLine.objects.filter(account=account, at_ms__lt=until_ms).select_related("room")
    for line in lines.order_by("-at_ms")[:SHOWN]:
        yield Event(dt.datetime.fromtimestamp(line.at_ms / 1000, dt.UTC), "chat", line)
    if with_bans:
        entries = AuditEntry.objects.filter(
            account=account, at__lt=before, ban_id__isnull=False, action_id=None
        )
        for entry in entries[:SHOWN]:
            yield Event(entry.at, "ban", entry)


def about(ordered: QuerySet[Any], account: str, rooms: QuerySet[Room]) -> list[Any]:
    """What names the account, and what happened in its rooms: the first SHOWN of either.

    Asked in one question, PostgreSQL would read the whole table."""
    named, hosted = ordered.filter(account=account)[:SHOWN], ordered.filter(room__in=rooms)[:SHOWN]
    return list({thing.pk: thing for thing in (*named, *hosted)}.values())


class Summary(TypedDict):
    """What stands above the timeline, and on the card of an account."""

    suffered: list[tuple[str, int]]
    name: str
    avatar: str
    live: list[Room]
    broadcasts: int
    ban: Ban | None
    strikes: list[tuple[str, int]]
    strike_count: int
    next_step: str
    days: int


def summary(account: str, *, with_bans: bool = True) -> Summary:
    """What stands above the timeline: name, live rooms, how many broadcasts, ban, strikes by
    reason, the next step.

    suffered: verb and how often, of what was done to it elsewhere: in others' rooms, and by bans
    from the platform.
    """
    rooms = Room.objects.filter(owner_account=account)
    newest = rooms.order_by("-create_time").first()
    since = database_time.now() - STRIKES_FOR
    strikes = Counter(against([account], since).order_by().values_list("policy", flat=True))
    reasons = (
        {policy.pk: policy.label for policy in Policy.objects.filter(pk__in=strikes)}
        if strikes
        else {}
    )
    suffered = Counter(
        Action.objects.filter(account=account, status__in=Action.SUCCEEDED, requested_at__gte=since)
        .exclude(room__owner_account=account)
        .order_by()
        .values_list("verb", flat=True)
    )
    if with_bans:
        suffered["platform_ban"] += Ban.objects.filter(
            account=account, created_at__gte=since
        ).count()
    ban = queries.active_ban(account)
    return {
        "suffered": suffered.most_common() if suffered.total() else [],
        "name": newest.owner_name if newest else "",
        "avatar": newest.owner_avatar if newest else "",
        "live": list(rooms.live()),
        "broadcasts": rooms.count(),
        "ban": ban,
        "strikes": [(reasons[pk], count) for pk, count in strikes.most_common()],
        "strike_count": strikes.total(),
        "next_step": next_step(strikes.total(), suffered.total(), banned=ban is not None),
        "days": STRIKES_FOR.days,
    }


def next_step(strikes: int, suffered: int = 0, *, banned: bool) -> str:
    """What is usual next. A suggestion: reason and person decide."""
    if banned:
        return _("Banned already. There is nothing to add while the ban is in force.")
    if suffered and not strikes:
        return _("Nothing was found in its own rooms so far; see what was done to it elsewhere.")
    steps = (
        _("Nothing was found so far."),
        _("Suggested next step: end the stream for the same reason, with a warning."),
        _("Suggested next step: a ban of 7 days."),
        _("Suggested next step: a ban of 30 days."),
    )
    return steps[min(strikes, len(steps) - 1)]
