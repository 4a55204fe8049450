"""What the launcher says, and how: plain lines, one moving line while something takes long,
tables.
"""

import os
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

QUIET_SECONDS = 2.0


class Stop(Exception):
    """Something the person can put right. Shown as it stands, without a trace; exit status 2."""


def say(text: str = "") -> None:
    """One line (or several) to the terminal, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def shown(path: Path) -> str:
    """A path as a person would type it: relative to the current folder when inside."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


class Moving:
    """One line that is rewritten on a terminal; elsewhere a plain line every few seconds at most.

    Used as a context manager: `with Moving("installing") as line: line.show("django")`.
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self.is_terminal = sys.stdout.isatty()
        self.last_said = 0.0
        self.started = time.monotonic()

    def __enter__(self) -> "Moving":
        self.show("")
        return self

    def __exit__(self, *error: object) -> None:
        if self.is_terminal:
            sys.stdout.write("\r\033[K")
            sys.stdout.flush()

    def show(self, text: str) -> None:
        """Replaces the line by the title, the seconds so far and `text`."""
        now = time.monotonic()
        line = f"  {self.title}{'  ' + text if text else ''}"
        if self.is_terminal:
            width = shutil.get_terminal_size().columns - 8
            sys.stdout.write(f"\r\033[K{line[:width]}  {now - self.started:.0f} s")
            sys.stdout.flush()
        elif now - self.last_said >= QUIET_SECONDS:
            self.last_said = now
            say(line)


def table(title: str, rows: Sequence[Sequence[str]]) -> str:
    """A table of left-aligned columns under a title; its last column may be of any length."""
    columns = range(max(len(row) for row in rows))
    widths = [max(len(row[column]) for row in rows if column < len(row)) for column in columns]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        for row in rows
    ]
    rule = "-" * max(len(title), *(len(line.rstrip()) for line in lines))
    return "\n".join([title, rule, *(line.rstrip() for line in lines), rule])
