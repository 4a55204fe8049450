"""The final totals: read before the end, kept whatever becomes of its answer, and never waited
for.
"""

import threading
import time

import pytest

from liveapi import LiveApiError
from liveapi.messages import DestroyOutcome, RoomStatistics
from moderation.actions.handlers import final_totals
from moderation.models import Action
from moderation.worker import executor
from rooms.models import Room
from tests.moderation import acting
from tests.support.vendor import GONE

READ = RoomStatistics(total_viewers=90, total_gift_coins=1200, total_msg_count=40)
LOST = LiveApiError("no answer", kind="timeout", retryable=True)


def ended(room, policy) -> Action:
    action = acting.end_stream(by="system:test", room=room, policy=policy, grace=0.0)
    executor.execute(action.pk)
    action.refresh_from_db()
    return action


def told(action) -> dict[str, int]:
    return {
        name: value for name, value in action.result.items() if name.startswith(("total_", "last_"))
    }


def test_what_the_vendor_tells_before_the_end_is_kept(room, policy, service):
    service.answers["get_room_stats"] = READ
    end = ended(room, policy)
    assert told(end) == {"total_viewers": 90, "total_gift_coins": 1200, "total_msg_count": 40}
    assert abs(end.result["totals_at"] - time.time()) < 5
    sent = [command for command, _ in service.calls]
    assert sent.index("get_room_stats") < sent.index("destroy_room")


def test_what_the_end_itself_tells_is_newer(room, policy, service):
    service.answers |= {
        "get_room_stats": READ,
        "destroy_room": DestroyOutcome(RoomStatistics(total_gift_coins=1300)),
    }
    assert told(ended(room, policy)) == {
        "total_viewers": 90,
        "total_gift_coins": 1300,
        "total_msg_count": 40,
    }


def test_what_is_known_already_is_not_asked_again(room, policy, service):
    Room.objects.update(statistics_at=int(time.time()), reward=70, views=8)
    end = ended(room, policy)
    assert service.count("get_room_stats") == 0
    assert told(end) == {"last_reward": 70, "last_views": 8}


def test_old_figures_are_not_taken_for_the_last_ones_while_newer_can_be_read(room, policy, service):
    Room.objects.update(statistics_at=int(time.time()) - final_totals.FRESH - 5, reward=70)
    service.answers["get_room_stats"] = READ
    assert "last_reward" not in told(ended(room, policy))


@pytest.mark.parametrize("kind", ["budget", "transport", "vendor"])
def test_where_they_cannot_be_read_the_end_goes_on_with_the_last_ones(room, policy, service, kind):
    Room.objects.update(reward=70)
    service.answers["get_room_stats"] = LiveApiError("no", kind=kind)
    end = ended(room, policy)
    assert (end.status, told(end)) == ("done", {"last_reward": 70})


def test_an_answer_that_does_not_come_is_not_waited_for(room, policy, service, monkeypatch):
    monkeypatch.setattr(final_totals, "WAIT", 0.01)
    Room.objects.update(reward=70)
    free = threading.Event()
    service.answers["get_room_stats"] = lambda room_id: free.wait(10) and READ
    end = ended(room, policy)
    free.set()
    assert (end.status, told(end)) == ("done", {"last_reward": 70})


def test_totals_outlive_a_lost_answer(room, policy, service):
    service.answers |= {"get_room_stats": READ, "destroy_room": LOST}
    end = ended(room, policy)
    assert end.status == "unknown"
    service.answers["get_room_info"] = GONE
    Action.objects.update(due_at=end.requested_at)
    executor.execute(end.pk)
    end.refresh_from_db()
    assert (end.status, end.result["verified"]) == ("done", True)
    assert told(end)["total_gift_coins"] == 1200
