"""What an act does at the vendor: the reading before it, the call itself, and how its effect is
read back.

Every act is ordered for one broadcast, but the vendor's commands take a RoomId, and a host may have
ended one broadcast and opened another under the same RoomId since. So an act on figures that are
not fresh, as the screens call it, reads the room first, and does nothing to a broadcast it was not
ordered for. Raises LiveApiError, as the client does.
"""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from liveapi import Call, LiveApiError, LiveClient, commands
from moderation.actions.handlers import final_totals
from moderation.actions.handlers.base import GONE, BroadcastState, Outcome, broadcast, too_late
from moderation.actions.handlers.warning_text import warning_text
from moderation.models import Action
from moderation.values.acts import Result, Warn, arguments_of
from rooms.models import Room

# The custom message that the vendor's own manager sends; apps that know it show it.
WARNING_BUSINESS = "violation_alert"
MAX_PAGES = 100
# Intervals of a room on a screen: what was told so lately is not read again before an act. Of a
# burst of acts each would wait for its turn to read, and a host who reopens within these seconds
# would be ended in the next ones anyway.
FRESH = 1.5
# What the vendor says a mute or ban lasts may differ a little from what was asked.
ROUGHLY = dt.timedelta(seconds=60)


def check(verb: str, room: Room, arguments: Mapping[str, object]) -> None:
    """Nothing: what these acts are given is checked when they are ordered, see
    `orders.submit`.
    """


def after(action: Action, before: Mapping[str, object]) -> dict[str, object]:
    """{}: nothing is kept of what was there before."""
    return {}


def precheck(client: LiveClient, action: Action) -> Outcome | None:
    """Reads before anything is sent.

    The outcome when nothing is left to send, None to go on with `perform`.

    After a try whose answer was lost this tells whether that try had its effect. A message cannot
    be read back and is never sent twice by itself.
    """
    lost = bool(action.kept.get("may_have_arrived"))
    if lost and action.verb == Action.Verb.WARN:
        raise LiveApiError(
            _("the warning may have been delivered; it is not sent twice by itself"), kind="invalid"
        )
    # A platform ban holds for whatever its account's rooms have become; an end is for one broadcast
    # even then.
    is_known = not lost and action.room.was_told_within(FRESH * settings.WATCHED_INTERVAL)
    if not is_known and (action.ban_id is None or action.verb == Action.Verb.END):
        standing = broadcast(client, action.room)
        if standing != "same":
            return over(action, standing, lost=lost)
    return read_back(client, action) if lost else None


def over(action: Action, standing: BroadcastState, *, lost: bool) -> Outcome:
    """The broadcast has ended: what an end wanted; anything else comes too late."""
    if action.verb == Action.Verb.END:
        result: Result = {
            **final_totals.of(action),
            "verified": True,
            "reopened": standing == "replaced",
        }
        # Ended by our own call, when one went out before its answer was lost; else by somebody
        # else.
        return Outcome(
            Action.Status.DONE if lost else Action.Status.ALREADY,
            code=None if lost else GONE,
            result=result,
        )
    raise too_late(action)


def perform(client: LiveClient, action: Action) -> Outcome:
    """The call that has the effect, in the lane that goes ahead of polling."""
    if action.verb == Action.Verb.END:
        return end(client, action)
    answer = client.call(command_of(action), lane="act")
    return Outcome(Action.Status.DONE, answer.request_id)


def command_of(action: Action) -> Call[Any]:
    """The vendor's command for a verb, apart from ending."""
    room_id, accounts, seconds = action.room.room_id, [action.account], action.seconds or 0
    match action.verb:
        case Action.Verb.MUTE:
            return commands.mute_member(room_id, accounts, seconds)
        case Action.Verb.UNMUTE:
            return commands.mute_member(room_id, accounts, 0)
        case Action.Verb.ROOM_BAN:
            return commands.ban_member(room_id, accounts, seconds, action.policy.code)
        case Action.Verb.ROOM_UNBAN:
            return commands.unban_member(room_id, accounts)
        case Action.Verb.WARN:
            return commands.send_custom_msg(
                room_id, settings.LIVE_ADMIN, WARNING_BUSINESS, warning(action)
            )
        case _:
            raise ValueError(f"no command of the vendor's is known for the verb {action.verb!r}")


def warning(action: Action) -> str:
    """The JSON text of a warning, as the vendor's own manager sends it."""
    asked = arguments_of("warn", action.arguments)
    language = asked.language if isinstance(asked, Warn) else ""
    told = warning_text(action.policy, action.text, language)
    content = {
        "violationType": told.reason,
        "violationTime": action.requested_at.isoformat(),
        "violationContent": action.text,
        "handleSuggestion": told.advice,
    }
    message = {
        "version": "1.0",
        "messageSource": "live_background",
        "messageType": "violation_alert",
        "content": content,
    }
    return json.dumps(message, ensure_ascii=False)


def end(client: LiveClient, action: Action) -> Outcome:
    """Destroys the room. 100004 on the destroy is success, said as the second outcome."""
    final_totals.keep(client, action)
    try:
        answer = client.call(commands.destroy_room(action.room.room_id), lane="act")
    except LiveApiError as error:
        if error.code != GONE:
            raise
        return Outcome(
            Action.Status.ALREADY,
            error.request_id,
            GONE,
            {**final_totals.of(action), "verified": True},
        )
    return Outcome(
        Action.Status.DONE,
        answer.request_id,
        None,
        final_totals.of(action, answer.value.statistics),
    )


def read_back(client: LiveClient, action: Action) -> Outcome | None:
    """Whether an earlier try of a mute or ban had its effect: then the outcome, else None to repeat
    it.
    """
    room_id = action.room.room_id
    match action.verb:
        case Action.Verb.MUTE | Action.Verb.UNMUTE:
            muted = client.call(commands.get_muted_member_list(room_id), lane="act").value
            until = {row.account: row.until for row in muted}
        case Action.Verb.ROOM_BAN | Action.Verb.ROOM_UNBAN:
            until = banned_accounts(client, room_id)
        case _:
            return None
    inside = action.account in until
    wanted = (
        inside and lasts(action, until[action.account])
        if action.verb in Action.OPPOSITE
        else not inside
    )
    return Outcome(Action.Status.DONE, result={"verified": True}) if wanted else None


def lasts(action: Action, until: int) -> bool:
    """Whether a mute or ban until then (Unix seconds, 0: not told) is as long as the one
    ordered.
    """
    asked = action.requested_at + dt.timedelta(seconds=action.seconds or 0) - ROUGHLY
    return not until or until >= asked.timestamp()


def banned_accounts(client: LiveClient, room_id: str) -> dict[str, int]:
    """Everybody banned from a room, all pages: account -> until when (Unix seconds, 0: not
    told).
    """
    accounts: dict[str, int] = {}
    offset = 0
    for _page in range(MAX_PAGES):
        page = client.call(commands.get_banned_member_list(room_id, offset, 100), lane="act").value
        accounts |= {row.account: row.until for row in page.accounts}
        if page.next_offset <= offset:
            break
        offset = page.next_offset
    return accounts
