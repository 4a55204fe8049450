"""The collector when the vendor, the stores or its own process fail it; see test_collector.py."""

import os
import signal
import tempfile
import time
from pathlib import Path

import pytest

from launcher.folder import free_port
from tests.contract import databases
from tests.contract.collected import all_collected, live
from tests.contract.running import simulator
from tests.fixtures_valkey import start_valkey
from tests.support.waiting import eventually


def test_called_too_often_it_backs_off_and_recovers(simulated, collectors, rows, hot):
    collector = collectors()
    all_collected(simulated, rows)

    simulated.order("fault", command="get_room_stats", kind="code", code=60007, times=3)
    eventually(
        "the vendor refuses three calls as too frequent",
        lambda: simulated.get("counts")["codes"].get("60007", 0) >= 3,
        30,
    )
    answered = simulated.get("counts")["codes"]["0"]

    eventually(
        "the vendor answers sixty more calls",
        lambda: simulated.get("counts")["codes"]["0"] > answered + 60,
    )
    assert hot.client.hget(hot("health"), "ok") == b"1"
    assert collector.process.poll() is None


@pytest.mark.parametrize("kind", ["http502", "truncated"])
def test_whatever_the_vendor_answers_it_recovers_from(simulated, collectors, rows, hot, kind):
    collector = collectors()
    known = all_collected(simulated, rows)

    simulated.order("fault", command="*", kind=kind)
    eventually(
        "the vendor is in trouble", lambda: hot.client.hget(hot("health"), "ok"), 25, equals=b"0"
    )
    simulated.clear_faults()

    eventually(
        "the vendor is well again", lambda: hot.client.hget(hot("health"), "ok"), 25, equals=b"1"
    )
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
        eventually(
            f"every room is read again after {trouble}",
            lambda since=ordered: rows(fresh, since),
            40,
            equals=[(len(known),)],
        )
        simulated.clear_faults()

    assert live(rows) == known
    eventually(
        "the vendor is well after all troubles",
        lambda: hot.client.hget(hot("health"), "ok"),
        equals=b"1",
    )
    assert collector.process.poll() is None
    assert "Traceback" not in collector.text


def test_a_standby_takes_over_from_a_leader_that_is_killed(collectors, simulated, rows, hot):
    first = collectors()
    eventually("the first collector leads", lambda: "Leading as" in first.text)
    second = collectors()
    eventually("the second collector stands by", lambda: "Standing by" in second.text)
    all_collected(simulated, rows)
    assert "Leading as" not in second.text

    first.process.kill()
    first.process.wait()

    eventually(
        "the second collector leads after the first was killed",
        lambda: "Leading as" in second.text,
        10,
    )
    eventually(
        "the lease has its second number",
        lambda: rows("SELECT fence FROM rooms_collectorlease"),
        equals=[(2,)],
    )
    eventually(
        "the health names the second collector as leader",
        lambda: (hot.client.hget(hot("health"), "leader") or b"").endswith(
            b":%d" % second.process.pid
        ),
    )


def test_a_leader_that_ends_hands_over_at_once_and_keeps_its_minutes(collectors, simulated, rows):
    first = collectors()
    all_collected(simulated, rows)
    second = collectors()
    eventually("the second collector stands by", lambda: "Standing by" in second.text)

    assert first.stop() < 2.5
    assert first.process.returncode == 0
    eventually("the second collector leads at once", lambda: "Leading as" in second.text, 4)
    assert rows("SELECT count(*) FROM rooms_sample WHERE online IS NOT NULL")[0][0] >= len(
        live(rows)
    )


def test_a_leader_whose_lease_is_taken_writes_no_more(collectors, simulated, rows, hot):
    first = collectors()
    all_collected(simulated, rows)

    hot.client.set(hot("leader"), "somebody else", px=4000)

    eventually(
        "the leader sees that its lease is taken", lambda: "Not leading any more" in first.text, 10
    )
    eventually(
        "the leader leads again when the other's lease is over",
        lambda: first.text.count("Leading as"),
        15,
        equals=2,
    )


