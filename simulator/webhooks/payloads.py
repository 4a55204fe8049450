"""How an event is written and signed as a callback, in either of the vendor's spellings.
https://trtc.io/document/64412

The parameter tables and the samples of the vendor's pages spell some names differently, and both
have been seen.
"""

import hashlib
import json

from simulator.bodies import Body
from simulator.world import events
from simulator.world.events import Event

# The table leaves "After" out, the sample does not: https://trtc.io/document/64424
TABLE_NAMES = {events.MEMBERS: "Live.CallbackMemberStateChanged"}


def sign(token: str, request_time: int) -> str:
    """The `Sign` of a callback: a plain hash over token and time, lowercase hex."""
    return hashlib.sha256(f"{token}{request_time}".encode()).hexdigest()


def query(
    command: str,
    *,
    sdkappid: int,
    token: str,
    now: float,
    platform: str = events.REST,
    tables: bool = False,
) -> dict[str, str]:
    """The parameters beside the address; signed when there is a token.

    `now`: Unix seconds of the real clock.

    `tables`: spelt as in the vendor's tables, and without the two parameters that newer commands do
    not send.
    """
    if tables:
        sent = {"SdkAppId": str(sdkappid), "WebhookCommand": TABLE_NAMES.get(command, command)}
    else:
        sent = {"SdkAppid": str(sdkappid), "CallbackCommand": command}
        sent |= {"ClientIP": "127.0.0.1", "OptPlatform": platform}
    sent["contenttype"] = "json"
    if token:
        sent |= {"Sign": sign(token, int(now)), "RequestTime": str(int(now))}
    return sent


def written(event: Event, *, tables: bool = False, statistic: bool = True) -> bytes:
    """The body of an event; `statistic` no: an ended room's totals are left out.

    The samples have EventTime as text for messages, and not at all when a room was created.
    """
    body: Body = {"CallbackCommand": event.command, **event.body}
    at = int(event.at * 1000)
    if tables:
        body["CallbackCommand"] = TABLE_NAMES.get(event.command, event.command)
        if "opType" in body:
            body["OpType"] = body.pop("opType")
        body["EventTime"] = at
    elif event.command != events.CREATED:
        body["EventTime"] = str(at) if event.command.startswith("Group.") else at
    if not statistic:
        body.pop("Statistic", None)
    return json.dumps(body, ensure_ascii=False).encode()


def code_of(status: int, raw: bytes) -> int | None:
    """The ErrorCode of an answer; None when the vendor would not take it for one.

    All three fields are mandatory.
    """
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if (
        status != 200
        or not isinstance(answer, dict)
        or not {"ActionStatus", "ErrorInfo"} <= answer.keys()
    ):
        return None
    code = answer.get("ErrorCode")
    return code if type(code) is int else None
