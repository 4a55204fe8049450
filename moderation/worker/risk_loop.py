"""Scores all live rooms once a second, in a thread of the worker of chores.

There, because it needs the tables and neither waits behind a queue nor keeps a page or the
collector waiting. Any number of such workers may run: one leads, by a lease in Redis. Without Redis
each of them scores, and writes the same.
"""

import logging
import secrets
import threading
import time

from django.db import close_old_connections

from moderation.attention import store
from moderation.attention.scorer import Scorer
from moderation.core.leases import release_db_connection
from rooms.infra import redis

logger = logging.getLogger(__name__)
TICK_SECONDS = 1.0
LEASE_SECONDS = 5
MAX_PAUSE_SECONDS = 10.0
_ME = secrets.token_hex(8).encode()


def start() -> threading.Event:
    """Starts the thread; it ends with the process, or when the event is set."""
    stop = threading.Event()
    threading.Thread(target=run, args=(stop,), name="risk", daemon=True).start()
    return stop


def run(stop: threading.Event) -> None:
    """Ticks until it is told to stop; survives whatever a tick raises."""
    scorer, pause = Scorer(), 0.0
    while not stop.wait(pause):
        began = time.monotonic()
        try:
            if leads():
                scorer.tick()
                store.tell_alive()
            elif scorer.facts:
                scorer = Scorer()
            pause = max(0.0, TICK_SECONDS - (time.monotonic() - began))
        except Exception:
            logger.exception("rooms could not be scored; the next tick tries again")
            scorer, pause = Scorer(), min(MAX_PAUSE_SECONDS, max(TICK_SECONDS, 2 * pause))
        finally:
            release_db_connection()
            close_old_connections()


@redis.quiet(lambda: True)
def leads() -> bool:
    """Whether this process scores now."""
    client, key = redis.sync_client(), redis.key("risk:lease")
    if client.set(key, _ME, nx=True, ex=LEASE_SECONDS):
        return True
    return client.get(key) == _ME and bool(client.expire(key, LEASE_SECONDS))
