"""What follows from facts without a person: platform bans, enforced in rooms as they appear."""

import datetime as dt
from typing import Any

from django.utils import timezone

from moderation.models import Action, Ban
from rooms import signals
from rooms.models import Room

# The vendor's member list is up to 40 s old: an account may still be on it just after it was banned.
LISTED_STILL = dt.timedelta(seconds=90)


def connect() -> None:
    """Receive the signals of `rooms`."""
    signals.room_opened.connect(on_room_opened, dispatch_uid="moderation.rules.room_opened")
    signals.members_seen.connect(on_members_seen, dispatch_uid="moderation.rules.members_seen")


def on_room_opened(sender: Any, room: Room, **_: Any) -> None:
    """A banned host opened a room: it is ended."""
    from moderation.requests import enforce

    ban = Ban.objects.filter(account=room.owner_account, lifted_at=None, expired_at=None).first()
    if ban is not None:
        enforce(ban, room)


def on_members_seen(sender: Any, room: Room, accounts: frozenset[str], **_: Any) -> None:
    """Banned accounts were seen in a room: they are banned from it."""
    from moderation.requests import enforce

    for ban in Ban.objects.filter(lifted_at=None, expired_at=None, account__in=list(accounts)[:1000]):
        lately = timezone.now() - LISTED_STILL
        done = Action.objects.filter(
            room=room, ban=ban, verb__in=["room_ban", "end"], requested_at__gt=lately
        )
        if not done.exists():
            enforce(ban, room)
