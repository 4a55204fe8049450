"""Requests for a platform ban: a moderator asks with the evidence, a ban administrator decides.

One open request an account. A ban on the account grants it, however the ban comes about; declining
needs a reason. Keyword-only; recorded in one transaction. Raises Refused in words for people.
"""

import uuid

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from moderation.alerts import alerts
from moderation.audit import audit_log
from moderation.audit.audit_log import Actor
from moderation.core import unseen
from moderation.core.errors import Refused
from moderation.models import Alert, Ban, BanRequest, Policy
from rooms.infra import database_time
from rooms.infra.transactions import write_turn
from rooms.live import push
from rooms.models import Room
from rooms.text import NotAnAccount


def ask(
    *,
    by: User,
    account: str,
    policy: Policy,
    key: uuid.UUID,
    note: str = "",
    room: Room | None = None,
    about: Alert | None = None,
    alert: Alert | None = None,
) -> BanRequest:
    """Asks for a platform ban of an account; one that is asked for already returns that request.

    room: where it was seen. about: the alert whose evidence is copied. alert: the one that this
    answers, closed in the same transaction.
    """
    try:
        account = unseen.account_of(account)
    except NotAnAccount as no:
        raise Refused(no.message, status=422) from None
    must_be_about(account, about, alert)
    if known := BanRequest.objects.filter(key=key).first():
        return own(known, account, by)
    if Ban.objects.in_force().filter(account=account).exists():
        raise Refused(_("This account is banned from the platform already."))
    try:
        with write_turn():
            asked = BanRequest.objects.create(
                key=key,
                account=account,
                policy=policy,
                evidence=evidence_of(about or alert),
                note=note.strip(),
                room=room,
                room_key=room.room_id if room else "",
                room_name=room.name if room else "",
                asked_by=by,
                asked_by_name=by.get_username(),
            )
            record(asked, by=by, verb="request_ban", outcome="requested", note=asked.note)
            close_alert(alert, by=by)
    except IntegrityError:  # somebody was first
        asked = first_of(account)
        close_alert(alert, by=by)
    return asked


def first_of(account: str) -> BanRequest:
    """The request that was there before this one. Raises Refused when it was decided just now."""
    asked = BanRequest.objects.filter(account=account, state=BanRequest.State.OPEN).first()
    if asked is None:
        raise Refused(
            _("Somebody else did the same at the same moment. Check it, then try again.")
        ) from None
    return asked


def evidence_of(alert: Alert | None) -> str:
    """What an alert says, in one text."""
    return ": ".join(part for part in (alert.title, alert.told.words) if part) if alert else ""


def must_be_about(account: str, *alerts_: Alert | None) -> None:
    """Raises Refused for an alert about another account."""
    if any(alert is not None and alert.subject != account for alert in alerts_):
        raise Refused(_("There is no such alert about this account."), status=422)


def close_alert(alert: Alert | None, *, by: Actor) -> None:
    """What was asked or done answers this alert."""
    if alert is not None:
        alerts.close(by=by, alert=alert, outcome=Alert.Outcome.HANDLED)


def own(known: BanRequest, account: str, by: User) -> BanRequest:
    if (known.account, known.asked_by_id) != (account, by.pk):
        raise Refused(_("This form was used for something else already. Open it again."))
    return known


def decline(*, by: User, asked: BanRequest, note: str) -> BanRequest:
    """Declines a request, for a reason that whoever asked can read."""
    if not note.strip():
        raise Refused(_("Explain why it is declined."), status=422)
    with transaction.atomic():
        if _decide(asked, by=by, state=BanRequest.State.DECLINED, note=note.strip()):
            record(asked, by=by, verb="decline_ban", outcome="declined", note=note.strip())
            return asked
    asked.refresh_from_db()
    if asked.state == BanRequest.State.DECLINED and asked.decided_by_name == by.get_username():
        return asked  # the same click once more
    raise Refused(
        _("This request was decided already, by %(who)s.") % {"who": asked.decided_by_name}
    )


def grant_with(*, by: Actor, ban: Ban) -> None:
    """A ban was placed: what was asked for its account is granted, in the same transaction."""
    for asked in open_ones().filter(account=ban.account):
        if _decide(asked, by=by, state=BanRequest.State.GRANTED, ban=ban):
            record(asked, by=by, verb="grant_ban", outcome="granted")


def open_ones() -> QuerySet[BanRequest]:
    """The open requests, longest waiting first."""
    found = BanRequest.objects.filter(state=BanRequest.State.OPEN).select_related("policy", "room")
    return found.order_by("asked_at", "pk")


def newest_of(account: str) -> BanRequest | None:
    """The newest request about an account."""
    return BanRequest.objects.filter(account=account).select_related("policy").first()


def _decide(
    asked: BanRequest, *, by: Actor, state: str, note: str = "", ban: Ban | None = None
) -> bool:
    waiting = BanRequest.objects.filter(pk=asked.pk, state=BanRequest.State.OPEN)
    if not waiting.update(
        state=state,
        decided_at=database_time.now(),
        decided_by_name=audit_log.actor_name(by)[:150],
        decision_note=note,
        ban=ban,
    ):
        return False
    asked.refresh_from_db()
    return True


def record(asked: BanRequest, *, by: Actor, verb: str, outcome: str, note: str = "") -> None:
    """The entry, and word to the pages."""
    audit_log.record(
        by=by,
        verb=verb,
        outcome=outcome,
        account=asked.account,
        reason=asked.policy.code,
        note=note,
        room_pk=asked.room_id,
        room_id=asked.room_key,
        room_name=asked.room_name,
        ban_id=asked.ban_id,
        after={"request": asked.pk, "evidence": asked.evidence},
    )
    transaction.on_commit(push.publish_queue)
