"""`./run messages`: brings the catalogues (ja, zh-hans, zh-hant) up to date with what the console
says, and compiles them.

Runs inside `.venv`, with Babel and Django's own reading of templates; GNU gettext is not needed.
Compiled catalogues are kept in the repository, so that nothing has to be built to run;
tests/config/test_messages.py compares them.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from launcher.environment import ROOT
from launcher.terminal import say

PACKAGES = ("api", "config", "liveapi", "monitor", "moderation", "rooms")
# Folder of the catalogue -> Babel's name of the language.
LANGUAGES = {"ja": "ja", "zh_Hans": "zh_Hans_CN", "zh_Hant": "zh_Hant_TW"}
KEYWORDS: dict[str, None] = dict.fromkeys(
    (
        "_",
        "gettext",
        "gettext_lazy",
        "gettext_noop",
        "ngettext",
        "ngettext_lazy",
        "pgettext",
        "pgettext_lazy",
    )
)
LITERAL = re.compile(r"u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")")
CALL = re.compile(rf"\b(_|gettext|ngettext|pgettext)\(((?:\s*{LITERAL.pattern}\s*,?)+)")
Message = str | tuple[str, ...]


def extracted() -> Catalog:
    """Every message of the console: in Python, in templates (the words for scripts stand there
    too).
    """
    found = Catalog(charset="utf-8")
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in file.parts:
                add(found, file, in_python(file.read_bytes()))
    for file in sorted((ROOT / "templates").rglob("*.html")):
        add(found, file, in_template(file))
    return found


def add(found: Catalog, file: Path, calls: Iterator[tuple[str, Sequence[str]]]) -> None:
    for function, arguments in calls:
        if not arguments or not arguments[0]:
            continue
        if function.startswith("pgettext"):
            found.add(
                arguments[1], context=arguments[0], locations=[(str(file.relative_to(ROOT)), 0)]
            )
        else:
            message = (
                (arguments[0], arguments[1]) if function.startswith("ngettext") else arguments[0]
            )
            found.add(message, locations=[(str(file.relative_to(ROOT)), 0)])


def in_python(source: bytes) -> Iterator[tuple[str, Sequence[str]]]:
    """(function, its texts) of each call of gettext and its like."""
    for _line, function, said, _comments in extract_python(
        io.BytesIO(source), KEYWORDS, [], {"encoding": "utf-8"}
    ):
        arguments: Sequence[object] = said if isinstance(said, tuple) else (said,)
        yield str(function), [word for word in arguments if isinstance(word, str)]


def in_template(file: Path) -> Iterator[tuple[str, Sequence[str]]]:
    """As in_python, from what Django makes of a template: calls among blanked text, which is no
    Python as a whole.
    """
    text = templatize(file.read_text("utf-8"), origin=str(file))
    for function, arguments in CALL.findall(text):
        yield function, [ast.literal_eval(word) for word in LITERAL.findall(arguments)]


def place(folder: str) -> Path:
    return ROOT / "locale" / folder / "LC_MESSAGES" / "django.po"


def read(folder: str) -> Catalog:
    """The catalogue of a language; an empty one when there is none yet."""
    file = place(folder)
    if not file.exists():
        return Catalog(locale=LANGUAGES[folder], charset="utf-8")
    with file.open("rb") as source:
        return read_po(source, locale=LANGUAGES[folder])


def updated(folder: str) -> Catalog:
    """The catalogue with what is said now: what is new comes untranslated, what nobody says any
    more goes.
    """
    catalogue, template = read(folder), extracted()
    # A run that finds nothing new leaves the file alone.
    template.creation_date = catalogue.creation_date
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def po(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalogue, width=0, omit_header=False, sort_output=True, include_lineno=False)
    return out.getvalue()


def mo(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def write(folder: str, catalogue: Catalog) -> None:
    file = place(folder)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(po(catalogue))
    file.with_suffix(".mo").write_bytes(mo(catalogue))


def missing(catalogue: Catalog) -> list[Message]:
    """What is not translated yet."""
    return [
        message.id if isinstance(message.id, str) else tuple(message.id)
        for message in catalogue
        if message.id
        and not all([*message.string] if isinstance(message.string, tuple) else [message.string])
    ]


def main() -> int:
    """0 when everything is translated."""
    status = 0
    for folder in LANGUAGES:
        catalogue = updated(folder)
        write(folder, catalogue)
        left = missing(catalogue)
        say(
            f"{folder}: {sum(1 for message in catalogue if message.id)} messages, {len(left)} not "
            "translated"
        )
        for message in left:
            say(f"  {message!r}")
        status = status or bool(left)
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
