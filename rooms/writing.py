"""In which writing a text is, and whether it has spaces between words: functions of its letters.

A writing is no language: Latin letters write a hundred of them. It is what can be said of a line of
five words without guessing. Source: the names of Unicode's characters, which begin with the script.
"""

import functools
import unicodedata
from typing import Literal, get_args

Writing = Literal[
    "latin", "han", "kana", "hangul", "cyrillic", "arabic", "thai", "devanagari", "other", "none"
]
WRITINGS: tuple[Writing, ...] = get_args(Writing)
LONGEST_READ = 200  # characters
# By the first word of a character's name; those of half or full width have it second.
_BY_NAME: dict[str, Writing] = {
    "LATIN": "latin",
    "CJK": "han",
    "IDEOGRAPHIC": "han",
    "HIRAGANA": "kana",
    "KATAKANA": "kana",
    "KATAKANA-HIRAGANA": "kana",
    "HANGUL": "hangul",
    "CYRILLIC": "cyrillic",
    "ARABIC": "arabic",
    "THAI": "thai",
    "DEVANAGARI": "devanagari",
}
_WIDTHS = {"FULLWIDTH", "HALFWIDTH"}
# First and last code point of scripts without spaces between words, and of Hangul.
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1100, 0x11FF),  # Hangul letters
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0x2FDF),  # radicals
    (0x3005, 0x3007),  # iteration marks
    (0x3040, 0x318F),  # Hiragana, Katakana, Bopomofo, Hangul
    (0x31A0, 0x31BF),
    (0x31F0, 0x31FF),
    (0x3400, 0x9FFF),  # Han
    (0xAC00, 0xD7FF),  # Hangul
    (0xF900, 0xFAFF),  # Han
    (0x1B000, 0x1B16F),  # Kana
    (0x20000, 0x3FFFF),  # Han
)


def writing_of(text: str) -> Writing:
    """The writing of most letters of a text; "none" without letters (digits, signs, emoji).

    Japanese mixes Han and kana: Han beside any kana counts as kana.
    """
    counts: dict[Writing, int] = {}
    for char in text[:LONGEST_READ]:
        if (found := _of(char)) != "none":
            counts[found] = counts.get(found, 0) + 1
    if "kana" in counts:
        counts["kana"] += counts.pop("han", 0)
    return max(counts, key=counts.__getitem__, default="none")


@functools.lru_cache(maxsize=8192)
def _of(char: str) -> Writing:
    if not char.isalpha():
        return "none"
    words = unicodedata.name(char, "").split()
    first = words[1] if len(words) > 1 and words[0] in _WIDTHS else "".join(words[:1])
    return _BY_NAME.get(first, "other")


@functools.lru_cache(maxsize=8192)
def is_unspaced(char: str) -> bool:
    """Whether a character is of a script without spaces between words, or of Hangul, which joins
    particles to words.
    """
    point = ord(char)
    return any(first <= point <= last for first, last in _UNSPACED)
