"""Who is on which room now, across all web processes: each writes who its tabs belong to and what they show.

A Redis hash (person -> JSON) that each process renews every few seconds for its own people and reads whole: some
hundred short values. What is older than GONE_SECONDS belongs to a process or a browser that is no more.
"""

import time
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from rooms import redis

GONE_SECONDS = 12
People = dict[int, list[list[Any]]]  # room -> [[person, code name], ...]


def entry(name: str, rooms: Iterable[int], now: float) -> bytes:
    return orjson.dumps({"n": name, "r": sorted(rooms), "t": int(now)})


@redis.quiet_async(lambda: None)
async def renew(process: str, shown: Mapping[int, tuple[str, frozenset[int]]]) -> People | None:
    """Writes what the people of this process show (person -> code name, rooms), and reads who is on which room.

    None when Redis does not answer.
    """
    now = time.time()
    name = redis.key("here")
    pipeline = redis.async_client().pipeline(transaction=False)
    entries: dict[Any, Any] = {
        f"{person}:{process}": entry(code, rooms, now) for person, (code, rooms) in shown.items()
    }
    if entries:
        pipeline.hset(name, mapping=entries)  # one command: as many as people cost more than all the rest
    pipeline.hgetall(name)
    *_, stored = await pipeline.execute()
    old = [key for key, value in stored.items() if fresh(value, now) is None]
    if old:
        await redis.async_client().hdel(name, *old)
    return people(stored, now)


@redis.quiet(lambda: None)
def announce(person: int, name: str, rooms: Iterable[int]) -> None:
    """Says that a person is about to see these rooms, before the tab does: two tours that move on at the same moment must
    not both get the rooms unseen longest."""
    redis.sync_client().hset(redis.key("here"), f"{person}:tour", entry(name, rooms, time.time()))


@redis.quiet(dict)
def stored_people() -> People:
    """As `renew` reads it, for a page; nothing when Redis does not answer."""
    stored: Any = redis.sync_client().hgetall(redis.key("here"))
    return people(stored, time.time())


def people(stored: Mapping[bytes, bytes], now: float) -> People:
    """Room -> who shows it, each person once, in one order for all."""
    shown: dict[int, tuple[str, set[int]]] = {}
    for key, value in stored.items():
        said = fresh(value, now)
        if said is not None:
            person = int(key.partition(b":")[0])
            shown.setdefault(person, (said["n"], set()))[1].update(said["r"])
    found: People = {}
    # 200 people with 40 rooms each, every few seconds: 4 ms this way, 16 with a dictionary and a sort for each room.
    for person in sorted(shown):
        name, rooms = shown[person]
        who = [person, name]
        for room in rooms:
            found.setdefault(room, []).append(who)
    return found


def fresh(value: bytes, now: float) -> dict[str, Any] | None:
    """What an entry says; None when nobody has renewed it for a while, and for what is no entry."""
    try:
        said: dict[str, Any] = orjson.loads(value)
        return None if now - said["t"] > GONE_SECONDS else said
    except (ValueError, TypeError, KeyError):
        return None


def changed(before: People, after: People) -> People:
    """The rooms whose people are others than before; an empty list: nobody is left."""
    rooms = before.keys() | after.keys()
    return {room: after.get(room, []) for room in rooms if before.get(room) != after.get(room)}
