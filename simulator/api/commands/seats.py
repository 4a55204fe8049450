"""Commands about seats, of the service `room_engine_http_mic`. Seat 0 is the host's."""

from simulator import bodies
from simulator.bodies import Body
from simulator.errors import Refusal
from simulator.world import events
from simulator.world.rooms import Room
from simulator.world.world import World

# Field of lock_seat -> how the list of seats tells it.
LOCKS = {
    "ForbidTaken": "IsTakenDisabled",
    "ForbidVideo": "IsVideoDisabled",
    "ForbidAudio": "IsAudioDisabled",
}


def free_seat(room: Room, body: Body, name: str) -> int:
    """The number of a free seat; Refusal 100002 when there is none such, 100205 when all are taken,
    100210 when this one is, 100200 when it is locked. https://trtc.io/zh/document/60718
    """
    count = room.info["MaxSeatCount"]
    index = bodies.number(body, name, maximum=max(0, count - 1))
    if len(room.seats) >= count:
        raise Refusal(100205, "all seats are taken")
    if index in room.seats:
        raise Refusal(100210, "somebody is on the seat")
    if room.locks.get(index, {}).get("IsTakenDisabled"):
        raise Refusal(100200, "the seat is locked")
    return index


def seated(room: Room, body: Body) -> str:
    """An account on a seat; Refusal 100206 when it is on none."""
    account = bodies.account(body, "Member_Account")
    if account not in room.seats.values():
        raise Refusal(100206, "not on a seat")
    return account


def get_seat_list(world: World, body: Body) -> Body:
    return {"SeatList": world.room(body.get("RoomId")).seat_list()}


def reseat(world: World, room: Room, seats: dict[int, str]) -> None:
    world.reseat(room, seats, world.clock.now(), events.REST)


def pick_user_on_seat(world: World, body: Body) -> None:
    room = world.room(body.get("RoomId"))
    account = bodies.account(body, "Member_Account")
    if account in room.seats.values():
        raise Refusal(100203, "already on a seat")
    index = free_seat(room, body, "Index")
    if not world.audience.holds(room, account, world.clock.now()):
        raise Refusal(100005, "not a member of the room")
    reseat(world, room, room.seats | {index: account})


def lock_seat(world: World, body: Body) -> None:
    """What is forbidden on a seat; who sits on one that may not be taken is removed first."""
    room = world.room(body.get("RoomId"))
    index = bodies.number(body, "Index", maximum=max(0, room.info["MaxSeatCount"] - 1))
    forbidden = {}
    for name, field in LOCKS.items():
        if not isinstance(body.get(name, False), bool):
            raise Refusal(100002, f"{name} takes true or false")
        forbidden[field] = body.get(name, False)
    room.locks[index] = forbidden
    seats = dict(room.seats)
    if forbidden["IsTakenDisabled"]:
        seats.pop(index, None)
    reseat(world, room, seats)


def kick_user_off_seat(world: World, body: Body) -> None:
    room = world.room(body.get("RoomId"))
    account = seated(room, body)
    if "Data" in body:
        bodies.text(body, "Data", min_bytes=0)
    reseat(world, room, {index: on for index, on in room.seats.items() if on != account})


def switch_seat(world: World, body: Body) -> None:
    room = world.room(body.get("RoomId"))
    account, index = seated(room, body), free_seat(room, body, "ToIndex")
    reseat(world, room, {i: on for i, on in room.seats.items() if on != account} | {index: account})
