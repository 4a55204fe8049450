"""Whether a store is worth asking: the first wait that was in vain is the only one of a process.

While a store is away nobody asks it: callers are refused at once, and a thread of its own asks
every half second whether it is back. So no page and no click ever pays for the question.
"""

import logging
import threading
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)
PROBE_SECONDS = 0.5


class Breaker:
    """One store of one process.

    `probe` raises while the store does not answer; it ends by itself within a second or two.

    is_current: False when the process has another store by now, and this one need not be asked any
    more.
    """

    def __init__(
        self, name: str, probe: Callable[[], object], is_current: Callable[[], bool] = lambda: True
    ) -> None:
        self.name = name
        self._probe = probe
        self._is_current = is_current
        self._lock = threading.Lock()
        self._open = False
        self._since = 0.0
        # how often it was found away: who keeps a connection open knows by it that it may be dead
        self.outages = 0

    @property
    def is_open(self) -> bool:
        """Whether the store is away: nobody asks it."""
        return self._open

    def failed(self, why: str = "") -> None:
        """The store did not answer somebody."""
        with self._lock:
            if self._open:
                return
            self._open = True
            self._since = time.monotonic()
            self.outages += 1
        logger.warning("%s is away (%s)", self.name, why or "no answer")
        self._start()

    def _start(self) -> None:
        """Has the store asked until it is back."""
        threading.Thread(target=self._ask_again, name=f"asks {self.name}", daemon=True).start()

    def _ask_again(self) -> None:
        pause = threading.Event()
        while self._is_current():
            if self.ask():
                return
            pause.wait(PROBE_SECONDS)
        self._open = False

    def ask(self) -> bool:
        """Asks the store; whether it is back."""
        try:
            self._probe()
        except Exception as error:  # whatever its driver raises
            logger.debug("%s is still away: %s", self.name, type(error).__name__)
            return False
        self._open = False
        logger.warning("%s is back after %.1f s", self.name, time.monotonic() - self._since)
        return True
