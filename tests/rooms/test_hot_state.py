"""Hot state and pushes, against a real Valkey; and that nothing is raised without one."""

import json

import pytest

from rooms.live import hot_state, push
from tests.rooms.loops import closed

STATE = {
    "o": 5,
    "os": "OnlineCount",
    "oa": 100,
    "r": 7,
    "ra": 100,
    "n": "A <b>room</b>",
    "h": "host",
    "e": 0,
}


@pytest.fixture
def pushed(hot):
    """The pushes since the test began, as bytes."""
    listener = hot.pubsub(ignore_subscribe_messages=True)
    listener.subscribe("lw:push")
    listener.get_message(timeout=1)

    def messages():
        found = []
        while message := listener.get_message(timeout=0.2):
            found.append(message["data"])
        return found

    yield messages
    listener.close()


def test_a_tick_is_one_message_with_a_line_a_room(pushed):
    push.publish_tick({3: {"o": 5, "oa": 100}}, {3: STATE}, opened=[3], ended=[9], at_ms=1234)

    [message] = pushed()
    header, pks, row = message.split(b"\n")
    assert json.loads(header) == {
        "k": "tick",
        "at": 1234,
        "changes": 2,
        "opened": [3],
        "ended": [9],
        "vendor": {"ok": True, "since": 0, "text": ""},
    }
    assert json.loads(pks) == [3]
    assert json.loads(row) == [3, "o", 5, "oa", 100]


def test_a_tick_without_changes_is_a_message_too(pushed):
    push.publish_tick({}, {})

    [message] = pushed()
    assert message.split(b"\n")[1:] == [b"[]"]


def test_names_with_line_feeds_stay_on_their_line(pushed):
    push.publish_tick({3: {"n": "one\ntwo\u2028three"}}, {})

    [message] = pushed()
    assert len(message.split(b"\n")) == 3


def test_a_tick_is_one_publish_however_many_rooms_it_holds(hot):
    hot.config_resetstat()

    push.publish_tick({pk: {"o": pk} for pk in range(500)}, dict.fromkeys(range(500), STATE))

    assert hot.info("commandstats")["cmdstat_publish"]["calls"] == 1


def test_the_vendors_trouble_is_in_every_tick(hot, pushed):
    hot.hset("lw:health", mapping={"ok": 0, "since": 77, "text": "no answer"})

    push.publish_tick({}, {})

    assert json.loads(pushed()[0].split(b"\n")[0])["vendor"] == {
        "ok": False,
        "since": 77,
        "text": "no answer",
    }


def test_states_are_read_as_they_were_published(hot):
    push.publish_tick({}, {3: STATE, 4: {**STATE, "o": 6}})

    assert hot_state.states([3, 4, 5]) == {3: STATE, 4: {**STATE, "o": 6}}
    assert hot_state.states([]) == {}


async def test_a_snapshot_is_read_in_one_round_trip(hot):
    push.publish_tick({}, {3: STATE}, opened=[3, 5])

    found = await closed(hot_state.snapshot_async([3, 5]))

    assert found == hot_state.Snapshot({3: STATE}, 2, {"ok": True, "since": 0, "text": ""})


async def test_a_snapshot_of_no_room_holds_the_rest(hot):
    push.publish_tick({}, {}, opened=[3])

    found = await closed(hot_state.snapshot_async([]))

    assert (found.states, found.changes) == ({}, 1)


def test_a_new_leader_replaces_all_states(hot):
    push.publish_tick({}, {3: STATE})

    hot_state.reset({4: STATE})

    assert hot_state.states([3, 4]) == {4: STATE}
    hot_state.reset({})
    assert hot_state.states([3, 4]) == {}


def test_an_ended_room_is_forgotten(hot):
    push.publish_tick({}, {3: STATE})

    hot_state.forget([3])
    hot_state.forget([])

    assert hot_state.states([3]) == {}


def test_recent_readings_come_oldest_first_and_are_bounded(hot):
    for at in range(200):
        push.publish_tick({}, {}, readings={3: (at, at * 2, None if at % 2 else at)})

    found = hot_state.recent([3, 4])

    assert len(found[3]) == hot_state.RECENT_LENGTH
    assert found[3][-2:] == [(198, 396, 198), (199, 398, None)]
    assert found[4] == []


def test_a_look_reads_the_same_as_three_questions(hot):
    push.publish_tick(
        {}, {3: STATE, 4: STATE}, opened=[3, 4], readings={3: (1, 2, 3), 4: (4, 5, None)}
    )

    assert hot_state.look([3, 4, 5], recent_of=[4, 5]) == (
        hot_state.states([3, 4, 5]),
        hot_state.recent([4, 5]),
        hot_state.changes(),
    )
    assert hot_state.look([]) == ({}, {}, 2)


def test_changes_count_what_opened_and_ended(hot):
    assert hot_state.changes() == 0
    push.publish_tick({}, {}, opened=[1, 2], ended=[3])

    assert hot_state.changes() == 3


def test_acts_bans_and_accounts_are_pushed(pushed):
    push.publish_act(3, 44)
    push.publish_bans()
    push.publish_person(7)

    act, bans, person = map(json.loads, pushed())
    assert (act["k"], act["room"], act["action"]) == ("act", 3, 44)
    assert bans == {"k": "bans"}
    assert person == {"k": "person", "person": 7}


async def test_nothing_is_raised_without_redis(no_redis, caplog):
    push.publish_tick({1: {"o": 1}}, {1: STATE}, readings={1: (1, 2, 3)})
    push.publish_act(1, 2)
    push.publish_bans()
    push.publish_person(3)
    hot_state.reset({1: STATE})
    hot_state.forget([1])

    assert hot_state.states([1]) == hot_state.recent([1]) == {}
    assert hot_state.look([1], recent_of=[1]) == hot_state.NOTHING
    assert hot_state.changes() is None
    assert await hot_state.snapshot_async([1]) is None
