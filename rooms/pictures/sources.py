"""Where stills of a room come from, by setting: the platform's own snapshot address, else the HLS
stream, else what tiles send.
"""

from typing import NamedTuple
from urllib.parse import quote

from django.conf import settings

HLS, ADDRESS, TILE = "hls", "address", "tile"


class Source(NamedTuple):
    """kind: HLS, ADDRESS or TILE. template: an address with {room_id}; "" for tiles."""

    kind: str
    template: str

    def address(self, room_id: str) -> str:
        """The address of one room; "" for a RoomId that would leave the folder."""
        if room_id in {".", ".."}:
            return ""
        return self.template.replace("{room_id}", quote(room_id, safe=""))


def source() -> Source | None:
    """What is set up; None: no stills are taken."""
    if not settings.STILL_INTERVAL:
        return None
    if settings.STILL_URL:
        return Source(ADDRESS, settings.STILL_URL)
    if settings.PICTURE_SOURCE == "hls" and settings.HLS_URL:
        return Source(HLS, settings.HLS_URL)
    if settings.STILL_FROM_TILES and settings.PICTURE_SOURCE != "cover":
        return Source(TILE, "")
    return None
