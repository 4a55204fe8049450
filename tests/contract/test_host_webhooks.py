"""What webhooks tell of hosts, members and chat, through a real web process and a real collector,
and read back.
"""

import uuid

import pytest

from tests.contract import databases
from tests.contract.collected import all_collected, pk_of
from tests.contract.running import WEBHOOK_TOKEN, Collector, simulator, variables
from tests.contract.webhook_console import arrived, webhook_console
from tests.support.waiting import eventually

# Once the rooms are known nobody polls for ten minutes: what is known after that, webhooks have
# told.
QUIET = {"LIVEWARDEN_SWEEP_INTERVAL": "600", "LIVEWARDEN_REST_INTERVAL": "3600"}
HOST = "SELECT host_state, host_state_source FROM rooms_room WHERE id = ?"


@pytest.fixture(scope="module")
def simulated():
    """A world where nobody comes or goes, and nobody says anything, by themselves."""
    with simulator("--rooms", "12", "--viewers", "500", "--churn", "0") as running:
        running.order("webhooks", lines=0, moves=0)
        yield running


@pytest.fixture(scope="module")
def leader():
    """The one collector that runs."""
    return []


@pytest.fixture(scope="module")
def shared(simulated, valkey, template, tmp_path_factory, leader):
    """A console with its webhook endpoint, and its collector."""
    folder = tmp_path_factory.mktemp("told")
    url = databases.make(folder, template)
    own = {
        "LIVEWARDEN_REDIS_PREFIX": f"{uuid.uuid4().hex[:8]}:",
        "LIVE_WEBHOOK_TOKEN": WEBHOOK_TOKEN,
    }
    environment = variables(simulated.host, valkey, url, folder, **QUIET, **own)
    with webhook_console(environment, folder / "web.log") as address:
        leader.append(Collector(environment, folder / "collector.log"))
        simulated.order("webhooks", url=address)
        yield environment
        simulated.order("webhooks", url="")
        leader[0].stop()
    databases.drop(url)


@pytest.fixture
def installation(shared):
    yield shared


@pytest.fixture
def room(request, simulated, rows):
    """(RoomId, its number): a room of this test's own whose host has just been on a seat."""
    known = sorted(all_collected(simulated, rows))
    room_id = known[sum(map(ord, request.node.name)) % len(known)]
    pk = pk_of(rows, room_id)
    simulated.order("host", room_id=room_id, does="leaves")
    simulated.order("host", room_id=room_id, does="comes")
    eventually(
        "the host is on a seat, as the seats say",
        lambda: rows(HOST, pk),
        equals=[("seated", "seats")],
    )
    return room_id, pk


def test_a_host_goes_through_its_states_each_told_and_read_back(simulated, rows, room):
    room_id, pk = room
    for does, state in (
        ("loses_heartbeat", "lost"),
        ("back", "seated"),
        ("leaves_seat", "inside"),
        ("takes_seat", "seated"),
        ("leaves", "away"),
        ("comes", "seated"),
    ):
        simulated.order("host", room_id=room_id, does=does)
        eventually(
            f"the host, who {does}, is {state}",
            lambda state=state: rows(HOST, pk)[0][0],
            equals=state,
        )
    [(read, started)] = rows(
        "SELECT host_read_at, host_started_at FROM rooms_room WHERE id = ?", pk
    )
    assert read >= started


def test_a_lie_about_the_host_is_corrected_by_the_seat_list(simulated, rows, room):
    room_id, pk = room
    events = "SELECT count(*) FROM rooms_roomevent WHERE room_id = ? AND kind = 'host'"
    [(before,)] = rows(events, pk)
    owner = simulated.get("rooms", room_id=room_id)["owner"]

    simulated.order("lie", about="left", room_id=room_id, account=owner)

    eventually(
        "the lie is stored, and what was read back", lambda: rows(events, pk)[0][0] >= before + 2
    )
    assert rows(HOST, pk) == [("seated", "seats")]


def test_what_is_said_is_kept_once_though_it_is_told_three_times_and_in_any_order(
    simulated, rows, room
):
    room_id, pk = room
    simulated.order("enter", room_id=room_id, account="somebody")
    simulated.order("webhooks", duplicates=1.0, reordered=0.5)
    for number in range(5):
        simulated.order("say", room_id=room_id, account="somebody", text=f"line {number}")
    simulated.order("webhooks", duplicates=0.0, reordered=0.0)

    said = "SELECT account, text FROM rooms_chatline WHERE room_id = ? ORDER BY text"
    expected = [("somebody", f"line {number}") for number in range(5)]
    eventually(
        "each line is stored once",
        lambda: rows(said, pk),
        equals=expected,
    )


def test_what_was_told_while_nobody_led_is_taken_by_the_next_leader(
    simulated, rows, room, shared, leader
):
    room_id, pk = room
    simulated.order("enter", room_id=room_id, account="somebody")
    leader[0].stop()
    simulated.order("host", room_id=room_id, does="loses_heartbeat")
    simulated.order("say", room_id=room_id, account="somebody", text="nobody there")
    assert arrived(simulated)

    leader[:] = [Collector(shared, leader[0].log.with_name("next.log"))]

    eventually(
        "the lost heartbeat is taken by the next leader",
        lambda: rows(HOST, pk)[0][0],
        20,
        equals="lost",
    )
    said = "SELECT text FROM rooms_chatline WHERE room_id = ? AND text = 'nobody there'"
    eventually("the line is taken by the next leader", lambda: len(rows(said, pk)), equals=1)
