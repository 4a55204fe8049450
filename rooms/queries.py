"""Facts as the screens and the acts read them."""

import time

from rooms.models import Room, RoomQuerySet, Sample


def live_rooms() -> RoomQuerySet:
    """Broadcasts that have not ended as far as we know."""
    return Room.objects.live()


def live_room(room_id: str) -> Room | None:
    """The broadcast now live under a RoomId."""
    return Room.objects.live().filter(room_id=room_id).first()


def rooms_of(account: str) -> RoomQuerySet:
    """The live broadcasts of a host."""
    return Room.objects.live().filter(owner_account=account)


def broadcasts(room: Room, limit: int = 20) -> list[Room]:
    """The broadcasts under the same RoomId, newest first, this one included."""
    return list(Room.objects.filter(room_id=room.room_id).order_by("-create_time")[:limit])


def samples(room: Room, minutes: int = 60) -> list[Sample]:
    """The minute buckets of the last `minutes` (of the broadcast's last, when it has ended), oldest first."""
    end = room.ended_at.timestamp() if room.ended_at else time.time()
    return list(Sample.objects.filter(room=room, minute__gt=int(end) // 60 - minutes).order_by("minute"))
