"""Rooms that the platform ends by itself. https://trtc.io/document/63406

Per application: when nobody is in a room any more (never one that nobody has entered, never one
with robots), when its owner left and did not return, when its owner lost the heartbeat and did not
return.
"""

from functools import partial

from simulator.world.rooms import AWAY, LOST, Room
from simulator.world.stage import Stage


def somebody_came(room: Room) -> None:
    room.empty_since = None


def somebody_went(stage: Stage, room: Room, at: float) -> None:
    """Starts the clock of an empty room, when it is one now."""
    if room.host_present or room.guests or room.robots or room.crowd(at):
        return
    room.empty_since = at
    if stage.lifetimes.empty:
        stage.due_at(at + stage.lifetimes.empty, partial(_end_empty, stage, at), room)


def host_went(stage: Stage, room: Room, at: float) -> None:
    """Starts the clock of a room without its owner, and that of an empty room."""
    after = {AWAY: stage.lifetimes.left, LOST: stage.lifetimes.offline}[room.host_state]
    if after and room.owner not in room.robots:
        stage.due_at(at + after, partial(_end_without_host, stage, at), room)
    somebody_went(stage, room, at)


def _end_empty(stage: Stage, since: float, at: float, room: Room) -> None:
    if room.empty_since == since and not room.robots:
        _end(stage, room, at)


def _end_without_host(stage: Stage, since: float, at: float, room: Room) -> None:
    if not room.host_present and room.host_since == since:
        _end(stage, room, at)


def _end(stage: Stage, room: Room, at: float) -> None:
    if stage.rooms.get(room.room_id) is room:
        stage.close(room, "dissolved", at)
