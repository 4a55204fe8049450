"""Alerts: what a person should look at.

Raised by rules and quarantines, closed by people or with the broadcast.

One open alert a room, source and account: raised again it counts. Keyword-only; the caller's
transaction, if any.
"""

import datetime as dt
from collections.abc import Collection, Iterable

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from moderation.audit import audit_log
from moderation.audit.audit_log import Actor
from moderation.core.errors import Refused
from moderation.models import Action, Alert, Policy
from moderation.values.evidence import Escalated, Evidence
from rooms.infra import database_time, json_values
from rooms.live import push
from rooms.models import Room

MIN_SEVERITY, MAX_SEVERITY = 1, 3  # severity; 3 is the most urgent
SHOWN, CLOSED_SHOWN = 200, 20


def raise_alert(
    *,
    room: Room,
    source: str,
    title: str,
    evidence: Evidence,
    severity: int = 2,
    account: str = "",
    decide_by: dt.datetime | None = None,
) -> Alert:
    """Raises an alert, or counts it once more while it is open: newest evidence, highest severity,
    earliest decide_by.

    source: whoever raises it, `system:<rule>`. evidence: the facts that raised it.
    A new one is recorded.
    """
    severity = max(MIN_SEVERITY, min(severity, MAX_SEVERITY))
    same = Alert.objects.filter(room=room, source=source[:60], account=account, closed_at=None)
    with transaction.atomic():
        if alert := again(same.first(), title, evidence, severity, decide_by):
            return alert
        try:
            with transaction.atomic():
                alert = Alert.objects.create(
                    room=room,
                    source=source[:60],
                    account=account,
                    title=title[:200],
                    evidence=json_values.write(evidence),
                    severity=severity,
                    decide_by=decide_by,
                )
        except IntegrityError:  # somebody was first
            return again(same.get(), title, evidence, severity, decide_by) or same.get()
        _record(alert, by=source, verb="raise_alert", outcome="done", note=evidence.words)
    return alert


def again(
    alert: Alert | None,
    title: str,
    evidence: Evidence,
    severity: int,
    decide_by: dt.datetime | None,
) -> Alert | None:
    """The open alert, raised once more; None when there is none."""
    if alert is None:
        return None
    times = [time for time in (alert.decide_by, decide_by) if time]
    Alert.objects.filter(pk=alert.pk).update(
        count=F("count") + 1,
        title=title[:200],
        evidence=json_values.write(evidence),
        severity=max(severity, alert.severity),
        decide_by=min(times) if times else None,
        last_raised_at=database_time.now(),
    )
    alert.refresh_from_db()
    tell(alert)
    return alert


def close(
    *,
    by: Actor,
    alert: Alert,
    outcome: str,
    note: str = "",
    why: str = "",
    action: Action | None = None,
) -> Alert:
    """Closes an alert as `handled` or `dismissed`.

    why: an Alert.Why. action: the act whose order closes it, in the transaction of that order.
    Raises Refused when somebody else has closed it otherwise.
    """
    if outcome not in (Alert.Outcome.HANDLED, Alert.Outcome.DISMISSED):
        raise Refused(_("Choose handled or dismissed."), status=422)
    name = audit_log.actor_name(by)
    with transaction.atomic():
        if _close(alert, outcome=outcome, name=name, note=note, why=why, action=action):
            _record(alert, by=by, verb="close_alert", outcome=outcome, note=note)
            return alert
    alert.refresh_from_db()
    if alert.outcome == outcome and alert.closed_by_name == name:
        return alert  # the same click once more
    raise Refused(_("This alert was closed already, by %(who)s.") % {"who": alert.closed_by_name})


def reopen(*, by: Actor, alert: Alert) -> Alert:
    """Takes back that a person has closed an alert; one that is open stays so.

    Raises Refused when the broadcast is over, or the same was raised anew meanwhile.
    """
    if not alert.room.is_live:
        raise Refused(_("This broadcast has ended."))
    by_people = Alert.objects.filter(
        pk=alert.pk, outcome__in=[Alert.Outcome.HANDLED, Alert.Outcome.DISMISSED]
    )
    open_again = {"closed_at": None, "closed_by_name": "", "outcome": "", "note": "", "why": ""}
    try:
        with transaction.atomic():
            if by_people.update(**open_again, closed_with=None):
                alert.refresh_from_db()
                _record(alert, by=by, verb="reopen_alert", outcome="done", note="")
    except IntegrityError:
        raise Refused(_("The same was raised anew meanwhile: that alert is open.")) from None
    return alert


