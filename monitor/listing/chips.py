"""Marks by which rooms are filtered: alerted, mine, nobody's, in quarantine, new, not looked at,
labelled. Each finds its rooms by an index of its own, and is counted for everybody at once.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from moderation.actions.queries import in_quarantine
from moderation.alerts import alerts
from moderation.models import Alert, Claim
from moderation.patrol import looks
from rooms.infra import database_time
from rooms.models import Room, RoomQuerySet
from rooms.queries import label_names, labelled_since

NEW = dt.timedelta(minutes=15)
LABELLED = dt.timedelta(hours=1)
KEPT_SECONDS = 5  # as long as everybody sees the same counts


@dataclass(frozen=True, slots=True)
class Chip:
    """name: as addresses have it."""

    name: str
    title: str | Promise
    hint: str | Promise


CHIPS = {
    chip.name: chip
    for chip in (
        Chip("alerted", _("Alerted"), _("An alert of the room is open")),
        Chip("mine", _("Mine"), _("Rooms that you have claimed")),
        Chip("unassigned", _("Unassigned"), _("Rooms that nobody has claimed")),
        Chip("quarantined", _("Quarantined"), _("Hidden and muted until somebody decides")),
        Chip("new", _("New"), _("Opened in the last 15 minutes")),
        Chip("unseen", _("Not seen"), _("Nobody has looked at the room in time")),
        Chip("labelled", _("Labelled"), _("A classifier has labelled it in the last hour")),
    )
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many live rooms each chip finds. of: by name, but for mine. claimed: person -> rooms.
    alerts: how many are open. labels: those of the last hour, by name.
    """

    of: Mapping[str, int]
    claimed: Mapping[int, int]
    alerts: int
    labels: tuple[str, ...]

    def by_name(self, name: str, person: int) -> int:
        return self.claimed.get(person, 0) if name == "mine" else self.of[name]


@dataclass(frozen=True, slots=True)
class ShownChip:
    """A chip as a page draws it."""

    chip: Chip
    count: int
    is_on: bool


def read(names: Iterable[str]) -> tuple[str, ...]:
    """Those of these names that are chips, each once, in their order; nonsense is left out."""
    wanted = set(names)
    return tuple(name for name in CHIPS if name in wanted)


def filtered(rooms: RoomQuerySet, only: Iterable[str], label: str, person: int) -> RoomQuerySet:
    """Those of these live rooms that every one of the chips finds. label: a classifier's, or ""."""
    for name in only:
        rooms = having(rooms, name, person)
    return rooms.filter(pk__in=labelled_since(since(LABELLED), label)) if label else rooms


def having(rooms: RoomQuerySet, name: str, person: int) -> RoomQuerySet:
    """Those that one chip finds."""
    claimed = Claim.objects.filter(released_at=None)
    match name:
        case "alerted":
            return rooms.filter(pk__in=Alert.objects.filter(closed_at=None).values("room"))
        case "mine":
            return rooms.filter(pk__in=claimed.filter(by=person).values("room"))
        case "unassigned":
            return rooms.exclude(pk__in=claimed.values("room"))
        case "quarantined":
            return in_quarantine(rooms)
        case "new":
            return rooms.filter(create_time__gte=since(NEW).timestamp())
        case "unseen":
            return looks.not_looked_at(rooms, settings.PATROL_MINUTES)
        case "labelled":
            return rooms.filter(pk__in=labelled_since(since(LABELLED)))
    raise ValueError(name)


def since(span: dt.timedelta) -> dt.datetime:
    return database_time.now() - span


def counts() -> Counts:
    """At most KEPT_SECONDS old."""
    return _counts(int(database_time.unix() // KEPT_SECONDS))


@lru_cache(1)
def _counts(_moment: int) -> Counts:
    live = Room.objects.live()
    claimed = (
        Claim.objects.filter(released_at=None, room__ended_at=None)
        .order_by()
        .values_list("by")
        .annotate(rooms=Count("pk"))
    )
    by_person = {person or 0: rooms for person, rooms in claimed}
    found = {
        name: having(live, name, 0).count() for name in CHIPS if name not in {"mine", "unassigned"}
    }
    found["unassigned"] = live.count() - sum(by_person.values())
    return Counts(found, by_person, alerts.count(), label_names(since(LABELLED)))


def shown(known: Counts, only: Iterable[str], person: int) -> list[ShownChip]:
    """All chips with these counts, for this person."""
    on = set(only)
    return [
        ShownChip(chip, known.by_name(name, person), name in on) for name, chip in CHIPS.items()
    ]
