"""Carries out one act: claims its row, calls the vendor, records the outcome with its entry in one transaction."""

import dataclasses
import datetime as dt
import json
import logging
import random
import uuid
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from liveapi import LiveApiError, LiveClient, commands
from moderation import audit, tasks
from moderation.models import Action
from rooms import ingest, live, vendor
from rooms.models import Room

logger = logging.getLogger(__name__)
LEASE = dt.timedelta(seconds=30)
GONE = 100004
# The custom message that the vendor's own manager sends; apps that know it show it.
WARNING_BUSINESS = "violation_alert"


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a call. status: done or already. result: final totals, what reading back showed."""

    status: str
    request_id: str = ""
    code: int | None = None
    result: dict[str, Any] = dataclasses.field(default_factory=dict)


def execute(action_id: int) -> None:
    """Carries out an act that is due. Redelivered, too early or claimed by somebody else: changes nothing."""
    action = claim(action_id)
    if action is None:
        return
    live.publish_act(action.room.pk, action.pk)
    try:
        client = vendor.sync_client()
        repeated = action.attempts > 1
        outcome = read_back(client, action) if repeated else None
        outcome = outcome or call(client, action)
    except LiveApiError as error:
        failed(action, error)
    except Exception:
        logger.exception("act %s", action.pk)
        failed(action, LiveApiError("an error of the console; its log says more", kind="config"))
    else:
        succeeded(action, outcome)


def claim(action_id: int) -> Action | None:
    """The act, claimed for LEASE by a conditional update; None when it is not to be had."""
    now, mark = timezone.now(), uuid.uuid4()
    with transaction.atomic():
        due = Action.objects.filter(pk=action_id, status__in=["requested", "unknown"], due_at__lte=now)
        action = due.select_related("room", "policy", "ban").first()
        if action is None:
            return None
        won = due.filter(attempts=action.attempts).update(
            status="calling", claim=mark, lease_until=now + LEASE, attempts=action.attempts + 1, called_at=now
        )
        if not won:
            return None
    action.status, action.claim, action.attempts = "calling", mark, action.attempts + 1
    return action


def call(client: LiveClient, action: Action) -> Outcome:
    """The request itself, in the lane that goes ahead of polling. Raises LiveApiError."""
    if action.verb == "end":
        return end(client, action)
    answer = client.call(_calls(action), lane="act")
    return Outcome("done", answer.request_id)


def _calls(action: Action) -> Any:
    """The vendor's command for a verb, apart from ending."""
    room_id, accounts, seconds = action.room.room_id, [action.account], action.seconds or 0
    match action.verb:
        case "mute":
            return commands.mute_member(room_id, accounts, seconds)
        case "unmute":
            return commands.mute_member(room_id, accounts, 0)
        case "room_ban":
            return commands.ban_member(room_id, accounts, seconds, action.policy.code)
        case "room_unban":
            return commands.unban_member(room_id, accounts)
        case _:
            return commands.send_custom_msg(room_id, settings.LIVE_ADMIN, WARNING_BUSINESS, warning(action))


def warning(action: Action) -> str:
    """The JSON text of a warning, as the vendor's own manager sends it."""
    content = {
        "violationType": action.policy.title,
        "violationTime": action.requested_at.isoformat(),
        "violationContent": action.text,
        "handleSuggestion": action.policy.text,
    }
    message = {
        "version": "1.0",
        "messageSource": "live_background",
        "messageType": "violation_alert",
        "content": content,
    }
    return json.dumps(message, ensure_ascii=False)


def end(client: LiveClient, action: Action) -> Outcome:
    """Destroys the room and reads it back. 100004 on the destroy is success, said as the second outcome."""
    try:
        answer = client.call(commands.destroy_room(action.room.room_id), lane="act")
    except LiveApiError as error:
        if error.code != GONE:
            raise
        return Outcome("already", error.request_id, GONE, totals(action.room))
    told = answer.value.statistics
    result = (
        {name: value for name, value in dataclasses.asdict(told).items() if value is not None} if told else {}
    )
    return Outcome(
        "done",
        answer.request_id,
        None,
        {**(result or totals(action.room)), "verified": is_gone(client, action)},
    )


