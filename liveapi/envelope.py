"""The vendor's answer around the payload: judged by ErrorCode, never by the HTTP status alone.

https://trtc.io/document/63398: the HTTP status is 200 even for failures; only gateway trouble shows
as another.
"""

import json
from collections.abc import Mapping

import orjson

from liveapi import reading
from liveapi.errors import LiveApiError, vendor_error
from liveapi.reading import Json

INFO_LENGTH = 500
_REQUEST_TIMEOUT = 408
_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500


def decode(body: bytes) -> Json:
    """The JSON of a body, None when it is none.

    The strict decoder first; the lenient one for bodies with broken UTF-8 or half an emoji, so that
    one odd name does not cost a whole page of rooms.
    """
    body = body.removeprefix(b"\xef\xbb\xbf")  # a BOM, which RFC 8259 lets readers ignore
    try:
        found: Json = orjson.loads(body)
    except ValueError:
        try:
            found = json.loads(body.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            return None
    return found


def unwrap(status: int, body: bytes, *, command: str) -> tuple[Mapping[str, object], str]:
    """(payload, RequestId) of a successful answer.

    The payload is the object under `Response`, else the top level (Chat commands put their data
    there). Raises LiveApiError of kind vendor, transport or malformed.
    """
    answer = decode(body)
    success = 200 <= status < 300
    if not isinstance(answer, dict):
        if not success:
            raise _gateway_error(status, command)
        raise LiveApiError(
            "the answer is not a JSON object",
            kind="malformed",
            retryable=True,
            command=command,
            http_status=status,
        )
    request_id = reading.text(answer.get("RequestId"), 128)
    code = _code(answer)
    if code:
        info = reading.text(answer.get("ErrorInfo"), INFO_LENGTH)
        raise vendor_error(code, info, command=command, request_id=request_id, http_status=status)
    if not success:
        raise _gateway_error(status, command, request_id)
    if code is None:
        raise LiveApiError(
            "the answer has no ErrorCode",
            kind="malformed",
            retryable=True,
            command=command,
            request_id=request_id,
            http_status=status,
        )
    payload = answer.get("Response")
    return (payload if isinstance(payload, dict) else answer), request_id


def _code(answer: Mapping[str, object]) -> int | None:
    if "ErrorCode" in answer:
        return reading.whole(answer["ErrorCode"])
    return 0 if answer.get("ActionStatus") == "OK" else None


def _gateway_error(status: int, command: str, request_id: str = "") -> LiveApiError:
    return LiveApiError(
        f"the gateway answered HTTP {status}",
        kind="transport",
        retryable=status >= _SERVER_ERROR or status in {_REQUEST_TIMEOUT, _TOO_MANY_REQUESTS},
        command=command,
        request_id=request_id,
        http_status=status,
    )
