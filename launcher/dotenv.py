"""Reads `.env` as the console's own settings do, before the environment with django-environ exists."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

LINE = re.compile(r"\A(?:export )?([A-Za-z_0-9]+)=(.*)\Z")


def parse(text: str) -> dict[str, str]:
    """`NAME=value` lines; quotes around a value are taken off, everything else stands for itself."""
    values = {}
    for line in text.splitlines():
        match = LINE.match(line)
        if match:
            name, value = match.groups()
            quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
            values[name] = value[1:-1] if quoted else value
    return values


def completed(variables: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The variables, completed by `folder/.env`; what is set already wins."""
    file = folder / ".env"
    text = file.read_text("utf-8") if file.is_file() and os.access(file, os.R_OK) else ""
    return {**parse(text), **variables}
