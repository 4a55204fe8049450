"""Which processes of this installation live, and how far their machines' clocks are off: each
writes a line in Redis.

processes       hash: "<name> <machine> <process id>" -> "<Unix seconds of the database> <seconds
                ahead>"
"""

from typing import NamedTuple

from rooms.infra import database_time, redis

FORGOTTEN_SECONDS = 600  # a process that ended is shown for so long, and then is none


class Process(NamedTuple):
    """name: what it does. age: seconds since its last sign of life. ahead: seconds of its machine's
    clock.
    """

    name: str
    machine: str
    number: str
    age: float
    ahead: float

    @property
    def is_late(self) -> bool:
        return self.age > 6 * database_time.MEASURE_SECONDS

    @property
    def is_off(self) -> bool:
        return abs(self.ahead) > database_time.MAX_OFFSET_SECONDS


@redis.quiet(lambda: None)
def tell(name: str) -> None:
    """The sign of life of this process; see database_time.start."""
    line = f"{database_time.unix():.1f} {database_time.offset():.3f}"
    redis.sync_client().hset(redis.key("processes"), name, line)


@redis.quiet(list)
def all_of_them() -> list[Process]:
    """By name; nothing without Redis. Forgets those that ended long ago."""
    found = redis.read_bytes(redis.key("processes"))
    now, processes, over = database_time.unix(), [], []
    for field, value in found.items():
        name, machine, number = field.decode("utf-8", "replace").rsplit(" ", 2)
        at, ahead = (float(part) for part in value.split())
        if now - at > FORGOTTEN_SECONDS:
            over.append(field)
        else:
            processes.append(Process(name, machine, number, max(0.0, now - at), ahead))
    if over:
        redis.sync_client().hdel(redis.key("processes"), *over)
    return sorted(processes)