def totals(room: Room) -> dict[str, Any]:
    """The last totals we read, for when the vendor no longer tells."""
    found = Room.objects.filter(pk=room.pk).values("reward", "gifts", "likes", "views").first()
    known = dict(found) if found else {}
    return {f"last_{name}": value for name, value in known.items() if value is not None}


def is_gone(client: LiveClient, action: Action) -> bool:
    """Whether this broadcast is over: 100004, or the RoomId is a later broadcast now. False when nobody can tell."""
    try:
        info = client.call(commands.get_room_info(action.room.room_id), lane="act").value
    except LiveApiError as error:
        return error.code == GONE
    return action.room.is_followed_by(info.create_time)


def read_back(client: LiveClient, action: Action) -> Outcome | None:
    """Before a repetition: did an earlier try have its effect? The outcome when it did, None to go on.

    A message cannot be read back and is never sent twice: LiveApiError says that it may have arrived.
    """
    room_id, wanted = action.room.room_id, {"verified": "read back"}
    match action.verb:
        case "end":
            return (
                Outcome("done", "", None, totals(action.room) | wanted) if is_gone(client, action) else None
            )
        case "mute" | "unmute":
            muted = client.call(commands.get_muted_member_list(room_id), lane="act").value
            inside = any(row.account == action.account for row in muted)
            return Outcome("done", result=wanted) if inside == (action.verb == "mute") else None
        case "room_ban" | "room_unban":
            inside = action.account in banned_accounts(client, room_id)
            return Outcome("done", result=wanted) if inside == (action.verb == "room_ban") else None
        case _ if action.result.get("may_have_arrived"):
            raise LiveApiError(
                "the warning may have been delivered; it is not sent twice by itself", kind="invalid"
            )
    return None


def banned_accounts(client: LiveClient, room_id: str) -> set[str]:
    """Everybody banned from a room, all pages."""
    accounts: set[str] = set()
    offset = 0
    for _page in range(100):
        page = client.call(commands.get_banned_member_list(room_id, offset, 100), lane="act").value
        accounts |= {row.account for row in page.accounts}
        if not page.next_offset or page.next_offset <= offset:
            break
        offset = page.next_offset
    return accounts


def succeeded(action: Action, outcome: Outcome) -> None:
    """Records a success; an ended broadcast is marked as ended in the same transaction."""
    now = timezone.now()
    with transaction.atomic():
        kept = {
            "vendor_code": outcome.code,
            "vendor_text": "",
            "request_id": outcome.request_id,
            "result": outcome.result,
        }
        if not settle(action, status=outcome.status, finished_at=now, **kept):
            return
        if action.verb == "end":
            ingest.end_room(action.room, cause=Room.EndCause.ACT, at=now)


def failed(action: Action, error: LiveApiError) -> None:
    """Records a failure: tried again later, read back first after a lost answer, or given up with the vendor's words."""
    now = timezone.now()
    lost = error.effect_unknown and action.verb == "warn"
    wait = min(30.0, 0.5 * 2**action.attempts) * random.uniform(0.5, 1.0)  # noqa: S311 (jitter)
    again = now + dt.timedelta(seconds=wait)
    told: dict[str, Any] = {
        "vendor_code": error.code,
        "vendor_text": error.text,
        "request_id": error.request_id,
    }
    if lost:
        told["result"] = {"may_have_arrived": True}
    if (error.retryable or error.effect_unknown) and not lost and again < action.give_up_at:
        status = "unknown" if error.effect_unknown else "requested"
        if settle(action, status=status, due_at=again, **told):
            tasks.enqueue(action.pk, delay=wait)
        return
    settle(action, status="failed", finished_at=now, **told)


def settle(action: Action, **fields: Any) -> bool:
    """Writes the outcome and its entry, if the claim still holds. False when another worker has taken over."""
    with transaction.atomic():
        mine = Action.objects.filter(pk=action.pk, claim=action.claim, status="calling")
        if not mine.update(claim=None, lease_until=None, **fields):
            logger.warning("act %s was taken over", action.pk)
            return False
        action.refresh_from_db()
        by: audit.Actor = action.by or action.by_name
        audit.record_action(action, by=by, outcome=action.status, before="calling")
        transaction.on_commit(lambda: live.publish_act(action.room.pk, action.pk))
        transaction.on_commit(lambda: live.ask_refresh(action.room.pk))
    return True
