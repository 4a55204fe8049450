"""Whatever people do in a room, in whatever order: what is true of it stays true, and all of it can
be told.
"""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.api.commands import accounts, members, seats
from simulator.errors import Refusal
from simulator.webhooks import payloads
from simulator.world import events, hosts
from simulator.world.rooms import INSIDE, SEATED
from simulator.world.stage import Lifetimes
from tests.simulator.conftest import make_world

ACCOUNTS = st.sampled_from(["ben", "robot", "host", "viewer_3"])
DEEDS = st.one_of(
    st.tuples(
        st.sampled_from(
            [
                hosts.comes,
                hosts.back,
                hosts.leaves,
                hosts.loses_heartbeat,
                hosts.takes_seat,
                hosts.leaves_seat,
            ]
        )
    ),
    st.tuples(
        st.sampled_from(
            [
                "enter",
                "leave",
                "ban",
                "unban",
                "add robot",
                "del robot",
                "kick off seat",
                "pick",
                "kick",
                "hand over",
            ]
        ),
        ACCOUNTS,
    ),
    st.tuples(st.just("wait"), st.sampled_from([1.0, 40.0, 700.0, 2000.0])),
)


def do(world, room, what, *subject):
    now, about = world.clock.now(), {"RoomId": room.room_id}
    match what:
        case "wait":
            world.clock.step(subject[0])
            world.move()
        case "enter":
            world.enter(room, *subject)
        case "leave":
            world.leave(room, subject)
        case "hand over":
            world.hand_over(room, *subject)
        case "ban":
            banned = {"MemberList_Account": list(subject), "Duration": 60}
            members.ban_member(world, about | banned)
        case "unban":
            members.unban_member(world, about | {"MemberList_Account": list(subject)})
        case "add robot":
            members.add_robot(world, about | {"RobotList_Account": list(subject)})
        case "del robot":
            members.del_robot(world, about | {"RobotList_Account": list(subject)})
        case "pick":
            seat = {"Member_Account": subject[0], "Index": len(room.seats)}
            seats.pick_user_on_seat(world, about | seat)
        case "kick off seat":
            seats.kick_user_off_seat(world, about | {"Member_Account": subject[0]})
        case "kick":
            accounts.kick(world, {"UserID": subject[0]})
        case _:
            what(world, room, now)


@settings(deadline=None)
@given(st.lists(DEEDS, max_size=40), st.sampled_from([0, 40]))
def test_what_is_true_of_a_room_stays_true(deeds, size):
    world = make_world(rooms=1, lifetimes=Lifetimes(left=1000, offline=500))
    for account in ("ben", "robot", "host"):
        world.people.include(account, world.clock.now())
    room, heard = world.open_room(Owner_Account="host", size=size), []
    world.listener = heard.append
    before = room.views(world.clock.now())
    for deed in deeds:
        try:
            do(world, room, *deed)
        except Refusal as refusal:
            assert refusal.code >= 60000
        now = world.clock.now()
        if room.room_id not in world.rooms:
            assert heard[-1].command == events.DESTROYED
            break
        inside = set(room.seats.values())
        assert len(inside) == len(room.seats)
        assert (room.host_state == SEATED) == (room.owner in inside)
        assert not (room.host_state == INSIDE and room.owner in inside)
        assert all(world.audience.holds(room, account, now) for account in inside)
        assert room.streams <= inside
        assert world.online(room) >= 0
        assert room.views(now) >= before
        before = room.views(now)
        assert world.live_rooms_of[room.owner] == 1
    for event in heard:
        for tables in (False, True):
            assert json.loads(payloads.written(event, tables=tables))["CallbackCommand"]
