"""The hub: who gets what, and that nobody holds up anybody."""

import asyncio

import pytest

from monitor.realtime import hub as hubs
from monitor.realtime import protocol
from monitor.realtime.connections import Connection
from monitor.realtime.hub import Hub
from rooms.live import demand, encoding, hot_state
from tests.monitor.lines import open_tab
from tests.support.waiting import comes_about


def tick(changed=None, at=1):
    header = {"k": "tick", "at": at, "changes": 0, "vendor": None, "opened": [7], "ended": []}
    return encoding.message(header, changed or {})


def test_tabs_with_the_same_rooms_share_one_frame_and_others_get_a_heartbeat():
    hub = Hub()
    (_, one), (_, two), (_, other) = open_tab(hub, 1, 2), open_tab(hub, 2, 1), open_tab(hub, 9)
    hub.deliver(tick({1: {"o": 5}}))
    assert one.taken[0] is two.taken[0]
    assert one.said[0]["rooms"] == [[1, "o", 5]]
    assert other.said[0]["rooms"] == []


def test_a_hidden_tab_gets_no_figures_and_counts_as_watching_nothing():
    hub = Hub()
    tab, line = open_tab(hub, 1)
    tab.watch(frozenset({1}), visible=False)
    tab.send_snapshot(hubs.transport.frame(b'{"k":"snapshot"}'))
    hub.deliver(tick({1: {"o": 5}}))
    assert line.said[-1]["rooms"] == []
    assert tab.shown == frozenset()


def test_an_act_is_told_only_to_tabs_that_have_its_room_with_what_they_need():
    hub = Hub()
    (_, shows), (hidden, also), (_, does_not) = open_tab(hub, 4), open_tab(hub, 4), open_tab(hub, 5)
    hidden.visible = False
    hub.deliver(b'{"k":"act","room":4,"action":1,"version":9}')
    assert shows.said == also.said == [{"k": "act", "room": 4, "action": 1, "version": 9}]
    assert does_not.taken == []


def test_a_changed_registry_is_told_to_everybody():
    hub = Hub()
    _, line = open_tab(hub, 5)
    hub.deliver(b'{"k":"bans"}')
    assert line.kinds == ["bans"]


@pytest.mark.parametrize(
    "data", [b"\xff nonsense", b"", b"[]", b'{"k":"tick"}\n[1]', b'{"k":"tick"}\n5\n[5]']
)
def test_a_broken_message_is_survived(data):
    hub = Hub()
    _, line = open_tab(hub, 1)
    hub._heard("message", data)
    hub._heard("message", tick())
    assert line.kinds == ["tick"]


def test_every_subscription_brings_every_tab_up_to_date():
    hub = Hub()
    (one, _), (two, _) = open_tab(hub, 1), open_tab(hub, 2)
    hub._heard("subscribe", 1)
    assert hub._asking == {one, two}


async def test_a_full_line_delays_nobody_and_loses_nothing_that_matters():
    hub = Hub()
    (stuck, full), (_, other) = open_tab(hub, 1), open_tab(hub, 1)
    full.full = True
    for at in range(50):
        hub.deliver(tick({1: {"o": at}}, at))
    hub.deliver(b'{"k":"act","room":1,"action":1}')
    hub.deliver(b'{"k":"act","room":1,"action":2}')
    assert len(other.taken) == 52
    full.full = False
    stuck.on_drained()
    assert hub._asking == {stuck}
    stuck.hold()
    stuck.send_snapshot(hubs.transport.frame(b'{"k":"snapshot"}'))
    assert full.said == [{"k": "snapshot"}, {"k": "act", "room": 1, "action": 2}]
    assert full.closed is None


