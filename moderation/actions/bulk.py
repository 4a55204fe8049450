"""One order for several rooms: each gets an act of its own, by the same functions as one alone, and
says what became of it.
"""

import uuid
from collections.abc import Sequence
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from moderation.actions import dispatch, orders
from moderation.actions.requests import ActionRequest
from moderation.collaboration import claims
from moderation.core.errors import Refused
from moderation.models import Action, Policy
from rooms.models import Room

MAX_ROOMS = 200
A_MESSAGE = (
    25  # so many acts go to the queue at once: the first does not wait until the last is ordered
)
VERBS = ("warn", "quarantine", "end", "claim")


class Said(NamedTuple):
    """Of one room: the act, or why there is none."""

    room: Room
    action: Action | None
    words: str


def order(
    *,
    by: User,
    verb: str,
    rooms: Sequence[Room],
    policy: Policy | None,
    key: uuid.UUID,
    note: str = "",
    count: int | None = None,
) -> list[Said]:
    """Orders `verb` for each room. key: of the form; each room's own key follows from it, so a
    repeat is the same acts.

    count: typed by the person; must be the number of rooms when that is more than
    settings.BULK_LIMIT. Raises Refused.
    """
    if not rooms:
        raise Refused(_("Select rooms first."), status=422)
    if len(rooms) > settings.BULK_LIMIT and count != len(rooms):
        words = _("These are %(n)d rooms. Type the number to confirm.") % {"n": len(rooms)}
        raise Refused(words, status=422)
    said = []
    for part in range(0, len(rooms), A_MESSAGE):
        with dispatch.batch():
            for room in rooms[part : part + A_MESSAGE]:
                own_key = uuid.uuid5(key, str(room.pk))
                try:
                    said.append(
                        one(by=by, verb=verb, room=room, policy=policy, key=own_key, note=note)
                    )
                except Refused as refusal:
                    said.append(Said(room, None, refusal.message))
    return said


def one(
    *, by: User, verb: str, room: Room, policy: Policy | None, key: uuid.UUID, note: str
) -> Said:
    if verb == "claim":
        claims.claim(by=by, room=room)
        return Said(room, None, _("yours"))
    if policy is None:
        raise Refused(_("Choose a reason."), status=422)
    request = ActionRequest(verb=verb, room=room, policy=policy, key=key, note=note)
    action = orders.submit(request, by=by)
    return Said(room, action, action.status_label)
