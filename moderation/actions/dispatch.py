"""What follows the commit of an order: to the queue, to the screens, and to the collector, which
reads the room at once.
"""

import contextlib
from collections.abc import Iterator, Sequence
from contextvars import ContextVar

from django.db import transaction

from moderation.core import broker
from moderation.models import Action
from rooms.infra import database_time
from rooms.live import demand, push

_together: ContextVar[list[Action] | None] = ContextVar("together", default=None)


@contextlib.contextmanager
def batch() -> Iterator[None]:
    """Orders given inside go to the queue as one message: when it is left, or with the commit of
    what is around it.

    A message costs about as much as an order, and the acts of a hundred messages wait for the last
    of them.
    """
    ordered: list[Action] = []
    mark = _together.set(ordered)
    try:
        yield
    finally:
        _together.reset(mark)
        transaction.on_commit(lambda: _tell(ordered))


def on_commit(action: Action) -> None:
    """Announces an order, or one that is hastened, when its transaction is committed."""
    others = _together.get()
    if others is None:
        transaction.on_commit(lambda: _tell([action]))
    else:
        transaction.on_commit(lambda: others.append(action))


def _tell(ordered: Sequence[Action]) -> None:
    """With the broker down the click must not wait for Redis twice more: the sweep tells everybody
    later.
    """
    if not ordered:
        return
    delay = max(
        0.0, (max(action.due_at for action in ordered) - database_time.now()).total_seconds()
    )
    if not broker.enqueue(*(action.pk for action in ordered), delay=delay):
        return
    for action in ordered:
        push.publish_act(action.room.pk, action.pk)
        if delay:  # without one the act itself reads the room this moment
            demand.refresh(action.room.pk)
