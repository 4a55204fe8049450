"""The limits of a room's fields: those of the vendor's documents (reference 3.1), checked before a
call is spent.
"""

from django.utils.translation import gettext as _

from liveapi.calls import UINT32

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


def is_category(number: object) -> bool:
    return type(number) is int and 0 <= number <= UINT32


def wrong_size(value: str, most: int) -> str:
    """What is wrong with the size of a text of at most `most` bytes of UTF-8; "" for a good one."""
    try:
        size = len(value.encode())
    except UnicodeEncodeError:
        return _("There is half a character in it.")
    if size > most:
        told = {"most": most, "size": size}
        return (
            _(
                "At most %(most)d bytes; this has %(size)d. Letters outside of ASCII have more "
                "than one."
            )
            % told
        )
    return ""


def wrong_text(value: str, most: int) -> str:
    """What is wrong with one line of text of at most `most` bytes of UTF-8; "" for a good one."""
    if wrong := wrong_size(value, most):
        return wrong
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in value):
        return _("Control characters and line breaks are not taken.")
    if value != value.strip():
        return _("No spaces at its beginning or end.")
    return ""
