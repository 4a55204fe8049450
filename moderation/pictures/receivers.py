"""The signals of `rooms` about pictures; received in the process that takes them."""

import logging
from collections.abc import Callable, Mapping

from moderation.models import Alert, RoomRisk
from moderation.pictures import troubles
from moderation.pictures.comparison import Comparison
from rooms import signals
from rooms.pictures.judgement import Sight

logger = logging.getLogger(__name__)
_comparison = Comparison()
MAX_RISKY = 40  # a screen of tiles


def connect() -> None:
    """Receive them."""
    name = "moderation.pictures.receivers"
    signals.urgent_rooms_asked.connect(on_urgent_rooms_asked, dispatch_uid=f"{name}.urgent")
    signals.pictures_seen.connect(on_pictures_seen, dispatch_uid=f"{name}.seen")


def on_urgent_rooms_asked(sender: object, **_: object) -> set[int]:
    """The rooms that somebody should look at."""
    return urgent_rooms()


def urgent_rooms() -> set[int]:
    """Rooms with an open alert, and those of the highest risk: their pictures are taken oftener."""
    waiting = Alert.objects.filter(closed_at=None, room__ended_at=None)
    risky = RoomRisk.objects.filter(score__gt=0, room__ended_at=None).order_by("-score", "room")
    return {
        *waiting.order_by().values_list("room_id", flat=True),
        *risky.values_list("room_id", flat=True)[:MAX_RISKY],
    }


def on_pictures_seen(sender: object, seen: Mapping[int, Sight], **_: object) -> None:
    """Alerts about what was seen; each part survives the other."""
    parts: tuple[Callable[[Mapping[int, Sight]], int], ...] = (
        troubles.raise_for,
        _comparison.look,
    )
    for part in parts:
        try:
            part(seen)
        except Exception:
            logger.exception("Pictures go on without a part of their alerts")
