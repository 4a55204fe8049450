"""Reading the fields of a request body: what is missing or of the wrong kind is refused in the
vendor's codes.
"""

from typing import Any

from simulator.errors import Refusal

Body = dict[str, Any]  # a JSON object of the vendor's, in either direction
UINT32 = 4_294_967_295


def text(body: Body, name: str, *, least: int = 1, most: int = 12_000) -> str:
    """A string of `least` to `most` bytes; Refusal 100002 otherwise."""
    value = body.get(name)
    if not isinstance(value, str) or not least <= len(value.encode()) <= most:
        raise Refusal(100002, f"{name} takes a string of {least} to {most} bytes")
    return value


def number(body: Body, name: str, *, least: int = 0, most: int = UINT32) -> int:
    """An integer from `least` to `most`; Refusal 100002 otherwise."""
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise Refusal(100002, f"{name} takes an integer from {least} to {most}")
    return value


def account(body: Body, name: str) -> str:
    """An account id; Refusal 100002 when missing, 60015 when it is not text."""
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise Refusal(60015, f"{name} takes a string")
    return text(body, name, most=64)


def accounts(body: Body, name: str, most: int) -> list[str]:
    """1 to `most` account ids; Refusal 100002 for another number, 60015 when one is not text."""
    values = body.get(name)
    if not isinstance(values, list) or not 0 < len(values) <= most:
        raise Refusal(100002, f"{name} takes 1 to {most} accounts")
    return [account({name: value}, name) for value in values]


def items(body: Body, name: str, most: int) -> list[Body]:
    """1 to `most` JSON objects; Refusal 100002 otherwise."""
    values = body.get(name)
    if not isinstance(values, list) or not 0 < len(values) <= most:
        raise Refusal(100002, f"{name} takes 1 to {most} objects")
    if not all(isinstance(value, dict) for value in values):
        raise Refusal(100002, f"{name} takes objects")
    return values