async def test_a_redis_that_says_nothing_any_more_is_left_and_subscribed_to_anew(monkeypatch):
    """As behind a network that swallows everything: no error, no message, no answer to a ping."""
    monkeypatch.setattr(hubs, "SILENCE_SECONDS", 0.02)
    monkeypatch.setattr(hubs, "FIRST_WAIT", 0.01)
    subscriptions, pings = [], []

    class Mute:
        async def subscribe(self, channel):
            subscriptions.append(channel)

        async def get_message(self, timeout):
            await asyncio.sleep(0.01)

        async def ping(self):
            pings.append(1)

        async def aclose(self): ...

    class Client:
        def pubsub(self):
            return Mute()

    monkeypatch.setattr(hubs.redis, "async_client", Client)
    listening = asyncio.create_task(Hub()._listen())
    await comes_about("the hub subscribes anew", lambda: len(subscriptions) > 1)
    listening.cancel()
    assert pings


# --- Its loops ------------------------------------------------------------------------------------


@pytest.fixture
def redis_answers(monkeypatch):
    """Stands in for Redis: `answers` holds what each snapshot read gives, None when it is away."""
    answers, reads, marks = [], [], []

    async def snapshot_async(pks):
        reads.append(set(pks))
        await asyncio.sleep(0)
        return (
            answers.pop(0)
            if answers
            else hot_state.Snapshot({pk: {"o": pk} for pk in pks}, 3, {"ok": True})
        )

    async def mark_watched_async(pks):
        marks.append(set(pks))

    monkeypatch.setattr(hot_state, "snapshot_async", snapshot_async)
    monkeypatch.setattr(demand, "mark_watched_async", mark_watched_async)
    monkeypatch.setattr(Hub, "_listen", lambda self: asyncio.sleep(60))
    return answers, reads, marks


async def test_tabs_that_show_the_same_rooms_share_one_snapshot(redis_answers):
    _, reads, _ = redis_answers
    hub = Hub()
    (one, first), (two, second) = open_tab(hub, 1, 2), open_tab(hub, 1, 2)
    hub.join(one)
    hub.ask(one)
    hub.ask(two)
    await comes_about("the other tab gets a frame", lambda: second.taken)
    assert first.taken[0] is second.taken[0]
    assert reads == [{1, 2}]
    assert sorted(first.said[0]["rooms"]) == [[1, "o", 1], [2, "o", 2]]
    for tab in (one, two):
        hub.leave(tab)


async def test_what_is_pushed_while_a_snapshot_is_read_follows_it(redis_answers, monkeypatch):
    hub = Hub()
    tab, line = open_tab(hub, 1)

    async def slow(pks):
        hub.deliver(tick({1: {"o": 8}}))
        return hot_state.Snapshot({1: {"o": 7}}, 0, {})

    monkeypatch.setattr(hot_state, "snapshot_async", slow)
    hub.join(tab)
    hub.ask(tab)
    await comes_about("the tab gets both frames", lambda: len(line.taken), equals=2)
    assert line.kinds == ["snapshot", "tick"]
    hub.leave(tab)


async def test_without_redis_nothing_is_said_and_it_is_tried_again(redis_answers):
    answers, reads, _ = redis_answers
    answers.append(None)
    hub = Hub()
    tab, line = open_tab(hub, 1)
    hub.join(tab)
    hub.ask(tab)
    await comes_about("the snapshot is read", lambda: len(reads), equals=1)
    assert line.taken == []
    await comes_about("the tab gets a frame", lambda: line.taken)
    assert line.kinds == ["snapshot"]
    hub.leave(tab)


async def test_a_loop_that_breaks_starts_again(redis_answers, monkeypatch):
    broken = []

    async def breaks(pks):
        broken.append(1)
        raise RuntimeError("nobody thought of it")

    monkeypatch.setattr(demand, "mark_watched_async", breaks)
    hub = Hub()
    tab, _ = open_tab(hub, 1)
    hub.join(tab)
    await comes_about("the loop breaks twice", lambda: len(broken) >= 2)
    hub.leave(tab)


