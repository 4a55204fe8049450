"""Ticks as the collector publishes them, at times of the benchmark's choosing.

Needs a `BenchmarkEnvironment` with Django.
"""

import random
import time
from collections.abc import Sequence
from typing import Any

from rooms.live import encoding


class Publisher:
    """Publishes through `rooms.live.hot_state`, as the collector does, and knows the moment of each
    PUBLISH.
    """

    def __init__(self) -> None:
        from rooms.infra import redis

        self.client: Any = redis.patient_client()
        self.random = random.Random(7)
        self.at = int(time.time() * 1000)
        self.moment = 0.0
        self._publish = self.client.publish
        self.client.publish = self._noted

    def _noted(self, channel: str, message: bytes) -> Any:
        self.moment = time.monotonic()
        return self._publish(channel, message)

    def changes(self, pks: Sequence[int], **more: str) -> dict[int, dict[str, Any]]:
        """New figures for these rooms, as a reading of all their figures brings them."""
        now, draw = int(time.time()), self.random.randrange
        return {
            pk: {
                "o": draw(10**4),
                "oa": now,
                "r": draw(10**6),
                "g": draw(10**4),
                "m": draw(10**5),
                "ra": now,
            }
            | more
            for pk in pks
        }

    def tick(self, changed: dict[int, dict[str, Any]]) -> int:
        """Publishes one tick; its number."""
        from rooms.live import push

        self.at += 1
        push.publish_tick(changed, changed, at_ms=self.at)
        return self.at

    def text(self, changed: dict[int, dict[str, Any]], page: Sequence[int]) -> str:
        """What our web process would send to a page for the next tick."""
        from monitor.realtime import protocol

        self.at += 1
        header = {
            "k": "tick",
            "at": self.at,
            "changes": 0,
            "vendor": encoding.vendor_words([b"1", b"0", b""]),
        }
        return protocol.tick(protocol.read_pushed(encoding.message(header, changed)), page).decode()
