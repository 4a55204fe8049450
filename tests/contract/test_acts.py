"""Acts through a real worker against the simulator: killed, cut off, and without a broker."""

import json
import signal
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

import pytest

from tests.contract import databases
from tests.contract.running import ROOT, terminate
from tests.fixtures_valkey import start_valkey
from tests.support.waiting import eventually

ORDER = """
import json, uuid
from django.utils import timezone
from moderation.actions import orders
from moderation.actions.requests import ActionRequest
from moderation.models import Policy
from rooms.models import Room
given = json.loads({given!r})
now = timezone.now()
room, _ = Room.objects.get_or_create(
    room_id=given["room_id"], create_time=given["create_time"], ended_at=None,
    defaults=dict(owner_account="host", first_seen_at=now, facts_changed_at=now),
)
policy = Policy.objects.get(code="violence")
more = dict(account="troll", seconds=600) if given["verb"] in ("mute", "room_ban") else dict()
asked = ActionRequest(verb=given["verb"], room=room, policy=policy, key=uuid.uuid4(), **more)
act = orders.submit(asked, by="system:test")
print(act.pk)
"""
SWEEP = "from moderation.worker import recovery; print(recovery.sweep())"


class Acts:
    """The workers of one installation, and what its database says."""

    def __init__(self, environment, folder):
        self.environment = environment | {
            "LIVEWARDEN_END_GRACE_SECONDS": "0",
            "LIVEWARDEN_ACT_RETRY_SECONDS": "60",
        }
        self.folder = folder
        self.workers = []

    def shell(self, code):
        """Runs Python inside the console's own settings."""
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-v0", "-c", code]
        return subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment,
            check=True,
            text=True,
            stdout=subprocess.PIPE,
            timeout=120,
        ).stdout.strip()

    def order(self, simulated, verb, room_id):
        create_time = simulated.get("rooms", room_id=room_id)["info"]["CreateTime"]
        given = json.dumps({"verb": verb, "room_id": room_id, "create_time": int(create_time)})
        return int(self.shell(ORDER.format(given=given)))

    def worker(self):
        log = (self.folder / f"worker-{len(self.workers)}.log").open("wb")
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "config",
            "worker",
            "-Q",
            "acts",
            "-P",
            "threads",
            "-c",
            "4",
            "-n",
            f"{uuid.uuid4().hex}@%h",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
        ]
        with log:
            self.workers.append(
                subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
            )
        return self.workers[-1]

    def sql(self, statement, *values):
        return databases.ask(self.environment["DATABASE_URL"], statement, *values)

    def change(self, statement, *values):
        databases.change(self.environment["DATABASE_URL"], statement, *values)

    def status(self, pk):
        return self.sql("SELECT status FROM moderation_action WHERE id = ?", pk)[0][0]

    def becomes(self, pk, status, seconds=20):
        return eventually(f"act {pk} is {status}", lambda: self.status(pk), seconds, equals=status)


@pytest.fixture
def acts(installation, tmp_path):
    made = Acts(installation, tmp_path)
    yield made
    for worker in made.workers:
        terminate(worker)


