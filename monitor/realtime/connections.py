"""One browser tab as the hub sees it: what it shows, and whether it keeps up.

Figures are replaced by newer ones, so a tab that is behind needs no queue, only a snapshot once it
can take one:

    in step      frames pass straight through
    catching up  a snapshot is being read; the few frames that arrive meanwhile are sent after it
    behind       the line is full; frames are left out, and after `SLOW_SECONDS` the tab is closed
                 with a reason

Words about acts are no figures and are not in a snapshot: of those, the last of each room is kept.
Lines of chat are not kept at all: the page fetches them anew after every snapshot.
"""

import asyncio
import logging
from collections.abc import Callable

from monitor.realtime.transport import Frame, FrameSink

logger = logging.getLogger(__name__)
TOO_SLOW = 4408
SLOW_SECONDS = 5.0
MAX_HELD = 4


class Connection:
    """`ask` is called with the tab when it needs a snapshot.

    `session`, `person` and `name`: whose tab it is.
    """

    def __init__(
        self,
        ask: Callable[["Connection"], None],
        *,
        session: str = "",
        person: int = 0,
        name: str = "",
    ) -> None:
        self.watched: frozenset[int] = frozenset()
        self.visible = False  # until it says what it shows
        self.chat = 0  # the room whose chat it shows, or protocol.EVERY_ROOM
        self.said_something = False
        self.session = session
        self.person = person
        self.name = name
        self.line: FrameSink | None = None
        self._ask = ask
        self._held: list[Frame] | None = []
        self._too_many = False
        self._words: dict[object, Frame] = {}
        self._behind: asyncio.TimerHandle | None = None

    @property
    def shown(self) -> frozenset[int]:
        """The rooms whose figures somebody can see: none while the tab is hidden."""
        return self.watched if self.visible else frozenset()

    def watch(self, rooms: frozenset[int], *, visible: bool, chat: int = 0) -> None:
        """The page shows other rooms, or is hidden or shown again.

        Said the same once more: it wants a snapshot.
        """
        self.watched, self.visible, self.chat, self.said_something = rooms, visible, chat, True
        self._ask(self)

    # --- Called by the hub: never waits, never raises ---------------------------------------------

    def resync(self) -> None:
        """Pushes may have been missed."""
        if self.said_something:
            self._ask(self)

    def send_tick(self, frame: Frame) -> None:
        """A tick. The next snapshot makes up for one that is left out."""
        if self._behind is not None:
            return
        if self._held is None:
            self._send(frame)
        elif len(self._held) < MAX_HELD:
            self._held.append(frame)
        else:
            self._too_many = True

    def send_latest(self, about: object, frame: Frame) -> None:
        """Something other than figures, of which the last `about` the same thing must arrive."""
        if self._behind is not None or self._held is not None or not self._send(frame):
            self._words[about] = frame

    def send_chat(self, frame: Frame) -> None:
        """Lines of chat. What cannot be sent now is left out: a snapshot follows."""
        if self._behind is None and self._held is None:
            self._send(frame)

    def hold(self) -> None:
        """A snapshot is about to be read: from now on frames wait for it."""
        self._held, self._too_many = [], False

    def send_snapshot(self, snapshot: Frame) -> None:
        """The snapshot, then what came meanwhile; when that was too much, one more snapshot."""
        held, self._held = self._held or [], None
        if self._too_many:
            held = []
            self._ask(self)
        latest, self._words = self._words, {}
        for frame in (snapshot, *held):
            if not self._send(frame):
                break
        for about, frame in latest.items():
            self.send_latest(about, frame)

    # --- Called by the line -----------------------------------------------------------------------

    def on_drained(self) -> None:
        """All that waited has left: a snapshot may follow."""
        if self._behind is not None:
            self._behind.cancel()
            self._behind = None
            self._ask(self)

    def close(self, code: int, reason: str) -> None:
        """Ends it from this side; `release` follows when the connection is gone."""
        if self.line is not None:
            self.line.close(code, reason)

    def release(self) -> None:
        """The connection is gone."""
        if self._behind is not None:
            self._behind.cancel()
        if self.line is not None:
            self.line.release()

    def _send(self, frame: Frame) -> bool:
        if self.line is None or self.line.take(frame):
            return True
        if self._behind is None:
            self._behind = asyncio.get_running_loop().call_later(SLOW_SECONDS, self._too_slow)
        return False

    def _too_slow(self) -> None:
        logger.warning(
            "a browser of person %d was dropped: it took nothing for %d s",
            self.person,
            SLOW_SECONDS,
        )
        self.close(TOO_SLOW, "too slow: nothing was read for a while")
