"""What the tests of facts share: a flushed Valkey, and rooms as the vendor tells them."""

import pytest
import redis

from liveapi.messages import RoomInfo
from rooms.ingest import fencing
from rooms.ingest.readings import Batch, InfoReading


@pytest.fixture
def hot(valkey, settings):
    """An empty Valkey that the code under test uses; answers are bytes."""
    settings.REDIS_URL = valkey
    with redis.Redis.from_url(valkey) as client:
        client.flushall()
        yield client


@pytest.fixture
def no_redis(settings):
    """Redis is away: nobody listens at its address."""
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"


@pytest.fixture
def fence(db):
    """The number of the newest leader."""
    return fencing.raise_fence("tests")


def room(room_id="room-1", create_time=1000, **fields) -> RoomInfo:
    """A room as the vendor tells it."""
    told = {"room_name": "A room", "owner_account": "host-1", **fields}
    return RoomInfo(room_id=room_id, create_time=create_time, **told)


def listed(*rooms, at=2000, whole=False) -> Batch:
    """A batch with these rooms, from the listing or from get_room_info."""
    batch = Batch()
    for info in rooms:
        batch.add_info(InfoReading(info, at, whole))
    return batch
