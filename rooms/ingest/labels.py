"""What classifiers say of a room: labels with a score, reported from outside, stored as events."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from rooms import event_details
from rooms.infra import database_time, json_values
from rooms.infra.transactions import write_turn
from rooms.ingest.notify import send_robustly
from rooms.models import Room, RoomEvent
from rooms.signals import labelled

MAX_LABELS = 100  # labels in one report
NAME_LENGTH = 60
WORDS_LENGTH = 500
KEY_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Label:
    """One finding. name: what was found; score: 0 to 100, how sure the classifier is; account: whom
    it is about, "" for the picture or the room as a whole; key: the reporter's own name of the
    finding; at_ms: Unix milliseconds, None: now; words: more about it, for people.
    """

    name: str
    score: float
    key: str
    account: str = ""
    at_ms: int | None = None
    words: str = ""


def store(room: Room, labels: Sequence[Label], *, source: str) -> list[RoomEvent]:
    """Stores the labels that are new and tells of them after the commit; those reported before are
    left out.

    source: who reports, part of the key: two reporters may use the same names. Raises ValueError
    for a label that is no label, and for more than 100 at once; then nothing is stored.
    """
    if len(labels) > MAX_LABELS:
        raise ValueError(f"at most {MAX_LABELS} labels at once")
    now = int(database_time.unix() * 1000)
    reported = {
        event.key: event
        for event in (event_of(room, label, source=source, now_ms=now) for label in labels)
    }
    with write_turn():
        known = set(RoomEvent.objects.filter(key__in=list(reported)).values_list("key", flat=True))
        RoomEvent.objects.bulk_create(
            [event for key, event in reported.items() if key not in known], ignore_conflicts=True
        )
        # A row that was ignored has no number: what is stored is read again.
        new = list(RoomEvent.objects.filter(key__in=set(reported) - known).order_by("at_ms", "pk"))
        if new:
            transaction.on_commit(lambda: send_robustly(labelled, room=room, labels=new))
    return new


def event_of(room: Room, label: Label, *, source: str, now_ms: int) -> RoomEvent:
    """The event of a label, not stored. Raises ValueError with words when it is no label."""
    name = clean(label.name)
    if not 0 < len(name) <= NAME_LENGTH:
        raise ValueError(f"a label has 1 to {NAME_LENGTH} characters")
    if not 0 <= label.score <= 100:  # also refuses what is no number
        raise ValueError("a score is a number from 0 to 100")
    if not clean(label.key):
        raise ValueError("a label needs a key")
    at_ms = label.at_ms if label.at_ms is not None else now_ms
    if not 0 < at_ms < 2**53:
        raise ValueError("a time is in Unix milliseconds")
    digest = hashlib.sha256(f"{source}\n{label.key}".encode()).hexdigest()[:64]
    return RoomEvent(
        room=room,
        kind=RoomEvent.Kind.LABEL,
        at_ms=min(at_ms, now_ms),  # nothing was seen that is still to come
        account=clean(label.account)[:128],
        detail=json_values.write(
            event_details.LabelFound(
                label=name,
                score=label.score,
                source=clean(source)[:150],
                words=clean(label.words)[:WORDS_LENGTH],
            )
        ),
        key=f"label:{room.pk}:{digest}"[:KEY_LENGTH],
    )


def clean(text: str) -> str:
    """A text without what PostgreSQL does not store."""
    return text.replace("\x00", "").strip()
