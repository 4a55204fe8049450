"""The collector against the simulator, over real sockets, with a real database and a real Valkey."""

import functools
import json
import os
import signal
import tempfile
import time
from pathlib import Path

import pytest
import redis

from liveapi import LiveClient, LiveConfig, LocalBudget, commands
from tests.contract import databases
from tests.contract.running import SECRET, eventually, free_port, simulator
from tests.fixtures_valkey import start_valkey


@pytest.fixture
def rows(installation):
    """rows(sql, *values): what the collector has stored."""
    return functools.partial(databases.ask, installation["DATABASE_URL"])


@pytest.fixture
def hot(installation):
    """The hot state: hot(name) is the name of a key, hot.client the connection."""
    prefix = installation["LIVEWARDEN_REDIS_PREFIX"]

    class Hot:
        client = redis.Redis.from_url(installation["REDIS_URL"])

        def __call__(self, name):
            return prefix + name

        def states(self):
            return {int(k): json.loads(v) for k, v in self.client.hgetall(self("live")).items()}

    with Hot.client:
        yield Hot()


def live(rows):
    return {room_id for (room_id,) in rows("SELECT room_id FROM rooms_room WHERE ended_at IS NULL")}


def listed(simulated):
    """RoomIds that the listing tells: all but the hidden ones."""
    rooms = {room["RoomId"] for room in simulated.get("rooms")["rooms"]}
    return {
        room_id for room_id in rooms if simulated.get("rooms", room_id=room_id)["info"]["IsPublicVisible"]
    }


def all_collected(simulated, rows):
    """The RoomIds of all rooms, once all are stored."""
    expected = listed(simulated)
    assert eventually(lambda: live(rows) == expected, 20), expected ^ live(rows)
    return expected


def pk_of(rows, room_id):
    return rows("SELECT id FROM rooms_room WHERE room_id = ? AND ended_at IS NULL", room_id)[0][0]


def test_rooms_appear_with_figures_that_move(simulated, collectors, rows, hot):
    collectors()

    all_collected(simulated, rows)
    complete = eventually(
        lambda: (
            rows(
                "SELECT count(*) FROM rooms_room WHERE ended_at IS NULL AND (online IS NULL OR reward IS NULL)"
            )
            == [(0,)]
        ),
        20,
    )
    assert complete
    before = hot.states()
    assert set(before) == {pk for (pk,) in rows("SELECT id FROM rooms_room WHERE ended_at IS NULL")}
    assert eventually(lambda: sum(hot.states()[pk]["v"] != state["v"] for pk, state in before.items()) > 5)
    assert {state["os"] for state in before.values()} == {"OnlineCount"}


def test_a_destroyed_room_ends_by_the_vendors_word(simulated, collectors, rows, hot):
    collectors()
    room_id = sorted(all_collected(simulated, rows))[0]
    pk = pk_of(rows, room_id)

    simulated.order("destroy", room_id=room_id)

    assert eventually(lambda: rows("SELECT end_cause FROM rooms_room WHERE id = ?", pk) == [("gone",)])
    assert eventually(lambda: hot.states()[pk]["e"] > 0)


def test_a_room_that_the_listing_does_not_show_goes_on(simulated, collectors, rows):
    collectors()
    known = all_collected(simulated, rows)

    simulated.order("fault", command="get_room_list", kind="malformed")
    asked = simulated.get("counts")["commands"]["get_room_list"]
    eventually(lambda: simulated.get("counts")["commands"]["get_room_list"] > asked + 4, 20)
    simulated.clear_faults()

    assert live(rows) == known


def test_a_room_opened_again_is_another_broadcast(simulated, collectors, rows):
    collectors()
    room_id = sorted(all_collected(simulated, rows))[0]
    [(owner,)] = rows("SELECT owner_account FROM rooms_room WHERE room_id = ?", room_id)
    time.sleep(1.1)  # CreateTime is in seconds

    simulated.order("destroy", room_id=room_id)
    simulated.order("rooms", RoomId=room_id, Owner_Account=owner, IsPublicVisible=True)

    assert eventually(
        lambda: (
            rows(
                "SELECT count(*), count(ended_at), count(DISTINCT create_time) FROM rooms_room WHERE room_id = ?",
                room_id,
            )
            == [(2, 1, 2)]
        )
    )


