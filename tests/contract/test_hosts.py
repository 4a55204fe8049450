"""Where hosts are, found out by the collector without a single webhook."""

import pytest

from liveapi import commands, messages
from liveapi.calls import SEATS, Call
from rooms.ingest import host_events
from rooms.models import Room
from tests.contract.collected import all_collected, pk_of
from tests.contract.talking import client_of
from tests.support.waiting import eventually

HOST = "SELECT host_state, host_started_at IS NULL FROM rooms_room WHERE id = ?"
ELSEWHERE = "SELECT count(*) FROM rooms_room WHERE ended_at IS NULL AND host_state <> 'seated'"


@pytest.fixture
def client(simulated):
    with client_of(simulated) as client:
        yield client


def taken_off(client, room_id, account):
    client.call(commands.kick_user_off_seat(room_id, account), lane="act")


def put_on(client, room_id, account, index):
    body = {"RoomId": room_id, "Member_Account": account, "Index": index}
    client.call(Call(SEATS, "pick_user_on_seat", body, messages.nothing), lane="act")


def test_the_hosts_of_all_rooms_are_looked_for_when_somebody_wants_to_know(
    simulated, collectors, rows, hot
):
    collectors()
    known = len(all_collected(simulated, rows))
    assert rows("SELECT count(host_read_at) FROM rooms_room") == [(0,)]

    hot.client.set(hot("hosts_wanted"), 1, ex=60)

    eventually("every host is read", lambda: rows(ELSEWHERE), 20, equals=[(0,)])
    events = "SELECT count(DISTINCT room_id), count(*) FROM rooms_roomevent WHERE kind = 'host'"
    assert rows(events) == [(known, known)]


def test_a_host_leaves_the_seat_and_the_robot_of_obs_streams_instead(
    simulated, collectors, rows, hot, client
):
    collectors()
    room_id = sorted(all_collected(simulated, rows))[0]
    pk = pk_of(rows, room_id)
    [(owner,)] = rows("SELECT owner_account FROM rooms_room WHERE id = ?", pk)
    hot.client.set(hot("hosts_wanted"), 1, ex=60)
    eventually("the host is on a seat", lambda: rows(HOST, pk)[0][0], 20, equals="seated")

    taken_off(client, room_id, owner)
    eventually(
        "the host is inside without a seat", lambda: rows(HOST, pk)[0][0], 20, equals="inside"
    )

    robot = f"live_obs_{owner}"
    client.call(commands.account_import(robot, "OBS"), lane="act")
    client.call(commands.add_robot(room_id, [robot]), lane="act")
    put_on(client, room_id, robot, 1)
    eventually(
        "the robot of the host is on a seat", lambda: rows(HOST, pk)[0][0], 20, equals="seated"
    )

    taken_off(client, room_id, robot)
    eventually(
        "the robot of the host is off its seat", lambda: rows(HOST, pk)[0][0], 20, equals="inside"
    )


def test_a_rule_reads_back_where_a_host_is(simulated, client):
    room_id = simulated.get("rooms")["rooms"][0]["RoomId"]
    owner = simulated.get("rooms", room_id=room_id)["owner"]
    room = Room(room_id=room_id, owner_account=owner)
    assert host_events.read_host(client, room, "act").state == "seated"

    taken_off(client, room_id, owner)
    assert host_events.read_host(client, room, "act").state == "inside"

    client.call(commands.account_import("a robot", "A robot"), lane="act")
    client.call(commands.add_robot(room_id, ["a robot"]), lane="act")
    put_on(client, room_id, "a robot", 0)
    found = host_events.read_host(client, room, "act")
    assert (found.state, found.robots) == ("inside", ("a robot",))


def test_what_is_known_of_hosts_outlives_the_leader(simulated, collectors, rows, hot):
    first = collectors()
    all_collected(simulated, rows)
    hot.client.set(hot("hosts_wanted"), 1, ex=60)
    eventually("every host is read", lambda: rows(ELSEWHERE), 20, equals=[(0,)])
    since = rows("SELECT id, host_state_at, host_started_at FROM rooms_room ORDER BY id")
    first.stop()

    collectors()
    read = "SELECT min(host_read_at) FROM rooms_room"
    before = rows(read)[0][0]
    eventually("the hosts are read again by the next leader", lambda: rows(read)[0][0] > before, 20)
    assert rows("SELECT id, host_state_at, host_started_at FROM rooms_room ORDER BY id") == since
