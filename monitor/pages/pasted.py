"""What a pasted complaint may name: every path segment, query value and word of it, as a RoomId or
an account. Pure.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from rooms.text import trimmed

MAX_PARTS = 60
LONGEST_PART = 128  # of a RoomId or an account
DEPTH = 2  # an address in a query value of an address
AROUND = "\"'`.,;:!?()[]<>{}«»„“”‘’‚、。，；：！？（）「」『』【】《》…*|"
CODE = re.compile(r"[A-Za-z0-9_@#.\-]+")  # in scripts that put no blanks between words


def parts(text: str) -> list[str]:
    """The whole text, then its parts, the longest first, each as it stands and as it is meant; at
    most MAX_PARTS.
    """
    whole = text.strip()
    found = dict.fromkeys(part for word in whole.split() for part in parts_of_word(word, DEPTH))
    longest = sorted((part for part in found if part != whole), key=lambda part: (-len(part), part))
    as_meant = dict.fromkeys(meant for part in (whole, *longest) for meant in (part, trimmed(part)))
    return [part for part in as_meant if 0 < len(part) <= LONGEST_PART][:MAX_PARTS]


def parts_of_word(word: str, depth: int) -> Iterator[str]:
    """A word with and without its punctuation; what stands behind "=" or ":" in it; what an address
    in it is made of.
    """
    bare = word.strip(AROUND)
    yield from (word, bare)
    if "://" in bare:
        start = re.search(r"[A-Za-z][A-Za-z0-9+.-]*://", bare)
        yield from parts_of_address(bare[start.start() if start else 0 :], depth)
    elif "/" in bare or "?" in bare:
        yield from parts_of_address(bare, depth)
    elif bare:
        for piece in re.split(r"[=:：＝]", bare):
            yield piece.strip(AROUND)
    if not bare.isascii():
        for code in CODE.findall(bare):
            yield code.strip(AROUND)


def parts_of_address(address: str, depth: int) -> Iterator[str]:
    try:
        split = urlsplit(address)
        values = [*parse_qsl(split.query), *parse_qsl(split.fragment)]
    except ValueError:  # of a host that is none, of too many fields
        return
    for segment in (*split.path.split("/"), *split.fragment.split("/")):
        for text in (unquote(segment), segment):
            yield text
            yield text.partition("?")[0].partition(";")[0]
            yield text.rpartition(".")[0]  # the name of a file without its ending
    for _name, value in values:
        yield value
        if depth and re.search(r"[/?=]", value):
            yield from parts_of_word(value, depth - 1)
