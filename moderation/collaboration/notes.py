"""Notes about a room and its host, for colleagues; and calling a supervisor.

Keyword-only; recorded in one transaction.
"""

import uuid

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from moderation.alerts import alerts
from moderation.audit import audit_log
from moderation.core.errors import Refused
from moderation.core.roles import code_name
from moderation.models import Alert, Note, Policy
from moderation.values.evidence import Escalated
from rooms.infra import database_time
from rooms.infra.transactions import write_turn
from rooms.live import push
from rooms.models import Room


def write(*, by: User, room: Room, text: str, key: uuid.UUID) -> Note:
    """Keeps a note. Sent twice with one key it is one note."""
    if known := Note.objects.filter(key=key).first():
        return own(known, by)
    try:
        with write_turn():
            made = Note.objects.create(
                room=room,
                room_key=room.room_id,
                account=room.owner_account,
                text=text.strip(),
                by=by,
                by_name=by.get_username(),
                code_name=code_name(by),
                key=key,
            )
            record(made, by=by, verb="note", outcome="done")
            return made
    except IntegrityError:  # the same click, twice at once
        return own(Note.objects.get(key=key), by)


def own(note: Note, by: User) -> Note:
    if note.by_id != by.pk:
        raise Refused(_("This form was used for something else already. Open it again."))
    return note


def take_back(*, by: User, note: Note) -> Note:
    """Strikes out an own note; it stays readable, as what it is."""
    if note.by_id != by.pk:
        raise Refused(_("Only the author of a note can delete it."), status=403)
    with write_turn():
        if Note.objects.filter(pk=note.pk, taken_back_at=None).update(
            taken_back_at=database_time.now()
        ):
            record(note, by=by, verb="note", outcome="undone")
    note.refresh_from_db()
    return note


def about(room: Room) -> QuerySet[Note]:
    """Of this broadcast, and of its host whatever the room, newest first."""
    wanted = Q(room=room)
    if room.owner_account:
        wanted |= Q(account=room.owner_account)
    return Note.objects.filter(wanted)


def escalate(*, by: User, room: Room, policy: Policy, note: str = "") -> Alert:
    """Calls whoever can decide to a room: an alert of the highest urgency.

    Called again while it is open it counts.
    """
    if not room.is_live:
        raise Refused(_("This broadcast has ended."))
    evidence = Escalated(
        words=note.strip(), reason=policy.code, by=code_name(by) or by.get_username()
    )
    with write_turn():
        alert = alerts.raise_alert(
            room=room,
            source=by.get_username()[:60],
            title=f"Escalated: {policy.title}",  # see Alert.headline
            evidence=evidence,
            severity=alerts.MAX_SEVERITY,
        )
        audit_log.record(
            by=by,
            verb="escalate",
            outcome="done",
            room_pk=room.pk,
            room_id=room.room_id,
            room_name=room.name,
            reason=policy.code,
            note=note.strip(),
            after={"alert": alert.pk},
        )
    return alert


def record(note: Note, *, by: User, verb: str, outcome: str) -> None:
    room = note.room
    audit_log.record(
        by=by,
        verb=verb,
        outcome=outcome,
        room_pk=room.pk if room else None,
        room_id=note.room_key,
        room_name=room.name if room else "",
        account=note.account,
        note=note.text,
    )
    if room is not None:
        pk = room.pk
        transaction.on_commit(lambda: push.publish_act(pk, 0))
