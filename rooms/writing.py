"""In which writing a text is: a pure function of its letters.

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
