"""How long a person can take an own act back: the installation's time, or a longer one of the
person's choice (WCAG 2.2.1).

Decided here, never by a page. An end waits for so long before it is sent; what is done at once
offers Undo for as long, and for UNDO_OFFERED at least.
"""

import datetime as dt

from django.conf import settings

OFFERED = (3, 5, 10, 20)  # seconds
# The server takes back what is done for as long as nothing newer came.
UNDO_OFFERED = dt.timedelta(seconds=10)


def choices() -> list[int]:
    """What a person may choose: longer than the installation's own, up to its bound. Seconds."""
    minimum, maximum = settings.END_GRACE_SECONDS, settings.END_GRACE_MOST_SECONDS
    return [seconds for seconds in OFFERED if minimum < seconds <= maximum]


def grace_of(person: object) -> float:
    """Seconds before what this person orders is sent.

    Rules and programs have the installation's.
    """
    minimum, maximum = settings.END_GRACE_SECONDS, settings.END_GRACE_MOST_SECONDS
    own = getattr(getattr(person, "staff", None), "undo_seconds", None)
    return minimum if own is None else max(minimum, min(own, maximum))


def offered_for(person: object) -> dt.timedelta:
    """For how long after an act of this person is done pages offer its Undo."""
    return max(UNDO_OFFERED, dt.timedelta(seconds=grace_of(person)))
