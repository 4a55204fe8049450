"""Where the picture of a room comes from."""

from urllib.parse import quote

from django.conf import settings

from liveapi import usersig
from rooms.infra import database_time
from rooms.ingest import observers
from rooms.models import Room


def address(room_id: str) -> str:
    """The HLS playlist of a room; "" when no such source is set up."""
    if settings.PICTURE_SOURCE != "hls":
        return ""
    if room_id in {".", ".."}:  # a browser would leave the folder, however they are written
        return ""
    return str(settings.HLS_URL).replace("{room_id}", quote(room_id, safe=""))


def admission(room: Room, person: int, tile: str) -> dict[str, object]:
    """What a tile needs to enter a room by the vendor's SDK: an account of its own, a signature for
    that account alone, and one that holds it to this room and to watching, where the application
    asks for that.

    Raises ValueError for a tile without a proper name.
    """
    account = observers.account_of(person, tile)
    whose = (account, settings.LIVE_SDKAPPID, settings.LIVE_SECRET_KEY)
    now, expire = int(database_time.unix()), settings.OBSERVER_SECONDS
    signature = usersig.sign(*whose, now=now, expire=expire)
    bound = usersig.private_map_key(
        *whose, room_id=room.room_id, privileges=usersig.WATCH_ONLY, now=now, expire=expire
    )
    return {
        "sdkAppId": settings.LIVE_SDKAPPID,
        "userId": account,
        "userSig": signature,
        "privateMapKey": bound,
        "strRoomId": room.room_id,
    }
