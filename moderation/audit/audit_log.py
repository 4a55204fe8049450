"""The only writer of the record. Called inside the transaction of what it records."""

from django.contrib.auth.models import User

from moderation.core.roles import code_name
from moderation.models import Action, AuditEntry, Ban
from rooms.models import Room

Actor = User | str


def actor_name(by: Actor) -> str:
    """The name as kept: an account's user name, or `system:<rule>`."""
    return by if isinstance(by, str) else by.get_username()


def record(*, by: Actor, verb: str, outcome: str, **fields: object) -> AuditEntry:
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


def record_action(
    action: Action,
    *,
    by: Actor,
    outcome: str,
    verb: str = "",
    before: str = "",
    was: dict[str, object] | None = None,
) -> AuditEntry:
    """The entry of one step of an act; `before` is the status it had, "" for an order; `was`: what
    else it had.

    An order keeps the figures of the room as they were known when it was given.
    """
    room = action.room
    known = {"online": room.online, "reward": room.reward, "is_live": room.is_live}
    return record(
        by=by,
        verb=verb or action.verb,
        outcome=outcome,
        room_pk=room.pk,
        room_id=room.room_id,
        room_name=room.name,
        account=action.account,
        reason=action.policy.code,
        note=action.note,
        before={"status": before, **(was or {}), **action.kept.get("before", {})}
        if before
        else known,
        after={
            "status": action.status,
            **({"seconds": action.seconds} if action.seconds else {}),
            **({"text": action.text} if action.text else {}),
            **({"rests_on": action.rests_on} if action.rests_on else {}),
            **({"undoes": action.undoes_id} if action.undoes_id else {}),
            **({"hold": action.hold_id} if action.hold_id else {}),
            **({"retry_of": action.retry_of_id} if action.retry_of_id else {}),
            **({"vendor_text": action.vendor_text} if action.vendor_text else {}),
            **action.arguments,
            **{name: value for name, value in action.kept.items() if name != "before"},
        },
        vendor_code=action.vendor_code,
        request_id=action.request_id,
        action_id=action.pk,
        ban_id=action.ban_id,
    )


def record_ban(
    ban: Ban,
    *,
    by: Actor,
    verb: str,
    outcome: str,
    note: str = "",
    room: Room | None = None,
    before: dict[str, object] | None = None,
) -> AuditEntry:
    """The entry of a change in the ban registry.

    `room`: where it was placed from; `before`: see ban_state.
    """
    return record(
        by=by,
        verb=verb,
        outcome=outcome,
        account=ban.account,
        reason=ban.policy.code,
        note=note,
        room_pk=room.pk if room else None,
        room_id=room.room_id if room else "",
        room_name=room.name if room else "",
        before=before or {},
        after=ban_state(ban),
        ban_id=ban.pk,
    )


def ban_state(ban: Ban) -> dict[str, object]:
    """What an entry tells of a ban: {"until": ISO time or "permanent", "in_force": bool}."""
    return {"until": ban.until.isoformat() if ban.until else "permanent", "in_force": ban.in_force}
