"""Finds what must never be shown: the keys themselves, UserSigs, and pieces of either."""

import re
from collections.abc import Iterable, Mapping

# A UserSig is zlib in a base64 of its own, so it begins with eJ, and it is longer than any token of
# Django's.
USERSIG = re.compile(r"eJ[A-Za-z0-9*_-]{100}|usersig=[A-Za-z0-9*_-]{8}")
PIECE = 24


def leaks(text: str, secrets: Mapping[str, str], usersigs: Iterable[str] = ()) -> list[str]:
    """Names of the secrets that are in `text`, whole or as a piece of 24 characters; "a UserSig"
    for any of those.

    `usersigs`: known ones, found by their pieces too. What merely looks like one is found in any
    case.
    """
    found = [name for name, secret in secrets.items() if holds(text, secret)]
    if USERSIG.search(text) or any(holds(text, usersig) for usersig in usersigs):
        found.append("a UserSig")
    return found


def holds(text: str, secret: str) -> bool:
    """Whether a secret, or any piece of it that starts at a multiple of 12 characters, is in a
    text.
    """
    if len(secret) <= PIECE:
        return bool(secret) and secret in text
    starts = range(0, len(secret) - PIECE + 1, PIECE // 2)
    return any(secret[start : start + PIECE] in text for start in starts)
