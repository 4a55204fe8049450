"""Whether the vendor answers, judged by the leading collector from its own calls.

What pages read of it: rooms.live.health.
"""

import logging
from collections.abc import Callable

from liveapi import LiveApiError
from rooms.infra import database_time
from rooms.live.health import Stored

logger = logging.getLogger(__name__)


FAILURES = 3  # in a row


SILENCE = 10.0  # seconds of failures without a single success


class VendorHealth:
    """Up or down, since when, in which words. One a leading collector; lives in its event loop."""

    def __init__(self, clock: Callable[[], float] = database_time.unix) -> None:
        self._clock = clock
        self._failures = 0
        self._failing_since = 0.0
        self.ok = True
        self.since = int(clock())
        self.text = ""
        self.last_answer_at = 0

    def answered(self) -> None:
        """A call was answered: also a refusal that concerns one room only."""
        now = self._clock()
        self.last_answer_at = int(now)
        self._failures = 0
        self._failing_since = 0.0
        if not self.ok:
            self.ok, self.since, self.text = True, int(now), ""
            logger.warning("The vendor answers again")

    def failed(self, error: LiveApiError) -> None:
        """A call brought nothing usable."""
        now = self._clock()
        self._failures += 1
        self._failing_since = self._failing_since or now
        if self.ok and (self._failures >= FAILURES or now - self._failing_since >= SILENCE):
            self.ok, self.since = False, int(self._failing_since)
            logger.warning("The vendor does not answer: %s", error)
        if not self.ok:
            self.text = str(error)[:300]

    def fields(self) -> Stored:
        """The part of the health hash that concerns the vendor."""
        return {
            "ok": int(self.ok),
            "since": self.since,
            "text": self.text,
            "last_answer_at": self.last_answer_at,
        }
