"""The sample of the crowd that webhooks tell: bounded, true, and more of one room on order."""

from collections import Counter

import pytest

from simulator.webhooks.crowd import ROOMS_A_TURN, Crowd
from simulator.world import chat, events
from tests.simulator.conftest import make_world


def half_of_the_crowd(world, room):
    return set(list(world.audience.names(*world.audience.stretch(room, world.clock.now())))[::2])


class Heard(list):
    def of(self, command):
        return [event for event in self if event.command == command]


@pytest.fixture
def world():
    made = make_world(viewers=200_000)
    made.heard = Heard()
    made.listener = made.heard.append
    return made


def pulsed(world, crowd, seconds, step=0.25):
    for _ in range(int(seconds / step)):
        world.clock.step(step)
        crowd.pulse()
    return world.heard


def test_lines_are_those_that_the_crowd_said_each_once_and_not_too_many(world):
    crowd = Crowd(world)
    crowd.lines = 8.0
    heard = pulsed(world, crowd, 60).of(events.AFTER_MESSAGE)
    assert 200 < len(heard) <= 60 * 8 + 1
    assert max(Counter((event.room_id, event.body["MsgSeq"]) for event in heard).values()) == 1
    assert len({event.room_id for event in heard}) > 10
    for event in heard[::20]:
        room = world.rooms[event.room_id]
        line = chat.line(room, world.audience, event.body["MsgSeq"])
        assert event.body["MsgBody"] == events.text(line["Text"])
        assert event.body["From_Account"] == line["From_Account"]
        assert 0 <= event.at - line["Time"] < 1


def test_nothing_is_told_that_was_said_before_anybody_listened(world):
    crowd = Crowd(world)
    crowd.lines = 1000.0
    heard = pulsed(world, crowd, 0.5).of(events.AFTER_MESSAGE)
    assert heard and max(Counter(event.room_id for event in heard).values()) <= 4


def test_a_room_where_everybody_is_muted_is_silent(world):
    crowd = Crowd(world)
    crowd.lines = 1000.0
    pulsed(world, crowd, 5)
    for room in world.rooms.values():
        room.mute_everybody(True, world.clock.now())
        crowd.ordered[room.room_id] = 10.0
    pulsed(world, crowd, 5)
    world.heard.clear()
    assert not pulsed(world, crowd, 30).of(events.AFTER_MESSAGE)


def test_comings_and_goings_are_a_bounded_sample_and_the_banned_are_not_among_them(world):
    crowd = Crowd(world)
    crowd.moves = 4.0
    room = sorted(world.rooms.values(), key=lambda room: room.shape.size)[-4]
    room.banned = dict.fromkeys(half_of_the_crowd(world, room), 1e12)
    heard = pulsed(world, crowd, 60).of(events.MEMBERS)
    assert 200 < len(heard) <= 60 * 4 + 1
    assert {event.body["EventCause"] for event in heard} == {"Enter", "Leave"}
    for event in heard:
        assert 1 <= len(event.body["MemberList"]) <= 2
        if event.room_id == room.room_id:
            assert (
                not {row["Member_Account"] for row in event.body["MemberList"]} & room.banned.keys()
            )


def test_gifts_are_asked_about_only_when_wanted(world):
    crowd = Crowd(world)
    assert not pulsed(world, crowd, 5)
    crowd.gifts = 1.0
    heard = pulsed(world, crowd, 20).of(events.BEFORE_GIFT)
    assert 10 <= len(heard) <= 21
    water = heard[0].body["GiftWater"]
    assert set(water) == {"From_Account", "To_Account", "Time", "GiftId", "Count", "Coins"}


def test_a_room_says_as_much_as_is_ordered_and_its_totals_count_it(world):
    crowd = Crowd(world)
    room = sorted(world.rooms.values(), key=lambda room: room.shape.size)[-4]
    silent = half_of_the_crowd(world, room)
    room.muted = dict.fromkeys(silent, 1e12)
    crowd.ordered[room.room_id] = 50.0
    heard = pulsed(world, crowd, 10).of(events.AFTER_MESSAGE)
    assert len(heard) == room.sent_messages == pytest.approx(500, abs=1)
    assert not {event.body["From_Account"] for event in heard} & silent
    assert len({event.body["MsgId"] for event in heard}) == len(heard)
    crowd.ordered[room.room_id] = 0.0
    world.heard.clear()
    assert not pulsed(world, crowd, 1) and crowd.ordered == {}


def test_a_long_pause_is_not_made_up_for(world):
    crowd = Crowd(world)
    crowd.lines = 10.0
    pulsed(world, crowd, 10)
    world.heard.clear()
    world.clock.step(3600)
    crowd.pulse()
    assert len(world.heard) <= 40


def test_rooms_that_ended_and_worlds_without_rooms_are_no_trouble(world):
    crowd = Crowd(world)
    crowd.lines = crowd.moves = 100.0
    pulsed(world, crowd, 2)
    room = next(iter(world.rooms.values()))
    crowd.ordered[room.room_id] = 5.0
    for room in list(world.rooms.values()):
        world.close(room, "left")
    world.heard.clear()
    assert not pulsed(world, crowd, 2)
    assert crowd.ordered == {}


def test_the_number_of_rooms_a_turn_is_bounded():
    world = make_world(rooms=500)
    world.heard = Heard()
    world.listener = world.heard.append
    crowd = Crowd(world)
    crowd.lines = crowd.moves = 1000.0
    world.clock.step(1)
    crowd.pulse()
    assert 0 < len({event.room_id for event in world.heard}) <= ROOMS_A_TURN
