"""Finding a rule's words in what people say, and what it makes of a classifier's label: pure
functions, no regular expressions from anybody.

Letter case and width do not count, nor do characters that cannot be seen or strokes laid over
letters; where the rule asks for it, letters that look alike are one letter (`rooms.text`). A word
of a script that puts spaces between words is found as a whole word; in scripts that do not
(Chinese, Japanese, Thai) and in Korean, which joins its particles to the word, it is found
anywhere.
"""

import functools
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from moderation.values.evidence import ACT, LOOK
from rooms.text import BLANKS, fold_words, skeleton
from rooms.writing import is_unspaced

MAX_WORDS = 500
LONGEST = 100  # characters of a word or phrase
LONGEST_TEXT = 4000  # characters of a line that are looked at
LONGEST_READ = 10 * LONGEST_TEXT  # with those that cannot be seen, lest they fill the place


class Category(NamedTuple):
    """The thresholds of a label, scores of 0 to 100: at `look` an alert, at `act` what the rule
    does.
    """

    label: str
    look: float
    act: float


def categories_of(settings: Mapping[str, object]) -> list[Category]:
    """The categories in a rule's settings; what is none is left out."""
    kept = settings.get("categories")
    found = []
    for row in kept if isinstance(kept, list) else ():
        if isinstance(row, Mapping) and {"label", "look", "act"} <= row.keys():
            found.append(Category(str(row["label"]), float(row["look"]), float(row["act"])))
    return found


def level_of(categories: Sequence[Category], label: str, score: float) -> str:
    """What a label calls for: LOOK, ACT, or "" when its score is too low or nobody asked for it."""
    folded = fold_words(label)
    for category in categories:
        if fold_words(category.label) == folded and score >= category.look:
            return ACT if score >= category.act else LOOK
    return ""


def first_of(words: Sequence[str], text: str, *, alike: bool = False) -> str | None:
    """The first of these words and phrases that a text holds, as it stands in the rule; None: none
    of them.

    alike: letters that look alike are one letter.
    """
    readings = _readings(text[:LONGEST_READ], alike)
    for word, folded in _folded(tuple(words), alike):
        if any(folded in said and _stands_alone(folded, said) for said in readings):
            return word
    return None


def _readings(text: str, alike: bool) -> tuple[str, ...]:
    """What a line says.

    A blank that is no space is read both ways: as nothing within a word, and as a space.
    """
    compared = skeleton if alike else fold_words
    said = compared(text)[:LONGEST_TEXT]
    if BLANKS.isdisjoint(text):
        return (said,)
    return said, compared("".join(" " if char in BLANKS else char for char in text))[:LONGEST_TEXT]


@functools.lru_cache(maxsize=200)
def _folded(words: tuple[str, ...], alike: bool) -> tuple[tuple[str, str], ...]:
    compared = skeleton if alike else fold_words
    pairs = ((word, compared(word)) for word in words)
    return tuple((word, folded) for word, folded in pairs if folded)


def _stands_alone(word: str, text: str) -> bool:
    """Whether it occurs anywhere that is not the inside of a longer word."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not _joined(text[start - 1 : start], word[0]) and not _joined(
            text[end : end + 1], word[-1]
        ):
            return True
        start = text.find(word, start + 1)
    return False


def _joined(neighbour: str, edge: str) -> bool:
    """Whether a character beside a word's edge makes both parts of one longer word."""
    return bool(neighbour) and _is_letter(neighbour) and _is_letter(edge)


@functools.lru_cache(maxsize=4096)
def _is_letter(char: str) -> bool:
    """A letter, digit or mark of a script that puts spaces between words."""
    if not (char.isalnum() or char == "_" or unicodedata.category(char).startswith("M")):
        return False
    return not is_unspaced(char)
