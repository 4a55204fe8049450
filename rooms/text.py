"""Text from people: the one place that compares it, and that says what an identifier may be.

Pure functions.

    fold(text)       for search: NFC, no letter case, nothing that cannot be seen
    fold_words(text) for rules: width does not count either, nor strokes laid over letters
    skeleton(text)   for rules that ask for it: letters that look alike are one letter
    account(text)    what was typed or pasted as an account, or NotAnAccount in words
    accounts(text)   several of them: lines, commas, tabs, or an exported list

Sources: Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties; U+2800 and U+FFFC are
drawn as nothing by many fonts; U+0334 to U+0338 are strokes over the letter before them.
"""

import csv
import functools
import unicodedata
from collections.abc import Iterable
from typing import Literal

from django.utils.translation import gettext as _

Form = Literal["NFC", "NFKC"]

LONGEST_ACCOUNT = 128  # characters; what the tables hold
MAX_ACCOUNTS = 200  # of one list
# Unicode 16; assigned or not, so that a later version of Unicode changes little.
_IGNORABLE = (
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)
BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufffc")  # nothing to see, but as wide as a space
# Embeddings, overrides, isolates and marks of direction: they reach beyond the text that they stand
# in.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_OVERLAYS = frozenset(map(chr, range(0x0334, 0x0339)))
# Letters of other scripts that are drawn as a Latin one, after case folding and NFKC.
_ALIKE = str.maketrans(
    {
        # Cyrillic
        "а": "a",
        "в": "b",
        "ԁ": "d",
        "е": "e",
        "ё": "e",
        "ғ": "f",
        "ԍ": "g",
        "һ": "h",
        "і": "i",
        "ї": "i",
        "ј": "j",
        "к": "k",
        "қ": "k",
        "ӏ": "l",
        "м": "m",
        "н": "h",
        "о": "o",
        "ө": "o",
        "р": "p",
        "ԛ": "q",
        "г": "r",
        "ѕ": "s",
        "т": "t",
        "ц": "u",
        "ѵ": "v",
        "ѡ": "w",
        "ԝ": "w",
        "х": "x",
        "ҳ": "x",
        "у": "y",
        "ү": "y",
        "ұ": "y",
        "с": "c",
        "ҫ": "c",
        "з": "3",
        "ь": "b",
        # Greek
        "α": "a",
        "β": "b",
        "ϲ": "c",
        "ε": "e",
        "η": "n",
        "ι": "i",
        "κ": "k",
        "μ": "u",
        "ν": "v",
        "ο": "o",
        "ρ": "p",
        "σ": "o",
        "τ": "t",
        "υ": "u",
        "χ": "x",
        "ω": "w",
        "γ": "y",
        "ζ": "z",
        "ϳ": "j",
        "ά": "a",
        "έ": "e",
        "ί": "i",
        "ό": "o",
        "ύ": "u",
        # Armenian, Cherokee (folds to upper case), Lisu
        "օ": "o",
        "ս": "u",
        "հ": "h",
        "ո": "n",
        "ց": "g",
        "զ": "q",
        "ա": "w",
        "յ": "j",
        "Ꭺ": "a",
        "Ꭼ": "e",
        "Ꭵ": "i",
        "Ꮯ": "c",
        "Ꭰ": "d",
        "Ꮋ": "h",
        "Ꭻ": "j",
        "Ꮶ": "k",
        "Ꮮ": "l",
        "Ꮇ": "m",
        "Ꮲ": "p",
        "Ꮪ": "s",
        "Ꭲ": "t",
        "Ꮩ": "v",
        "Ꮃ": "w",
        "Ꮓ": "z",
        "ꓮ": "a",
        "ꓐ": "b",
        "ꓚ": "c",
        "ꓓ": "d",
        "ꓰ": "e",
        "ꓝ": "f",
        "ꓖ": "g",
        "ꓧ": "h",
        "ꓲ": "i",
        "ꓙ": "j",
        "ꓗ": "k",
        "ꓡ": "l",
        "ꓟ": "m",
        "ꓠ": "n",
        "ꓳ": "o",
        "ꓑ": "p",
        "ꓣ": "r",
        "ꓢ": "s",
        "ꓔ": "t",
        "ꓴ": "u",
        "ꓦ": "v",
        "ꓪ": "w",
        "ꓫ": "x",
        "ꓬ": "y",
        "ꓜ": "z",
        # Latin: small capitals, letters without a dot, with a stroke, phonetic ones
        "ᴀ": "a",
        "ʙ": "b",
        "ᴄ": "c",
        "ᴅ": "d",
        "ᴇ": "e",
        "ꜰ": "f",
        "ɢ": "g",
        "ʜ": "h",
        "ɪ": "i",
        "ᴊ": "j",
        "ᴋ": "k",
        "ʟ": "l",
        "ᴍ": "m",
        "ɴ": "n",
        "ᴏ": "o",
        "ᴘ": "p",
        "ʀ": "r",
        "ꜱ": "s",
        "ᴛ": "t",
        "ᴜ": "u",
        "ᴠ": "v",
        "ᴡ": "w",
        "ʏ": "y",
        "ᴢ": "z",
        "ı": "i",
        "ȷ": "j",
        "ɑ": "a",
        "ɡ": "g",
        "ɩ": "i",
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ħ": "h",
        "ŧ": "t",
        "ƀ": "b",
        "ɨ": "i",
        # Signs in the place of a letter
        "0": "o",
        "1": "l",
        "|": "l",
        "$": "s",
        "@": "a",
        "€": "e",
    }
)


