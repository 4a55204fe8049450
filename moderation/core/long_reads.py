"""Questions about the past that a person waits for: one at a time, and without keeping others
waiting.
"""

import contextlib
from collections.abc import Iterator
from time import monotonic, sleep

from django.utils.translation import gettext as _

from moderation.core.errors import Refused

# A web process has one interpreter: whoever reads gives it away after so many seconds of work, for
# three times as long.
STRETCH = 0.001
_running: set[int] = set()


class Breather:
    """Leaves others their turn of the interpreter."""

    def __init__(self) -> None:
        self.rested_at = monotonic()

    def rest(self) -> None:
        """Called between two pieces of work, each far shorter than STRETCH or not much longer."""
        if monotonic() - self.rested_at > STRETCH:
            sleep(3 * STRETCH)
            self.rested_at = monotonic()


@contextlib.contextmanager
def one_a_person(person: int) -> Iterator[None]:
    """Holds the one question about the past that a person (by primary key) may have in a web
    process at a time.

    Raises Refused (429).
    """
    if person in _running:
        raise Refused(
            _("Your last test on past data is still running. Wait until it is done."),
            status=429,
        )
    _running.add(person)
    try:
        yield
    finally:
        _running.discard(person)
