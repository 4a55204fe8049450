"""Facts as the screens and the acts read them."""

import datetime as dt

from django.db.models import QuerySet

from rooms import event_details
from rooms.models import RoomEvent

MAX_LABELS = 2000  # so many events tell the names of the labels in use
SHOWN_LABELS = 40


def labelled_since(when: dt.datetime, label: str = "") -> QuerySet[RoomEvent, int]:
    """The primary keys of the rooms that a classifier has labelled since then. label: with this
    label; "" for any.
    """
    events = RoomEvent.objects.filter(
        kind=RoomEvent.Kind.LABEL, at_ms__gte=int(when.timestamp() * 1000)
    )
    if label:
        events = events.filter(detail__label=label)
    return events.order_by().values_list("room_id", flat=True)


def label_names(when: dt.datetime) -> tuple[str, ...]:
    """The labels that classifiers have given since then, by name; at most SHOWN_LABELS."""
    events = RoomEvent.objects.filter(
        kind=RoomEvent.Kind.LABEL, at_ms__gte=int(when.timestamp() * 1000)
    ).order_by("-at_ms")[:MAX_LABELS]
    names = {event_details.label_of(event).label for event in events}
    return tuple(sorted(name for name in names if name))[:SHOWN_LABELS]
