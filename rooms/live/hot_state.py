"""Hot state: the newest figures of every live room in Redis, and what is pushed to the web processes.

Facts are in the database; this is a fast copy that may be lost at any time and is written anew by the next
leading collector. Nothing here raises to its callers: without Redis it logs, and reads answer "nothing".

    live        hash: primary key -> JSON state      recent:<pk>  list of "time,online,reward", newest first
    push        channel                              changes      how many rooms were opened or ended so far
    health      hash, see rooms.live.health

A state has short names, for it is pushed: see rooms.ingest.readings.State. Times are Unix seconds.
What a header's `k` may be says Kind; who hears it: monitor.hub and static/js/live.js.
"""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import orjson

from rooms.infra import database_time, redis
from rooms.ingest.readings import State
from rooms.live import health

Kind = Literal["tick", "chat", "seen", "act", "alerts", "bans", "host", "clock", "claim", "person"]
PUSH = "push"  # the channel
CHAT: Kind = "chat"
SEEN: Kind = "seen"
Reading = tuple[int, int | None, int | None]  # Unix seconds, online, reward

RECENT_LENGTH = 120
RECENT_SECONDS = 7200  # a list nobody adds to goes
CHUNK = 500


# --- Publishing -------------------------------------------------------------------------------------


@redis.quiet(lambda: None)
def publish_tick(
    changed: Mapping[int, Mapping[str, Any]],
    full: Mapping[int, State],
    *,
    opened: Sequence[int] = (),
    ended: Sequence[int] = (),
    readings: Mapping[int, Reading] | None = None,
    at_ms: int | None = None,
) -> None:
    """Stores the full states and pushes the changed fields: one PUBLISH, whatever it holds.

    changed: pk -> the fields that differ. full: pk -> the whole new state. readings: pk -> what goes into
    `recent`. at_ms: Unix milliseconds.
    """
    client = redis.patient_client()
    pipeline = client.pipeline(transaction=False)
    pipeline.incrby(redis.key("changes"), len(opened) + len(ended))
    pipeline.hmget(redis.key(health.NAME), *health.VENDOR)
    if full:
        pipeline.hset(redis.key("live"), mapping={str(pk): orjson.dumps(state) for pk, state in full.items()})
    for pk, reading in (readings or {}).items():
        _remember(pipeline, pk, reading)
    counter, told, *_ = pipeline.execute()
    kind: Kind = "tick"
    header = {
        "k": kind,
        "at": at_ms if at_ms is not None else int(database_time.unix() * 1000),
        "changes": counter,
        "opened": list(opened),
        "ended": list(ended),
        "vendor": vendor_words(told),
    }
    client.publish(redis.key(PUSH), message(header, changed))


def message(header: Mapping[str, Any], changed: Mapping[int, Mapping[str, Any]]) -> bytes:
    """The bytes of a tick: each room's line is what a browser gets, [pk, name, value, name, value, ...]."""
    rows: dict[int, bytes] = {}
    for pk, fields in changed.items():
        row: list[Any] = [pk]
        for name, value in fields.items():
            row += (name, value)
        rows[pk] = orjson.dumps(row)
    return lines(header, rows)


def lines(header: Mapping[str, Any], rows: Mapping[int, bytes]) -> bytes:
    """The bytes of a push about rooms: the header, their primary keys as an array, and a line of JSON for each.

    Read by monitor.frames, every second in every web process: the keys stand together so that they are parsed at once.
    """
    return b"\n".join((orjson.dumps(header), orjson.dumps(list(rows)), *rows.values()))


def vendor_words(values: Sequence[bytes | None]) -> health.Vendor:
    """{"ok", "since", "text"} from the first three fields of the health hash."""
    ok, since, text = values
    return {"ok": ok != b"0", "since": int(since or 0), "text": (text or b"").decode("utf-8", "replace")}


def _remember(pipeline: Any, pk: int, reading: Reading) -> None:
    name = redis.key(f"recent:{pk}")
    pipeline.lpush(name, ",".join("" if part is None else str(part) for part in reading))
    pipeline.ltrim(name, 0, RECENT_LENGTH - 1)
    pipeline.expire(name, RECENT_SECONDS)


