"""The published call limits: calls of one command, and of the whole application, in any window of
one second.
"""

from collections import deque

from simulator.errors import Refusal

PUBLISHED = {
    "get_room_list": 10,  # https://trtc.io/document/63405
    "get_room_stats": 100,  # https://cloud.tencent.com/document/product/647/132566
    "get_room_statistic": 100,
    "add_robot": 100,
    "get_robot": 100,
    "account_delete": 100,
}
USUAL = 200
# No page names the limit of the whole application; far above any honest use of ours.
WHOLE = 2000


class Limits:
    """Counts arrivals by the real clock: a stepped world must not lift a limit."""

    def __init__(self) -> None:
        self._arrivals: dict[str, deque[float]] = {}

    def check(self, command: str, now: float) -> None:
        """Raises Refusal 60007 when the command, 60011 when the application was called too
        often.
        """
        if not self._admit(command, PUBLISHED.get(command, USUAL), now):
            raise Refusal(60007, "the frequency of this command is exceeded")
        if not self._admit("", WHOLE, now):
            raise Refusal(60011, "the frequency of the application is exceeded")

    def _admit(self, name: str, limit: int, now: float) -> bool:
        arrivals = self._arrivals.setdefault(name, deque())
        while arrivals and now - arrivals[0] >= 1.0:
            arrivals.popleft()
        if len(arrivals) >= limit:
            return False
        arrivals.append(now)
        return True
