"""Changes of a room through a real worker against the simulator: cut off, killed in the middle, and
put back.
"""

import json
import signal

import pytest

from tests.contract.running import terminate
from tests.contract.test_acts import SWEEP, Acts, calls, some_room
from tests.support.waiting import eventually

CHANGE = """
import json
from django.utils import timezone
from moderation.actions import orders
from moderation.actions.requests import ActionRequest
from moderation.models import Policy
from rooms.models import Room
given = json.loads({given!r})
now = timezone.now()
room, _ = Room.objects.get_or_create(
    room_id=given["room_id"], create_time=given["create_time"], ended_at=None,
    defaults=dict(owner_account=given["owner"], first_seen_at=now, facts_changed_at=now),
)
policy = Policy.objects.get(code="violence")
for verb, arguments in given["changes"]:
    asked = ActionRequest(verb=verb, room=room, policy=policy, arguments=arguments)
    print(orders.submit(asked, by="system:test").pk)
"""
SHOW = """
from moderation.actions.handlers import stream_key
from moderation.models import Action
for _ in range(2):
    address = stream_key.show(by="system:test", action=Action.objects.get(pk={pk}))
    print(address.key if address else "none")
"""


@pytest.fixture
def acts(installation, tmp_path):
    made = Acts(installation, tmp_path)
    yield made
    for worker in made.workers:
        terminate(worker)


@pytest.fixture
def change(acts, simulated):
    """change(room_id, (verb, arguments) ...): orders them in their order; their numbers."""

    def ordered(room_id, *changes):
        inside = simulated.get("rooms", room_id=room_id)
        given = {
            "room_id": room_id,
            "create_time": int(inside["info"]["CreateTime"]),
            "owner": inside["owner"],
            "changes": changes,
        }
        return [int(pk) for pk in acts.shell(CHANGE.format(given=json.dumps(given))).split()]

    return ordered


def info(simulated, room_id):
    return simulated.get("rooms", room_id=room_id)["info"]


def switches(simulated, room_id):
    told = info(simulated, room_id)
    return told["IsPublicVisible"], told["IsMessageDisabled"], told["IsUnlimitedRoomEnabled"]


def open_alerts(acts):
    [(count,)] = acts.sql(
        "SELECT count(*) FROM moderation_alert WHERE source = 'quarantine' AND closed_at IS NULL"
    )
    return count


def test_an_edit_changes_nothing_else_and_a_lost_answer_is_read_back(acts, simulated, change):
    room_id = some_room(simulated)
    before = info(simulated, room_id)
    assert before["IsUnlimitedRoomEnabled"] is True
    simulated.order("fault", command="update_room_info", kind="lost_answer", times=1)
    acts.worker()
    [pk] = change(room_id, ("edit", {"room_name": "नमस्ते", "categories": [7]}))
    assert acts.becomes(pk, "done")
    assert info(simulated, room_id) == before | {"RoomName": "नमस्ते", "Category": [7]}
    assert len(calls(simulated, "update_room_info")) == 1


def test_another_worker_finishes_a_killed_quarantine_and_knows_the_state_before(
    acts, simulated, change
):
    room_id = some_room(simulated)
    simulated.order("fault", command="update_room_info", kind="lost_answer", seconds=30, times=1)
    first = acts.worker()
    [pk] = change(room_id, ("quarantine", {}))
    eventually(
        "the room is changed at the vendor's once",
        lambda: len(calls(simulated, "update_room_info")),
        20,
        equals=1,
    )
    first.send_signal(signal.SIGKILL)
    first.wait(5)
    acts.change("UPDATE moderation_action SET lease_until = '2000-01-01 00:00:00' WHERE id = ?", pk)
    acts.worker()
    acts.shell(SWEEP)
    assert acts.becomes(pk, "done")
    eventually(
        "the room is told once", lambda: len(calls(simulated, "send_custom_msg")), 20, equals=1
    )
    assert len(calls(simulated, "update_room_info")) == 1
    assert (switches(simulated, room_id), open_alerts(acts)) == ((False, True, True), 1)

    [pk] = change(room_id, ("release", {}))
    assert acts.becomes(pk, "done")
    assert (switches(simulated, room_id), open_alerts(acts)) == ((True, False, True), 0)


def test_administrators_and_metadata_reach_the_room(acts, simulated, change):
    room_id = some_room(simulated)
    adding = change(
        room_id,
        ("admins", {"operation": "add", "accounts": ["viewer_1"]}),
        ("metadata", {"set": {"topic": "cats & dogs"}}),
    )
    acts.worker()
    assert all(acts.becomes(pk, "done") for pk in adding)
    inside = simulated.get("rooms", room_id=room_id)
    assert (inside["admins"], inside["metadata"]) == (["viewer_1"], {"topic": "cats & dogs"})
    taking = change(
        room_id,
        ("admins", {"operation": "delete", "accounts": ["viewer_1"]}),
        ("metadata", {"delete": ["topic"]}),
    )
    assert all(acts.becomes(pk, "done") for pk in taking)
    inside = simulated.get("rooms", room_id=room_id)
    assert (inside["admins"], inside["metadata"]) == ([], {})


def test_a_robot_streams_until_its_key_is_taken_back(acts, simulated, change):
    simulated.order("rooms", RoomId="live_1", Owner_Account="viewer_9", IsPublicVisible=True)
    [pk] = change("live_1", ("obs_key", {}))
    acts.worker()
    assert acts.becomes(pk, "done")
    inside = simulated.get("rooms", room_id="live_1")
    assert inside["robots"] == ["live_obs_viewer_9"]
    assert "live_obs_viewer_9" in inside["seats"].values()
    key, again = acts.shell(SHOW.format(pk=pk)).split()
    assert key.startswith("live_1?sdkappid=")
    assert again == "none"

    [pk] = change("live_1", ("obs_revoke", {}))
    assert acts.becomes(pk, "done")
    inside = simulated.get("rooms", room_id="live_1")
    assert inside["robots"] == []
    assert "live_obs_viewer_9" not in inside["seats"].values()
    assert len(calls(simulated, "kick")) == 1
