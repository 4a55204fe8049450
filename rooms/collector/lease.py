"""Who leads the collecting: a lease in Redis, and a fencing number in the database.

The lease says who may ask the vendor; it can be lost without its holder noticing (a stopped
process, a Redis that forgot). The number says whose facts are taken: each new leader raises it, and
`room_writer.store` refuses the number of an older one. The hot state has no such guard: of a
process that was stopped in the middle of a tick the rest of that one tick still reaches it, until
the new leader reads those rooms again.
"""

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable

import redis as redis_library

from rooms.infra import redis
from rooms.ingest import fencing

logger = logging.getLogger(__name__)

LEASE_SECONDS = 6.0
RENEW_SECONDS = 2.0
# A holder that cannot renew stops this long before somebody else may take over.
MARGIN_SECONDS = 1.0

_EXTEND = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0
"""
_RELEASE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


class Lease:
    """One process's claim to lead. For threads: every method may wait for Redis or the database."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = f"{socket.gethostname()[:60]}:{os.getpid()}"
        self._token = f"{self.name}:{secrets.token_hex(8)}"
        self._clock = clock
        self._until = 0.0

    @property
    def held(self) -> bool:
        """Whether nobody else can have taken it yet, by this process's clock."""
        return self._clock() < self._until - MARGIN_SECONDS

    def take(self) -> int | None:
        """Tries to lead: the fencing number, or None when somebody else leads.

        Raises redis.RedisError or django.db.Error; nothing is held then.
        """
        began = self._clock()
        client = redis.patient_client()
        if not client.set(redis.key("leader"), self._token, nx=True, px=int(LEASE_SECONDS * 1000)):
            return None
        try:
            fence = fencing.raise_fence(self.name)
        except Exception:
            self.release()
            raise
        self._until = began + LEASE_SECONDS
        return fence

    def renew(self) -> bool:
        """Extends the lease; False when it is lost.

        While Redis does not answer it is held to its end.
        """
        began = self._clock()
        try:
            client = redis.patient_client()
            kept = client.eval(
                _EXTEND, 1, redis.key("leader"), self._token, str(int(LEASE_SECONDS * 1000))
            )
        except (redis_library.RedisError, OSError) as error:
            logger.warning("The lease cannot be renewed (%s)", type(error).__name__)
            return self.held
        self._until = began + LEASE_SECONDS if kept else 0.0
        return bool(kept)

    def release(self) -> None:
        """Lets somebody else lead at once. Never raises."""
        self._until = 0.0
        try:
            redis.patient_client().eval(_RELEASE, 1, redis.key("leader"), self._token)
        except (redis_library.RedisError, OSError) as error:
            logger.warning(
                "The lease is not released (%s), it ends by itself", type(error).__name__
            )
