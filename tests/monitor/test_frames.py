"""What is pushed and what browsers say: exact frames, and no message that breaks anything."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.realtime import protocol
from rooms.infra import redis
from rooms.live import encoding, hot_state, push


def test_a_socket_gets_only_the_rooms_on_its_page():
    header = {"k": "tick", "at": 5, "changes": 2, "vendor": {"ok": True}}
    pushed = protocol.read_pushed(
        encoding.message(header, {1: {"o": 3}, 2: {"o": 4, "n": "line\nbreak"}, 3: {"r": 5}})
    )
    frame = orjson.loads(protocol.tick(pushed, frozenset({2, 9})))
    assert frame == {**header, "rooms": [[2, "o", 4, "n", "line\nbreak"]]}


def test_a_snapshot_holds_all_that_is_known():
    found = hot_state.Snapshot({7: {"o": 1, "n": "<b>"}, 8: {"o": 2}}, 3, {"ok": True})
    frame = orjson.loads(protocol.snapshot(found, {7, 9}, at=1))
    assert frame == {
        "k": "snapshot",
        "at": 1,
        "changes": 3,
        "vendor": {"ok": True},
        "rooms": [[7, "o", 1, "n", "<b>"]],
    }


def test_a_page_says_what_it_shows():
    assert protocol.read_watch('{"watch": [1, 2], "visible": false}') == (
        frozenset({1, 2}),
        False,
        0,
        (),
    )
    assert protocol.read_watch('{"watch": [1, 2], "chat": 2}') == (frozenset({1, 2}), True, 2, ())
    assert protocol.read_watch('{"watch": [], "chat": -1}').chat == protocol.EVERY_ROOM


def test_a_page_says_at_which_of_its_rooms_somebody_looked():
    said = '{"watch": [1, 2], "looks": [[1, 3, "wall"], [7, 3, "wall"], [2, 60, "list"]]}'
    assert protocol.read_watch(said).looks == ((1, 3, "wall"), (2, 60, "list")), (
        "room 7 is not on its page"
    )


TOO_MANY = "[" + ",".join(['[1,3,"wall"]'] * 201) + "]"


@pytest.mark.parametrize(
    "looks",
    ['"x"', "[1]", "[[1, 3]]", '[[1, "3", "wall"]]', '[[1, 3, "attic"]]', '{"a": 1}', TOO_MANY],
)
def test_looks_of_another_shape_are_no_message(looks):
    with pytest.raises(protocol.BadMessage):
        protocol.read_watch(f'{{"watch": [1], "looks": {looks}}}')


LEAVES = st.none() | st.booleans() | st.integers() | st.text()
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


SAID = JSON.filter(lambda said: _small(said)).map(lambda said: orjson.dumps(said).decode())
LISTS = st.tuples(st.lists(st.integers(0, 5)), st.integers(0, 5)).map(
    lambda said: f'{{"watch": {said[0]}, "chat": {said[1]}}}'
)
LOOKS = st.lists(
    st.lists(st.integers(0, 5) | st.sampled_from(["wall", "list", "room", "x"]), max_size=4)
).map(lambda looks: f'{{"watch": [1, 2, 3], "looks": {orjson.dumps(looks).decode()}}}')


@given(st.none() | st.text() | SAID | LISTS | LOOKS)
def test_nothing_a_browser_says_raises_anything_else(text):
    try:
        rooms, _visible, chat, looks = protocol.read_watch(text)
    except protocol.BadMessage:
        return
    assert len(rooms) <= protocol.MAX_ROOMS
    assert all(0 < pk < 2**63 for pk in rooms)
    assert chat in {0, protocol.EVERY_ROOM, *rooms}
    assert all(look.room in rooms for look in looks)


NAMES = st.text(st.characters(exclude_categories=["Cs"]))
FIGURES = st.dictionaries(NAMES, st.none() | st.integers(0, 2**53) | NAMES)


@given(
    st.dictionaries(st.integers(1, 2**63 - 1), FIGURES), st.frozensets(st.integers(1, 2**63 - 1))
)
def test_whatever_is_published_arrives_as_it_was(changed, others):
    pushed = protocol.read_pushed(encoding.message({"k": "tick", "at": 5}, changed))
    frame = orjson.loads(protocol.tick(pushed, others | changed.keys()))
    arrived = {pk: dict(zip(flat[::2], flat[1::2], strict=True)) for pk, *flat in frame["rooms"]}
    assert arrived == changed


PKS = JSON.filter(lambda said: _small(said)) | st.lists(st.integers(0, 9), max_size=3)
LINES = st.tuples(PKS.map(orjson.dumps), st.lists(st.binary(), max_size=3)).map(
    lambda said: [said[0], *said[1]]
)


@given(
    st.binary()
    | LINES.map(b"\n".join)
    | LINES.map(lambda lines: b"\n".join([b'{"k":"tick"}', *lines]))
)
def test_nothing_that_is_published_raises_anything_else(data):
    try:
        pushed = protocol.read_pushed(data)
    except protocol.BadMessage:
        return
    assert isinstance(protocol.tick(pushed, pushed.rooms.keys()).decode(), str)


def _small(said) -> bool:
    try:
        orjson.dumps(said)
    except (TypeError, ValueError):
        return False
    return True


@pytest.mark.parametrize(
    "text",
    [
        '{"watch": [1], "chat": 2}',
        '{"watch": [1], "chat": -2}',
        '{"watch": [1], "chat": true}',
        '{"watch": [1], "chat": "1"}',
        '{"watch": [0]}',
        '{"watch": [true]}',
        '{"watch": "all"}',
        "[]",
        "",
        str(list(range(500))),
    ],
)
def test_it_refuses_what_is_no_list_of_rooms(text):
    with pytest.raises(protocol.BadMessage):
        protocol.read_watch(text)


@pytest.fixture
def headers(valkey, settings):
    """The headers of all that was pushed since the test began, read as the hub reads them."""
    settings.REDIS_URL = valkey
    redis.sync_client().flushall()
    listener = redis.sync_client().pubsub(ignore_subscribe_messages=True)
    listener.subscribe(redis.key(push.PUSH))
    listener.get_message(timeout=1)

    def read():
        found = []
        while message := listener.get_message(timeout=0.2):
            found.append(protocol.read_pushed(message["data"]).header)
        return found

    yield read
    listener.close()


def test_the_hub_reads_every_header_as_the_publisher_has_written_it(headers):
    push.publish_tick({}, {}, opened=[3], ended=[9], at_ms=1234)
    push.publish_act(3, 17)
    push.publish_alert(3)
    push.publish_bans()
    push.publish_hosts([3])
    push.publish_clocks({3: {"end_at": 5}})
    push.publish_claim(3, None)
    push.publish_chat({3: b"[]"}, left_out=4)
    push.publish_seen({3: [1, "anna"]})
    push.publish_risk({3: [42, [["alerts", 42, 1]]]})
    push.publish_person(8)

    tick, act, of_alerts, *others = headers()
    assert (tick["k"], tick["at"], tick["opened"], tick["ended"]) == ("tick", 1234, [3], [9])
    assert (act["k"], act["room"], act["action"]) == ("act", 3, 17)
    assert (of_alerts["k"], of_alerts["room"], "action" in of_alerts) == ("act", 3, False)
    assert others == [
        {"k": "alerts"},
        {"k": "bans"},
        {"k": "host", "room": 3},
        {"k": "clock", "room": 3, "clock": {"end_at": 5}},
        {"k": "claim", "room": 3, "claim": None},
        {"k": "chat", "left_out": 4},
        {"k": "seen"},
        {"k": "risk"},
        {"k": "person", "person": 8},
    ]
    told = {name for header in (tick, act, of_alerts, *others) for name in header}
    assert told == set(encoding.PushHeader.__annotations__)
