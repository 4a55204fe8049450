"""The call budget in Redis, shared by all processes of an installation: one round trip a grant.

When Redis does not answer, each process goes on with a budget of its own for a moment: an act must
not fail because of the budget's store.
"""

import logging
import threading
import time

import redis
import redis.asyncio

from liveapi.budget.limits import OVERALL, WINDOW, Allowance, Lane, allowance
from liveapi.budget.local_pacing import (
    STEP_ASIDE,
    LocalBudget,
    no_room,
    wait_for_many,
    wait_for_many_async,
)

logger = logging.getLogger(__name__)

RETRY_REDIS_AFTER = 2.0  # seconds without asking a Redis that failed
PREFIX = "budget:"

# KEYS: log, log of all, waiting, waiting of all, held, held of all. ARGV: lane, want, calls allowed
# to this lane of the command, of all, list lengths of both, window and stepping aside in
# microseconds. Answers {granted, microseconds to wait}. Grant times are whole microseconds; %.0f
# because Lua would print them in exponent form.
TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local lane, want = ARGV[1], tonumber(ARGV[2])
local window, aside = tonumber(ARGV[7]), tonumber(ARGV[8])
if lane == 'poll' then
  local blocked = 0
  for i = 3, 6 do
    blocked = math.max(blocked, redis.call('PTTL', KEYS[i]))
  end
  if blocked > 0 then return {0, blocked * 1000} end
end
-- How many of `want` fit: k fit when the grant k places before the last allowed one has left the
-- window.
local function room(key, allowed)
  local function left_window(index)
    local at = redis.call('LINDEX', key, index)
    return not at or now - at >= window
  end
  local low, high = 0, math.min(want, allowed)
  while low < high do
    local middle = math.ceil((low + high) / 2)
    if left_window(allowed - middle) then low = middle else high = middle - 1 end
  end
  if low > 0 then return low, 0 end
  return 0, redis.call('LINDEX', key, allowed - 1) + window - now
end
local own, own_wait = room(KEYS[1], tonumber(ARGV[3]))
local all, all_wait = room(KEYS[2], tonumber(ARGV[4]))
local granted = math.min(own, all)
if granted == 0 then
  local wait, key = own_wait, KEYS[3]
  if all_wait > own_wait then wait, key = all_wait, KEYS[4] end
  if lane == 'act' then redis.call('SET', key, 1, 'PX', math.ceil((wait + aside) / 1000)) end
  return {0, wait}
end
local stamp = string.format('%.0f', now)
local stamps = {}
for i = 1, granted do stamps[i] = stamp end
for i = 1, 2 do
  redis.call('LPUSH', KEYS[i], unpack(stamps))
  redis.call('LTRIM', KEYS[i], 0, tonumber(ARGV[4 + i]) - 1)
  redis.call('PEXPIRE', KEYS[i], math.ceil(window / 1000) * 2)
end
return {granted, 0}
"""

# A penalty never shortens the one before.
HOLD = """
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then
  redis.call('SET', KEYS[1], 1, 'PX', ARGV[1])
