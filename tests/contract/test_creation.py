"""Rooms created by a real worker against the simulator: once, whatever is lost; refused in words;
listed on start.
"""

import json
import signal

import pytest

from tests.contract.running import terminate
from tests.contract.test_acts import SWEEP, Acts, calls, some_room
from tests.support.waiting import eventually

PLAN = """
import json
from moderation.core.room_fields import NewRoom
from moderation.provisioning import plans as planning
from moderation.models import Policy
policy = Policy.objects.get(code="programme")
plans = [planning.plan_room(NewRoom(**given), by="system:test", policy=policy) for given in json.loads({given!r})]
print(json.dumps([plan.pk for plan in plans]))
"""
# What a worker does, without the seconds that starting one takes.
CARRY_OUT = """
import time
from django.utils import timezone
from moderation.provisioning import executor
from moderation.models import PlannedRoom
while plan := PlannedRoom.objects.filter(status__in=PlannedRoom.OPEN).order_by("due_at").first():
    time.sleep(max(0.0, (plan.due_at - timezone.now()).total_seconds()))
    executor.create(plan.pk)
"""
STATE = "SELECT status, vendor_code, broadcast_id FROM moderation_plannedroom WHERE id = ?"


class Plans(Acts):
    """Rooms to be created, workers that create them, and what the database says of it."""

    def plan(self, *wanted, then=""):
        """Plans rooms, and does what `then` says in the same process; their numbers."""
        usual = {"room_id": "show-1", "owner_account": "host-of-the-show", "import_owner": True}
        given = json.dumps([usual | fields for fields in wanted or ({},)])
        return json.loads(self.shell(PLAN.format(given=given) + then))

    def state(self, pk):
        return self.sql(STATE, pk)[0]

    def comes_to(self, pk, status, seconds=40):
        return eventually(
            f"plan {pk} is {status}", lambda: self.state(pk)[0], seconds, equals=status
        )

    def outcomes(self, room_id="show-1"):
        asked = "SELECT outcome FROM moderation_auditentry WHERE room_id = ? AND verb = 'create_room' ORDER BY id"
        return [outcome for (outcome,) in self.sql(asked, room_id)]


@pytest.fixture
def plans(installation, tmp_path):
    made = Plans(installation, tmp_path)
    yield made
    for worker in made.workers:
        terminate(worker)


def test_a_room_is_created_hidden_with_all_that_was_planned(plans, simulated):
    wanted = {
        "name": "An evening",
        "notice": "Welcome",
        "categories": [3, 1],
        "seat_template": "VideoLandscape4Seat",
        "take_seat_mode": "ApplyToTake",
        "cover_url": "https://example.org/cover.png",
        "time_limit_seconds": 600,
    }
    [pk] = plans.plan(wanted, then=CARRY_OUT)
    status, code, broadcast = plans.state(pk)
    assert (status, code) == ("created", None)
    info = simulated.get("rooms", room_id="show-1")["info"]
    assert (info["RoomName"], info["Notice"], info["Category"]) == ("An evening", "Welcome", [3, 1])
    assert (info["MaxSeatCount"], info["TakeSeatMode"], info["CoverURL"]) == (
        4,
        "ApplyToTake",
        wanted["cover_url"],
    )
    assert (info["IsPublicVisible"], info["IsUnlimitedRoomEnabled"]) == (False, True)
    assert info["Owner_Account"] == "host-of-the-show"
    assert plans.sql("SELECT room_id FROM rooms_room WHERE id = ?", broadcast) == [("show-1",)]
    assert plans.sql("SELECT seconds FROM moderation_timelimit WHERE room_id = 'show-1'") == [
        (600,)
    ]


def test_an_answer_that_is_lost_is_read_back_and_the_call_not_repeated(plans, simulated):
    simulated.order("fault", command="create_room", kind="lost_answer", seconds=0, times=1)
    [pk] = plans.plan(then=CARRY_OUT)
    assert plans.state(pk)[:2] == ("created", None)
    assert len(calls(simulated, "create_room")) == 1
    assert plans.outcomes() == ["planned", "unknown", "created"]


