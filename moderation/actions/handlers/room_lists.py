"""Changes of what a room holds beside its facts: its administrators and its metadata.

See `room_settings` for the habits.

Their arguments: Admins and Metadata of moderation.values.acts.
"""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from liveapi import Call, LiveApiError, LiveClient, commands
from liveapi.commands.members import ROOM_ADMINS
from liveapi.commands.rooms import METADATA_BYTES, METADATA_KEYS
from moderation.actions.handlers import room_settings
from moderation.actions.handlers.base import Outcome
from moderation.models import Action
from moderation.values.acts import Admins, Metadata, arguments_of
from rooms.models import Room

VERBS = frozenset({"admins", "metadata"})
NO_SUCH_KEYS = 100503


def check(verb: str, room: Room, arguments: Mapping[str, object]) -> None:
    """Raises LiveApiError(kind="invalid") when a change breaks the vendor's limits or holds
    nothing.
    """
    command(verb, room, arguments)


def command(verb: str, room: Room, arguments: Mapping[str, object]) -> Call[None]:
    """The vendor's command for a change."""
    match arguments_of(verb, arguments):
        case Admins(operation=operation, accounts=accounts):
            return commands.modify_admin(room.room_id, accounts, operation)
        case Metadata(set=values) if values is not None:
            return commands.set_room_metadata(room.room_id, values)
        case Metadata(delete=keys):
            return commands.del_room_metadata(room.room_id, keys or ())
        case _:
            raise ValueError(f"{verb} changes neither administrators nor metadata")


def precheck(client: LiveClient, action: Action) -> Outcome | None:
    """Reads the list. The outcome when it is so already, None to go on with `perform`."""
    room_settings.same_broadcast(client, action)
    found = (
        admins(client, action) if action.verb == Action.Verb.ADMINS else metadata(client, action)
    )
    before: dict[str, object] = {action.verb: found}
    room_settings.remember(action, before)
    return room_settings.already_applied(action) if after(action, before) == before else None


def after(action: Action, before: Mapping[str, object]) -> dict[str, object]:
    """before: {"admins": [...]}, or {"metadata": {key: value or None}} of the keys in question."""
    asked = arguments_of(action.verb, action.arguments)
    if isinstance(asked, Metadata):
        return {"metadata": {**(asked.set or {}), **dict.fromkeys(asked.delete or ())}}
    if not isinstance(asked, Admins):
        return {}
    known = before.get("admins")
    return {"admins": admins_after(asked, known if isinstance(known, list) else [])}


def admins_after(asked: Admins, now: Sequence[str]) -> list[str]:
    if asked.operation == "delete":
        return [account for account in now if account not in asked.accounts]
    return list(dict.fromkeys([*now, *asked.accounts]))


def admins(client: LiveClient, action: Action) -> list[str]:
    """The administrators now. Raises LiveApiError when there would be too many."""
    now = list(client.call(commands.get_admin_list(action.room.room_id), lane="act").value)
    asked = arguments_of("admins", action.arguments)
    assert isinstance(asked, Admins)
    if len(admins_after(asked, now)) > max(ROOM_ADMINS, len(now)):
        words = _("the room has %(now)s administrators, and may have %(most)s: take one out first")
        raise LiveApiError(words % {"now": len(now), "most": ROOM_ADMINS}, kind="invalid")
    return now


def metadata(client: LiveClient, action: Action) -> dict[str, str | None]:
    """The values of the keys in question now, None: no such key.

    Raises LiveApiError when the room would hold too much."""
    now = client.call(commands.get_room_metadata(action.room.room_id), lane="act").value
    asked = arguments_of("metadata", action.arguments)
    assert isinstance(asked, Metadata)
    new = asked.set or {}
    then = now | new
    if new and len(then) > METADATA_KEYS:
        words = _("the room has %(now)s keys, and may have %(most)s: delete one first")
        raise LiveApiError(words % {"now": len(now), "most": METADATA_KEYS}, kind="invalid")
    if new and sum(len(value.encode()) for value in then.values()) > METADATA_BYTES:
        words = _("all values together may have %(most)s bytes: delete one first")
        raise LiveApiError(words % {"most": METADATA_BYTES}, kind="invalid")
    return {key: now.get(key) for key in (*new, *(asked.delete or ()))}


def perform(client: LiveClient, action: Action) -> Outcome:
    """The call that has the effect.

    Deleting what somebody else has deleted a moment ago is a success.
    """
    try:
        answer = client.call(command(action.verb, action.room, action.arguments), lane="act")
    except LiveApiError as error:
        if error.code != NO_SUCH_KEYS:
            raise
        return Outcome(
            Action.Status.ALREADY, error.request_id, NO_SUCH_KEYS, room_settings.kept(action)
        )
    return Outcome(Action.Status.DONE, answer.request_id, result=room_settings.kept(action))
