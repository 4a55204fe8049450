"""Webhooks of the simulated vendor, signed by its own code, through a real web process and a real
collector.

In most of these the collector walks the listing once and then not again for ten minutes, and polls
no totals: what is known after that, webhooks have told. They share one console; each has rooms of
its own.
"""

import contextlib
import time
import uuid

import httpx
import pytest

from simulator.webhooks import payloads
from simulator.world.events import CREATED
from tests.contract import databases
from tests.contract.collected import listed, live, pk_of
from tests.contract.running import WEBHOOK_TOKEN, Collector, simulator, variables
from tests.contract.webhook_console import arrived, webhook_console
from tests.support.waiting import eventually

QUIET = {"LIVEWARDEN_SWEEP_INTERVAL": "600", "LIVEWARDEN_REST_INTERVAL": "3600"}
HIDDEN = "SELECT count(*) FROM rooms_room WHERE room_id = ? AND ended_at IS NULL AND NOT is_public_visible"
ENDED = "SELECT end_cause, reward, gifts FROM rooms_room WHERE room_id = ? AND ended_at IS NOT NULL"


@pytest.fixture(scope="module")
def simulated():
    """A world where nobody comes or goes by themselves."""
    with simulator("--rooms", "30", "--viewers", "2000", "--churn", "0") as running:
        running.order("webhooks", lines=0, moves=0)
        yield running


@contextlib.contextmanager
def installed(simulated, valkey, template, folder, **more):
    """The environment of an installation of its own."""
    url = databases.make(folder, template)
    own = {
        "LIVEWARDEN_REDIS_PREFIX": f"{uuid.uuid4().hex[:8]}:",
        "LIVE_WEBHOOK_TOKEN": WEBHOOK_TOKEN,
    }
    yield variables(simulated.host, valkey, url, folder, **own | more)
    databases.drop(url)


@pytest.fixture(scope="module")
def shared(simulated, valkey, template, tmp_path_factory):
    """The environment of the console that most tests share, its web process, and its collector,
    which has found all rooms.
    """
    folder = tmp_path_factory.mktemp("shared")
    with (
        installed(simulated, valkey, template, folder, **QUIET) as environment,
        webhook_console(environment, folder / "web.log") as address,
    ):
        collector = Collector(environment, folder / "collector.log")
        simulated.order("webhooks", url=address)
        yield environment
        simulated.order("webhooks", url="")
        collector.stop()


@pytest.fixture
def address(shared, simulated):
    """Where webhooks go."""
    return simulated.get("webhooks")["orders"]["url"]


@pytest.fixture
def installation(request, simulated, valkey, template, tmp_path):
    """The shared one, or one of this test's own."""
    if "shared" in request.fixturenames:
        yield request.getfixturevalue("shared")
        return
    with installed(simulated, valkey, template, tmp_path) as environment:
        yield environment


@pytest.fixture
def told(shared, simulated, rows):
    """The simulated vendor; all its rooms are known."""
    eventually("every listed room is stored", lambda: listed(simulated) <= live(rows), 40)
    return simulated


@pytest.fixture
def known(told, rows):
    """RoomIds that are live when the test begins."""
    return live(rows)


def asked(simulated, room_id, command="get_room_info"):
    calls = simulated.get("calls")
    return [call for call in calls if call["command"] == command and call["room_id"] == room_id]


def say(simulated, room_id, text):
    simulated.order("enter", room_id=room_id, account="somebody")
    simulated.order("say", room_id=room_id, account="somebody", text=text)


def open_room(simulated, room_id, **more):
    fields = {"RoomId": room_id, "Owner_Account": "a-host", "IsPublicVisible": True, "size": 50}
    return simulated.order("rooms", **fields | more)


def test_a_room_that_is_opened_appears_without_a_sweep(told, known, rows):

    open_room(told, "opened")

    eventually(
        "the opened room is stored",
        lambda: live(rows),
        equals=known | {"opened"},
    )
    assert asked(told, "opened")


