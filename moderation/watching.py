"""The looks that are made every few seconds at what time alone decides: limits, holds, and hosts that are gone.

Each part survives the others. A look that takes long is not joined by the next one. Hosts have a look of their own:
it waits for the vendor, and a limit's end must not.
"""

import contextlib
import logging
from collections.abc import Callable, Iterator

from moderation import clocks, holds, hosts, limit_watch
from rooms import redis

logger = logging.getLogger(__name__)
LONGEST = 60  # seconds after which a look that never ended no longer keeps the next ones away
Part = Callable[[], object]


def watch_over() -> bool:
    """One look at limits and holds; False when another one is still at it."""
    return look("watching-over", limit_watch.watch, holds.close_expired, holds.enforce, clocks.publish)


def watch_hosts() -> bool:
    """One look at the hosts that are gone; False when another one is still at it."""
    return look("watching-hosts", hosts.watch)


def look(name: str, *parts: Part) -> bool:
    """Does all parts, unless somebody else is doing them."""
    with alone(name) as mine:
        for part in parts if mine else ():
            try:
                part()
            except Exception:
                logger.exception("%s goes on without one of its parts", name)
    return mine


@contextlib.contextmanager
def alone(name: str) -> Iterator[bool]:
    """Whether nobody else is looking; until the end of the block nobody else will."""
    client, key = redis.sync_client(), redis.key(name)
    mine = bool(client.set(key, 1, nx=True, ex=LONGEST))
    try:
        yield mine
    finally:
        if mine:
            client.delete(key)
