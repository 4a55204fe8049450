"""Who was given a signature for the vendor's SDK: so many a minute, and in the record once a person
and hour.

Counted in each web process by itself; the record asks the database, so that several of them write
one entry.
"""

import datetime as dt
import threading
from collections import deque
from time import monotonic

from django.contrib.auth.models import User

from moderation.audit import audit_log
from moderation.models import AuditEntry
from rooms.infra import database_time

# A tour of twelve tiles that changes every few seconds takes a hundred and fifty.
MAX_A_MINUTE = 300
VERB = "enter_rooms"
HOUR = dt.timedelta(hours=1)
_lock = threading.Lock()
_given: dict[int, deque[float]] = {}
_recorded: dict[int, dt.datetime] = {}
_writing: dict[int, threading.Lock] = {}


def take(person: int) -> bool:
    """Counts one more; False when it is more than MAX_A_MINUTE."""
    now = monotonic()
    with _lock:
        for other in [key for key, times in _given.items() if times[-1] < now - 60]:
            del _given[other]
        times = _given.setdefault(person, deque(maxlen=MAX_A_MINUTE))
        if len(times) == MAX_A_MINUTE and times[0] > now - 60:
            return False
        times.append(now)
    return True


def note(person: User) -> None:
    """The entry of this hour, if there is none yet."""
    now = database_time.now()
    with _lock:
        for other in [key for key, at in _recorded.items() if at <= now - HOUR]:
            del _recorded[other]
        if person.pk in _recorded:
            return
        writing = _writing.setdefault(person.pk, threading.Lock())
    with writing:  # of this person alone: others need not wait for the database
        if person.pk in _recorded:
            return
        known = (
            AuditEntry.objects.filter(actor_id=person.pk, verb=VERB, at__gt=now - HOUR)
            .order_by("-at")
            .first()
        )
        if known is None:
            known = audit_log.record(by=person, verb=VERB, outcome="done")
        _recorded[person.pk] = now if known.at is None else known.at
