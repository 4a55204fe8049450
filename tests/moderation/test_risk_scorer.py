"""The scorer: every tick brings the scores of all live rooms up to what the facts say."""

import datetime as dt

import pytest
from django.utils import timezone

from moderation.alerts import alerts
from moderation.attention import facts, store
from moderation.attention.scorer import FULL_SECONDS, Scorer
from moderation.models import Alert, Look, Policy, RiskWeights, RoomRisk
from moderation.patrol import looks
from moderation.patrol.looks import Seen
from moderation.values.evidence import Escalated
from moderation.values.risk import DEFAULTS
from rooms.live import push
from rooms.models import Room, RoomEvent
from tests.moderation import acting
from tests.support.clocks import NOW
from tests.support.factories import make_room

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def pushed(monkeypatch):
    told: list[dict] = []
    monkeypatch.setattr(push, "publish_risk", told.append)
    monkeypatch.setattr(push, "publish_seen", lambda seen: None)
    return told


def terms(room: Room) -> dict[str, int]:
    return {term.code: term.points for term in RoomRisk.objects.get(room=room).parts}


def raise_one(room: Room, source: str = "system:host-gone", severity: int = 3) -> Alert:
    return alerts.raise_alert(
        room=room, source=source, title="look", evidence=Escalated(), severity=severity
    )


def test_an_alert_raises_a_room_and_its_closing_lets_it_fall(clock, room, people, pushed):
    scorer = Scorer()
    scorer.tick()
    assert terms(room) == {}
    alert = raise_one(room)
    clock.shift(1)
    assert scorer.tick().changed == 1
    assert terms(room) == {"alerts": 42}
    assert pushed[-1] == {room.pk: [42, [["alerts", 42, 1]]]}
    alerts.close(by=people["moderator"], alert=alert, outcome="handled")
    clock.shift(1)
    scorer.tick()
    assert terms(room) == {}


def test_each_source_of_alerts_is_a_term_of_its_own(clock, room):
    for source in ("system:anomaly-reward", "system:picture-black", "system:words-fraud"):
        raise_one(room, source)
    Scorer().tick()
    assert terms(room) == {"reward": 28, "picture": 28, "words": 21}


def test_a_quiet_tick_scores_and_writes_nothing(clock, room):
    scorer = Scorer()
    scorer.tick()
    clock.shift(1)
    ticked = scorer.tick()
    assert (ticked.rooms, ticked.scored, ticked.changed) == (1, 0, 0)


def test_time_alone_raises_what_nobody_looks_at_and_a_look_lowers_it(clock, room, people):
    scorer = Scorer()
    scorer.tick()
    clock.shift(10 * 60)
    scorer.tick()
    assert terms(room) == {"unseen": 7}
    looks.record({people["moderator"].pk: [Seen(room.pk, 5, "list")]})
    clock.shift(1)
    scorer.tick()
    assert terms(room) == {}


def test_a_look_stored_late_is_met_by_the_next_tick(clock, room, people):
    scorer = Scorer()
    scorer.tick()
    clock.shift(6 * 60)
    scorer.tick()
    assert terms(room) == {"unseen": 3}
    at = timezone.now() - dt.timedelta(seconds=5)
    looks.record({people["moderator"].pk: [Seen(room.pk, 5, "list")]}, at=at)
    clock.shift(1)
    scorer.tick()
    assert Look.objects.exists() and terms(room) == {}


def test_more_people_raise_a_room(clock, room):
    scorer = Scorer()
    scorer.tick()
    Room.objects.update(online=10_000)
    clock.shift(1)
    scorer.tick()
    assert terms(room) == {"people": 15}


def test_a_label_counts_and_fades(clock, room):
    RoomEvent.objects.create(
        room=room,
        at_ms=int(NOW.timestamp() * 1000),
        kind=RoomEvent.Kind.LABEL,
        detail={"label": "violence", "score": 90},
        key="label-1",
    )
    scorer = Scorer()
    scorer.tick()
    assert terms(room) == {"labels": 45}
    clock.shift(30 * 60)
    scorer.tick()
    assert terms(room)["labels"] == 22


