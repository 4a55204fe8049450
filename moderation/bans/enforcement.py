"""What a platform ban means for one broadcast.

Whoever enforces it, the registry or a rule, asks here.

What nobody ordered one by one, a rule or the sweep, obeys the switches of the rules (`engine`). A
hold that lasts as long as a ban (`holds`) ends for itself, as system:hold, and follows from an
order: it is about the RoomId, too, and has its own reason and count.
"""

from moderation.actions.requests import ActionRequest
from moderation.core.limits import MAX_SECONDS
from moderation.models import Action, Ban
from rooms.models import Room

# Whoever found the room: an enforcement is the ban's, and the entry of the ban names the person.
ACTOR = "system:platform-ban"


def enforcement_for(ban: Ban, room: Room) -> ActionRequest | None:
    """The account's own broadcast is ended, from any other it is banned for the rest of the ban.

    None: nothing, the ban holds no more or the broadcast is over.
    """
    if not ban.in_force or not room.is_live:
        return None
    if room.owner_account == ban.account:
        return ActionRequest(verb=Action.Verb.END, room=room, policy=ban.policy, ban=ban, grace=0.0)
    return ActionRequest(
        verb=Action.Verb.ROOM_BAN,
        room=room,
        policy=ban.policy,
        ban=ban,
        account=ban.account,
        seconds=ban.seconds_left(MAX_SECONDS),
    )


def lifting_of(ban: Ban, room: Room) -> ActionRequest:
    """What takes the room ban back after the ban was lifted."""
    return ActionRequest(
        verb=Action.Verb.ROOM_UNBAN, room=room, policy=ban.policy, ban=ban, account=ban.account
    )