def test_a_room_that_ends_is_read_back_and_keeps_its_last_totals(told, known, rows):
    room_id = sorted(known)[0]
    pk = pk_of(rows, room_id)
    before = rows("SELECT reward FROM rooms_room WHERE id = ?", pk)[0][0] or 0
    told.order("step", seconds=600)
    last = told.get("rooms", room_id=room_id)["statistics"]

    told.order("end", room_id=room_id)

    eventually("the room has ended", lambda: rows(ENDED, room_id))
    assert asked(told, room_id)[-1]["code"] == 100004
    [(cause, reward, gifts)] = rows(ENDED, room_id)
    assert cause == "gone"
    assert reward >= max(before, last["TotalGiftCoins"]) and gifts >= last["TotalGiftsSent"]


def test_a_hidden_room_whose_creation_was_lost_is_known_by_what_happens_in_it(told, known, rows):
    told.order("webhooks", loss=1.0)
    open_room(told, "hidden", IsPublicVisible=False)
    told.order("webhooks", loss=0.0)

    told.order("enter", room_id="hidden", account="somebody")

    eventually("the hidden room is stored", lambda: live(rows), equals=known | {"hidden"})


def test_lies_are_read_back_and_change_nothing(told, known, rows):
    room_id = sorted(known)[0]
    told.order("reset_counts")

    told.order("lie", about="destroyed", room_id=room_id)
    told.order("lie", about="created", room_id="never-was")
    told.order(
        "event",
        command="Live.CallbackAfterDestroyRoom",
        room_id=room_id,
        Statistic={"TotalGiftCoins": 10**15},
        EventType="DestroyByUser",
    )

    eventually(
        "the rooms told of are asked about",
        lambda: asked(told, room_id) and asked(told, "never-was"),
    )
    told.order("destroy", room_id=sorted(known)[1])
    eventually("the destroyed room has ended", lambda: live(rows) == known - {sorted(known)[1]})
    assert rows("SELECT count(*) FROM rooms_room WHERE reward >= 1000000000000") == [(0,)]


def test_a_changed_name_is_read_at_once(told, known, rows):
    room_id = sorted(known)[0]

    told.order("update", room_id=room_id, RoomName="Another name")

    question = "SELECT name FROM rooms_room WHERE room_id = ?"
    eventually(
        "the new name is stored", lambda: rows(question, room_id), equals=[("Another name",)]
    )


def test_what_is_said_is_stored(told, known, rows):
    room_id = sorted(known)[0]

    say(told, room_id, "good evening")

    question = "SELECT account FROM rooms_chatline WHERE text = 'good evening'"
    eventually("the line is stored", lambda: rows(question), equals=[("somebody",)])


def test_duplicates_and_another_order_change_nothing(told, known, rows):
    told.order("webhooks", duplicates=1.0, reordered=1.0)
    gone = set(sorted(known)[:5])

    for number in range(5):
        open_room(told, f"opened-{number}")
        say(told, f"opened-{number}", f"line {number}")
    for room_id in gone:
        told.order("destroy", room_id=room_id)

    expected = (known - gone) | {f"opened-{number}" for number in range(5)}
    eventually(
        "the rooms that were opened are live and the destroyed ones not",
        lambda: live(rows),
        equals=expected,
        seen=lambda: expected ^ live(rows),
    )
    eventually(
        "the five lines are stored once each",
        lambda: rows("SELECT count(*) FROM rooms_chatline WHERE text LIKE 'line %'"),
        equals=[(5,)],
    )


