"""What follows from time limits as time goes on: clocks that start, warnings to hosts, ends, limits
that lapse.

Everything is read from the database at every look, so that a restart changes nothing: a warning is
marked in the transaction that orders it, an end is the rule's own, once for each broadcast that
goes on after the time.
"""

import datetime as dt
import math
import uuid

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from moderation.actions import orders, queries
from moderation.actions.requests import ActionRequest
from moderation.automation import engine
from moderation.core import rule_switch
from moderation.core.attribution import attribution
from moderation.core.errors import Refused
from moderation.lifecycle import limits
from moderation.lifecycle.limits import MAX_LIMITS, with_rooms
from moderation.models import Action, Rule, TimeLimit
from moderation.values.evidence import OverLimit
from rooms.infra import database_time
from rooms.infra.transactions import write_turn
from rooms.models import Room

ACTOR = "system:time-limit"
# So long after its end a limit still keeps its RoomId off; one whose host never came is forgotten
# later.
LAPSES_AFTER = dt.timedelta(hours=24)
FORGOTTEN_AFTER = dt.timedelta(seconds=limits.MAX_SECONDS)


class Later(Exception):
    """Something else stands in the way just now; the next look tries again."""


def watch() -> None:
    """One look at all open limits; made every few seconds."""
    start_clocks()
    rules = Rule.objects.select_related("policy").exclude(phase=Rule.Phase.OFF)
    rule = rules.filter(kind=Rule.Kind.TIME_LIMIT).first()
    if rule is not None:
        if rule.phase == Rule.Phase.ON and not rule_switch.all_off():
            warn_hosts(rule)
        end_rooms(rule)
    close_lapsed()


def start_clocks() -> int:
    """Limits by length whose host has started get their end; how many."""
    waiting = TimeLimit.objects.filter(closed_at=None, ends_at=None, seconds__isnull=False)
    started = 0
    for limit in waiting.select_related("policy")[:MAX_LIMITS]:
        ends_at = limits.end_by_start(limit.room_id, limit.seconds or 0)
        if ends_at is None:
            continue
        with write_turn():
            seen = TimeLimit.objects.filter(pk=limit.pk, version=limit.version, closed_at=None)
            if seen.update(ends_at=ends_at, version=F("version") + 1):
                before = limits.state(limit)
                limit.refresh_from_db()
                limits.record(
                    limit,
                    by=ACTOR,
                    verb="limit_starts",
                    policy=limit.policy,
                    note="",
                    before=before,
                )
                started += 1
    return started


def warn_hosts(rule: Rule) -> int:
    """Warns the hosts whose time ends in 5 minutes, and in 1 minute, once each; how many."""
    now = database_time.now()
    soon = now + dt.timedelta(minutes=limits.WARNINGS[0])
    return sum(
        warn(rule, limit, room, now)
        for limit, room in with_rooms(Q(ends_at__gt=now, ends_at__lte=soon))
    )


def warn(rule: Rule, limit: TimeLimit, room: Room, now: dt.datetime) -> bool:
    """Orders the warning that is due, if it has not been given, and marks it in the same
    transaction.
    """
    if limit.ends_at is None:
        return False
    left = (limit.ends_at - now).total_seconds()
    due = min(minutes for minutes in limits.WARNINGS if left <= 60 * minutes)
    key = uuid.uuid5(
        uuid.NAMESPACE_OID, f"limit-warning:{limit.pk}:{limit.version}:{room.pk}:{due}"
    )
    not_given = Q(warned_minutes=None) | Q(warned_minutes__gt=due)
    try:
        with write_turn(priority=True):
            seen = TimeLimit.objects.filter(
                not_given, pk=limit.pk, version=limit.version, closed_at=None
            )
            if not seen.update(warned_minutes=due):
                return False
            request = ActionRequest(
                verb=Action.Verb.WARN,
                room=room,
                policy=rule.policy,
                key=key,
                text=words_to_host(limit.ends_at, left),
            )
            action = orders.submit(request, by=rule.actor)
            if action.key != key:
                raise Later
    except (Refused, Later):
        return False  # the broadcast is over, or somebody else's warning is on its way
    return True


def words_to_host(ends_at: dt.datetime, left: float) -> str:
    """What the host is told, in hosts' language; `left`: seconds."""
    values = {"minutes": math.ceil(left / 60), "time": f"{timezone.localtime(ends_at):%H:%M %Z}"}
    with translation.override(settings.HOST_LANGUAGE):
        return (
            _("This broadcast ends in %(minutes)s min, at %(time)s: its time is over then.")
            % values
        )


def end_rooms(rule: Rule) -> int:
    """Ends what goes on after its time, broadcasts opened since included; how many have an
    order.
    """
    ordered = 0
    for limit, room in with_rooms(Q(ends_at__lte=database_time.now())):
        turn = queries.next_try(room, rule.actor)
        if turn is None or limit.ends_at is None:
            continue
        values = attribution(limit.by_name, limit.ends_at)
        evidence = OverLimit(
            words=_("Its time was over at %(time)s; the limit is from %(who)s.") % values,
            limit=limit.pk,
            ends_at=limit.ends_at.isoformat(),
        )
        key = f"{rule.slug}:{limit.pk}:{limit.version}:{room.pk}:{turn}"
        hit = engine.apply(rule, room=room, room_id=room.room_id, key=key, evidence=evidence)
        ordered += hit.action_id is not None
    return ordered


def close_lapsed() -> int:
    """Closes limits that were over a day ago, or whose host never came; how many."""
    now = database_time.now()
    over = Q(ends_at__lt=now - LAPSES_AFTER) | Q(ends_at=None, set_at__lt=now - FORGOTTEN_AFTER)
    closed = 0
    for limit in TimeLimit.objects.filter(over, closed_at=None).select_related("policy")[
        :MAX_LIMITS
    ]:
        try:
            limits.let_go(limit)
        except Refused:
            continue  # somebody has closed it this moment
        closed += 1
    return closed
