"""Bans in rooms so large that nobody can tell who is in them: ordered for every ban in force, while
the rule for it is on.
"""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from moderation.automation import engine
from moderation.bans.registry import NAMED_MEMBERS, enforce
from moderation.models import Action, Ban, BanQuerySet, Rule
from rooms.infra import database_time
from rooms.models import Room

TRIED_LATELY = dt.timedelta(minutes=5)  # a room ban that was given up is not ordered again before
MAX_A_SWEEP = 250


def enforce_in_large_rooms(limit: int = MAX_A_SWEEP) -> int:
    """Orders the bans that rooms lack which opened, or became too large to name their members,
    after a ban was placed.

    How many were ordered: at most `limit`, the next sweep goes on. One question a large room for
    `limit` bans. Nobody ordered these one by one: the switches of the rule for banned users, and
    those for all rules, hold for them.
    """
    count, rule = 0, engine.rule(engine.BANNED_USER)
    if (
        rule is None
        or not rule.is_looking
        or rule.act != Rule.Act.ROOM_BAN
        or engine.blocked_by(rule)
    ):
        return count
    for room in Room.objects.live().filter(online__gt=NAMED_MEMBERS).order_by("-online", "pk"):
        ordered = Action.objects.filter(
            room=room,
            ban=OuterRef("pk"),
            verb=Action.Verb.ROOM_BAN,
            requested_at__gte=OuterRef("changed_at"),
        ).exclude(status=Action.Status.FAILED, requested_at__lt=database_time.now() - TRIED_LATELY)
        lacking = (
            Ban.objects.in_force().exclude(account=room.owner_account).exclude(Exists(ordered))
        )
        for ban in in_turn(lacking, limit):
            if count >= limit:
                return count
            count += enforce(ban, room) is not None  # what is refused takes nobody's place
    return count


def in_turn(bans: BanQuerySet, at_once: int) -> Iterator[Ban]:
    """All of these, the oldest first, read so many at a time: each part as it is when its turn has
    come.
    """
    last = 0
    while True:
        part = list(bans.filter(pk__gt=last).select_related("policy").order_by("pk")[:at_once])
        yield from part
        if len(part) < at_once:
            return
        last = part[-1].pk