def test_a_room_opened_again_is_another_broadcast_at_once(told, known, rows):
    room_id = sorted(known)[0]
    [(owner,)] = rows("SELECT owner_account FROM rooms_room WHERE room_id = ?", room_id)
    told.order("step", seconds=5)

    told.order("destroy", room_id=room_id)
    open_room(told, room_id, Owner_Account=owner)

    question = "SELECT count(*), count(ended_at) FROM rooms_room WHERE room_id = ?"
    eventually(
        "the first broadcast has ended and the second goes on",
        lambda: rows(question, room_id),
        equals=[(2, 1)],
    )


def test_gifts_and_messages_are_allowed(told, rows):
    told.order("webhooks", gifts=True, before_messages=True)
    room_id = sorted(room["RoomId"] for room in told.get("rooms")["rooms"])[0]
    before = told.get("rooms", room_id=room_id)["statistics"]["TotalGiftsSent"]

    say(told, room_id, "hello")
    told.order("gift", room_id=room_id, account="somebody", gift_id="rose", count=1)

    assert told.get("webhooks")["failed"] == 0
    assert told.get("rooms", room_id=room_id)["statistics"]["TotalGiftsSent"] > before


def test_a_hidden_room_is_known_at_once(told, known, rows):
    open_room(told, "hidden", IsPublicVisible=False)

    eventually("the room is known as hidden", lambda: rows(HIDDEN, "hidden"), equals=[(1,)])


def test_a_room_of_our_own_is_looked_up_when_the_console_asks(told, known, rows, hot):
    told.order("webhooks", loss=1.0)
    open_room(told, "ours", IsPublicVisible=False)
    told.order("webhooks", loss=0.0)

    hot.client.rpush(hot("discover"), "ours")

    eventually("the room of our own is stored", lambda: live(rows), equals=known | {"ours"})


def test_a_stranger_is_refused_and_counted(told, address, hot):
    """Signed by the simulator's own code, with another token."""
    query = payloads.query(CREATED, sdkappid=1400000000, token="not-the-token", now=time.time())

    answer = httpx.post(address, params=query, json={"RoomInfo": {"RoomId": "told-by-a-stranger"}})

    assert (answer.status_code, payloads.code_of(200, answer.content)) == (403, 1)
    counts = lambda: [hot.client.hgetall(key) for key in hot.client.keys(hot("webhooks:*"))]  # noqa: E731
    eventually(
        "the refused signature is counted",
        lambda: any(b"refused signature" in found for found in counts()),
    )


# --- A console of its own -------------------------------------------------------------------------


@contextlib.contextmanager
def aimed(simulated, address):
    """Webhooks go to this address meanwhile."""
    before = simulated.get("webhooks")["orders"]["url"]
    simulated.order("webhooks", url=address)
    try:
        yield
    finally:
        simulated.order("webhooks", url=before)


def test_what_came_while_nobody_collected_and_what_was_lost(
    simulated, installation, tmp_path, rows, hot
):
    """A hidden room told of in time is watched until it ends, though no listing shows it and no
    webhook tells of its end.
    """
    with webhook_console(installation, tmp_path / "web.log") as address, aimed(simulated, address):
        open_room(simulated, "told-early", IsPublicVisible=False)
        arrived(simulated)
    assert hot.client.llen(hot("events")) >= 1
    collector = Collector(installation, tmp_path / "collector.log")
    try:
        eventually(
            "the room told of before is known as hidden",
            lambda: rows(HIDDEN, "told-early"),
            30,
            equals=[(1,)],
        )
        assert hot.client.llen(hot("events")) == 0
        with aimed(simulated, ""):
            simulated.order("reset_counts")
            eventually(
                "the room told of before is asked about again and again",
                lambda: len(asked(simulated, "told-early")) >= 3,
            )
            open_room(simulated, "not-told")
            eventually("the room that nobody told of is stored", lambda: "not-told" in live(rows))
            for room_id in ("not-told", "told-early"):
                simulated.order("destroy", room_id=room_id)
            eventually(
                "both destroyed rooms have ended",
                lambda: not live(rows) & {"not-told", "told-early"},
            )
    finally:
        collector.stop()