end
"""

_MICROSECONDS = 1_000_000
_MAX_AT_ONCE = 1000


class _Shared:
    """What both Redis budgets have in common: keys, arguments, and what to do while Redis is
    away.
    """

    def __init__(self, sdkappid: int, share: float, prefix: str) -> None:
        self.share = share
        # The braces keep the keys of one application together in a Redis cluster.
        self._prefix = f"{prefix}{{{sdkappid}}}:"
        self._arguments: dict[tuple[str, Lane], tuple[list[str], list[float]]] = {}
        self._local = LocalBudget(share)
        self._lock = threading.Lock()
        self._away_until = 0.0
        self._away = False

    def _key(self, kind: str, command: str) -> str:
        return f"{self._prefix}{kind}:{command}"

    def _prepared(self, command: str, lane: Lane) -> tuple[list[str], list[float]]:
        found = self._arguments.get((command, lane))
        if found is None:
            kinds = ("log", "waiting", "held")
            keys = [self._key(kind, name) for kind in kinds for name in (command, OVERALL)]
            own, overall = allowance(command, self.share), allowance(OVERALL, self.share)
            times = [int(WINDOW * _MICROSECONDS), int(STEP_ASIDE * _MICROSECONDS)]
            found = keys, [own.of(lane), overall.of(lane), own.acts, overall.acts, *times]
            self._arguments[command, lane] = found
        return found

    def _redis_failed(self, error: Exception) -> None:
        with self._lock:
            first, self._away = not self._away, True
            self._away_until = time.monotonic() + RETRY_REDIS_AFTER
        if first:
            logger.warning(
                "The shared call budget is away (%s): going on alone", type(error).__name__
            )

    def _redis_answered(self) -> None:
        if self._away:
            with self._lock:
                self._away = False
            logger.warning("The shared call budget is back")

    def _skip_redis(self) -> bool:
        return self._away and time.monotonic() < self._away_until

    def allowance(self, command: str) -> Allowance:
        """What this budget allows of a command in one second."""
        return allowance(command, self.share)


class RedisBudget(_Shared):
    """The shared budget for threads. `redis_client` may decode its answers or not."""

    def __init__(
        self, redis_client: redis.Redis, sdkappid: int, share: float = 0.5, prefix: str = PREFIX
    ) -> None:
        super().__init__(sdkappid, share, prefix)
        self._take = redis_client.register_script(TAKE)
        self._hold = redis_client.register_script(HOLD)

    def take(self, command: str, lane: Lane, want: int = 1) -> tuple[int, float]:
        """(calls granted now, at most `want`; seconds to wait when none was)."""
        if self._skip_redis():
            return self._local.take(command, lane, want)
        keys, arguments = self._prepared(command, lane)
        try:
            granted, wait = self._take(keys=keys, args=[lane, min(want, _MAX_AT_ONCE), *arguments])
        except (redis.RedisError, OSError) as error:
            self._redis_failed(error)
            return self._local.take(command, lane, want)
        self._redis_answered()
        return granted, wait / _MICROSECONDS

    def try_acquire(self, command: str, lane: Lane = "poll") -> float:
        """0.0 when one call was granted, else the seconds to wait before asking again."""
        return self.take(command, lane)[1]

    def acquire(self, command: str, lane: Lane = "poll", timeout: float = 5.0) -> None:
        """Waits for one call; raises LiveApiError(kind="budget") after `timeout` seconds."""
        if not wait_for_many(self.take, command, lane, 1, timeout):
            raise no_room(command)

    def acquire_many(self, command: str, lane: Lane, want: int, timeout: float = 1.0) -> int:
        """Waits until at least one call is free and takes up to `want`; 0 after `timeout`
        seconds.
        """
        return wait_for_many(self.take, command, lane, want, timeout)

    def penalise(self, command: str, seconds: float) -> None:
        """Holds the polls of a command ("*": of all) back for so long, in every process."""
        self._local.penalise(command, seconds)
        try:
            self._hold(keys=[self._key("held", command)], args=[max(1, int(seconds * 1000))])
        except (redis.RedisError, OSError) as error:
            self._redis_failed(error)


class AsyncRedisBudget(_Shared):
    """The shared budget for an event loop; the same keys and script as RedisBudget."""

    def __init__(
        self,
        redis_client: redis.asyncio.Redis,
        sdkappid: int,
        share: float = 0.5,
        prefix: str = PREFIX,
    ) -> None:
        super().__init__(sdkappid, share, prefix)
        self._take = redis_client.register_script(TAKE)
        self._hold = redis_client.register_script(HOLD)

    async def take(self, command: str, lane: Lane, want: int = 1) -> tuple[int, float]:
        """(calls granted now, at most `want`; seconds to wait when none was)."""
        if self._skip_redis():
            return self._local.take(command, lane, want)
        keys, arguments = self._prepared(command, lane)
        try:
            granted, wait = await self._take(
                keys=keys, args=[lane, min(want, _MAX_AT_ONCE), *arguments]
            )
        except (redis.RedisError, OSError) as error:
            self._redis_failed(error)
            return self._local.take(command, lane, want)
        self._redis_answered()
        return granted, wait / _MICROSECONDS

    async def try_acquire(self, command: str, lane: Lane = "poll") -> float:
        """0.0 when one call was granted, else the seconds to wait before asking again."""
        return (await self.take(command, lane))[1]

    async def acquire(self, command: str, lane: Lane = "poll", timeout: float = 5.0) -> None:
        """Waits for one call; raises LiveApiError(kind="budget") after `timeout` seconds."""
        if not await wait_for_many_async(self.take, command, lane, 1, timeout):
            raise no_room(command)

    async def acquire_many(self, command: str, lane: Lane, want: int, timeout: float = 1.0) -> int:
        """Waits until at least one call is free and takes up to `want`; 0 after `timeout`
        seconds.
        """
        return await wait_for_many_async(self.take, command, lane, want, timeout)

    async def penalise(self, command: str, seconds: float) -> None:
        """Holds the polls of a command ("*": of all) back for so long, in every process."""
        self._local.penalise(command, seconds)
        try:
            await self._hold(keys=[self._key("held", command)], args=[max(1, int(seconds * 1000))])
        except (redis.RedisError, OSError) as error:
            self._redis_failed(error)