@pytest.fixture
def short_folder():
    """A socket's path may have 107 bytes: pytest's own folders have long names."""
    with tempfile.TemporaryDirectory(prefix="lw-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def some_room(simulated):
    return sorted(room["RoomId"] for room in simulated.get("rooms")["rooms"])[0]


def calls(simulated, command):
    return [call for call in simulated.get("calls") if call["command"] == command]


@pytest.mark.parametrize(
    ("verb", "command"),
    [("end", "destroy_room"), ("mute", "mute_member"), ("room_ban", "ban_member")],
)
def test_a_worker_killed_between_call_and_record_leaves_one_effect(acts, simulated, verb, command):
    room_id = some_room(simulated)
    simulated.order("fault", command=command, kind="lost_answer", seconds=30, times=1)
    first = acts.worker()
    pk = acts.order(simulated, verb, room_id)
    eventually(
        "the vendor has carried out the act", lambda: len(calls(simulated, command)), 20, equals=1
    )  # the effect is there, the answer is not
    assert acts.status(pk) == "calling"

    first.send_signal(signal.SIGKILL)
    first.wait(5)
    # As when its claim has run out.
    acts.change("UPDATE moderation_action SET lease_until = '2000-01-01 00:00:00' WHERE id = ?", pk)
    acts.worker()
    acts.shell(SWEEP)

    assert acts.becomes(pk, "done")
    assert len(calls(simulated, command)) == 1
    outcomes = acts.sql(
        "SELECT outcome FROM moderation_auditentry WHERE action_id = ? ORDER BY id", pk
    )
    assert [outcome for (outcome,) in outcomes][:3] == ["requested", "unknown", "done"]


def test_a_warning_that_the_vendor_drops_is_sent_again_until_it_is_delivered(acts, simulated):
    room_id = some_room(simulated)
    simulated.order("fault", command="send_custom_msg", kind="dropped", times=2)
    acts.worker()
    pk = acts.order(simulated, "warn", room_id)

    assert acts.becomes(pk, "done")
    assert len(calls(simulated, "send_custom_msg")) == 3
    assert len(simulated.get("rooms", room_id=room_id)["messages"]) == 1
    told = acts.sql("SELECT outcome FROM moderation_auditentry WHERE action_id = ? ORDER BY id", pk)
    assert [outcome for (outcome,) in told] == [
        "requested",
        "requested",
        "done",
    ]  # tries that go on by themselves are told once


def test_a_warning_of_a_killed_worker_is_not_sent_again_by_itself(acts, simulated):
    room_id = some_room(simulated)
    simulated.order("fault", command="send_custom_msg", kind="lost_answer", seconds=30, times=1)
    first = acts.worker()
    pk = acts.order(simulated, "warn", room_id)
    eventually(
        "the room is told once", lambda: len(calls(simulated, "send_custom_msg")), 20, equals=1
    )

    first.send_signal(signal.SIGKILL)
    first.wait(5)
    acts.change("UPDATE moderation_action SET lease_until = '2000-01-01 00:00:00' WHERE id = ?", pk)
    acts.worker()
    acts.shell(SWEEP)

    assert acts.becomes(pk, "failed")
    assert len(calls(simulated, "send_custom_msg")) == 1


def test_an_answer_that_is_lost_is_read_back_and_the_call_not_repeated(acts, simulated):
    room_id = some_room(simulated)
    simulated.order("fault", command="destroy_room", kind="lost_answer", times=1)
    acts.worker()
    pk = acts.order(simulated, "end", room_id)
    assert acts.becomes(pk, "done")
    assert len(calls(simulated, "destroy_room")) == 1


def test_a_host_who_reopened_keeps_the_new_broadcast(acts, simulated):
    """The end waits in the queue; meanwhile the broadcast it was ordered for is over and another
    one is on.
    """
    room_id = some_room(simulated)
    owner = simulated.get("rooms", room_id=room_id)["owner"]
    pk = acts.order(simulated, "end", room_id)
    simulated.order("step", seconds=5)  # CreateTime is in seconds
    simulated.order("destroy", room_id=room_id)
    simulated.order("rooms", RoomId=room_id, Owner_Account=owner, IsPublicVisible=True)
    acts.worker()
    assert acts.becomes(pk, "already")
    assert calls(simulated, "destroy_room") == []
    assert simulated.get("rooms", room_id=room_id)["live"]
    assert acts.sql(
        "SELECT count(*) FROM rooms_room WHERE room_id = ? AND ended_at IS NULL", room_id
    ) == [(1,)]


def test_a_busy_vendor_is_asked_again_until_it_does_it(acts, simulated):
    room_id = some_room(simulated)
    simulated.order("fault", command="destroy_room", kind="code", code=60007, times=2)
    acts.worker()
    pk = acts.order(simulated, "end", room_id)
    assert acts.becomes(pk, "done", 30)
    assert [call["code"] for call in calls(simulated, "destroy_room")] == [60007, 60007, 0]


def test_an_end_is_verified_by_reading_back(acts, simulated):
    acts.worker()
    pk = acts.order(simulated, "end", some_room(simulated))
    [shown] = eventually(
        "the end is read back",
        lambda: acts.sql(
            "SELECT CAST(result AS TEXT) FROM moderation_action WHERE id = ? AND CAST(result AS "
            "TEXT) LIKE '%verified%'",
            pk,
        ),
        20,
    )
    assert json.loads(shown[0])["verified"] is True


@pytest.mark.parametrize("trouble", ["is away", "does not answer"])
def test_a_click_succeeds_quickly_without_a_broker_and_the_sweep_sends_it_later(
    acts, simulated, short_folder, trouble
):
    acts.environment["REDIS_URL"] = f"unix://{short_folder}/valkey.sock"
    broker = start_valkey(short_folder)
    try:
        if trouble == "is away":
            broker.kill()
            broker.wait(5)
        else:
            broker.send_signal(signal.SIGSTOP)
        timed = ORDER.replace("act = orders", "import time; began = time.monotonic(); act = orders")
        timed += "print(time.monotonic() - began)"
        room_id = some_room(simulated)
        create_time = int(simulated.get("rooms", room_id=room_id)["info"]["CreateTime"])
        given = json.dumps({"verb": "end", "room_id": room_id, "create_time": create_time})
        pk, seconds = acts.shell(timed.format(given=given)).split()
        assert float(seconds) < 4
        assert acts.status(int(pk)) == "requested"

        if trouble == "is away":
            broker = start_valkey(short_folder)
        else:
            broker.send_signal(signal.SIGCONT)
        acts.worker()
        acts.change(
            "UPDATE moderation_action SET due_at = '2000-01-01 00:00:00' WHERE id = ?", int(pk)
        )
        acts.shell(SWEEP)
        assert acts.becomes(int(pk), "done")
        assert len(calls(simulated, "destroy_room")) == 1
    finally:
        broker.send_signal(signal.SIGCONT)
        terminate(broker)
