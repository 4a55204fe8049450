"""What a room that opens is like: template, cover, settings, usual audience, generosity.

All of it comes from seeds.
"""

import random
import zlib

from simulator.bodies import Body
from simulator.world import figures, names
from simulator.world.rooms import Room

TEMPLATES = (
    ("VideoDynamicGrid9Seats", 9),
    ("VideoDynamicFloat7Seats", 7),
    ("VideoFixedGrid9Seats", 9),
    ("VideoFixedFloat7Seats", 7),
    ("VideoLandscape4Seat", 4),
    ("AudioSalon", 10),
    ("Karaoke", 8),
)
MAX_AUDIENCE = 30_000  # usual audience
# Two stations that are on round the clock, each with more than 50,000 people whatever the hour:
# host -> usual audience.
STATIONS = {1: 64_000, 14: 58_000}
STATIONS_FROM = 20_000  # viewers in the world: a smaller one has no stations


def new_room(
    info: Body,
    *,
    at: float,
    size: int,
    rng: random.Random,
    number: int,
    host: int | None,
    address: str,
) -> Room:
    """A room that is not opened yet.

    `info`: the vendor's fields that are decided; `size`: its usual audience.
    """
    template, seats = rng.choice(TEMPLATES)
    owner = str(info["Owner_Account"])
    usual = {
        "RoomType": "Live",
        "CoverURL": cover_of(owner, address),
        "CreateTime": int(at),
        "Notice": "",
        "Category": sorted(rng.sample(range(1, 12), rng.randint(0, 3))),
        "ActivityStatus": 0,
        "IsMessageDisabled": False,
        "IsSeatEnabled": True,
        "TakeSeatMode": rng.choice(("FreeToTake", "ApplyToTake")),
        "MaxSeatCount": seats,
        "MaxMemberCount": 100_000,
        "SeatTemplate": template,
        "IsUnlimitedRoomEnabled": True,
        "IsGiftEnabled": True,
        "IsLikeEnabled": True,
        "KeepOwnerOnSeat": True,
    }
    # Most give little, a few a lot: coins a small gift.
    shape = figures.Shape(
        size,
        rng.lognormvariate(2.5, 0.9),
        rng.uniform(0, 6.28),
        rng.uniform(0.5, 2),
        rng.getrandbits(30),
    )
    return Room(info=usual | info, shape=shape, opened_at=at, number=number, host=host)


def cover_of(owner: str, address: str) -> str:
    """The picture of a room that no host of the world opened."""
    number = zlib.crc32(owner.encode()) % 9973
    themes = tuple(names.THEMES)
    return f"{address}/covers/{themes[number % len(themes)]}-{number}.svg"


def usual_audience(host: int, mean: float, seed: int) -> int:
    """A host's usual audience, heavy-tailed: a few very large ones, many small, some with nobody.

    `mean`: people a room that the world is to have.
    """
    if host % 13 == 5:
        return 0
    # 0.22: of such a distribution a world sees a mean of about 4 to 5, so the rooms together hold
    # about `viewers`.
    tail = random.Random(f"{seed} size {host}").paretovariate(1.15)
    return int(min(MAX_AUDIENCE, max(1.0, mean) * 0.22 * tail))
