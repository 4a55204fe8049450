"""Rooms that the platform ends by itself: when, and when not."""

import pytest

from simulator.world import events, hosts
from simulator.world.stage import Lifetimes
from tests.simulator.conftest import make_world

ALL = Lifetimes(empty=1800, left=600, offline=300)


def world_of(lifetimes):
    world = make_world(rooms=1, lifetimes=lifetimes)
    world.heard = []
    world.listener = world.heard.append
    return world


def moved(world, seconds):
    world.clock.step(seconds)
    world.move()
    return world


def test_a_room_that_everybody_left_ends_after_its_time_and_the_system_did_it():
    world = world_of(Lifetimes())
    room = world.open_room()
    hosts.leaves(world, room, world.clock.now())
    assert room.room_id in moved(world, 1799).rooms
    assert room.room_id not in moved(world, 1).rooms
    assert world.ended[-1].why == "dissolved"
    assert world.heard[-1].body["EventType"] == "DestroyBySystem"
    assert world.heard[-1].body["Operator_Account"] == events.SYSTEM


def test_who_comes_in_stops_the_clock_of_an_empty_room():
    world = world_of(Lifetimes())
    room = world.open_room()
    hosts.leaves(world, room, world.clock.now())
    moved(world, 1000)
    world.enter(room, "ben")
    assert room.room_id in moved(world, 5000).rooms
    world.leave(room, ["ben"])
    assert room.room_id in moved(world, 1799).rooms
    assert room.room_id not in moved(world, 1).rooms


def test_a_room_that_nobody_entered_stays():
    world = world_of(ALL)
    room = world.open_room(by_rest=True)
    assert room.room_id in moved(world, 86_400).rooms


def test_a_room_with_a_robot_stays_and_without_it_the_clock_starts():
    world = world_of(Lifetimes())
    room = world.open_room()
    room.robots.append("robot")
    hosts.leaves(world, room, world.clock.now())
    assert room.room_id in moved(world, 86_400).rooms


def test_a_room_with_an_audience_is_not_empty():
    world = world_of(Lifetimes())
    room = world.open_room(size=500)
    moved(world, 600)
    hosts.leaves(world, room, world.clock.now())
    assert room.room_id in moved(world, 3600).rooms


@pytest.mark.parametrize(("goes", "seconds"), [(hosts.leaves, 600), (hosts.loses_heartbeat, 300)])
def test_a_room_without_its_owner_ends_when_he_does_not_return(goes, seconds):
    world = world_of(ALL)
    stays, returns = (world.open_room(size=500) for _ in range(2))
    moved(world, 600)
    for room in (stays, returns):
        goes(world, room, world.clock.now())
    moved(world, seconds - 1)
    hosts.back(world, returns, world.clock.now())
    assert set(moved(world, 1).rooms) & {stays.room_id, returns.room_id} == {returns.room_id}
    goes(world, returns, world.clock.now())
    assert returns.room_id in moved(world, seconds - 1).rooms
    assert returns.room_id not in moved(world, 1).rooms


def test_an_owner_who_is_a_robot_is_not_waited_for():
    world = world_of(ALL)
    room = world.open_room()
    room.robots.append(room.owner)
    hosts.loses_heartbeat(world, room, world.clock.now())
    assert room.room_id in moved(world, 86_400).rooms


def test_what_is_off_never_ends_a_room():
    world = world_of(Lifetimes(empty=0, left=0, offline=0))
    room = world.open_room()
    hosts.loses_heartbeat(world, room, world.clock.now())
    assert room.room_id in moved(world, 86_400).rooms


def test_a_room_that_ended_meanwhile_is_not_ended_again():
    world = world_of(Lifetimes())
    room = world.open_room()
    hosts.leaves(world, room, world.clock.now())
    world.close(room, "left")
    again = world.reopen(room)
    assert moved(world, 3600).rooms[room.room_id] is again
