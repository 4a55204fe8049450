"""The pictures of live rooms against those that are kept: the same picture as one of a banned or
ended broadcast is an alert with both.

Hashes are dHashes of 128 bits: rows and columns of 9 by 9 dots, brighter or darker than the next.
Pictures with little in them (one colour, a logo on white) have nearly the same hash whatever they
show, so they are left out; what several live rooms show at once is a card of the platform.
"""

import datetime as dt
import time
from collections.abc import Iterable, Mapping
from statistics import pstdev
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from moderation.alerts import alerts
from moderation.models import Alert, KeptStill
from moderation.pictures import kept as keeping
from moderation.values.evidence import SamePicture
from rooms.infra import database_time
from rooms.models import Room
from rooms.pictures.judgement import Sight, is_black

SOURCE = "system:picture-banned"
RELOAD_SECONDS = 20.0
MIN_CONTRAST = 10.0  # standard deviation of brightness, of 255
LEAST_BITS, MOST_BITS = 12, 116  # of 128: hashes with fewer or more of them say little
LEAST_LOOKS = 2  # one picture may be like another by chance
MAX_ALIKE = 3  # live rooms that are like one kept picture
COOL_DOWN = dt.timedelta(hours=24)  # somebody has looked at this room's likeness


class Kept(NamedTuple):
    """A kept picture. ended_at: of its broadcast."""

    pk: int
    room: int
    room_id: str
    account: str
    why: str
    hashes: tuple[int, ...]
    ended_at: dt.datetime | None


class Likeness(NamedTuple):
    """bits: of 128, how many differ."""

    kept: Kept
    bits: int


def says_something(hashed: int, lights: bytes) -> bool:
    """Whether a picture has enough in it to be compared."""
    if not lights or is_black(lights) or pstdev(lights) < MIN_CONTRAST:
        return False
    return LEAST_BITS <= hashed.bit_count() <= MOST_BITS


def nearest(hashed: int, pictures: Iterable[Kept], most: int) -> Likeness | None:
    """The kept picture that is most like this one, with at most so many bits that differ."""
    found: Likeness | None = None
    for picture in pictures:
        for other in picture.hashes:
            bits = (hashed ^ other).bit_count()
            if bits <= most and (found is None or bits < found.bits):
                found = Likeness(picture, bits)
    return found


def load() -> list[Kept]:
    """What is compared with, newest first."""
    rows = (
        KeptStill.objects.exclude(why=KeptStill.Why.ALERT)
        .order_by("-pk")
        .values_list(
            "pk", "room_id", "room__room_id", "account", "why", "hashes", "room__ended_at"
        )[: keeping.MAX_KEPT]
    )
    return [
        Kept(pk, room, room_id, account, why, tuple(int(h, 16) for h in hashes), ended_at)
        for pk, room, room_id, account, why, hashes, ended_at in rows
    ]


class Comparison:
    """What one process remembers between two looks."""

    def __init__(self) -> None:
        self._kept: list[Kept] = []
        self._loaded_at = float("-inf")
        # room -> (kept picture, looks in a row)
        self._alike: dict[int, tuple[int, int]] = {}

    def look(self, seen: Mapping[int, Sight]) -> int:
        """Compares what was seen, raises what is the same; how many alerts."""
        if time.monotonic() - self._loaded_at > RELOAD_SECONDS:
            self._kept, self._loaded_at = load(), time.monotonic()
            self._alike = {pk: alike for pk, alike in self._alike.items() if self._is_live(pk)}
        found = {pk: like for pk, sight in seen.items() if (like := self._compare(pk, sight))}
        return _raise_all({pk: like for pk, like in found.items() if self._is_sure(pk)}, seen)

    def _is_live(self, pk: int) -> bool:
        return Room.objects.live().filter(pk=pk).exists()

    def _compare(self, pk: int, sight: Sight) -> Likeness | None:
        like = None
        if sight.error == "" and says_something(sight.hash, sight.lights):
            others = (picture for picture in self._kept if picture.room != pk)
            like = nearest(sight.hash, others, settings.STILL_SAME_BITS)
        if like is None:
            self._alike.pop(pk, None)
            return None
        before, looks = self._alike.get(pk, (0, 0))
        self._alike[pk] = like.kept.pk, looks + 1 if before == like.kept.pk else 1
        return like

    def _is_sure(self, pk: int) -> bool:
        kept, looks = self._alike[pk]
        alike = sum(other == kept for other, _looks in self._alike.values())
        return looks >= LEAST_LOOKS and alike <= MAX_ALIKE


def _raise_all(found: Mapping[int, Likeness], seen: Mapping[int, Sight]) -> int:
    if not found:
        return 0
    since = database_time.now() - COOL_DOWN
    lately = Alert.objects.filter(room_id__in=found, source=SOURCE, raised_at__gt=since)
    told = set(lately.order_by().values_list("room_id", flat=True))
    rooms = Room.objects.live().filter(pk__in=found.keys() - told).select_related("still")
    return sum(_raise(room, found[room.pk], seen[room.pk]) is not None for room in rooms)


@translation.override("en")  # what is stored is said again by `retold`
def _raise(room: Room, like: Likeness, sight: Sight) -> Alert | None:
    kept = like.kept
    is_banned = kept.why == KeptStill.Why.BANNED
    ended = f"{timezone.localtime(kept.ended_at):%Y-%m-%d %H:%M %Z}" if kept.ended_at else "?"
    told = {"room": kept.room_id, "time": ended}
    words = (
        _("The same picture as in %(room)s, whose host is banned; that ended at %(time)s.")
        if is_banned
        else _("The same picture as in %(room)s, which was ended at %(time)s.")
    ) % told
    title = _("Same picture as a banned room") if is_banned else _("Same picture as an ended room")
    own = keeping.keep(room, room.still, KeptStill.Why.ALERT)
    return alerts.raise_alert(
        room=room,
        source=SOURCE,
        title=title,
        account=room.owner_account,
        severity=3 if is_banned else 2,
        evidence=SamePicture(
            words=words,
            kept=kept.pk,
            own=own.pk if own else None,
            room=kept.room,
            room_id=kept.room_id,
            account=kept.account,
            bits=like.bits,
        ),
    )