def test_called_too_often_it_backs_off_and_recovers(simulated, collectors, rows, hot):
    collector = collectors()
    all_collected(simulated, rows)

    simulated.order("fault", command="get_room_stats", kind="code", code=60007, times=3)
    assert eventually(lambda: simulated.get("counts")["codes"].get("60007", 0) >= 3, 30)
    answered = simulated.get("counts")["codes"]["0"]

    assert eventually(lambda: simulated.get("counts")["codes"]["0"] > answered + 60)
    assert hot.client.hget(hot("health"), "ok") == b"1"
    assert collector.process.poll() is None


@pytest.mark.parametrize("kind", ["http502", "truncated"])
def test_whatever_the_vendor_answers_it_recovers_from(simulated, collectors, rows, hot, kind):
    collector = collectors()
    known = all_collected(simulated, rows)

    simulated.order("fault", command="*", kind=kind)
    assert eventually(lambda: hot.client.hget(hot("health"), "ok") == b"0", 25)
    simulated.clear_faults()

    assert eventually(lambda: hot.client.hget(hot("health"), "ok") == b"1", 25)
    assert live(rows) == known
    assert collector.process.poll() is None


TROUBLES = (
    {"kind": "code", "code": 60011, "times": 3},
    {"kind": "latency", "seconds": 1.0, "times": 10},
    {"kind": "lost_answer", "times": 4},
    {"kind": "http500", "times": 5},
    {"kind": "empty", "times": 5},
    {"kind": "malformed", "times": 5},
)


def test_every_room_is_read_again_after_a_while_of_any_trouble(simulated, collectors, rows, hot):
    collector = collectors()
    known = all_collected(simulated, rows)
    fresh = "SELECT count(*) FROM rooms_room WHERE ended_at IS NULL AND statistics_at > ?"

    for trouble in TROUBLES:
        simulated.order("fault", command="*", **trouble)
        ordered = int(time.time())
        assert eventually(lambda since=ordered: rows(fresh, since) == [(len(known),)], 40), trouble
        simulated.clear_faults()

    assert live(rows) == known
    assert eventually(lambda: hot.client.hget(hot("health"), "ok") == b"1")
    assert collector.process.poll() is None
    assert "Traceback" not in collector.text


def test_it_never_calls_more_often_than_allowed(simulated, collectors, rows):
    collectors(LIVEWARDEN_REST_INTERVAL="0", LIVE_SHARE="0.5")
    all_collected(simulated, rows)
    simulated.order("reset_counts")
    eventually(lambda: simulated.get("counts")["commands"].get("get_room_stats", 0) >= 150, 20)

    counts = simulated.get("counts")
    arrivals = [call["at"] for call in simulated.get("calls") if call["command"] == "get_room_stats"]
    # Turns are given by one clock (tests/liveapi counts those exactly); on the way two calls may bunch up. So at the
    # vendor's door the sum is bounded by the allowance, and no second comes near the published limit.
    assert len(arrivals) <= 50 * (max(arrivals) - min(arrivals) + 1)
    assert counts["most_in_a_second"]["get_room_stats"] < 100
    assert set(counts["codes"]) == {"0"}


def test_a_room_on_a_screen_is_read_more_often(simulated, collectors, rows, hot):
    collectors(LIVEWARDEN_REST_INTERVAL="3600")
    room_id = sorted(all_collected(simulated, rows))[0]
    pk = pk_of(rows, room_id)
    assert eventually(lambda: rows("SELECT reward FROM rooms_room WHERE id = ?", pk) != [(None,)])
    time.sleep(1.5)
    simulated.order("reset_counts")

    hot.client.zadd(hot("watched"), {str(pk): time.time() + 60})

    assert eventually(lambda: simulated.get("counts")["commands"].get("get_room_stats", 0) >= 3)
    asked = {call["room_id"] for call in simulated.get("calls") if call["command"] == "get_room_stats"}
    assert asked == {room_id}


