"""After a transaction: what has changed is pushed to the pages, and told by signal to whoever acts
on facts.
"""

import logging
from collections.abc import Mapping, Sequence

from django.dispatch import Signal

from rooms.ingest.changes import Changes
from rooms.live import push
from rooms.live.encoding import Reading
from rooms.models import Room
from rooms.signals import room_ended, room_opened, texts_changed

logger = logging.getLogger(__name__)


def tell(changes: Changes, rooms: Mapping[int, Room] | None = None) -> None:
    """After the transaction: pushes, then sends the signals. rooms: see send()."""
    publish(changes, {})
    signal(changes, rooms)


def publish(changes: Changes, readings: Mapping[int, Reading], *, at_ms: int | None = None) -> None:
    """Pushes what has changed; also when nothing has: pages take it as a sign of life."""
    push.publish_tick(
        changes.changed,
        changes.full,
        opened=changes.opened,
        ended=changes.ended,
        readings=readings,
        at_ms=at_ms,
    )


def signal(changes: Changes, rooms: Mapping[int, Room] | None = None) -> None:
    """Sends room_ended, room_opened and texts_changed.

    A receiver's exception is logged, no more. rooms: see send().
    """
    send(room_ended, changes.ended, rooms)
    send(room_opened, changes.opened, rooms)
    send_texts(changes)


def send_texts(changes: Changes) -> None:
    """Sends texts_changed with the rooms as they are now, if any text is new."""
    if not changes.texts:
        return
    live = Room.objects.live().in_bulk(changes.texts)
    if changed := [(live[pk], columns) for pk, columns in changes.texts.items() if pk in live]:
        send_robustly(texts_changed, changed=changed)


def send(kind: Signal, pks: Sequence[int], rooms: Mapping[int, Room] | None = None) -> None:
    """Sends a signal for each of these rooms; read from the database, unless `rooms` holds them as
    they are now.
    """
    if not pks:
        return
    if rooms is None:
        rooms = Room.objects.in_bulk(pks)
    for pk in pks:
        if pk in rooms:
            send_robustly(kind, room=rooms[pk])


def send_robustly(kind: Signal, **values: object) -> None:
    """Sends a signal; what a receiver raises is logged, the others still hear it."""
    for receiver, answer in kind.send_robust(sender=Room, **values):
        if isinstance(answer, Exception):
            logger.error("%r failed on a fact", receiver, exc_info=answer)
