"""What hosts do beside opening and ending rooms: come and go, take a seat and leave it, lose the
heartbeat.

Each of these does nothing when it is so already. `at` is Unix seconds.
"""

import contextlib
import random
from collections.abc import Callable
from functools import partial

from simulator.errors import Refusal
from simulator.world import dissolution, events
from simulator.world.rooms import AWAY, INSIDE, LOST, SEATED, Room
from simulator.world.stage import Stage

STUMBLES_EVERY = 8  # broadcasts
GOES_AWAY_EVERY = 4  # stumbles; else the heartbeat is lost


def comes(
    stage: Stage, room: Room, at: float, *, seat: bool = True, cause: str = events.ENTER
) -> None:
    """The host is in the room, on a seat unless `seat` is no.

    Refusal 100016 while banned from it.
    """
    if not room.host_present:
        if room.banned.get(room.owner, 0) > at:
            raise Refusal(100016, "the member is banned from this room")
        stage.people.sessions_ended.pop(room.owner, None)
        room.entered += cause == events.ENTER
        room.host_came = True
        now_is(room, INSIDE, at)
        stage.tell(events.members(room, at, cause, [room.owner]))
        dissolution.somebody_came(room)
    if seat:
        takes_seat(stage, room, at)


def back(stage: Stage, room: Room, at: float) -> None:
    """After a lost heartbeat; else as `comes`."""
    comes(stage, room, at, cause=events.RECOVERED if room.host_state == LOST else events.ENTER)


def leaves(stage: Stage, room: Room, at: float) -> None:
    """Goes without ending the room."""
    _goes(stage, room, at, AWAY, events.LEAVE)


def loses_heartbeat(stage: Stage, room: Room, at: float) -> None:
    """Has no more connection; the seat is empty too."""
    _goes(stage, room, at, LOST, events.LOST)


def _goes(stage: Stage, room: Room, at: float, state: str, cause: str) -> None:
    if not room.host_present:
        return
    now_is(room, state, at)
    stage.tell(events.members(room, at, cause, [room.owner]))
    leaves_seat(stage, room, at)
    dissolution.host_went(stage, room, at)


def takes_seat(stage: Stage, room: Room, at: float) -> None:
    """The first free one, when the host is in the room and on none."""
    free = next(
        (index for index in range(room.info["MaxSeatCount"]) if index not in room.seats), None
    )
    if room.host_state == INSIDE and free is not None:
        stage.reseat(room, room.seats | {free: room.owner}, at)


def leaves_seat(stage: Stage, room: Room, at: float) -> None:
    stage.reseat(room, {index: on for index, on in room.seats.items() if on != room.owner}, at)


def now_is(room: Room, state: str, at: float) -> None:
    if room.host_state != state:
        room.host_state, room.host_since = state, at


def settle(room: Room, at: float) -> None:
    """After a change of seats: a host in the room is on one or on none."""
    if room.host_present:
        now_is(room, SEATED if room.owner in room.seats.values() else INSIDE, at)


# --- by themselves --------------------------------------------------------------------------------


def may_stumble(stage: Stage, room: Room, since: float, rng: random.Random) -> None:
    """Some broadcasts lose their host once: three of four come back."""
    if rng.randrange(STUMBLES_EVERY):
        return
    goes = leaves if rng.randrange(GOES_AWAY_EVERY) == 0 else loses_heartbeat
    at = since + rng.uniform(60, 1800)
    stage.due_at(at, partial(_by_itself, stage, goes), room)
    if rng.randrange(4):
        stage.due_at(at + rng.uniform(15, 120), partial(_by_itself, stage, back), room)


def will_come(stage: Stage, room: Room, at: float) -> None:
    """A host who was not there when the room was made."""
    stage.due_at(at, partial(_by_itself, stage, comes), room)


def _by_itself(
    stage: Stage, does: Callable[[Stage, Room, float], None], at: float, room: Room
) -> None:
    if stage.rooms.get(room.room_id) is room:
        with contextlib.suppress(Refusal):  # banned in the meantime: stays away
            does(stage, room, at)
