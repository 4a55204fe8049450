"""What a line of chat is found by: its words, and pairs of characters where a script has no spaces.

Pure functions. Of scripts with spaces a word is one term, found by how it begins. Of the others
(Chinese, Japanese, Thai, Korean) two neighbouring characters are one, and the last of a run stands
alone, so that two characters are found anywhere and one is found as the beginning of a pair. An
emoji is a term. Punctuation is none. Two terms say where the line was said and by whom.
"""

import functools
import hashlib
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

from rooms.text import fold_words
from rooms.writing import is_unspaced

LONGEST_WORD = 40  # characters; of a longer word only these are indexed
_Kind = Literal["word", "run", "sign", ""]


class Piece(NamedTuple):
    """A part of a folded text: a whole word, a run of characters without spaces, or one sign."""

    kind: _Kind
    text: str


def pieces(folded: str) -> Iterator[Piece]:
    """The parts of a text that `fold_words` has folded, in order."""
    kind: _Kind = ""
    start = 0
    for at, char in enumerate(folded):
        found = _kind(char)
        if found == kind and found != "sign":
            continue
        if kind:
            yield Piece(kind, folded[start:at])
        kind, start = found, at
    if kind:
        yield Piece(kind, folded[start:])


def terms_of(piece: Piece) -> set[str]:
    """What a part of a line is found by."""
    if piece.kind == "run":
        return {one + other for one, other in pairwise(piece.text)} | {piece.text[-1]}
    return {piece.text[:LONGEST_WORD]}


def terms(text: str, room: int, account: str) -> str:
    """All terms of a line, with one space between them. room: primary key."""
    found = {in_room(room), by_account(account)}
    for piece in pieces(fold_words(text)):
        found |= terms_of(piece)
    return " ".join(sorted(found))


def in_room(pk: int) -> str:
    """The term of all lines of a room."""
    return f"=r{pk}"


def by_account(account: str) -> str:
    """The term of all lines of an account, and by chance of one of four billion others."""
    return f"=a{hashlib.blake2s(account.encode(), digest_size=4).hexdigest()}"


@functools.lru_cache(maxsize=8192)
def _kind(char: str) -> _Kind:
    category = unicodedata.category(char)
    if char.isalnum() or category.startswith("M"):
        return "run" if is_unspaced(char) else "word"
    return "sign" if category == "So" else ""