def test_a_call_that_never_arrived_is_sent_again(plans, simulated):
    simulated.order("fault", command="create_room", kind="http502", times=2)
    [pk] = plans.plan(then=CARRY_OUT)
    assert plans.state(pk)[0] == "created"
    assert simulated.get("rooms", room_id="show-1")["live"]


def test_each_refusal_comes_to_its_end_and_a_room_of_the_owner_is_used(plans, simulated):
    taken = some_room(simulated)
    simulated.order("group", group_id="a-chat-group")
    wanted = {
        ("failed", 100003): {"room_id": taken, "owner_account": "somebody-else"},
        ("failed", 100011): {"room_id": "a-chat-group"},
        ("failed", 70107): {"owner_account": "nobody-knows", "import_owner": False},
    }
    found = [plans.state(pk)[:2] for pk in plans.plan(*wanted.values(), then=CARRY_OUT)]
    assert found == list(wanted)

    [own] = plans.plan(
        {"room_id": taken, "owner_account": simulated.get("rooms", room_id=taken)["owner"]},
        then=CARRY_OUT,
    )
    assert plans.state(own)[:2] == ("created", 100010)
    assert plans.state(own)[2] is not None


def test_a_worker_killed_between_call_and_record_leaves_one_room(plans, simulated):
    simulated.order("fault", command="create_room", kind="lost_answer", seconds=30, times=1)
    first = plans.worker()
    [pk] = plans.plan()
    eventually(
        "the room is created at the vendor's once",
        lambda: len(calls(simulated, "create_room")),
        40,
        equals=1,
    )
    assert plans.state(pk)[0] == "creating"

    first.send_signal(signal.SIGKILL)
    first.wait(5)
    plans.change(
        "UPDATE moderation_plannedroom SET lease_until = '2000-01-01 00:00:00' WHERE id = ?", pk
    )
    plans.worker()
    plans.shell(SWEEP)

    assert plans.comes_to(pk, "created")
    assert plans.state(pk)[1] is None
    assert len(calls(simulated, "create_room")) == 1
    assert plans.outcomes() == ["planned", "unknown", "created"]


def test_a_hidden_room_is_listed_when_its_host_takes_a_seat_and_not_before(
    plans, simulated, collectors, hot
):
    collectors()
    plans.worker()
    [pk] = plans.plan()
    assert plans.comes_to(pk, "created")

    simulated.order("host", room_id="show-1", does="comes", seat=False)
    plans.shell(
        f"from moderation.provisioning import publish_on_start; publish_on_start.publish({pk})"
    )
    assert calls(simulated, "get_seat_list")
    assert calls(simulated, "update_room_info") == []

    hot.client.set(hot("hosts_wanted"), 1, ex=120)  # as the sweep does again and again
    simulated.order("host", room_id="show-1", does="takes_seat")
    told = "SELECT published_sign FROM moderation_plannedroom WHERE id = ? AND published_at IS NOT NULL"
    assert eventually(
        "the room is listed because its host is on a seat", lambda: plans.sql(told, pk), 40
    ) == [("host on a seat",)]
    info = simulated.get("rooms", room_id="show-1")["info"]
    assert (info["IsPublicVisible"], info["IsUnlimitedRoomEnabled"]) == (True, True)
    asked = "SELECT by_name FROM moderation_action WHERE verb = 'publish'"
    assert plans.sql(asked) == [("system:publish-on-start",)]


LIE = """
from moderation.provisioning import publish_on_start
from rooms.models import Room
Room.objects.update(host_state="seated", host_started_at=1)
publish_on_start.sweep()
publish_on_start.publish({pk})
"""


def test_a_lie_about_a_seat_lists_nothing(plans, simulated):
    [pk] = plans.plan(then=CARRY_OUT)
    plans.shell(LIE.format(pk=pk))
    assert calls(simulated, "get_seat_list")  # it was read back
    assert calls(simulated, "update_room_info") == []
    assert simulated.get("rooms", room_id="show-1")["info"]["IsPublicVisible"] is False
