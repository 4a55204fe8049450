"""What a person typed to find lines of chat, and whether a line fits it. Pure functions.

    free coins      both words, each as it begins a word: "freedom", "coins!"
    "free coins"    as it stands, from the beginning of a word
    免费             anywhere, as in every script without spaces
    -song           lines without it

Letter case, width and what cannot be seen do not count (rooms.text.fold_words).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from rooms.chat_terms import LONGEST_WORD, Piece, pieces
from rooms.infra.chat_index import Term
from rooms.text import fold_words

LONGEST = 200  # characters
MOST_PARTS = 12
# A minus, then a text in quotes (the last may be left open), or what stands between two spaces.
_PART = re.compile(r'(-?)(?:["“”＂]([^"“”＂]*)["“”＂]?|(\S+))')


class TooMuch(ValueError):
    """A query of more than LONGEST characters or MOST_PARTS parts."""


@dataclass(frozen=True, slots=True)
class Query:
    """words: begin a word of a line. phrases: stand in it, from the beginning of a word. without,
    without_phrases: the same of what must not be in it. All folded, none empty.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    without_phrases: tuple[str, ...] = ()

    @property
    def terms(self) -> list[Term]:
        """What the index must have of a line; lines that do not fit may have all of it, too."""
        found = [Term(word[:LONGEST_WORD], is_prefix=True) for word in self.words]
        for phrase in self.phrases:
            found += _terms_of(phrase)
        return list(dict.fromkeys(found))

    def fits(self, text: str) -> bool:
        """Whether a line fits."""
        said = fold_words(text)
        starts = [piece.text for piece in pieces(said) if piece.kind == "word"]
        return (
            all(_begins(word, starts) for word in self.words)
            and all(_stands_in(phrase, said) for phrase in self.phrases)
            and not any(_begins(word, starts) for word in self.without)
            and not any(_stands_in(phrase, said) for phrase in self.without_phrases)
        )


def parse(text: str) -> Query:
    """Reads what was typed. Parts with nothing to be found by (punctuation) are left out.

    Raises TooMuch.
    """
    if len(text) > LONGEST:
        raise TooMuch(f"at most {LONGEST} characters")
    words: dict[bool, list[str]] = {True: [], False: []}
    phrases: dict[bool, list[str]] = {True: [], False: []}
    for is_without, folded in _parts(text):
        found = list(pieces(folded))
        if not found:
            continue
        is_word = len(found) == 1 and found[0] == Piece("word", folded)
        (words if is_word else phrases)[is_without].append(_bare(folded))
    if sum(map(len, (*words.values(), *phrases.values()))) > MOST_PARTS:
        raise TooMuch(f"at most {MOST_PARTS} words")
    return Query(
        tuple(words[False]), tuple(phrases[False]), tuple(words[True]), tuple(phrases[True])
    )


def _parts(text: str) -> Iterator[tuple[bool, str]]:
    for minus, quoted, plain in _PART.findall(text):
        yield bool(minus), fold_words(quoted or plain)


def _bare(folded: str) -> str:
    """Without punctuation and spaces around it: what is compared begins and ends with a piece."""
    found = list(pieces(folded))
    return folded[folded.index(found[0].text) : folded.rindex(found[-1].text) + len(found[-1].text)]


def _begins(word: str, starts: list[str]) -> bool:
    return any(start.startswith(word) for start in starts)


def _stands_in(phrase: str, said: str) -> bool:
    """Whether a phrase is in a text, not from within a word."""
    first = next(pieces(phrase)).kind
    at = said.find(phrase)
    while at >= 0:
        before = next(iter(pieces(said[at - 1 : at])), None) if at else None
        if first != "word" or before is None or before.kind != "word":
            return True
        at = said.find(phrase, at + 1)
    return False


def _terms_of(phrase: str) -> Iterator[Term]:
    found = list(pieces(phrase))
    for place, piece in enumerate(found):
        if piece.kind == "run":
            pairs = [one + other for one, other in pairwise(piece.text)]
            yield from map(Term, pairs)
            if not pairs:
                yield Term(piece.text, is_prefix=True)
        else:
            is_last = piece.kind == "word" and place == len(found) - 1
            is_cut = len(piece.text) > LONGEST_WORD
            yield Term(piece.text[:LONGEST_WORD], is_prefix=is_last and not is_cut)
