"""Where hosts are, who came, and what else happened in rooms. The only writer of Room.host_*; judging is `rooms.hosting`.

read_host() asks at once, for a rule that is about to act. It stores nothing.
"""

import time
from dataclasses import dataclass
from typing import Any

from liveapi import Call, LiveApiError, LiveClient, commands
from liveapi.limits import Lane
from liveapi.messages import Seat
from rooms import hosting
from rooms.hosting import Host
from rooms.models import Room

NO_SEATS, NOT_LIVE = (
    100251,
    100006,
)  # the vendor's codes for an empty seat list, and for a room that has no robots


@dataclass(frozen=True, slots=True)
class HostReading:
    """Where REST has just told the host to be. state: a Room.HostState, never UNKNOWN. at: Unix seconds. robots: accounts of
    the room's robots, which are no hosts; the OBS robot of the host on a seat is SEATED, though."""

    state: str
    at: int
    seats: tuple[Seat, ...]
    robots: tuple[str, ...]


def read_host(client: LiveClient, room: Room, lane: Lane = "poll") -> HostReading:
    """Reads seat list, robots and, where these leave a doubt, the member list: two or three calls.

    Nothing here says that the broadcast still lives, nor that it is the same one: get_room_info does. LOST is told only of
    a host whose heartbeat was lost by what is stored, when the member list does not contradict. Raises LiveApiError
    (100004: the room is gone).
    """
    at = int(time.time())
    before, owner = host_of(room), room.owner_account
    seats = _unless(NO_SEATS, client, commands.get_seat_list(room.room_id), lane)
    robots = _unless(NOT_LIVE, client, commands.get_robot(room.room_id), lane)
    streaming = hosting.on_seat(owner, seats, robots)
    members = None
    if not streaming or (streaming == owner and before.state == hosting.LOST):
        page = client.call(commands.get_member_list(room.room_id), lane=lane).value
        members = hosting.named(page, owner, at)
    state, _source = hosting.judge(owner, seats, robots, members, before, at)
    return HostReading(state, at, seats, robots)


def host_of(room: Room) -> Host:
    """What is stored of a broadcast's host."""
    return Host(
        room.host_state, room.host_state_at, room.host_state_source, room.host_read_at, room.host_started_at
    )


def _unless(code: int, client: LiveClient, call: Call[tuple[Any, ...]], lane: Lane) -> tuple[Any, ...]:
    """The rows of an answer; none where the vendor says with this code that there are none."""
    try:
        return client.call(call, lane=lane).value
    except LiveApiError as error:
        if error.code != code:
            raise
        return ()