async def test_what_is_on_a_screen_is_told_to_the_collector_at_once(redis_answers):
    *_, marks = redis_answers
    hub = Hub()
    tab, _ = open_tab(hub, 1)
    hub.join(tab)
    await comes_about("room 1 is marked as watched", lambda: {1} in marks)
    tab.watch(frozenset({2}), visible=True)
    await comes_about("room 2 is marked as watched", lambda: {2} in marks)
    tab.watch(frozenset({2}), visible=False)
    await comes_about("no room is marked as watched", lambda: marks[-1], equals=set())
    hub.leave(tab)


@pytest.fixture
def standings(monkeypatch):
    """What the database says of each session, and which were asked about."""
    codes, asked = {}, []

    def standing(session):
        asked.append(session)
        if codes.get(session) == "away":
            raise RuntimeError("the database is away")
        return hubs.sessions.Standing(codes.get(session, 0), 1)

    monkeypatch.setattr(hubs.sessions, "standing", standing)
    monkeypatch.setattr(
        hubs.sessions, "made_of", lambda people: {key: codes.get(key) for key in people}
    )
    return codes, asked


async def test_a_changed_account_is_told_to_no_browser_but_its_tabs_are_looked_at(
    redis_answers, standings
):
    codes, asked = standings
    hub = Hub()
    opened = [open_tab(hub, 5, person=person, session=f"of {person}") for person in (3, 3, 4)]
    hub.join(opened[0][0])
    codes["of 3"] = hubs.sessions.NOT_LOGGED_IN
    hub.deliver(b'{"k":"person","person":3}')
    await comes_about("the first tab is closed", lambda: opened[0][1].closed)
    assert asked == ["of 3"], "one reading for both tabs"
    assert [line.closed is not None for _, line in opened] == [True, True, False]
    assert all(line.taken == [] for _, line in opened)
    for tab, _ in opened:
        hub.leave(tab)


async def test_every_session_is_looked_at_now_and_then_whatever_the_database_does(
    redis_answers, standings, monkeypatch, caplog
):
    monkeypatch.setattr(hubs, "SESSION_SECONDS", 0.02)
    codes, asked = standings
    hub = Hub()
    (one, kept), (two, other) = open_tab(hub, 5, session="a"), open_tab(hub, 5, session="b")
    hub.join(one)
    codes["a"] = "away"
    await comes_about("the session is asked about again and again", lambda: asked.count("a") > 3)
    assert kept.closed is None
    assert asked.count("b") == 1, "nothing has changed"
    codes["b"] = hubs.sessions.NOT_ALLOWED
    await comes_about("the other tab is closed", lambda: other.closed)

    def away(people):
        raise RuntimeError("the database is away")

    monkeypatch.setattr(hubs.sessions, "made_of", away)
    await comes_about(
        "the log says that sessions could not be read",
        lambda: "sessions could not be read" in caplog.text,
    )
    monkeypatch.setattr(hubs.sessions, "made_of", lambda people: {})
    codes["a"] = hubs.sessions.NOT_LOGGED_IN
    await comes_about("the tab of the kept session is closed", lambda: kept.closed)
    for tab in (one, two):
        hub.leave(tab)


async def test_when_nobody_looks_nothing_runs(redis_answers):
    hub = Hub()
    tab, _ = open_tab(hub, 1)
    hub.join(tab)
    tasks = list(hub._tasks)
    hub.leave(tab)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert all(task.done() for task in tasks)
    assert hub._tasks == []


def test_many_pages_are_read_in_portions():
    hub = Hub()
    tabs = [open_tab(hub, *range(page * 200, page * 200 + 200))[0] for page in range(12)]
    portions = list(hubs._portions(tabs))
    assert [len(portion) for portion in portions] == [5, 5, 2]
    assert protocol.MAX_ROOMS == 200


# --- Chat -----------------------------------------------------------------------------------------


def said(**rooms):
    """Lines of chat as rooms.live.hot_state publishes them: room_4=b"..." is the frame of room
    4.
    """
    return encoding.lines(
        {"k": "chat"}, {int(name.removeprefix("room_")): frame for name, frame in rooms.items()}
    )


