"""Gifts that the platform's backend reports: counted once each, and shown where the setting says
so.
"""

from datetime import timedelta

import orjson
import pytest
from django.utils import timezone

from liveapi.messages import RoomStatistics
from rooms import retention
from rooms.ingest import gift_reports, room_writer
from rooms.ingest.gift_reports import Gift
from rooms.ingest.readings import Batch
from rooms.live import hot_state
from rooms.models import ReportedGift, Room
from tests.rooms.conftest import listed, room

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(fence, no_redis):
    room_writer.store(listed(room()), fence=fence)
    return Room.objects.get()


@pytest.fixture
def as_reported(settings):
    settings.REWARD_SOURCE = "reported"


def told(pk, fence, coins, at=3000):
    """The vendor's totals."""
    statistics = RoomStatistics(total_gift_coins=coins, total_gifts_sent=1, total_msg_count=7)
    return room_writer.store(Batch(statistics={pk: (statistics, at)}), fence=fence)


def test_each_gift_is_counted_once(known):
    assert (
        gift_reports.store(known, [Gift("a", 10), Gift("b", 5, 2), Gift("a", 10)], source="api:x")
        == 2
    )
    assert gift_reports.store(known, [Gift("b", 5, 2), Gift("c", 1)], source="api:x") == 1
    assert gift_reports.store(known, [Gift("a", 10)], source="api:y") == 1

    known.refresh_from_db()
    assert (known.reported_coins, known.reported_gifts) == (26, 5)


def test_the_vendors_total_is_shown_by_default(known, fence):
    gift_reports.store(known, [Gift("a", 10)], source="x")
    told(known.pk, fence, 99)

    known.refresh_from_db()
    assert (known.reward, known.reported_coins) == (99, 10)


def test_the_reported_total_is_shown_when_asked_for_and_the_vendors_leaves_it_alone(
    as_reported, known, fence
):
    gift_reports.store(known, [Gift("a", 10)], source="x")
    changes = told(known.pk, fence, 99)
    gift_reports.store(known, [Gift("b", 10)], source="x")

    known.refresh_from_db()
    assert (known.reward, known.gifts, known.messages) == (20, 2, 7)
    assert "r" not in changes.changed[known.pk]


def test_a_report_between_reading_and_writing_is_not_lost(as_reported, known, fence, monkeypatch):
    real = room_writer.take_statistics

    def meanwhile(*arguments, **options):
        Room.objects.filter(pk=known.pk).update(reward=77)
        return real(*arguments, **options)

    monkeypatch.setattr(room_writer, "take_statistics", meanwhile)
    told(known.pk, fence, 99)

    known.refresh_from_db()
    assert known.reward == 77


def test_a_new_leader_shows_what_the_setting_asks_for(as_reported, known):
    Room.objects.update(reward=99, gifts=9, reported_coins=10, reported_gifts=1)

    gift_reports.settle()

    known.refresh_from_db()
    assert (known.reward, known.gifts) == (10, 1)


def test_by_default_a_new_leader_changes_nothing(known):
    Room.objects.update(reward=99, reported_coins=10)
    gift_reports.settle()
    known.refresh_from_db()
    assert known.reward == 99


def test_a_report_reaches_the_screens_at_once(
    as_reported, hot, fence, settings, django_capture_on_commit_callbacks
):
    room_writer.store(listed(room()), fence=fence)
    known = Room.objects.get()
    listening = hot.pubsub(ignore_subscribe_messages=True)
    listening.subscribe(f"{settings.REDIS_PREFIX}push")
    listening.get_message(timeout=1)

    with django_capture_on_commit_callbacks(execute=True):
        gift_reports.store(known, [Gift("a", 10)], source="x")

    frames = [message["data"] for _ in range(3) if (message := listening.get_message(timeout=1))]
    listening.close()
    assert [orjson.loads(line) for line in frames[0].split(b"\n")[2:]] == [
        [known.pk, "r", 10, "g", 1]
    ]
    assert hot_state.states([known.pk])[known.pk]["r"] == 10


def test_an_ended_broadcast_still_takes_what_comes_late(as_reported, known):
    Room.objects.update(ended_at=timezone.now())
    known.refresh_from_db()

    gift_reports.store(known, [Gift("a", 10)], source="x")
    gift_reports.push(known.pk)

    known.refresh_from_db()
    assert known.reward == 10


def test_old_reports_are_forgotten_and_the_total_stays(known, settings):
    gift_reports.store(known, [Gift("a", 10), Gift("b", 10)], source="x")
    old = timezone.now() - timedelta(days=settings.KEEP_SAMPLE_DAYS + 1)
    ReportedGift.objects.filter(pk=ReportedGift.objects.first().pk).update(at=old)

    assert retention.prune().gifts == 1

    known.refresh_from_db()
    assert (ReportedGift.objects.count(), known.reported_coins) == (1, 20)


def test_reports_keep_no_broadcast(known, settings):
    gift_reports.store(known, [Gift("a", 10)], source="x")
    Room.objects.update(ended_at=timezone.now() - timedelta(days=settings.KEEP_ROOM_DAYS + 1))

    assert retention.prune().rooms == 1
    assert not ReportedGift.objects.exists()
