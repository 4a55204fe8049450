"""Who takes care of which room.

Keyword-only; one transaction with its entry in the record; told on commit.

A claim is a word among colleagues and locks nothing: everybody may still act. It ends when it is
released, when a colleague takes the room over, or with the broadcast.
"""

from collections.abc import Collection
from typing import TypedDict

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from moderation.audit import audit_log
from moderation.core.errors import Refused
from moderation.core.roles import code_name
from moderation.models import Claim
from rooms.infra import database_time
from rooms.infra.transactions import write_turn
from rooms.live import push
from rooms.models import Room


class Claimed(TypedDict):
    """Read by static/js/rooms/claims.js. by: code name; person: primary key of the account; at:
    Unix seconds.
    """

    by: str
    person: int
    at: int


def claim(*, by: User, room: Room, take_over: bool = False) -> Claim:
    """Claims a room.

    What is claimed by the same person stays so; a colleague's is refused, or taken over when that
    is meant.
    """
    if not room.is_live:
        raise Refused(_("This broadcast has ended."))
    try:
        with write_turn():
            held = open_claim(room)
            if held is not None and held.by_id == by.pk:
                return held
            if held is not None and not take_over:
                raise Refused(
                    _("%(who)s has claimed this room already.")
                    % {"who": held.code_name or held.by_name}
                )
            if held is not None:
                close(held, by=by)
            made = Claim.objects.create(
                room=room, by=by, by_name=by.get_username(), code_name=code_name(by)
            )
            note(made, by=by, verb="claim")
            return made
    except IntegrityError:  # somebody was first
        raise Refused(
            _("Somebody else did the same at the same moment. Check it, then try again.")
        ) from None


def release(*, by: User, room: Room) -> bool:
    """Gives a room back that one has claimed; False when there is nothing to give back."""
    with write_turn():
        held = open_claim(room)
        if held is None:
            return False
        if held.by_id != by.pk:
            raise Refused(
                _("%(who)s has claimed this room. Take over the claim first.")
                % {"who": held.code_name or held.by_name}
            )
        close(held, by=by)
        note(held, by=by, verb="release_claim")
        return True


def end_with(room: Room) -> None:
    """The broadcast is over, and with it the care for it."""
    with transaction.atomic():
        held = open_claim(room)
        if held is not None:
            close(held, by="system:ended")


def open_claim(room: Room) -> Claim | None:
    return Claim.objects.filter(room=room, released_at=None).first()


def of(pks: Collection[int]) -> dict[int, Claimed]:
    """Room -> its open claim."""
    held = Claim.objects.filter(released_at=None, room_id__in=pks)
    return {claim.room_id: claimed(claim) for claim in held}


def claimed(held: Claim) -> Claimed:
    return {
        "by": held.code_name or held.by_name,
        "person": held.by_id or 0,
        "at": int(held.at.timestamp()),
    }


def close(held: Claim, *, by: User | str) -> None:
    held.released_at, held.released_by_name = database_time.now(), audit_log.actor_name(by)[:150]
    held.save(update_fields=["released_at", "released_by_name"])
    room = held.room_id
    transaction.on_commit(lambda: push.publish_claim(room, of([room]).get(room)))


def note(held: Claim, *, by: User, verb: str) -> None:
    """The entry, and word to the pages."""
    room = held.room
    audit_log.record(
        by=by, verb=verb, outcome="done", room_pk=room.pk, room_id=room.room_id, room_name=room.name
    )
    transaction.on_commit(lambda: push.publish_claim(room.pk, of([room.pk]).get(room.pk)))