def reopen_of(*, by: Actor, action: Action) -> None:
    """An act was taken back: the alerts that its order closed are open again, where that can be."""
    for alert in Alert.objects.filter(closed_with=action).select_related("room"):
        try:
            reopen(by=by, alert=alert)
        except Refused:
            continue  # the broadcast is over, or it was raised anew


def close_with(room: Room) -> int:
    """Closes the alerts of a broadcast that has ended; how many."""
    count = 0
    for alert in Alert.objects.filter(room=room, closed_at=None):
        with transaction.atomic():
            if _close(alert, outcome=Alert.Outcome.ENDED, name="system:ended"):
                _record(
                    alert,
                    by="system:ended",
                    verb="close_alert",
                    outcome=Alert.Outcome.ENDED,
                    note="",
                )
                count += 1
    return count


def waiting() -> QuerySet[Alert]:
    """The open alerts, most urgent first: those of a quarantine by the time when it must be
    decided.
    """
    found = Alert.objects.filter(closed_at=None).select_related("room")
    return found.order_by("-severity", F("decide_by").asc(nulls_last=True), "raised_at", "pk")


def count(severity: int = MIN_SEVERITY) -> int:
    """How many are open, of this severity or more."""
    return Alert.objects.filter(closed_at=None, severity__gte=severity).count()


def newest_urgent() -> Alert | None:
    """The open alert of the highest severity that was raised last."""
    urgent = Alert.objects.filter(closed_at=None, severity=MAX_SEVERITY).select_related("room")
    return next(iter(named(urgent.order_by("-pk")[:1])), None)


def named(found: Iterable[Alert]) -> list[Alert]:
    """Alerts with the reasons that escalations name in their titles: one question, when there is
    one among them.
    """
    alerts = list(found)
    codes = {
        alert.pk: json_values.read(Escalated, alert.evidence).reason
        for alert in alerts
        if is_escalation(alert)
    }
    policies = (
        {p.code: p for p in Policy.objects.filter(code__in=set(codes.values()))} if codes else {}
    )
    for alert in alerts:
        alert.reason = policies.get(codes.get(alert.pk, ""))
    return alerts


def is_escalation(alert: Alert) -> bool:
    """Whether a person has raised it."""
    return not alert.source.startswith("system:") and "action" not in alert.evidence


def lately_closed() -> list[Alert]:
    """The alerts that were closed last."""
    closed = Alert.objects.filter(closed_at__isnull=False).select_related("room")
    return named(closed.order_by("-closed_at")[:CLOSED_SHOWN])


def of_rooms(pks: Collection[int]) -> dict[int, list[Alert]]:
    """Room -> its open alerts, most urgent first."""
    # Few rooms have one: which, an index tells without a word about the others.
    raised = set(Alert.objects.filter(closed_at=None).order_by().values_list("room_id", flat=True))
    found: dict[int, list[Alert]] = {}
    if not (wanted := raised.intersection(pks)):
        return found
    for alert in named(
        Alert.objects.filter(closed_at=None, room_id__in=wanted).order_by("-severity", "raised_at")
    ):
        found.setdefault(alert.room_id, []).append(alert)
    return found


def tell(alert: Alert) -> None:
    """After the commit: the queue has changed, and the room's line of acts, which shows its
    alerts.
    """
    transaction.on_commit(lambda: push.publish_alert(alert.room_id))


def close_over(limit: int = 500) -> int:
    """Closes alerts of broadcasts that are over, whose end was not told; how many."""
    waiting = Alert.objects.filter(closed_at=None).values("room")
    over = Room.objects.filter(pk__in=waiting, ended_at__isnull=False)
    return sum(close_with(room) for room in over[:limit])


def _close(
    alert: Alert,
    *,
    outcome: str,
    name: str,
    note: str = "",
    why: str = "",
    action: Action | None = None,
) -> bool:
    open_one = Alert.objects.filter(pk=alert.pk, closed_at=None)
    if not open_one.update(
        closed_at=database_time.now(),
        closed_by_name=name[:150],
        outcome=outcome,
        note=note,
        why=why,
        closed_with=action,
    ):
        return False
    alert.refresh_from_db()
    return True


def _record(alert: Alert, *, by: Actor, verb: str, outcome: str, note: str) -> None:
    room = alert.room
    tell(alert)
    audit_log.record(
        by=by,
        verb=verb,
        outcome=outcome,
        room_pk=room.pk,
        room_id=room.room_id,
        room_name=room.name,
        account=alert.account,
        note=note,
        after={
            "alert": alert.pk,
            "source": alert.source,
            "title": alert.title,
            "severity": alert.severity,
            **({"why": alert.why} if alert.why else {}),
            **({"act": alert.closed_with_id} if alert.closed_with_id else {}),
        },
    )
