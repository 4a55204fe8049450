"""What a corner of the screen says after an act, with its Undo."""

from typing import NotRequired, TypedDict

from rooms.text import without_overrides


class Toast(TypedDict):
    """Read by static/js/. undo, reason: addresses to post to, "" for none."""

    text: str
    undo: str
    reason: NotRequired[str]


def naming(words: str, *names: str) -> str:
    """What is said in a corner of the screen, with the names of what it is about.

    Each name keeps its own direction.
    """
    about = [without_overrides(name) for name in dict.fromkeys(names) if name and name not in words]
    return " · ".join(
        [without_overrides(words), *([", ".join(map(isolated, about))] if about else [])]
    )


def isolated(name: str) -> str:
    """A name whose direction does not reach the words around it."""
    return f"\u2068{name}\u2069"
