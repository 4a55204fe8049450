"""Reading values out of answers that may hold anything: wrong types, junk, huge numbers, broken
text.

Every function takes any decoded JSON value and returns a plain value or "nothing" (None, "", ());
none raises.
"""

import math
from collections.abc import Mapping
from typing import TypeAlias

LARGEST = 2**63 - 1  # what a database column of whole numbers holds
LARGEST_EXACT_FLOAT = 2**53
LATEST_TIME = 253_402_300_799  # the end of year 9999, the last a datetime can show
ID_LENGTH = 128
NAME_LENGTH = 255
ADDRESS_LENGTH = 500
_LONGEST_DIGITS = 20

# What a JSON decoder makes of a text.
Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def whole(value: object) -> int | None:
    """A whole number between -2^63 and 2^63 - 1, written as number or text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        if not math.isfinite(value) or not value.is_integer():
            return None
        value = int(value)
    elif isinstance(value, str):
        text = value.strip()
        if (
            len(text) > _LONGEST_DIGITS
            or not text.isascii()
            or not text.removeprefix("-").isdigit()
        ):
            return None
        value = int(text)
    elif not isinstance(value, int):
        return None
    return value if -LARGEST - 1 <= value <= LARGEST else None


def count(value: object) -> int | None:
    """A whole number from 0 on: people, gifts, coins, bytes."""
    number = whole(value)
    return number if number is not None and number >= 0 else None


def moment(value: object) -> int:
    """A time in Unix seconds that a calendar can show; 0 when the vendor has not told one."""
    number = count(value)
    return number if number is not None and number <= LATEST_TIME else 0


def text(value: object, max_length: int = NAME_LENGTH) -> str:
    """Text as given, at most so many characters, without what a database or UTF-8 cannot hold."""
    if not isinstance(value, str):
        return ""
    if value.isascii() and "\x00" not in value:
        return value[:max_length]
    # Lone surrogates come from names cut in the middle of an emoji; NUL is refused by PostgreSQL.
    return value[:max_length].encode("utf-8", "replace").decode("utf-8").replace("\x00", "\ufffd")


def identifier(value: object) -> str:
    """A RoomId or account as text.

    The vendor prints ids as text or as number; "" when it is neither.

    An id too long to be stored is refused, not cut: cut it would be another id.
    """
    if isinstance(value, str):
        return text(value, ID_LENGTH) if len(value) <= ID_LENGTH else ""
    if isinstance(value, bool):
        return ""
    if isinstance(value, float) and abs(value) >= LARGEST_EXACT_FLOAT:
        return ""  # its last digits are already lost
    number = whole(value)
    return "" if number is None else str(number)


def yes(value: object) -> bool | None:
    """A truth value, also as 0/1 or text (one vendor page types IsMessageDisabled as a string)."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return {"true": True, "1": True, "false": False, "0": False}.get(value.strip().lower())
    if isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    return None


def numbers(value: object, max_count: int = 100) -> tuple[int, ...]:
    """The whole numbers of a list, at most so many; what is not one is left out."""
    if not isinstance(value, list):
        return ()
    found = (whole(item) for item in value[:max_count])
    return tuple(number for number in found if number is not None)


def fields(value: object) -> Mapping[str, object]:
    """A JSON object, or an empty one."""
    return value if isinstance(value, dict) else {}


def identifiers(value: object) -> tuple[str, ...]:
    """The ids of a list, without duplicates, in their order."""
    if not isinstance(value, list):
        return ()
    found: dict[str, None] = {}
    for item in value:
        # Answers hold up to 1000 members: the ordinary case goes without a call.
        if type(item) is str and item.isascii() and len(item) <= ID_LENGTH and "\x00" not in item:
            found[item] = None
        else:
            found[identifier(item)] = None
    found.pop("", None)
    return tuple(found)
