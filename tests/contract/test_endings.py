"""What ends by itself and stays ended: holds, time limits and absent hosts, carried out at the
simulator.

Each scenario is a few processes one after the other, each with nothing but the database of the one
before: whatever is remembered only in a process would be lost between them. An act is carried out
where it is ordered, without a queue.
"""

import json
import subprocess
import sys

import pytest

from tests.contract.running import ROOT

pytestmark = pytest.mark.timeout(
    300
)  # a console starts for each part of a scenario, on a machine that may be busy
SECONDS = 120
ROOM_ID = "the room that stays off"
PRELUDE = """
import datetime as dt, json, time
from django.utils import timezone
from liveapi import LiveApiError, commands
from moderation.actions import orders
from moderation.actions.requests import ActionRequest
from moderation.lifecycle import holds, limits
from moderation.worker import executor, periodic
from moderation.core import broker
from moderation.models import Action, Hold, Policy, Rule
from moderation.core.roles import make_person
from rooms.infra import vendor
from rooms.ingest import room_writer
from rooms.models import Room

broker.enqueue = lambda *pks, delay=0.0: delay > 0 or executor.execute(*pks) or True
broker.enqueue_verification = lambda pk: executor.verify(pk) or True

def see(room_id):
    try:
        info = vendor.sync_client().call(commands.get_room_info(room_id)).value
    except LiveApiError:
        return None
    return room_writer.upsert_room(info, at=int(time.time()))

def ends(by):
    return Action.objects.filter(verb="end", by_name=by, status__in=Action.SUCCEEDED).count()

def tell(value):
    print(json.dumps(value, default=str))

room_id = "the room that stays off"
"""
END = """
policy = Policy.objects.get(code="violence")
asked = ActionRequest(verb="end", room=see(room_id), policy=policy, grace=0.0)
action = orders.submit(asked, by="system:test")
action.refresh_from_db()
tell(action.status)
"""
GO_ON = """
action = Action.objects.get()
Action.objects.filter(status="unknown").update(due_at=timezone.now())
executor.execute(action.pk)
action.refresh_from_db()
tell([action.status, action.result.get("verified"), "total_viewers" in action.result, Hold.objects.get().again])
"""
SEEN = """
see(room_id)
periodic.run_periodic_checks()
tell([Hold.objects.get().again, ends("system:hold")])
"""
UNSEEN = """
from rooms.signals import room_opened
room_opened.receivers = []
see(room_id)
before = ends("system:hold")
periodic.run_periodic_checks()
tell([before, ends("system:hold")])
"""
LIFT = """
holds.lift(by=make_person("banadmin", "banadmin", "x" * 12), hold=Hold.objects.get(), note="enough")
"""
LIMIT = """
see(room_id)
policy = Policy.objects.get(code="time-is-over")
limits.set_limit(by="api:shop", room_id=room_id, policy=policy, ends_at=timezone.now() + dt.timedelta(seconds=40))
periodic.run_periodic_checks()
periodic.run_periodic_checks()
tell([list(Action.objects.values_list("verb", "status")), ends("system:time-limit")])
"""
OVER = """
limit = limits.open_limit(room_id)
limit.ends_at = timezone.now()
limit.save()
periodic.run_periodic_checks()
periodic.run_periodic_checks()
tell([ends("system:time-limit"), Hold.objects.count()])
"""
LOOK = """
see(room_id)
periodic.run_periodic_checks()
tell(ends("system:time-limit"))
"""
EXTEND = """
limit = limits.open_limit(room_id)
limits.extend(by="api:shop", limit=limit, policy=limit.policy, seconds=600)
"""
# As the lane of seats told some time ago; what is so now the rule reads back itself.
HOSTS = """
Rule.objects.filter(slug="host-gone").update(phase="on", settings={"grace": 60})
now = int(time.time())
known = {"host_state": "away", "host_state_at": now - 61, "host_state_source": "members", "host_read_at": now}
for name in ("gone", "back"):
    room = see(name)
    Room.objects.filter(pk=room.pk).update(host_started_at=now - 600, **known)
never = see("never")
Room.objects.filter(pk=never.pk).update(first_seen_at=timezone.now() - dt.timedelta(seconds=61), **known)
"""
WATCH_HOSTS = """
periodic.watch_hosts()
tell(sorted(Action.objects.filter(by_name="system:host-gone", status="done").values_list("room__room_id", flat=True)))
"""
# A room is read back at most every ten seconds; the scenario does not wait for that.
FORGET = """
from rooms.infra import redis
for key in redis.sync_client().keys(redis.key("host-read:*")):
    redis.sync_client().delete(key)
"""


