"""Alerts about black, frozen and missing pictures: raised once when a trouble is confirmed, and not
again for a while after somebody has closed it.
"""

import datetime as dt
from collections.abc import Mapping

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from moderation.alerts import alerts
from moderation.models import Alert
from moderation.values.evidence import PictureTrouble
from rooms.infra import database_time
from rooms.live import health
from rooms.models import Room
from rooms.pictures.judgement import BLACK, FROZEN, MISSING, TROUBLES, Sight

COOL_DOWN = dt.timedelta(minutes=30)
MAX_AT_ONCE = 30  # a page of the queue; the next look has the others
GONE_HOSTS = (Room.HostState.LOST, Room.HostState.AWAY)  # who is not there sends nothing


def source_of(state: str) -> str:
    return f"system:picture-{state}"


def raise_for(seen: Mapping[int, Sight]) -> int:
    """Raises what these sights say; how many were new."""
    troubled = {pk: sight for pk, sight in seen.items() if sight.state in TROUBLES}
    if not troubled:
        return 0
    told, count = told_lately(troubled), 0
    for room in Room.objects.live().filter(pk__in=troubled):
        sight = troubled[room.pk]
        if count < MAX_AT_ONCE and (room.pk, source_of(sight.state)) not in told:
            count += is_trouble(room, sight.state) and bool(_raise(room, sight))
    return count


def told_lately(troubled: Mapping[int, Sight]) -> set[tuple[int, str]]:
    """(room, source) of alerts that are open, or were a short while ago."""
    since = database_time.now() - COOL_DOWN
    sources = [source_of(state) for state in TROUBLES]
    lately = Alert.objects.filter(room_id__in=troubled, source__in=sources).filter(
        Q(closed_at=None) | Q(closed_at__gt=since)
    )
    return set(lately.order_by().values_list("room_id", "source"))


def is_trouble(room: Room, state: str) -> bool:
    """A picture is not missed where the host is gone (rules watch that), nor while the vendor is
    away: then nobody knows which rooms still broadcast.
    """
    if state != MISSING:
        return True
    vendor = health.read()
    return room.host_state not in GONE_HOSTS and (vendor["ok"] or not vendor["known"])


@translation.override("en")  # what is stored is said again by `retold`
def _raise(room: Room, sight: Sight) -> Alert:
    since = dt.datetime.fromtimestamp(sight.since, dt.UTC)
    time = {"time": f"{timezone.localtime(since):%H:%M:%S %Z}"}
    title, words = {
        BLACK: (_("Black picture"), _("The picture has been black since %(time)s.") % time),
        FROZEN: (_("Frozen picture"), _("The picture has not moved since %(time)s.") % time),
        MISSING: (_("No picture"), _("No picture has come since %(time)s.") % time),
    }[sight.state]
    return alerts.raise_alert(
        room=room,
        source=source_of(sight.state),
        title=title,
        severity=1,
        evidence=PictureTrouble(
            words=words,
            state=sight.state,
            since=int(sight.since),
            error=sight.error,
            digest=sight.digest,
        ),
    )
