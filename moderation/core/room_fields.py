"""A room's fields when it is created, and their limits: those of the vendor's documents (reference
3.1), checked before a call is spent.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from liveapi.calls import UINT32
from moderation.models import PlannedRoom

# Seats of each layout: https://trtc.io/document/63401 and the vendor's introduction of them.
LAYOUTS = {
    "VideoDynamicGrid9Seats": 9,
    "VideoDynamicFloat7Seats": 7,
    "VideoFixedGrid9Seats": 9,
    "VideoFixedFloat7Seats": 7,
    "VideoLandscape4Seat": 4,
}
DEFAULT_LAYOUT = "VideoDynamicGrid9Seats"
SEAT_MODES = ("FreeToTake", "ApplyToTake")
NAME_BYTES = 100
NAME_BYTES_OF_APPS = 30  # the client SDK says -2107 above it: told, not refused
COVER_BYTES = 200
NOTICE_BYTES = 100
MAX_CATEGORIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRoom:
    """A room that is to be created: built by the form and by the API, stored as `PlannedRoom` under
    the same names, sent to the vendor.

    "" leaves a field to the vendor's default. visibility: a PlannedRoom.Visibility. import_owner:
    import the owner's account when the vendor lacks it. time_limit_seconds: from the host's start;
    None: no limit. starts_at: None for at once.
    """

    room_id: str
    owner_account: str
    name: str = ""
    cover_url: str = ""
    notice: str = ""
    categories: Sequence[int] = ()
    seat_template: str = DEFAULT_LAYOUT
    take_seat_mode: str = SEAT_MODES[0]
    visibility: str = PlannedRoom.Visibility.ON_START
    import_owner: bool = False
    time_limit_seconds: int | None = None
    starts_at: dt.datetime | None = None

    @property
    def is_listed_at_once(self) -> bool:
        return self.visibility == PlannedRoom.Visibility.PUBLIC


def room_of(plan: PlannedRoom) -> NewRoom:
    """The room that a stored plan is about."""
    return NewRoom(
        room_id=plan.room_id,
        owner_account=plan.owner_account,
        name=plan.name,
        cover_url=plan.cover_url,
        notice=plan.notice,
        categories=plan.categories,
        seat_template=plan.seat_template,
        take_seat_mode=plan.take_seat_mode,
        visibility=plan.visibility,
        import_owner=plan.import_owner,
        time_limit_seconds=plan.time_limit_seconds,
        starts_at=plan.starts_at,
    )


def is_category(number: object) -> bool:
    return type(number) is int and 0 <= number <= UINT32


def wrong_size(value: str, max_bytes: int) -> str:
    """What is wrong with the size of a text in UTF-8; "" for a good one."""
    try:
        size = len(value.encode())
    except UnicodeEncodeError:
        return _("It contains an incomplete character.")
    if size > max_bytes:
        values = {"most": max_bytes, "size": size}
        return (
            _(
                "At most %(most)d bytes; this has %(size)d. Letters outside of ASCII have more "
                "than one."
            )
            % values
        )
    return ""


def wrong_text(value: str, max_bytes: int) -> str:
    """What is wrong with one line of text, its size in UTF-8 included; "" for a good one."""
    if wrong := wrong_size(value, max_bytes):
        return wrong
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in value):
        return _("Control characters and line breaks are not allowed.")
    if value != value.strip():
        return _("No spaces at its beginning or end.")
    return ""
