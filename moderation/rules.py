"""What follows from facts without a person: platform bans, enforced in rooms as they appear."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from moderation import registry
from moderation.models import Action, Ban
from rooms import signals
from rooms.models import Room

# The vendor's member list is up to 40 s old: an account may still be on it just after it was banned.
LISTED_STILL = dt.timedelta(seconds=90)
# Accounts in one question; the vendor names 1,000 at most, a database takes some thousand parameters.
AT_ONCE = 2000


def connect() -> None:
    """Receive the signals of `rooms`."""
    signals.room_opened.connect(on_room_opened, dispatch_uid="moderation.rules.room_opened")
    signals.members_seen.connect(on_members_seen, dispatch_uid="moderation.rules.members_seen")


def on_room_opened(sender: Any, room: Room, **_: Any) -> None:
    """A banned host opened a room: it is ended."""
    for ban in banned([room.owner_account]):
        registry.enforce(ban, room)


def on_members_seen(sender: Any, room: Room, accounts: frozenset[str], **_: Any) -> None:
    """Banned accounts were seen in a room: they are banned from it."""
    named = sorted(accounts)
    parts = [named[start : start + AT_ONCE] for start in range(0, len(named), AT_ONCE)]
    found = [ban for part in parts for ban in banned(part)]
    if not found:
        return
    lately = Action.objects.filter(
        room=room, ban__in=found, verb__in=["room_ban", "end"], requested_at__gt=timezone.now() - LISTED_STILL
    )
    done = set(lately.values_list("ban_id", flat=True))
    for ban in found:
        if ban.pk not in done:
            registry.enforce(ban, room)


def banned(accounts: Iterable[str]) -> list[Ban]:
    """The bans in force on these accounts: one question, however many the registry holds."""
    return list(Ban.objects.in_force().filter(account__in=list(accounts)).select_related("policy"))
