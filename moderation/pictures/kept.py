"""The last picture of a broadcast that was ended here or whose host is banned: kept, to compare
later ones with.

A chore looks for them every few seconds while the pictures are still in Redis, so a lost signal
loses none.
"""

import datetime as dt

from django.db import IntegrityError
from django.db.models import Exists, OuterRef, Q

from moderation.models import Action, Ban, KeptStill
from rooms.infra import database_time
from rooms.infra.transactions import short_transaction
from rooms.models import Room, Still
from rooms.pictures import stills

MAX_KEPT = 500  # of ended and banned ones, and as many of alerts: 2.5 MB each
MOST = 2 * MAX_KEPT  # of a kind; in a bad hour, see `forget`
MAX_AT_ONCE = 100
ALERT = KeptStill.Why.ALERT
# Ends that say nothing about what was shown.
HARMLESS = ("system:time-limit", "system:host-gone")


def keep_ended() -> int:
    """Keeps the last pictures of broadcasts that ended lately, by an act or of a banned host; how
    many.
    """
    lately = database_time.now() - dt.timedelta(seconds=stills.KEPT_SECONDS)
    ends = Action.objects.filter(
        room=OuterRef("pk"), verb=Action.Verb.END, status=Action.Status.DONE
    ).exclude(by_name__in=HARMLESS)
    kept = KeptStill.objects.filter(room=OuterRef("pk")).exclude(why=ALERT)
    bans = Ban.objects.in_force().filter(account=OuterRef("owner_account"))
    found = (
        Room.objects.filter(ended_at__gt=lately, still__taken_at__isnull=False)
        .filter(Exists(bans) | Exists(ends))
        .exclude(Exists(kept))
        .select_related("still")
        .order_by("-ended_at")
    )
    most = max(0, min(MAX_AT_ONCE, MOST - KeptStill.objects.exclude(why=ALERT).count()))
    why = KeptStill.Why.ENDED  # `say_banned` says the rest
    count = sum(keep(room, room.still, why) is not None for room in found[:most])
    say_banned()
    forget()
    return count


def say_banned() -> int:
    """Kept pictures of hosts who are banned now; how many are new to that."""
    bans = Ban.objects.in_force().filter(account=OuterRef("account"))
    ended = KeptStill.objects.filter(Exists(bans), why=KeptStill.Why.ENDED)
    return ended.update(why=KeptStill.Why.BANNED)


def keep(room: Room, still: Still, why: str) -> KeptStill | None:
    """Keeps the newest picture of a room; None when it is gone, or kept already."""
    jpeg = stills.jpeg(room.pk)
    if jpeg is None or still.taken_at is None:
        return None
    try:
        with short_transaction():
            return KeptStill.objects.create(
                room=room,
                why=why,
                account=room.owner_account,
                jpeg=jpeg,
                hashes=still.hashes.split(),
                taken_at=still.taken_at,
            )
    except IntegrityError:  # somebody was first
        return None


def forget() -> None:
    """Only the newest MAX_KEPT of each kind stay, and those whose broadcast would else be found by
    `keep_ended` anew.
    """
    old = database_time.now() - 2 * dt.timedelta(seconds=stills.KEPT_SECONDS)
    for kind in (Q(why=ALERT), ~Q(why=ALERT)):
        newest = KeptStill.objects.filter(kind).order_by("-pk").values_list("pk", flat=True)
        for last in newest[MAX_KEPT : MAX_KEPT + 1]:
            KeptStill.objects.filter(kind, pk__lte=last, at__lt=old).delete()