def test_a_strike_counts_as_soon_as_the_act_is_done(clock, room, people, policy, service):
    scorer = Scorer()
    scorer.tick()
    act = acting.warn_host(by=people["moderator"], room=room, policy=policy, text="stop")
    type(act).objects.update(status="done")
    clock.shift(1)
    scorer.tick()
    assert terms(room)["strikes"] == 10


def test_a_room_opened_again_after_an_end_says_so_for_a_day(clock, room):
    Room.objects.update(ended_at=NOW, end_cause="act")
    clock.shift(600)
    again = make_room("room-1", create_time=int(NOW.timestamp()) + 600)
    other = make_room("other-room", owner_account=room.owner_account)
    free = make_room("room-2")
    scorer = Scorer()
    scorer.tick()
    assert [terms(one).get("reopened") for one in (again, other, free)] == [40, 40, None]
    clock.shift(dt.timedelta(days=1, seconds=1))
    scorer.tick()
    assert "reopened" not in terms(again)


def test_an_end_by_the_host_is_no_end_of_ours(clock, room):
    Room.objects.update(ended_at=NOW, end_cause="gone")
    again = make_room("room-1", create_time=int(NOW.timestamp()) + 600)
    Scorer().tick()
    assert "reopened" not in terms(again)


def test_a_host_is_new_for_a_day_where_the_console_knows_longer_than_that(clock, room):
    scorer = Scorer()
    scorer.tick()
    assert "new_host" not in terms(room)
    make_room("old", first_seen_at=NOW - dt.timedelta(days=3), ended_at=NOW)
    scorer = Scorer()
    scorer.tick()
    assert terms(room)["new_host"] == 10
    clock.shift(dt.timedelta(days=1, seconds=1))
    scorer.tick()
    assert "new_host" not in terms(room)


def test_other_weights_score_all_rooms_anew(clock, room):
    raise_one(room)
    scorer = Scorer()
    scorer.tick()
    RiskWeights.objects.create(version=1, weights=DEFAULTS | {"alerts": 100}, note="n", by_name="x")
    clock.shift(1)
    scorer.tick()
    assert terms(room) == {"alerts": 70}


def test_rooms_come_and_go(clock, room):
    scorer = Scorer()
    scorer.tick()
    young = make_room("young")
    clock.shift(1)
    scorer.tick()
    assert RoomRisk.objects.filter(room=young).exists()
    Room.objects.filter(pk=room.pk).update(ended_at=timezone.now())
    clock.shift(1)
    scorer.tick()
    assert list(RoomRisk.objects.values_list("room_id", flat=True)) == [young.pk]


def test_what_a_tick_has_missed_the_full_reading_finds(clock, room, people, policy, service):
    scorer = Scorer()
    scorer.tick()
    act = acting.warn_host(by=people["moderator"], room=room, policy=policy, text="stop")
    clock.shift(1)
    scorer.tick()
    type(act).objects.update(status="done")  # without an entry of the audit log
    clock.shift(1)
    scorer.tick()
    assert "strikes" not in terms(room)
    clock.shift(FULL_SECONDS)
    scorer.tick()
    assert terms(room)["strikes"] == 10


def test_rows_of_rooms_that_ended_while_nobody_scored_go(clock, room):
    Scorer().tick()
    Room.objects.update(ended_at=timezone.now())
    Scorer().tick()
    assert not RoomRisk.objects.exists()


def test_a_new_process_writes_what_has_changed_meanwhile(clock, room):
    Scorer().tick()
    raise_one(room)
    Scorer().tick()
    assert terms(room) == {"alerts": 42}


def test_a_tick_asks_a_handful_of_questions_however_many_rooms(
    clock, django_assert_max_num_queries
):
    for number in range(30):
        raise_one(make_room(f"room-{number}"))
    scorer = Scorer()
    with django_assert_max_num_queries(20):
        scorer.tick()
    Alert.objects.update(severity=1)
    clock.shift(1)
    with django_assert_max_num_queries(12):
        assert scorer.tick().changed == 30


def test_questions_are_asked_in_parts():
    assert [len(part) for part in facts.parts(range(1100))] == [500, 500, 100]


def test_the_score_of_ended_rooms_is_forgotten(clock, room):
    Scorer().tick()
    Room.objects.update(ended_at=timezone.now())
    assert store.forget_ended() == 1
    assert Policy.objects.exists() and not RoomRisk.objects.exists()
