"""Rooms that the platform ends by itself. https://trtc.io/document/63406

Per application: when nobody is in a room any more (never one that nobody has entered, never one with robots), when its
owner left and did not return, when its owner lost the heartbeat and did not return.
"""

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from simulator.world.rooms import AWAY, LOST, Room

if TYPE_CHECKING:
    from simulator.world.world import World


class Lifetimes(NamedTuple):
    """Seconds after which a room ends; 0: it does not."""

    empty: float = 1800.0
    left: float = 0.0
    offline: float = 0.0


def somebody_came(room: Room) -> None:
    room.empty_since = None


def somebody_went(world: "World", room: Room, at: float) -> None:
    """Starts the clock of an empty room, when it is one now."""
    if room.host_present or room.guests or room.robots or room.crowd(at):
        return
    room.empty_since = at
    if world.lifetimes.empty:
        world.due_at(at + world.lifetimes.empty, partial(_end_empty, world, at), room)


def host_went(world: "World", room: Room, at: float) -> None:
    """Starts the clock of a room without its owner, and that of an empty room."""
    after = {AWAY: world.lifetimes.left, LOST: world.lifetimes.offline}[room.host_state]
    if after and room.owner not in room.robots:
        world.due_at(at + after, partial(_end_without_host, world, at), room)
    somebody_went(world, room, at)


def _end_empty(world: "World", since: float, at: float, room: Room) -> None:
    if room.empty_since == since and not room.robots:
        _end(world, room, at)


def _end_without_host(world: "World", since: float, at: float, room: Room) -> None:
    if not room.host_present and room.host_since == since:
        _end(world, room, at)


def _end(world: "World", room: Room, at: float) -> None:
    if world.rooms.get(room.room_id) is room:
        world.close(room, "dissolved", at)