def reader(hub, room, *rooms):
    tab, line = open_tab(hub, room, *rooms)
    tab.chat = room
    return tab, line


def test_lines_of_chat_go_to_the_tabs_that_show_them_and_to_no_other():
    hub = Hub()
    (_, reads), (hidden, unseen), (_, lists), (_, other) = (
        reader(hub, 4),
        reader(hub, 4),
        open_tab(hub, 4),
        reader(hub, 5),
    )
    hidden.visible = False
    hub.deliver(said(room_4=b'{"k":"chat","room":4,"lines":[1]}', room_6=b"{}"))
    assert reads.said == [{"k": "chat", "room": 4, "lines": [1]}]
    assert unseen.taken == lists.taken == other.taken == []


def test_tabs_of_all_chat_get_the_lines_of_every_room_in_one_frame_that_is_built_once(monkeypatch):
    hub, built = Hub(), []
    feed = protocol.feed
    monkeypatch.setattr(protocol, "feed", lambda pushed: built.append(pushed) or feed(pushed))
    tabs = [open_tab(hub) for _ in range(3)]
    for tab, _line in tabs:
        tab.chat = protocol.EVERY_ROOM
    rooms = {4: b'{"room":4}', 6: b'{"room":6}'}
    hub.deliver(encoding.lines({"k": "chat", "left_out": 2}, rooms))
    frame = {"k": "feed", "left_out": 2, "rooms": [{"room": 4}, {"room": 6}]}
    assert [line.said for _tab, line in tabs] == [[frame]] * 3
    assert len(built) == 1


def test_a_tab_that_waits_for_its_snapshot_gets_no_chat_and_fetches_it_afterwards():
    hub = Hub()
    tab, line = reader(hub, 4)
    tab.hold()
    for _ in range(100):
        hub.deliver(said(room_4=b'{"k":"chat","room":4,"lines":[]}'))
    tab.send_snapshot(hubs.transport.frame(b'{"k":"snapshot"}'))
    assert line.said == [{"k": "snapshot"}]


async def test_a_full_connection_gets_a_snapshot_in_place_of_chat_when_it_drains():
    hub = Hub()
    tab, line = reader(hub, 4)
    line.full = True
    hub.deliver(said(room_4=b'{"k":"chat","room":4,"lines":[]}'))
    hub.deliver(said(room_4=b'{"k":"chat","room":4,"lines":[]}'))
    line.full = False
    tab.on_drained()
    assert hub._asking == {tab}
    tab.hold()
    tab.send_snapshot(hubs.transport.frame(b'{"k":"snapshot"}'))
    assert line.said == [{"k": "snapshot"}]


def test_a_host_that_moved_is_told_to_tabs_that_have_the_room():
    hub = Hub()
    (_, shows), (_, does_not) = open_tab(hub, 4), open_tab(hub, 5)
    hub.deliver(b'{"k":"host","room":4}')
    assert (shows.said, does_not.said) == ([{"k": "host", "room": 4}], [])


def test_a_session_that_talks_without_end_is_quiet_for_a_while_and_others_are_not(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(hubs.time, "monotonic", lambda: now[0])
    hub = Hub()
    closed = []
    tabs = [Connection(lambda tab: None, session=name) for name in ("loud", "loud", "quiet")]
    for tab in tabs:
        monkeypatch.setattr(tab, "close", lambda code, reason, tab=tab: closed.append(tab))
        hub.tabs.add(tab)

    hub.hush("loud")

    assert set(closed) == set(tabs[:2])
    assert (hub.is_hushed("loud"), hub.is_hushed("quiet")) == (True, False)
    now[0] += hubs.HUSH_SECONDS
    assert not hub.is_hushed("loud")
    hub.hush("other")
    assert list(hub._hushed) == ["other"], "who was hushed long ago is forgotten"
