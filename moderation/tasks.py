"""Celery's entries. Three lines each: fetch, call one function, nothing more."""

import logging

from celery import shared_task

logger = logging.getLogger(__name__)
# A dead broker must not hold up the click: one try, then the sweep takes over.
GUARDED = {"retry": False}


@shared_task(name="moderation.tasks.execute")
def execute(action_id: int) -> None:
    from moderation import execution

    execution.execute(action_id)


@shared_task(name="moderation.tasks.sweep")
def sweep() -> None:
    from moderation import sweeping

    sweeping.sweep()


@shared_task(name="moderation.tasks.expire_bans")
def expire_bans() -> None:
    from moderation import sweeping

    sweeping.expire_bans()


def enqueue(action_id: int, *, delay: float = 0.0) -> bool:
    """Puts an act on its queue; False (and a line in the log) when the broker does not take it."""
    try:
        execute.apply_async((action_id,), countdown=delay or None, ignore_result=True, **GUARDED)
    except Exception as error:  # whatever the broker's library raises: the row is stored, the sweep finds it
        logger.warning(
            "act %s waits for the sweep, the broker does not take it: %s", action_id, type(error).__name__
        )
        return False
    return True