@redis.quiet(lambda: None)
def publish_act(room_pk: int, action_id: int) -> None:
    """Says that an act on a room has another state: browsers fetch its line anew."""
    _push("act", {"room": room_pk, "action": action_id, "version": time.time_ns() // 1_000_000})


@redis.quiet(lambda: None)
def publish_alert(room_pk: int) -> None:
    """Says that the alerts of a room have changed: its line is fetched anew, and the count of all."""
    _push("act", {"room": room_pk, "version": time.time_ns() // 1_000_000})
    _push("alerts", {})


@redis.quiet(lambda: None)
def publish_bans() -> None:
    """Says that the ban registry has changed."""
    _push("bans", {})


@redis.quiet(lambda: None)
def publish_hosts(pks: Collection[int]) -> None:
    """Says that the hosts of these rooms are somewhere else than before."""
    _push("host", *({"room": pk} for pk in pks))


@redis.quiet(lambda: None)
def publish_clocks(clocks: Mapping[int, Mapping[str, Any]]) -> None:
    """Says how much time is left in these rooms: pk -> what a row's clock shows, see moderation.lifecycle.countdowns."""
    _push("clock", *({"room": pk, "clock": clock} for pk, clock in clocks.items()))


@redis.quiet(lambda: None)
def publish_claim(room_pk: int, claim: Mapping[str, Any] | None) -> None:
    """Says who takes care of a room now; None: nobody. See moderation.collaboration.claims."""
    _push("claim", {"room": room_pk, "claim": claim})


@redis.quiet(lambda: None)
def publish_chat(said: Mapping[int, bytes]) -> None:
    """Pushes what was said: pk -> the frame of that room, for the tabs that show its chat. One PUBLISH."""
    if said:
        redis.sync_client().publish(redis.key(PUSH), lines({"k": CHAT}, said))


@redis.quiet(lambda: None)
def publish_seen(seen: Mapping[int, Sequence[Any]]) -> None:
    """Pushes who has just looked at which room: pk -> [Unix seconds, code name]. One PUBLISH."""
    if seen:
        rows = {pk: orjson.dumps([pk, *look]) for pk, look in seen.items()}
        redis.sync_client().publish(redis.key(PUSH), lines({"k": SEEN}, rows))


@redis.quiet(lambda: None)
def publish_person(person: int) -> None:
    """Says that an account has changed or was logged out: its websockets are looked at again."""
    _push("person", {"person": person})


def _push(kind: Kind, *messages: Mapping[str, Any]) -> None:
    """Publishes messages of a kind that are a header and nothing more, in one round trip."""
    if not messages:
        return
    pipeline = redis.sync_client().pipeline(transaction=False)
    for told in messages:
        pipeline.publish(redis.key(PUSH), orjson.dumps({"k": kind, **told}))
    pipeline.execute()


@redis.quiet(lambda: None)
def reset(full: Mapping[int, State]) -> None:
    """Replaces all hot state by this; what a new leader does first."""
    client = redis.patient_client()
    new = redis.key("live:new")
    pipeline = client.pipeline(transaction=False)
    pipeline.delete(new)
    items = list(full.items())
    for start in range(0, len(items), CHUNK):
        part = items[start : start + CHUNK]
        pipeline.hset(new, mapping={str(pk): orjson.dumps(state) for pk, state in part})
    if items:
        pipeline.rename(new, redis.key("live"))
    else:
        pipeline.delete(redis.key("live"))
    pipeline.execute()


@redis.quiet(lambda: None)
def forget(pks: Collection[int]) -> None:
    """Takes rooms out of the hot state, some time after their end was pushed."""
    if pks:
        redis.sync_client().hdel(redis.key("live"), *(str(pk) for pk in pks))


# --- Reading ----------------------------------------------------------------------------------------


def _states(pks: Sequence[int], values: Sequence[bytes | str | None]) -> dict[int, State]:
    return {pk: orjson.loads(value) for pk, value in zip(pks, values, strict=True) if value}


@redis.quiet(dict)
def states(pks: Iterable[int]) -> dict[int, State]:
    """pk -> state, for those that have one."""
    wanted = list(pks)
    if not wanted:
        return {}
    return _states(wanted, redis.sync_client().hmget(redis.key("live"), [str(pk) for pk in wanted]))


class Snapshot(NamedTuple):
    """What a page must know to be up to date: pk -> state, `changes()`, `vendor_words()`."""

    states: dict[int, State]
    changes: int
    vendor: health.Vendor


@redis.quiet_async(lambda: None)
async def snapshot_async(pks: Collection[int]) -> Snapshot | None:
    """The states of these rooms in one round trip; None when Redis does not answer."""
    wanted = list(pks)
    pipeline = redis.async_client().pipeline(transaction=False)
    pipeline.get(redis.key("changes"))
    pipeline.hmget(redis.key(health.NAME), *health.VENDOR)
    if wanted:
        pipeline.hmget(redis.key("live"), [str(pk) for pk in wanted])
    counter, told, *values = await pipeline.execute()
    found = _states(wanted, values[0]) if wanted else {}
    return Snapshot(found, int(counter or 0), vendor_words(told))


@redis.quiet(dict)
def recent(pks: Iterable[int]) -> dict[int, list[Reading]]:
    """pk -> readings of about the last 20 minutes, oldest first, at least 10 seconds apart."""
    wanted = list(pks)
    pipeline = redis.sync_client().pipeline(transaction=False)
    for pk in wanted:
        pipeline.lrange(redis.key(f"recent:{pk}"), 0, RECENT_LENGTH - 1)
    found = pipeline.execute() if wanted else []
    return {pk: [_reading(line) for line in reversed(lines)] for pk, lines in zip(wanted, found, strict=True)}


class Look(NamedTuple):
    """What a page of the list needs: states and readings by pk, and how many rooms were opened or ended so far.

    changes: None when Redis did not answer; then the figures that are shown are the stored ones, and that must be said.
    """

    states: dict[int, State]
    recent: dict[int, list[Reading]]
    changes: int | None


NOTHING = Look({}, {}, None)


@redis.quiet(lambda: NOTHING)
def look(pks: Sequence[int], recent_of: Sequence[int] = ()) -> Look:
    """states(pks), recent(recent_of) and changes() in one round trip."""
    pipeline = redis.sync_client().pipeline(transaction=False)
    pipeline.get(redis.key("changes"))
    for pk in recent_of:
        pipeline.lrange(redis.key(f"recent:{pk}"), 0, RECENT_LENGTH - 1)
    if pks:
        pipeline.hmget(redis.key("live"), [str(pk) for pk in pks])
    counter, *found = pipeline.execute()
    states = _states(pks, found.pop()) if pks else {}
    recent = {
        pk: [_reading(line) for line in reversed(lines)] for pk, lines in zip(recent_of, found, strict=True)
    }
    return Look(states, recent, int(counter or 0))


def _reading(line: bytes) -> Reading:
    at, online, reward = (int(part) if part else None for part in line.split(b","))
    return at or 0, online, reward


@redis.quiet(lambda: None)
def changes() -> int | None:
    """How many rooms were opened or ended so far; a page compares it with what is pushed. None: Redis does not answer."""
    return int(redis.sync_client().get(redis.key("changes")) or 0)
