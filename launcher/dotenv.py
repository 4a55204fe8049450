"""The only reader of `.env`, as people save it: the launcher's and, by `config.environment`, the
settings'.

It needs nothing but the standard library, for it runs before the environment exists. What it cannot
read it refuses by the number of the line; a line itself is never repeated, for it may hold a
secret.
"""

import codecs
import re
from collections.abc import Mapping
from pathlib import Path

from launcher.terminal import Stop

LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z_0-9]*)\s*=\s*(.*)", re.DOTALL)
QUOTED = re.compile(r"""(['"])(.*)\1\s*(?:#.*)?""")
COMMENT = re.compile(r"(?:^|\s+)#.*")
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u2069]")
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decoded(data: bytes) -> list[str]:
    """The lines of a file in UTF-8, or in what its byte order mark says.

    Raises Stop with the number of the line.

    A comment may be in any encoding that keeps ASCII, like GBK: nothing is taken from it.
    """
    mark, encoding = next(((m, e) for m, e in MARKS if data.startswith(m)), (b"", "utf-8"))
    data = data[len(mark) :]
    if encoding != "utf-8":
        try:
            return re.split(r"\r\n|\n|\r", data.decode(encoding))
        except UnicodeDecodeError:
            raise Stop(
                f".env is marked as {encoding.upper()} and is not. Save it as UTF-8."
            ) from None
    if b"\x00" in data:
        raise Stop(".env is not in UTF-8 (it looks like UTF-16 without a mark). Save it as UTF-8.")
    lines = []
    for number, line in enumerate(re.split(rb"\r\n|\n|\r", data), start=1):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            if not line.lstrip().startswith(b"#"):
                raise Stop(f".env, line {number}: not in UTF-8. Save the file as UTF-8.") from None
            lines.append("#")
    return lines


def value_of(text: str, number: int) -> str:
    """What stands behind the equals sign, without quotes or the comment after it. Raises Stop."""
    quoted = QUOTED.fullmatch(text)
    if text.startswith(("'", '"')) and not quoted:
        raise Stop(f".env, line {number}: the quote at the beginning of the value is not closed.")
    value = quoted[2] if quoted else COMMENT.sub("", text, count=1).strip()
    if CONTROL.search(value):
        raise Stop(
            f".env, line {number}: the value holds a character that cannot be seen. Type it anew."
        )
    return value


def parse(data: bytes) -> dict[str, str]:
    """`NAME=value` lines; a later one wins.

    Blanks around name and value, `export`, comments and quotes are taken off.

    Raises Stop for the first line that is none of it.
    """
    values = {}
    for number, raw in enumerate(decoded(data), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        match = LINE.fullmatch(line)
        if not match:
            raise Stop(f".env, line {number}: not of the form NAME=value.")
        values[match[1]] = value_of(match[2], number)
    return values


def completed(variables: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The variables, completed by `folder/.env`; what is set already wins.

    Raises Stop, in words.
    """
    file = folder / ".env"
    if not file.is_file():
        return dict(variables)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Stop(f".env cannot be read: {error.strerror or 'no reason given'}.") from None
    return {**parse(data), **variables}