def test_a_leader_that_was_stopped_for_a_while_leads_again(collectors, simulated, rows, hot):
    alone = collectors()
    all_collected(simulated, rows)
    os.kill(alone.process.pid, signal.SIGSTOP)
    try:
        eventually(
            "the lease of the stopped leader is over",
            lambda: hot.client.get(hot("leader")) is None,
            10,
        )
    finally:
        os.kill(alone.process.pid, signal.SIGCONT)
    woke = time.time() * 1000
    eventually(
        "the leader leads again",
        lambda: alone.text.count("Leading as"),
        20,
        equals=2,
        seen=lambda: alone.text[-2000:],
    )
    eventually(
        "the ticks go on",
        lambda: int(hot.client.hget(hot("health"), "tick_at") or 0) > woke + 1000,
        10,
    )


def stop_outside_a_write(process, database):
    """Holds a process still, but not within a write: on SQLite nobody could write then."""

    def stopped():
        process.send_signal(signal.SIGSTOP)
        if databases.is_writable(database):
            return True
        process.send_signal(signal.SIGCONT)
        return False

    eventually("the process is stopped while it writes nothing", stopped)


def test_a_leader_that_was_stopped_and_wakes_stores_nothing_and_stands_by(
    collectors, simulated, rows, hot, installation
):
    first = collectors()
    eventually("the first collector leads", lambda: "Leading as" in first.text)
    second = collectors()
    eventually("the second collector stands by", lambda: "Standing by" in second.text)
    all_collected(simulated, rows)

    stop_outside_a_write(first.process, installation["DATABASE_URL"])
    try:
        # On PostgreSQL the stopped one may hold the row of the fence: its session is ended after
        # five seconds.
        eventually(
            "the second collector leads while the first is stopped",
            lambda: "Leading as" in second.text,
            25,
        )
        eventually(
            "the lease has its second number",
            lambda: rows("SELECT fence FROM rooms_collectorlease"),
            equals=[(2,)],
        )
    finally:
        first.process.send_signal(signal.SIGCONT)

    def leader():
        return (hot.client.hget(hot("health"), "leader") or b"").decode().rpartition(":")[2]

    eventually(
        "the first collector leads no more", lambda: "Not leading any more" in first.text, 15
    )
    # The one tick that was under way when it was stopped may still reach the hot state, no further
    # one does.
    eventually(
        "the health names the second collector as leader",
        lambda: leader() == str(second.process.pid),
        3,
    )
    # A whole second in which the first one does not come back: nothing tells when it would have.
    assert {leader() for _ in range(20) if not time.sleep(0.05)} == {str(second.process.pid)}
    assert first.text.count("Leading as") == 1
    assert rows("SELECT fence FROM rooms_collectorlease") == [(2,)]


@pytest.fixture
def own_valkey():
    """(URL, restart) of a server for this test alone; restart() kills it and starts an empty one in
    its place.
    """
    with tempfile.TemporaryDirectory(prefix="lw-") as folder:
        servers = [start_valkey(Path(folder))]

        def restart():
            servers[-1].kill()
            servers[-1].wait(timeout=5)
            servers.append(start_valkey(Path(folder)))

        yield f"unix://{folder}/valkey.sock", restart
        servers[-1].terminate()
        servers[-1].wait(timeout=5)


def test_it_survives_a_locked_database_a_redis_restart_and_a_vendor_outage(
    collectors, installation, rows, own_valkey
):
    address, restart_valkey = own_valkey
    port, url = str(free_port()), installation["DATABASE_URL"]
    world = ("--rooms", "20", "--viewers", "500", "--churn", "0", "--port", port)
    question = "SELECT min(statistics_at) FROM rooms_room WHERE ended_at IS NULL"

    def fresh(since, when=""):
        eventually(f"every room is read {when}", lambda: (rows(question)[0][0] or 0) > since, 30)

    with simulator(*world):
        collector = collectors(LIVE_HOST=f"127.0.0.1:{port}", REDIS_URL=address)
        fresh(0)

        with databases.locked(url):
            waits = lambda: "Facts wait for the database" in collector.text  # noqa: E731
            eventually("the console waits for the lock in vain", waits, seen=lambda: collector.text)
        fresh(time.time(), "after the lock")

        restart_valkey()
        fresh(time.time(), "after the restart of Redis")
    away = lambda: "The vendor does not answer" in collector.text  # noqa: E731
    eventually("the console sees that the vendor is away", away, seen=lambda: collector.text)
    with simulator(*world):
        fresh(time.time(), "after the vendor came back")
    assert collector.process.poll() is None
    assert "Traceback" not in collector.text, collector.text
