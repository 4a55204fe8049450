"""The call budget: who may call what, when. One budget for the whole installation, kept in Redis.

A budget grants at most N calls of a command in any window of one second, N being our share of the
published limit, and so many of all commands together. It is a log of the last N grants, so that it
can be used to the full and never exceeded by one. Two lanes: acts may use all of it; polls leave a
part free (limits), so that acts do not wait even when polls have just used up theirs, and step
aside as long as an act has to wait for other acts. penalise() holds the polls back after the vendor
complained.

    LocalBudget, AsyncLocalBudget       in this process (tests, one-off commands, Redis down)
    RedisBudget, AsyncRedisBudget       shared by all processes
"""

from typing import Protocol

from liveapi.budget.limits import LIMITS, OVERALL, Allowance, Lane, allowance
from liveapi.budget.local_pacing import AsyncLocalBudget, LocalBudget
from liveapi.budget.redis_pacing import AsyncRedisBudget, RedisBudget

__all__ = [
    "LIMITS",
    "OVERALL",
    "Allowance",
    "AsyncBudget",
    "AsyncLocalBudget",
    "AsyncRedisBudget",
    "Budget",
    "Lane",
    "LocalBudget",
    "RedisBudget",
    "allowance",
]


class Budget(Protocol):
    """What the synchronous client needs of a budget."""

    def acquire(self, command: str, lane: Lane, timeout: float) -> None: ...
    def penalise(self, command: str, seconds: float) -> None: ...


class AsyncBudget(Protocol):
    """What the asynchronous client needs of a budget."""

    async def acquire(self, command: str, lane: Lane, timeout: float) -> None: ...
    async def penalise(self, command: str, seconds: float) -> None: ...
