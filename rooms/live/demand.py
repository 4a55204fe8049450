"""What pages, acts and rules ask of the leading collector, through Redis: what to read more often,
or at once.

    watched         sorted set: pk -> until when        refresh       list of pks to be read at once
    discover        list of RoomIds to be read at once  members_wanted, hosts_wanted   there while
                                                                                       somebody
                                                                                       wants them

As in `rooms.live.hot_state`, nothing here raises to its callers: without Redis it logs, and reads
answer "nothing".
"""

from collections.abc import Collection

from rooms.infra import redis

MAX_WAITING = 1000  # of the lists: what is older is forgotten
# The server's clock decides, so that processes on machines with other clocks agree on who is
# watched.
_MARK = """
local until_when = tonumber(redis.call('TIME')[1]) + tonumber(ARGV[1])
local row = {}
for pk in string.gmatch(ARGV[2], '%d+') do
    row[#row + 1] = until_when
    row[#row + 1] = pk
    if #row == 1000 then
        redis.call('ZADD', KEYS[1], 'GT', unpack(row))
        row = {}
    end
end
if #row > 0 then redis.call('ZADD', KEYS[1], 'GT', unpack(row)) end
"""
_WATCHED = """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', redis.call('TIME')[1])
return redis.call('ZRANGE', KEYS[1], 0, -1)
"""
_TAKE_ALL = """
local found = redis.call('LRANGE', KEYS[1], 0, -1)
redis.call('DEL', KEYS[1])
return found
"""


@redis.quiet_async(lambda: None)
async def mark_watched_async(pks: Collection[int], seconds: int = 10) -> None:
    """These rooms are on somebody's screen for the next `seconds`."""
    if pks:
        # One argument: the client packs five thousand of them in ten milliseconds, and nothing else
        # runs meanwhile.
        listed = ",".join(map(str, pks))
        await redis.async_client().eval(_MARK, 1, redis.key("watched"), str(seconds), listed)


@redis.quiet_async(set)
async def watched_async() -> set[int]:
    """The rooms on anybody's screen."""
    return {int(pk) for pk in await redis.async_client().eval(_WATCHED, 1, redis.key("watched"))}


# --- To be read at once ---------------------------------------------------------------------------


@redis.quiet(lambda: None)
def refresh(pk: int) -> None:
    """Reads this room at once: somebody opened it, or an act has changed it."""
    _put("refresh", str(pk))


@redis.quiet(lambda: None)
def discover(room_id: str) -> None:
    """Reads and stores a room that may be known by its RoomId only: this console has just created
    it.
    """
    _put("discover", room_id)


def _put(name: str, value: str) -> None:
    pipeline = redis.sync_client().pipeline(transaction=False)
    pipeline.rpush(redis.key(name), value)
    pipeline.ltrim(redis.key(name), -MAX_WAITING, -1)
    pipeline.execute()


@redis.quiet_async(list)
async def take_refreshes_async() -> list[int]:
    """The rooms to be read at once, each once; the list is emptied."""
    found = await redis.async_client().eval(_TAKE_ALL, 1, redis.key("refresh"))
    return list(dict.fromkeys(int(pk) for pk in found))


# --- What is wanted for a while -------------------------------------------------------------------


@redis.quiet(lambda: None)
def want_members(seconds: int) -> None:
    """Asks the collector to look who is in the rooms, for the next `seconds` (bans are in
    force).
    """
    redis.sync_client().set(redis.key("members_wanted"), 1, ex=seconds)


@redis.quiet(lambda: None)
def want_hosts(seconds: int) -> None:
    """Asks the collector to look where the hosts of all rooms are, for the next `seconds` (a rule
    or a plan needs it).
    """
    redis.sync_client().set(redis.key("hosts_wanted"), 1, ex=seconds)


@redis.quiet_async(lambda: False)
async def members_wanted_async() -> bool:
    """Whether somebody wants to know who is in the rooms."""
    return bool(await redis.async_client().exists(redis.key("members_wanted")))


@redis.quiet_async(lambda: False)
async def hosts_wanted_async() -> bool:
    """Whether somebody wants to know where the hosts of all rooms are."""
    return bool(await redis.async_client().exists(redis.key("hosts_wanted")))
