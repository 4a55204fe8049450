"""Which module checks, looks and sends for which verb. What is not named here is done by `effects`.

check(verb, room, arguments)   raises LiveApiError(kind="invalid") before anything is stored
look(client, action)           the outcome when nothing is left to send, else None
send(client, action)           the call that has the effect
after(action, before)          what it makes of what was there before, under the same names
"""

from types import ModuleType
from typing import Any

from moderation.actions.handlers import room_lists, room_settings, stream_key
from moderation.models import Action

CHANGES: dict[str, ModuleType] = {
    **dict.fromkeys(room_settings.VERBS, room_settings),
    **dict.fromkeys(room_lists.VERBS, room_lists),
    **dict.fromkeys(stream_key.VERBS, stream_key),
}


def after(action: Action, before: dict[str, Any]) -> dict[str, Any]:
    """What an act has made of `before`, under the same names."""
    does = CHANGES.get(action.verb)
    found: dict[str, Any] = does.after(action, before) if does is not None else {}
    return found
