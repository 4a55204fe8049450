"""What goes wrong in a room shows in its figures, and no total falls or jumps by it."""

import itertools

import pytest

from simulator.world.clock import Clock
from simulator.world.incidents import KINDS
from simulator.world.options import WorldOptions
from simulator.world.planting import FIRST_INCIDENT, plant
from simulator.world.world import World


def world_of(**options) -> World:
    known = {"rooms": 20, "viewers": 200_000, "seed": 3, "churn": 0.0}
    return World(WorldOptions(**(known | options)), Clock(frozen_at=1_700_000_000.0))


def large(world: World):
    return max(world.rooms.values(), key=lambda room: min(room.shape.size, 30_000))


def steps_of(kind: str) -> dict[str, list[int]]:
    """What each total of a room moves by in ten seconds: five minutes of an incident, five after."""
    world, totals = world_of(), []
    room = large(world)
    if kind:
        plant(room, kind, world.clock.now(), 300)
    for _ in range(60):
        world.clock.step(10)
        totals.append(room.statistics(world.clock.now()))
    return {
        name: [later[name] - before[name] for before, later in itertools.pairwise(totals)]
        for name in totals[0]
    }


@pytest.mark.parametrize("kind", KINDS)
def test_no_total_falls_or_jumps(kind):
    usual, planted = steps_of(""), steps_of(kind)
    for name, steps in planted.items():
        assert min(steps) >= 0, name
        assert max(steps[31:]) <= 2 * max(usual[name]) + 2, name


@pytest.mark.parametrize(
    ("kind", "name", "least", "most"),
    [
        ("chat-flood", "TotalMsgCount", 3, 1000),
        ("chat-silence", "TotalMsgCount", 0, 0.01),
        ("gifts-few-givers", "TotalGiftsSent", 4, 1000),
        ("gifts-flood", "TotalUniqueGiftSenders", 4, 1000),
        ("gifts-stopped", "TotalGiftsSent", 0, 0.01),
    ],
)
def test_a_total_moves_as_the_kind_says(kind, name, least, most):
    world, other = world_of(), world_of()
    moved = []
    for each in (world, other):
        room = large(each)
        if each is world:
            plant(room, kind, each.clock.now())
        before = room.statistics(each.clock.now())[name]
        each.clock.step(300)
        moved.append(room.statistics(each.clock.now())[name] - before)
    assert least * moved[1] <= moved[0] <= most * moved[1]


@pytest.mark.parametrize(
    ("kind", "factor"), [("viewers-jump", 4.0), ("viewers-drop", 0.15), ("viewers-ramp", 3.0)]
)
def test_people_come_and_go_as_the_kind_says(kind, factor):
    world, other = world_of(), world_of()
    plant(large(world), kind, world.clock.now(), 600)
    for each in (world, other):
        each.clock.step(300)
    assert world.online(large(world)) == pytest.approx(factor * other.online(large(other)), rel=0.1)


def test_the_world_plants_each_kind_in_its_turn():
    world = world_of(incidents=60, viewers=4_000_000)
    world.clock.step(FIRST_INCIDENT + 60 * (len(KINDS) - 1))
    world.move()
    planted = [one.kind for room in world.rooms.values() for one in room.incidents]
    assert len(planted) >= 3
    assert len(set(planted)) == len(planted)


def test_a_world_plants_nothing_unless_it_is_told_to():
    world = world_of()
    world.clock.step(7200)
    world.move()
    assert not any(room.incidents for room in world.rooms.values())
