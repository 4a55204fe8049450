"""What the platform's own backend reports of a room's gifts, for platforms whose gifts do not run
through the vendor.

Each report is counted once, by its key. LIVEWARDEN_REWARD_SOURCE says whether pages show these
totals or the vendor's.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from rooms.infra.transactions import write_turn
from rooms.ingest import notify
from rooms.ingest.changes import Changes
from rooms.ingest.readings import state
from rooms.models import ReportedGift, Room

MAX_REPORTS = 100  # gifts in one report
MAX_COINS = 10**9  # of one gift
MAX_GIFTS = 10**6


@dataclass(frozen=True, slots=True)
class Gift:
    """Coins and gifts earned. key: the reporter's own name of it."""

    key: str
    coins: int
    gifts: int = 1


def is_shown() -> bool:
    """Whether pages show what is reported here; else the vendor's totals."""
    return bool(settings.REWARD_SOURCE == "reported")


def store(room: Room, gifts: Sequence[Gift], *, source: str) -> int:
    """Adds the gifts that are new to the broadcast's totals and pushes them; how many were new.

    source: who reports, part of the key: two reporters may use the same names.
    """
    reported = {digest(source, gift.key): gift for gift in gifts}
    with write_turn():
        known = set(
            ReportedGift.objects.filter(room=room, key__in=list(reported)).values_list(
                "key", flat=True
            )
        )
        new = [
            ReportedGift(room=room, key=key, coins=gift.coins, gifts=gift.gifts)
            for key, gift in reported.items()
            if key not in known
        ]
        if new:
            # Reported twice at once: the second waits here, and fails on the key.
            ReportedGift.objects.bulk_create(new)
            add(room, sum(gift.coins for gift in new), sum(gift.gifts for gift in new))
            if is_shown() and room.is_live:
                transaction.on_commit(lambda: push(room.pk))
    return len(new)


def add(room: Room, coins: int, gifts: int) -> None:
    """Adds to the reported totals; where they are what is shown, to those on the screens too."""
    coins_now = Coalesce(F("reported_coins"), Value(0)) + coins
    gifts_now = Coalesce(F("reported_gifts"), Value(0)) + gifts
    fields = {"reported_coins": coins_now, "reported_gifts": gifts_now}
    if is_shown():
        fields |= {"reward": coins_now, "gifts": gifts_now}
    Room.objects.filter(pk=room.pk).update(**fields)


def push(pk: int) -> None:
    """To the screens: the totals as they are stored now."""
    row = Room.objects.live().filter(pk=pk).values().first()
    if row is None:
        return
    full = state(dict(row))
    changed: dict[str, object] = {"r": full["r"], "g": full["g"]}
    notify.publish(Changes(changed={pk: changed}, full={pk: full}), {})


def settle() -> None:
    """Puts the reported totals where pages look, after the setting was changed; a new leader does
    it first.
    """
    if is_shown():
        Room.objects.live().update(reward=F("reported_coins"), gifts=F("reported_gifts"))


def digest(source: str, key: str) -> str:
    return hashlib.sha256(f"{source}\n{key}".encode()).hexdigest()
