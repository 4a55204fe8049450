"""What is old goes, what an act refers to stays."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from moderation.models import Action, Alert, Look, Policy, Rule, RuleHit
from rooms import retention
from rooms.ingest import samples
from rooms.models import ChatLine, Room, RoomEvent, Sample
from tests.support.factories import make_room

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keep(settings):
    settings.KEEP_SAMPLE_DAYS = 30
    settings.KEEP_CHAT_DAYS = 7
    settings.KEEP_ROOM_DAYS = 400


def broadcast(room_id, *, ended_days_ago):
    now = timezone.now()
    ended = None if ended_days_ago is None else now - timedelta(days=ended_days_ago)
    return make_room(room_id, create_time=1, owner_account="", name="", ended_at=ended)


def minute_days_ago(days):
    return int((timezone.now() - timedelta(days=days)).timestamp()) // 60


def test_old_samples_go_and_young_ones_stay():
    room = broadcast("live", ended_days_ago=None)
    samples.upsert(
        [(room.pk, minute_days_ago(days), days, None, None, None) for days in (0, 29, 31, 100)]
    )

    done = retention.prune()

    assert done.samples == 2
    assert sorted(Sample.objects.values_list("online", flat=True)) == [0, 29]


def test_old_looks_go_and_young_ones_stay(settings):
    settings.KEEP_LOOK_DAYS = 30
    room, now = broadcast("live", ended_days_ago=None), timezone.now()
    for days in (0, 29, 31, 100):
        Look.objects.create(
            room=room, by_name=f"{days}", where="list", at=now - timedelta(days=days)
        )

    assert retention.prune().others == 2
    assert sorted(Look.objects.values_list("by_name", flat=True)) == ["0", "29"]


def test_many_old_samples_go_in_several_transactions(monkeypatch):
    monkeypatch.setattr(retention, "SAMPLES_AT_ONCE", 100)
    room = broadcast("live", ended_days_ago=None)
    old = minute_days_ago(50)
    samples.upsert([(room.pk, old + number, 1, None, None, None) for number in range(450)])

    assert retention.prune().samples == 450


@pytest.mark.parametrize(("aim", "steps"), [(-1.0, [250, 125, 62, 50]), (60.0, [250, 500, 1000])])
def test_steps_shrink_when_they_take_long_and_grow_when_they_are_quick(monkeypatch, aim, steps):
    monkeypatch.setattr(retention, "AIM_SECONDS", aim)
    room = broadcast("live", ended_days_ago=None)
    old = minute_days_ago(50)
    samples.upsert([(room.pk, old + number, 1, None, None, None) for number in range(3000)])
    deleted, left = [], 3000

    def note(seconds):
        nonlocal left
        now = Sample.objects.count()
        deleted.append(left - now)
        left = now

    monkeypatch.setattr(retention.time, "sleep", note)
    retention.prune()

    assert deleted[: len(steps)] == steps
    assert not Sample.objects.exists()


def test_old_broadcasts_go_with_their_samples_and_live_ones_stay():
    old = broadcast("old", ended_days_ago=401)
    samples.upsert([(old.pk, minute_days_ago(0), 1, None, None, None)])
    broadcast("young", ended_days_ago=399)
    broadcast("live", ended_days_ago=None)

    done = retention.prune()

    assert done.rooms == 1
    assert set(Room.objects.values_list("room_id", flat=True)) == {"young", "live"}
    assert not Sample.objects.exists()


def test_a_broadcast_that_an_act_refers_to_is_kept():
    kept, gone = broadcast("kept", ended_days_ago=500), broadcast("gone", ended_days_ago=500)
    policy = Policy.objects.create(code="pruning", title="Pruning", key=9)
    now = timezone.now()
    Action.objects.create(
        room=kept, verb="end", policy=policy, by_name="somebody", due_at=now, give_up_at=now
    )

    retention.prune()

    assert list(Room.objects.values_list("pk", flat=True)) == [kept.pk]
    assert gone.room_id == "gone"


def chat_and_event(room, *, days_ago):
    at_ms = minute_days_ago(days_ago) * 60_000
    said = f"{room.pk}:{days_ago}"
    ChatLine.objects.create(room=room, at_ms=at_ms, message_id=said, account="ben", text="hello")
    RoomEvent.objects.create(room=room, at_ms=at_ms, kind="host", key=said)


def test_old_chat_and_events_go_each_after_its_time():
    room = broadcast("live", ended_days_ago=None)
    for days in (1, 6, 8, 29, 31):
        chat_and_event(room, days_ago=days)

    done = retention.prune()

    assert (done.chat, ChatLine.objects.count()) == (3, 2)
    assert (done.events, RoomEvent.objects.count()) == (1, 4)


def test_no_broadcast_is_kept_for_its_chat_events_alerts_or_hits():
    old = broadcast("old", ended_days_ago=401)
    chat_and_event(old, days_ago=1)
    Alert.objects.create(room=old, source="system:words", title="A word")
    rule = Rule.objects.first()
    hit = RuleHit.objects.create(rule=rule, room=old, room_key="old", key="pruned", outcome="dry")

    assert retention.prune().rooms == 1

    hit.refresh_from_db()
    assert (hit.room, hit.room_key) == (None, "old")
    assert not ChatLine.objects.exists()
    assert not RoomEvent.objects.exists()
    assert not Alert.objects.exists()


def test_the_command_says_what_it_did(capsys):
    broadcast("old", ended_days_ago=401)

    call_command("prune")

    assert (
        "0 samples, 0 lines of chat, 0 events, 0 looks and 1 broadcasts deleted"
        in capsys.readouterr().out
    )


def test_nothing_is_loaded_to_be_deleted(django_assert_max_num_queries):
    for number in range(60):
        broadcast(f"old-{number}", ended_days_ago=401)

    with django_assert_max_num_queries(60 * 4 + 20):
        assert retention.prune().rooms == 60
