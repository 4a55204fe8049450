"""How often the vendor lets each command be called, and how much of that we use."""

import math
from typing import Literal, NamedTuple

Lane = Literal["poll", "act"]

# Calls a second as published on the page of each command; 200 is the family's habit where none is.
LIMITS: dict[str, int] = {
    "get_room_list": 10,  # https://trtc.io/document/63405
    "get_room_stats": 100,  # https://cloud.tencent.com/document/product/647/132566
    "get_room_statistic": 100,
    "add_robot": 100,  # https://trtc.io/document/69079
    "del_robot": 100,
    "get_robot": 100,
    "account_delete": 100,  # https://trtc.io/document/34955
}
DEFAULT_LIMIT = 200
# 60011 says that a limit of the whole application exists, no page says which: three commands at
# full speed.
OVERALL = "*"
OVERALL_LIMIT = 600
WINDOW = 1.0  # seconds
# Commands no act calls: nothing is kept free for acts.
_POLLED_ONLY = frozenset({"get_room_list", "portrait_get", "get_member_list"})
# One grant in so many is kept free for acts, so that a burst of polls never makes one wait: a third
# of the whole (a hundred acts at once), a fifth of what acts read back with. Elsewhere a few: acts
# hardly call it.
_RESERVES = {OVERALL: 3, "get_room_info": 5}
_RESERVE = 40


class Allowance(NamedTuple):
    """Calls in any window of one second: for acts (all), and for polls (less what is kept for
    acts).
    """

    acts: int
    polls: int

    def of(self, lane: Lane) -> int:
        return self.acts if lane == "act" else self.polls


def limit(command: str) -> int:
    """The published limit in calls a second; OVERALL names all commands together."""
    return OVERALL_LIMIT if command == OVERALL else LIMITS.get(command, DEFAULT_LIMIT)


def allowance(command: str, share: float) -> Allowance:
    """What `share` (0 to 1) of the published limit allows.

    At least one call a second in each lane.
    """
    acts = max(1, math.floor(limit(command) * share))
    reserve = 0 if command in _POLLED_ONLY else max(1, acts // _RESERVES.get(command, _RESERVE))
    return Allowance(acts, max(1, acts - reserve))
