"""Sends tasks to the acts queue by their name, within the time that a person who clicked will wait.

Knows no task: the entries are in `moderation.tasks`. A row that is not announced here is found by
the sweep.
"""

import functools
import logging
import queue
import threading
import time
from typing import Any

import redis as redis_library
from celery import current_app
from kombu import pools

from rooms.infra import redis

logger = logging.getLogger(__name__)
# A dead broker must not hold up the click: one try of at most so many seconds, then the sweep takes
# over.
CLICK_SECONDS = 0.5
# Reading back takes turns in the budget that ends still need: it waits until a burst of them is
# through.
VERIFY_AFTER = 2.0
VERIFY_EVERY = (
    0.03  # a hundred at once are a second's work, which whoever presses End then would wait behind
)
# The names are data: they are in the messages that a running installation has queued.
EXECUTE = "moderation.tasks.execute"
VERIFY = "moderation.tasks.verify"
CHECK_HIT = "moderation.tasks.check_hit"
SPREAD_BAN = "moderation.tasks.spread_ban"
CREATE_ROOM = "moderation.tasks.create_room"
PUBLISH_ON_START = "moderation.tasks.publish_on_start"
_to_verify: queue.Queue[tuple[float, int]] = queue.Queue(5000)


def enqueue(*action_ids: int, delay: float = 0.0) -> bool:
    """Puts acts on their queue as one message, to be carried out after `delay` seconds; False when
    the broker does not take it."""
    return publish(EXECUTE, *action_ids, delay=delay)


def enqueue_verification(action_id: int) -> bool:
    """Has an end read back in a moment; False when too many wait for that already: the sweep comes
    back to it.

    The message goes out when it is due. One with a countdown would be taken off the queue at once,
    and a hundred of them are work that ends still to be sent would wait for.
    """
    try:
        _to_verify.put_nowait((time.monotonic() + VERIFY_AFTER, action_id))
    except queue.Full:
        return False
    _start_verifying()
    return True


@functools.cache
def _start_verifying() -> None:
    threading.Thread(target=_publish_verifications, name="verifications", daemon=True).start()


def _publish_verifications() -> None:
    while True:
        due, action_id = _to_verify.get()
        time.sleep(max(0.0, due - time.monotonic()))
        publish(VERIFY, action_id)
        time.sleep(VERIFY_EVERY)


def enqueue_ban(ban_id: int) -> bool:
    """Puts the orders that follow from a ban on the same queue; False when the broker does not take
    them.
    """
    return publish(SPREAD_BAN, ban_id)


def enqueue_creation(plan_id: int, *, delay: float = 0.0) -> bool:
    """Has a planned room created after `delay` seconds; False when the broker does not take it."""
    return publish(CREATE_ROOM, plan_id, delay=delay)


def enqueue_hit(hit_id: int) -> bool:
    """Has what a rule found read back at once, on the same queue; False when the broker does not
    take it.
    """
    return publish(CHECK_HIT, hit_id)


def enqueue_publishing(plan_id: int, *, delay: float = 0.0) -> bool:
    """Has a room that waits for its host looked at after `delay` seconds; False when the broker
    does not take it.
    """
    return publish(PUBLISH_ON_START, plan_id, delay=delay)


def publish(task: str, *pks: int, delay: float = 0.0) -> bool:
    """False when the broker does not take it, or was away a moment ago: the row is stored, the
    sweep finds it.
    """
    try:
        # The broker is the same server; its library waits several times over for one that hangs,
        # the ping once for all.
        redis.sync_client().ping()
        with producers().acquire(block=True, timeout=CLICK_SECONDS) as producer:
            current_app.send_task(
                task,
                pks,
                countdown=delay or None,
                ignore_result=True,
                producer=producer,
                retry=False,
            )
    except (
        Exception
    ) as error:  # whatever the broker's library raises: the row is stored, the sweep finds it
        name = type(error).__name__
        redis.breaker().failed(name)
        logger.warning(
            "%s %s waits for the sweep, the broker does not take it: %s", task, pks, name
        )
        return False
    return True


def waiting() -> int:
    """How many messages wait on the queue of acts; 0 when the broker does not tell.

    One question: a list of the broker's.
    """
    try:
        length: Any = redis.sync_client().llen(redis.key("celery:acts"))
        return int(length)
    except (redis_library.RedisError, OSError):
        return 0


@functools.cache
def producers() -> Any:
    """Connections for clicks: a person waits for them, while a worker may wait long for its next
    task.
    """
    quick = {
        "socket_timeout": CLICK_SECONDS,
        "socket_connect_timeout": CLICK_SECONDS,
        # Else kombu tries the connection again after 2 and after 4 seconds.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
        "interval_max": 0,
    }
    return pools.producers[current_app.connection_for_write(transport_options=quick)]