def test_a_standby_takes_over_from_a_leader_that_is_killed(collectors, simulated, rows, hot):
    first = collectors()
    assert eventually(lambda: "Leading as" in first.text)
    second = collectors()
    assert eventually(lambda: "Standing by" in second.text)
    all_collected(simulated, rows)
    assert "Leading as" not in second.text

    first.process.kill()
    first.process.wait()

    assert eventually(lambda: "Leading as" in second.text, 10)
    assert eventually(lambda: rows("SELECT fence FROM rooms_collectorlease") == [(2,)])
    assert eventually(
        lambda: (hot.client.hget(hot("health"), "leader") or b"").endswith(b":%d" % second.process.pid)
    )


def test_a_leader_that_ends_hands_over_at_once_and_keeps_its_minutes(collectors, simulated, rows):
    first = collectors()
    all_collected(simulated, rows)
    second = collectors()
    assert eventually(lambda: "Standing by" in second.text)

    assert first.stop() < 2.5
    assert first.process.returncode == 0
    assert eventually(lambda: "Leading as" in second.text, 4)
    assert rows("SELECT count(*) FROM rooms_sample WHERE online IS NOT NULL")[0][0] >= len(live(rows))


def test_a_leader_whose_lease_is_taken_writes_no_more(collectors, simulated, rows, hot):
    first = collectors()
    all_collected(simulated, rows)

    hot.client.set(hot("leader"), "somebody else", px=4000)

    assert eventually(lambda: "Not leading any more" in first.text, 10)
    assert eventually(lambda: first.text.count("Leading as") == 2, 15)


def test_a_leader_that_was_stopped_for_a_while_leads_again(collectors, simulated, rows, hot):
    alone = collectors()
    all_collected(simulated, rows)
    os.kill(alone.process.pid, signal.SIGSTOP)
    try:
        assert eventually(lambda: hot.client.get(hot("leader")) is None, 10)
    finally:
        os.kill(alone.process.pid, signal.SIGCONT)
    woke = time.time() * 1000
    assert eventually(lambda: alone.text.count("Leading as") == 2, 20), alone.text[-2000:]
    assert eventually(lambda: int(hot.client.hget(hot("health"), "tick_at")) > woke + 1000, 10)


DOCUMENTED = ("--rooms", "20", "--viewers", "500", "--churn", "0", "--fields", "documented")
SOURCES = (
    "SELECT online_source, min(online), count(*), count(reward), count(NULLIF(owner_name, '')), min(views)"
    " FROM rooms_room GROUP BY 1"
)


def test_it_counts_members_where_nothing_else_tells(collectors, rows):
    with simulator(*DOCUMENTED, "--statistics-command", "get_room_statistic") as documented:
        collectors(LIVE_HOST=documented.host)

        def counted():
            found = rows(SOURCES)
            return len(found) == 1 and found[0][0] == "members" and len(set(found[0][2:5])) == 1 and found

        assert eventually(counted, 25), rows(SOURCES)
        assert rows(SOURCES)[0][1] >= 0


def test_where_nothing_tells_people_online_nothing_is_claimed(collectors, rows, hot):
    with simulator(*DOCUMENTED) as documented:
        documented.order("fault", command="get_member_list", kind="code", code=100006)
        collectors(LIVE_HOST=documented.host)
        asked = lambda: documented.get("counts")["codes"].get("100006", 0)  # noqa: E731
        assert eventually(lambda: asked() >= 10, 25)
        eventually(lambda: hot.states() and all(state["r"] is not None for state in hot.states().values()))

    [(source, online, known, _, _, views)] = rows(SOURCES)
    assert (source, online) == ("", None)
    assert known >= 19 and views > 0
    assert {(state["o"], state["oa"]) for state in hot.states().values()} == {(None, None)}