class Console:
    """One installation; each part of a scenario is a process of its own."""

    def __init__(self, environment):
        self.environment = environment

    def run(self, *parts):
        """What the last line said, as JSON."""
        command = [
            sys.executable,
            "manage.py",
            "shell",
            "--no-imports",
            "-v0",
            "-c",
            PRELUDE + "".join(parts),
        ]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment,
            check=True,
            text=True,
            stdout=subprocess.PIPE,
            timeout=SECONDS,
        )
        lines = done.stdout.strip().splitlines()
        return json.loads(lines[-1]) if lines else None


@pytest.fixture
def console(installation):
    return Console(installation)


def opened(simulated, room_id=ROOM_ID, **fields):
    known = {
        "RoomId": room_id,
        "Owner_Account": f"host of {room_id}",
        "size": 50,
        "IsPublicVisible": True,
    }
    return simulated.order("rooms", **(known | fields))


def is_live(simulated, room_id=ROOM_ID):
    return simulated.get("rooms", room_id=room_id)["live"]


def endings(simulated):
    """How often the room has ended; its host may be back already."""
    return len(simulated.get("rooms", room_id=ROOM_ID)["endings"])


def back(simulated):
    """The stubborn host is back within 12 seconds, under a CreateTime of its own."""
    simulated.order("step", seconds=13)
    assert is_live(simulated)


def test_a_host_is_ended_again_until_the_hold_is_lifted_despite_a_lost_answer(console, simulated):
    opened(simulated, stubborn=True)
    simulated.order("fault", command="destroy_room", kind="lost_answer", times=1)
    assert console.run(END) == "unknown"
    assert console.run(GO_ON) == ["done", True, True, 0]
    back(simulated)
    assert console.run(SEEN) == [1, 1]
    assert endings(simulated) == 2
    back(simulated)
    assert console.run(UNSEEN) == [1, 2], "the look finds what no signal told"
    assert endings(simulated) == 3
    back(simulated)
    console.run(LIFT)
    assert console.run(UNSEEN) == [2, 2]
    assert is_live(simulated)


def test_a_limit_warns_ends_and_ends_again_until_it_is_extended(console, simulated):
    opened(simulated, stubborn=True)
    assert console.run(LIMIT) == [[["warn", "done"]], 0]
    assert console.run(OVER) == [1, 0]
    assert endings(simulated) == 1
    back(simulated)
    assert console.run(LOOK) == 2
    assert endings(simulated) == 2
    back(simulated)
    console.run(EXTEND)
    assert console.run(LOOK) == 2
    assert is_live(simulated)


def test_hosts_that_are_gone_end_their_rooms_and_those_who_are_back_do_not(console, simulated):
    for name, host in (("gone", "seated"), ("back", "seated"), ("never", "never")):
        opened(simulated, name, host=host)
    simulated.order("host", room_id="gone", does="leaves")
    console.run(HOSTS)
    simulated.order("fault", command="get_seat_list", kind="http500")
    assert console.run(WATCH_HOSTS) == [], "nothing ends while nobody can tell"
    simulated.clear_faults()
    console.run(FORGET)
    assert console.run(WATCH_HOSTS) == ["gone", "never"]
    assert [is_live(simulated, name) for name in ("gone", "never", "back")] == [False, False, True]
