"""What a platform ban means for one broadcast.

Whoever enforces it, the registry or a rule, asks here.

What nobody ordered one by one, a rule or the sweep, obeys the switches of the rules (`engine`). A
hold that lasts as long as a ban (`holds`) ends for itself, as system:hold, and follows from an
order: it is about the RoomId, too, and has its own reason and count.
"""

from dataclasses import dataclass

from moderation.core.limits import MAX_SECONDS
from moderation.models import Ban
from rooms.models import Room

# Whoever found the room: an enforcement is the ban's, and the entry of the ban names the person.
ACTOR = "system:platform-ban"


@dataclass(frozen=True, slots=True)
class Enforcement:
    """verb: end or room_ban. account, seconds: of the room ban; "" and 0 for an end."""

    verb: str
    account: str = ""
    seconds: int = 0


def enforcement_for(ban: Ban, room: Room) -> Enforcement | None:
    """The account's own broadcast is ended, from any other it is banned for the rest of the ban.

    None: nothing, the ban holds no more or the broadcast is over.
    """
    if not ban.in_force or not room.is_live:
        return None
    if room.owner_account == ban.account:
        return Enforcement("end")
    return Enforcement("room_ban", ban.account, ban.seconds_left(MAX_SECONDS))
