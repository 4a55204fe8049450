"""Facts as the screens and the acts read them."""

from rooms.infra import database_time
from rooms.models import Room, Sample


def samples(room: Room, minutes: int = 60) -> list[Sample]:
    """The minute buckets of the last `minutes` (of the broadcast's last, when it has ended), oldest
    first.
    """
    end = room.ended_at.timestamp() if room.ended_at else database_time.unix()
    return list(
        Sample.objects.filter(room=room, minute__gt=int(end) // 60 - minutes).order_by("minute")
    )
