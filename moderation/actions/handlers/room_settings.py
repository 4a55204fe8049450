"""Changes of a room that goes on: its texts, list visibility, mute-all, quarantine.

Each is read before it is sent: what is so already is not sent again, a lost answer is read back,
and what was there before is kept in `Action.result["before"]` from the first look on, so that a
later try cannot take its own half-done work for it. Raises LiveApiError, as the client does.
"""

from collections.abc import Mapping
from typing import cast

from django.conf import settings

from liveapi import LiveClient, commands
from liveapi.messages import RoomInfo
from moderation.actions.handlers.base import Outcome, read_room, too_late
from moderation.models import Action
from moderation.values.acts import Result, arguments_of
from rooms.infra import json_values
from rooms.models import Room

# verb -> what it makes of the room
SWITCHES: dict[str, dict[str, bool]] = {
    "mute_all": {"is_message_disabled": True},
    "unmute_all": {"is_message_disabled": False},
    "publish": {"is_public_visible": True},
    "hide": {"is_public_visible": False},
    "quarantine": {"is_public_visible": False, "is_message_disabled": True},
}
# What a release makes of a room of which nobody knows how it was before.
OPEN = {"is_public_visible": True, "is_message_disabled": False}
VERBS = frozenset({*SWITCHES, "edit", "release"})


def wanted(verb: str, arguments: Mapping[str, object]) -> dict[str, object]:
    """What a change makes of the room: arguments of update_room_info, which are the names in
    RoomInfo too -> value.
    """
    if verb in SWITCHES:
        return dict(SWITCHES[verb])
    return json_values.write(arguments_of(verb, arguments))


def after(action: Action, before: Mapping[str, object]) -> dict[str, object]:
    return wanted(action.verb, action.arguments)


def check(verb: str, room: Room, arguments: Mapping[str, object]) -> None:
    """Raises LiveApiError(kind="invalid") when a change breaks the vendor's limits or holds
    nothing.
    """
    commands.update_room_info(
        room.room_id, is_unlimited_room_enabled=None, **wanted(verb, arguments)
    )


def precheck(client: LiveClient, action: Action) -> Outcome | None:
    """Reads the room. The outcome when it is so already, None to go on with `perform`."""
    info = same_broadcast(client, action)
    asked = wanted(action.verb, action.arguments)
    found = present(info, asked)
    remember(action, found)
    action.keep(unlimited=is_unlimited(info, action.room))
    return already_applied(action) if found == asked else None


def same_broadcast(client: LiveClient, action: Action) -> RoomInfo:
    """The room as it is now.

    Raises LiveApiError when the broadcast that the change was ordered for is over.
    """
    standing, info = read_room(client, action.room)
    if info is None or standing != "same":
        raise too_late(action)
    return info


def remember(action: Action, found: Mapping[str, object]) -> None:
    """Keeps what the first look at the room has found."""
    action.keep(before=action.kept.get("before", dict(found)))


def already_applied(action: Action) -> Outcome:
    """The outcome of a look that found what was wanted: after a lost answer that is our own
    doing.
    """
    lost = action.kept.get("may_have_arrived")
    return Outcome(
        Action.Status.DONE if lost else Action.Status.ALREADY,
        result={**kept(action), "verified": True},
    )


def present(info: RoomInfo, names: Mapping[str, object]) -> dict[str, object]:
    """What the vendor tells now of these fields, as JSON holds it. None: not told."""
    found = {name: getattr(info, name) for name in names}
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in found.items()
    }


def is_unlimited(info: RoomInfo, room: Room) -> bool:
    """What is sent as IsUnlimitedRoomEnabled, for a change without it may set it back to false."""
    for value in (info.is_unlimited_room_enabled, room.is_unlimited_room_enabled):
        if value is not None:
            return value
    return bool(settings.LIVE_UNLIMITED_UNTOLD)


def perform(client: LiveClient, action: Action) -> Outcome:
    """The call that has the effect. `precheck` has read the room just before."""
    asked = wanted(action.verb, action.arguments)
    unlimited = action.kept["unlimited"]
    call = commands.update_room_info(
        action.room.room_id, is_unlimited_room_enabled=unlimited, **asked
    )
    answer = client.call(call, lane="act")
    return Outcome(Action.Status.DONE, answer.request_id, result=kept(action))


def kept(action: Action) -> Result:
    """What an outcome keeps of the looks before it."""
    found = {name: value for name, value in action.kept.items() if name != "may_have_arrived"}
    return cast(Result, found)
