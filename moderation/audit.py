"""The only writer of the record. Called inside the transaction of what it records."""

from typing import Any

from django.contrib.auth.models import User

from moderation.models import Action, AuditEntry, Ban
from moderation.roles import code_name

Actor = User | str


def actor_name(by: Actor) -> str:
    """The name as kept: an account's user name, or `system:<rule>`."""
    return by if isinstance(by, str) else by.get_username()


def record(*, by: Actor, verb: str, outcome: str, **fields: Any) -> AuditEntry:
    """Appends one entry. `fields` are columns of AuditEntry; names are copied in."""
    person = None if isinstance(by, str) else by
    return AuditEntry.objects.create(
        actor_id=person.pk if person else None,
        actor=actor_name(by)[:150],
        code_name=code_name(person),
        verb=verb,
        outcome=outcome,
        **fields,
    )


def record_action(action: Action, *, by: Actor, outcome: str, verb: str = "", before: str = "") -> AuditEntry:
    """The entry of one step of an act; `before` is the status it had."""
    return record(
        by=by,
        verb=verb or action.verb,
        outcome=outcome,
        room_pk=action.room.pk,
        room_id=action.room.room_id,
        room_name=action.room.name,
        account=action.account,
        reason=action.policy.code,
        note=action.note,
        before={"status": before} if before else {},
        after={
            "status": action.status,
            **({"seconds": action.seconds} if action.seconds else {}),
            **action.result,
        },
        vendor_code=action.vendor_code,
        request_id=action.request_id,
        action_id=action.pk,
        ban_id=action.ban.pk if action.ban else None,
    )


def record_ban(
    ban: Ban, *, by: Actor, verb: str, outcome: str, note: str = "", room_pk: int | None = None
) -> AuditEntry:
    """The entry of a change in the ban registry."""
    return record(
        by=by,
        verb=verb,
        outcome=outcome,
        account=ban.account,
        reason=ban.policy.code,
        note=note,
        room_pk=room_pk,
        after={"until": ban.until.isoformat() if ban.until else "permanent", "in_force": ban.in_force},
        ban_id=ban.pk,
    )
