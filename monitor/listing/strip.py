"""What waits for a person, in the line above the list. What the system does is in
monitor.pages.queries.Summary, for those whose concern it is.
"""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User

from monitor.listing.chips import Counts
from rooms.infra import database_time


@dataclass(frozen=True, slots=True)
class Waiting:
    """alerts: open ones. mine: rooms that the person has claimed. unseen: rooms that nobody has
    looked at in time, which are so many minutes. since: when the shift began, as the log-in tells
    it.
    """

    alerts: int
    mine: int
    unseen: int
    minutes: float
    since: dt.datetime | None

    @property
    def seconds(self) -> float | None:
        """How long the shift has lasted."""
        return None if self.since is None else database_time.unix() - self.since.timestamp()


def waiting(known: Counts, person: User) -> Waiting:
    """As old as the counts of the chips."""
    return Waiting(
        alerts=known.alerts,
        mine=known.by_name("mine", person.pk),
        unseen=known.by_name("unseen", person.pk),
        minutes=settings.PATROL_MINUTES,
        since=person.last_login,
    )