class NotAnAccount(ValueError):
    """What was given cannot be an account. message: why, for people."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@functools.lru_cache(maxsize=8192)
def is_invisible(char: str) -> bool:
    """Whether a character has nothing to see and is no space: marks, fillers, controls, halves of
    surrogate pairs.
    """
    point = ord(char)
    if char.isspace():
        return False
    if char in BLANKS or any(first <= point <= last for first, last in _IGNORABLE):
        return True
    return unicodedata.category(char) in ("Cc", "Cf", "Cs")


def visible(text: str) -> str:
    """The text without what cannot be seen."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char for char in text if not is_invisible(char))


def without_overrides(text: str) -> str:
    """A text for a place that cannot isolate it (a title, a CSV): what turns the direction of
    others stands as its code.
    """
    return "".join(f"[U+{ord(char):04X}]" if char in _TURNING else char for char in text)


def fold(text: str) -> str:
    """A text as search compares it: NFC, case folded, nothing invisible, one space for many and
    none around.
    """
    if text.isascii():
        return " ".join(visible(text).casefold().split())
    return _settled(text, "NFC")


def fold_words(text: str) -> str:
    """A text as rules compare it: as `fold`, and width (NFKC) and strokes over letters do not
    count.
    """
    if text.isascii():
        return fold(text)
    return _settled(text, "NFKC")


def skeleton(text: str) -> str:
    """A text with letters that look alike made one letter: for comparing with another skeleton,
    never for showing.
    """
    plain = unicodedata.normalize("NFC", fold_words(text)).translate(_ALIKE)
    bare = unicodedata.normalize("NFD", plain)
    return unicodedata.normalize("NFC", "".join(char for char in bare if char not in _OVERLAYS))


def _settled(text: str, form: Form) -> str:
    """Folded until it changes no more: what one step removes can let the next join what it kept
    apart.
    """
    for _round in range(4):
        folded = _folded_once(text, form)
        if folded == text:
            break
        text = folded
    return text


def _folded_once(text: str, form: Form) -> str:
    apart = unicodedata.normalize("NFKD" if form == "NFKC" else "NFD", visible(text)).casefold()
    if form == "NFKC":
        apart = "".join(char for char in apart if char not in _OVERLAYS)
    return " ".join(unicodedata.normalize(form, visible(apart)).split())


# --- Identifiers ----------------------------------------------------------------------------------


def trimmed(text: str) -> str:
    """NFC, without spaces and invisible characters at both ends: a BOM, marks of direction, what
    pasting adds.
    """
    start, end = 0, len(text)
    while start < end and (text[start].isspace() or is_invisible(text[start])):
        start += 1
    while end > start and (text[end - 1].isspace() or is_invisible(text[end - 1])):
        end -= 1
    return unicodedata.normalize("NFC", text[start:end])


def account(text: str) -> str:
    """What somebody typed or pasted as one account.

    Raises NotAnAccount, which names what is wrong and where.
    """
    found = trimmed(text)
    if not found:
        raise NotAnAccount(_("Give an account."))
    if len(found) > LONGEST_ACCOUNT:
        raise NotAnAccount(
            _("An account has at most %(most)s characters.") % {"most": LONGEST_ACCOUNT}
        )
    for place, char in enumerate(found, start=1):
        details = {"code": f"U+{ord(char):04X}", "place": place, "account": visible(found)}
        if char.isspace():
            raise NotAnAccount(
                _("An account has no spaces: “%(account)s”, character %(place)s.") % details
            )
        if is_invisible(char):
            raise NotAnAccount(
                _(
                    "Character %(place)s of “%(account)s” cannot be seen (%(code)s). Type the "
                    "account."
                )
                % details
            )
    return found


def accounts(text: str) -> list[str]:
    """The accounts of a pasted list, each once, in its order.

    Raises NotAnAccount for the first that is none.

    One a line, with commas, semicolons or tabs between, or a table: an exported list whose first
    line begins with `#` or names a column `account` has them in that column, and its other columns
    are not read.
    """
    rows = [row for row in _rows(text) if any(trimmed(cell) for cell in row)]
    if not rows:
        raise NotAnAccount(_("Give an account."))
    head = [trimmed(cell).lstrip("#").casefold() for cell in rows[0]]
    if "account" in head and (len(rows) > 1 or trimmed(rows[0][0]).startswith("#")):
        column = head.index("account")
        cells: Iterable[str] = [row[column] for row in rows[1:] if len(row) > column]
    else:
        cells = [cell for row in rows for cell in row]
    found = list(dict.fromkeys(account(cell) for cell in cells if trimmed(cell)))
    if not found:
        raise NotAnAccount(_("Give an account."))
    if len(found) > MAX_ACCOUNTS:
        raise NotAnAccount(_("At most %(most)s accounts at once.") % {"most": MAX_ACCOUNTS})
    return found


def _rows(text: str) -> list[list[str]]:
    """The cells of every line.

    Quotes hold a comma together; what separates is the same in the whole text.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    separator = "\t" if "\t" in text else "," if "," in text else ";"
    rows = csv.reader(
        (line.replace("\x00", "") for line in lines), delimiter=separator, skipinitialspace=True
    )
    try:
        return list(rows)
    except csv.Error:  # an endless cell
        raise NotAnAccount(_("This is not a list of accounts.")) from None