def test_a_room_made_hidden_goes_on_and_is_still_read(simulated, collectors, rows):
    collectors()
    room_id = sorted(all_collected(simulated, rows))[0]

    config = LiveConfig(1400000000, SECRET, host=simulated.host, allow_loopback=True)
    with LiveClient(config, budget=LocalBudget(1.0)) as client:
        client.call(
            commands.update_room_info(room_id, is_unlimited_room_enabled=True, is_public_visible=False)
        )
    simulated.order("reset_counts")

    def confirmed():
        calls = simulated.get("calls")
        return any(c["command"] == "get_room_info" and c["room_id"] == room_id for c in calls)

    assert eventually(confirmed)
    question = (
        "SELECT count(*) FROM rooms_room WHERE room_id = ? AND ended_at IS NULL AND NOT is_public_visible"
    )
    assert eventually(lambda: rows(question, room_id) == [(1,)])


def test_a_room_just_acted_upon_is_read_at_once(simulated, collectors, rows, hot):
    collectors(LIVEWARDEN_REST_INTERVAL="3600", LIVEWARDEN_SWEEP_INTERVAL="600")
    room_id = sorted(all_collected(simulated, rows))[0]
    pk = pk_of(rows, room_id)
    assert eventually(lambda: rows("SELECT reward FROM rooms_room WHERE id = ?", pk) != [(None,)])
    time.sleep(1.0)
    simulated.order("reset_counts")

    hot.client.rpush(hot("refresh"), str(pk))

    read = lambda: {c["command"] for c in simulated.get("calls") if c["room_id"] == room_id}  # noqa: E731
    assert eventually(lambda: read() >= {"get_room_info", "get_room_stats"}, 3)


def test_a_leader_that_was_stopped_and_wakes_stores_nothing_and_stands_by(collectors, simulated, rows, hot):
    first = collectors()
    assert eventually(lambda: "Leading as" in first.text)
    second = collectors()
    assert eventually(lambda: "Standing by" in second.text)
    all_collected(simulated, rows)

    first.process.send_signal(signal.SIGSTOP)
    try:
        assert eventually(lambda: "Leading as" in second.text, 10)
        assert eventually(lambda: rows("SELECT fence FROM rooms_collectorlease") == [(2,)])
    finally:
        first.process.send_signal(signal.SIGCONT)

    def leader():
        return (hot.client.hget(hot("health"), "leader") or b"").decode().rpartition(":")[2]

    assert eventually(lambda: "Not leading any more" in first.text, 15)
    # The one tick that was under way when it was stopped may still reach the hot state, no further one does.
    assert eventually(lambda: leader() == str(second.process.pid), 3)
    assert {leader() for _ in range(20) if not time.sleep(0.05)} == {str(second.process.pid)}
    assert first.text.count("Leading as") == 1
    assert rows("SELECT fence FROM rooms_collectorlease") == [(2,)]


@pytest.fixture
def own_valkey():
    """(URL, restart) of a server for this test alone; restart() kills it and starts an empty one in its place."""
    with tempfile.TemporaryDirectory(prefix="lw-") as folder:
        servers = [start_valkey(Path(folder))]

        def restart():
            servers[-1].kill()
            servers[-1].wait(timeout=5)
            servers.append(start_valkey(Path(folder)))

        yield f"unix://{folder}/valkey.sock", restart
        servers[-1].terminate()
        servers[-1].wait(timeout=5)


def test_it_survives_a_locked_database_a_restarted_redis_and_a_vendor_that_goes_and_comes_back(
    collectors, installation, rows, own_valkey
):
    address, restart_valkey = own_valkey
    port, url = str(free_port()), installation["DATABASE_URL"]
    world = ("--rooms", "20", "--viewers", "500", "--churn", "0", "--port", port)
    question = "SELECT min(statistics_at) FROM rooms_room WHERE ended_at IS NULL"

    fresh = lambda since: eventually(lambda: (rows(question)[0][0] or 0) > since, 30)  # noqa: E731
    with simulator(*world):
        collector = collectors(LIVE_HOST=f"127.0.0.1:{port}", REDIS_URL=address)
        assert fresh(0)

        with databases.locked(url):
            time.sleep(7)  # longer than the console waits for a lock
        assert fresh(time.time()), "after the lock"

        restart_valkey()
        assert fresh(time.time()), "after the restart of Redis"
    time.sleep(2)
    with simulator(*world):
        assert fresh(time.time()), "after the vendor came back"
    assert collector.process.poll() is None
    assert "Traceback" not in collector.text, collector.text
