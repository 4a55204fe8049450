"""The two pictures of an alert about the same picture, for pages."""

from typing import NamedTuple

from moderation.models import Alert
from moderation.pictures.comparison import SOURCE
from moderation.values.evidence import SamePicture
from rooms.infra import json_values


class Pictures(NamedTuple):
    """own, other: pks of KeptStill; own None: only the room's newest still is left. room, room_id:
    of the other broadcast. bits: of 128, how many differ.
    """

    own: int | None
    other: int
    room: int
    room_id: str
    bits: int


def pictures_of(alert: Alert) -> Pictures | None:
    """None for an alert that is about no likeness."""
    if alert.source != SOURCE:
        return None
    found = json_values.read(SamePicture, alert.evidence)
    if found.kept is None or found.room is None:
        return None
    return Pictures(found.own, found.kept, found.room, found.room_id, found.bits)
