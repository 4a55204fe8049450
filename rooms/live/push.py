"""What is pushed to the web processes: one channel in Redis, a header and perhaps one line for each
room.

Nothing here raises to its callers: without Redis it logs. What a header's `k` may be says Kind; who
hears it: monitor.realtime.hub and static/js/live/socket.js. Times are Unix seconds.
"""

import time
from collections.abc import Collection, Mapping, Sequence

import orjson
from redis.client import Pipeline

from rooms.infra import database_time, redis
from rooms.live import health
from rooms.live.encoding import Kind, PushHeader, Reading, RoomState, lines, message, vendor_words

RECENT_LENGTH = 120


PUSH = "push"  # the channel


CHAT: Kind = "chat"


SEEN: Kind = "seen"


RISK: Kind = "risk"


RECENT_SECONDS = 7200  # a list nobody adds to goes


@redis.quiet(lambda: None)
def publish_tick(
    changed: Mapping[int, Mapping[str, object]],
    full: Mapping[int, RoomState],
    *,
    opened: Sequence[int] = (),
    ended: Sequence[int] = (),
    readings: Mapping[int, Reading] | None = None,
    at_ms: int | None = None,
) -> None:
    """Stores the full states and pushes the changed fields: one PUBLISH, whatever it holds.

    changed: pk -> the fields that differ. full: pk -> the whole new state. readings: pk -> what
    goes into `recent`. at_ms: Unix milliseconds.
    """
    client = redis.patient_client()
    pipeline = client.pipeline(transaction=False)
    pipeline.incrby(redis.key("changes"), len(opened) + len(ended))
    pipeline.hmget(redis.key(health.NAME), *health.VENDOR)
    if full:
        pipeline.hset(
            redis.key("live"), mapping={str(pk): orjson.dumps(state) for pk, state in full.items()}
        )
    for pk, reading in (readings or {}).items():
        _remember(pipeline, pk, reading)
    counter, vendor, *_ = pipeline.execute()
    header: PushHeader = {
        "k": "tick",
        "at": at_ms if at_ms is not None else int(database_time.unix() * 1000),
        "changes": counter,
        "opened": list(opened),
        "ended": list(ended),
        "vendor": vendor_words(vendor),
    }
    client.publish(redis.key(PUSH), message(header, changed))


def _remember(pipeline: Pipeline, pk: int, reading: Reading) -> None:
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
    """Says that the alerts of a room have changed: its line is fetched anew, and the count of
    all.
    """
    _push("act", {"room": room_pk, "version": time.time_ns() // 1_000_000})
    _push("alerts", {})


@redis.quiet(lambda: None)
def publish_queue() -> None:
    """Says that what waits in the queue has changed, beside the alerts of a room."""
    _push("alerts", {})


@redis.quiet(lambda: None)
def publish_bans() -> None:
    """Says that the ban registry has changed."""
    _push("bans", {})


@redis.quiet(lambda: None)
def publish_hosts(pks: Collection[int]) -> None:
    """Says that the hosts of these rooms are somewhere else than before."""
    _push("host", *(PushHeader(room=pk) for pk in pks))


@redis.quiet(lambda: None)
def publish_clocks(clocks: Mapping[int, Mapping[str, object]]) -> None:
    """Says how much time is left in these rooms: pk -> what a row's clock shows, see
    moderation.lifecycle.countdowns.
    """
    _push("clock", *(PushHeader(room=pk, clock=clock) for pk, clock in clocks.items()))


@redis.quiet(lambda: None)
def publish_claim(room_pk: int, claim: Mapping[str, object] | None) -> None:
    """Says who takes care of a room now; None: nobody. See moderation.collaboration.claims."""
    _push("claim", {"room": room_pk, "claim": claim})


@redis.quiet(lambda: None)
def publish_chat(said: Mapping[int, bytes], *, left_out: int = 0) -> None:
    """Pushes what was said: pk -> the frame of that room, for the tabs that show its chat.

    left_out: how many lines of all rooms were too many. One PUBLISH.
    """
    if said:
        header: PushHeader = {"k": CHAT}
        if left_out:
            header["left_out"] = left_out
        redis.sync_client().publish(redis.key(PUSH), lines(header, said))


@redis.quiet(lambda: None)
def publish_seen(seen: Mapping[int, Sequence[object]]) -> None:
    """Pushes who has just looked at which room: pk -> [Unix seconds, code name]. One PUBLISH."""
    if seen:
        rows = {pk: orjson.dumps([pk, *look]) for pk, look in seen.items()}
        redis.sync_client().publish(redis.key(PUSH), lines({"k": SEEN}, rows))


@redis.quiet(lambda: None)
def publish_risk(marks: Mapping[int, Sequence[object]]) -> None:
    """Pushes the risk of rooms: pk -> [score, terms], see moderation.attention.store.

    One PUBLISH.
    """
    if marks:
        rows = {pk: orjson.dumps([pk, *mark]) for pk, mark in marks.items()}
        redis.patient_client().publish(redis.key(PUSH), lines({"k": RISK}, rows))


@redis.quiet(lambda: None)
def publish_person(person: int) -> None:
    """Says that an account has changed or was logged out: its websockets are looked at again."""
    _push("person", {"person": person})


def _push(kind: Kind, *messages: PushHeader) -> None:
    """Publishes messages of a kind that are a header and nothing more, in one round trip."""
    if not messages:
        return
    pipeline = redis.sync_client().pipeline(transaction=False)
    for header in messages:
        pipeline.publish(redis.key(PUSH), orjson.dumps({"k": kind, **header}))
    pipeline.execute()
