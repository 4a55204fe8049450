"""What a call is, and the checks of its arguments against the vendor's limits before anything is
sent.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from liveapi.errors import LiveApiError
from liveapi.messages import Payload

T_co = TypeVar("T_co", covariant=True)

ROOMS = "live_engine_http_srv"
SEATS = "room_engine_http_mic"
ROOM_ID_BYTES = (
    128  # 48 by today's rule for new ones; rooms with longer ids were seen and must be endable
)
ACCOUNT_BYTES = 128
UINT32 = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Call(Generic[T_co]):
    """One call, ready to be sent: /v4/{service}/{command} with `body`, its answer read by `parse`.

    repeatable: sending it twice does no more than sending it once (https://trtc.io/document/63398
    and the pages of the commands). reads: it changes nothing.
    """

    service: str
    command: str
    body: Mapping[str, object]
    parse: Callable[[Payload], T_co]
    repeatable: bool = True
    reads: bool = False


def invalid(text: str) -> LiveApiError:
    return LiveApiError(text, kind="invalid")


def text(name: str, value: object, max_bytes: int, *, min_bytes: int = 0) -> str:
    """`value`, if it has between `min_bytes` and `max_bytes` bytes of UTF-8; raises
    LiveApiError(kind="invalid").
    """
    if not isinstance(value, str):
        raise invalid(f"{name} must be text")
    try:
        size = len(value.encode())
    except UnicodeEncodeError:
        raise invalid(f"{name} holds half a character") from None
    if not min_bytes <= size <= max_bytes:
        raise invalid(f"{name} must have {min_bytes} to {max_bytes} bytes, it has {size}")
    return value


def number(name: str, value: object, minimum: int, maximum: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not minimum <= value <= maximum:
        raise invalid(f"{name} must be a whole number from {minimum} to {maximum}")
    return value


def room(room_id: str) -> str:
    return text("RoomId", room_id, ROOM_ID_BYTES, min_bytes=1)


def account(value: object, name: str = "the account") -> str:
    return text(name, value, ACCOUNT_BYTES, min_bytes=1)


def accounts(
    values: Sequence[str], max_count: int, name: str = "the list of accounts"
) -> list[str]:
    """1 to `max_count` accounts, in their order, each once."""
    if isinstance(values, str):
        raise invalid(f"{name} must be a list")
    found = list(dict.fromkeys(account(value) for value in values))
    if not 1 <= len(found) <= max_count:
        raise invalid(f"{name} must hold 1 to {max_count} accounts, it holds {len(found)}")
    return found
