"""Reading the fields of a request body: what is missing or of the wrong kind is refused in the
vendor's codes.
"""

from typing import Any

from simulator.errors import Refusal

Body = dict[str, Any]  # a JSON object of the vendor's, in either direction
UINT32 = 4_294_967_295


def text(body: Body, name: str, *, min_bytes: int = 1, max_bytes: int = 12_000) -> str:
    """A string of `min_bytes` to `max_bytes` bytes; Refusal 100002 otherwise."""
    value = body.get(name)
    if not isinstance(value, str) or not min_bytes <= len(value.encode()) <= max_bytes:
        raise Refusal(100002, f"{name} takes a string of {min_bytes} to {max_bytes} bytes")
    return value


def number(body: Body, name: str, *, minimum: int = 0, maximum: int = UINT32) -> int:
    """An integer from `minimum` to `maximum`; Refusal 100002 otherwise."""
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not minimum <= value <= maximum:
        raise Refusal(100002, f"{name} takes an integer from {minimum} to {maximum}")
    return value


def account(body: Body, name: str) -> str:
    """An account id; Refusal 100002 when missing, 60015 when it is not text."""
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise Refusal(60015, f"{name} takes a string")
    return text(body, name, max_bytes=64)


def accounts(body: Body, name: str, max_count: int) -> list[str]:
    """1 to `max_count` account ids; Refusal 100002 for another number, 60015 for one that is no
    text.
    """
    values = body.get(name)
    if not isinstance(values, list) or not 0 < len(values) <= max_count:
        raise Refusal(100002, f"{name} takes 1 to {max_count} accounts")
    return [account({name: value}, name) for value in values]


def items(body: Body, name: str, max_count: int) -> list[Body]:
    """1 to `max_count` JSON objects; Refusal 100002 otherwise."""
    values = body.get(name)
    if not isinstance(values, list) or not 0 < len(values) <= max_count:
        raise Refusal(100002, f"{name} takes 1 to {max_count} objects")
    if not all(isinstance(value, dict) for value in values):
        raise Refusal(100002, f"{name} takes objects")
    return values
