"""How the installation did, minute by minute for a day: the call budget in use, the age of figures,
how long acts wait.

    system-history   sorted set: minute -> JSON [minute, budget, age, waiting, ok]

One entry a minute whoever writes it, and no more than KEPT_MINUTES of them. Without Redis nothing
is kept, and reading gives nothing.
"""

from typing import Any, NamedTuple

import orjson

from rooms.infra import database_time, redis
from rooms.live.health import Health
from rooms.live.health import read as read_health
from rooms.models import Room

NAME = "system-history"
KEPT_MINUTES = 24 * 60


class Minute(NamedTuple):
    """minute: Unix seconds by 60. budget: per cent of the most used command's allowance. age: of
    the statistics of 95 of 100 live rooms at most, seconds; None without any. waiting: for how many
    seconds the oldest act is overdue. ok: whether the vendor answered.
    """

    minute: int
    budget: int
    age: int | None
    waiting: int
    ok: bool


class Ages(NamedTuple):
    """How old the statistics of live rooms are, in seconds; None without any."""

    rooms: int
    p95: int | None
    oldest: int | None


def ages() -> Ages:
    """As the database has them now."""
    now = int(database_time.unix())
    found = sorted(
        now - at for at in Room.objects.live().values_list("statistics_at", flat=True) if at
    )
    if not found:
        return Ages(0, None, None)
    return Ages(len(found), found[len(found) * 95 // 100], found[-1])


def budget_lines(health: Health) -> list[tuple[str, float, float | None, int]]:
    """(command, calls a second, allowed a second, per cent of it) of every command called
    lately.
    """
    lines = []
    for name, calls in sorted(health["calls"].items()):
        allowed = health["budget"].get(name)
        lines.append(
            (name, calls, allowed, min(100, round(100 * calls / allowed)) if allowed else 0)
        )
    return lines


def budget_used(health: Health) -> int:
    """Per cent of the most used command's allowance."""
    return max((share for *_, share in budget_lines(health)), default=0)


def keep(waiting: float) -> None:
    """Writes the minute that runs. waiting: for how many seconds the oldest act is overdue."""
    health = read_health()
    if not health["known"]:
        return
    now = int(database_time.unix())
    _write(Minute(now // 60, budget_used(health), ages().p95, max(0, int(waiting)), health["ok"]))


@redis.quiet(lambda: None)
def _write(one: Minute) -> None:
    name = redis.key(NAME)
    pipeline = redis.sync_client().pipeline()
    pipeline.zremrangebyscore(name, "-inf", one.minute - KEPT_MINUTES)
    pipeline.zremrangebyscore(name, one.minute, "+inf")  # of a clock that was ahead, too
    pipeline.zadd(name, {orjson.dumps([*one]): one.minute})
    pipeline.execute()


@redis.quiet(list)
def read(minutes: int) -> list[Minute]:
    """What was kept of the last so many minutes, oldest first."""
    after = int(database_time.unix()) // 60 - minutes
    # Bytes or text, or pairs, says redis-py: ours never decode, and scores were not asked for.
    stored: Any = redis.sync_client().zrangebyscore(redis.key(NAME), after, "+inf")
    return [Minute(*orjson.loads(one)) for one in stored]
