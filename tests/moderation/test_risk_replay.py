"""Weights over the stored past: when a room would have stood among the first ones."""

import datetime as dt
import itertools

import pytest
from django.urls import reverse

from moderation.alerts import alerts
from moderation.attention import facts, history, replay
from moderation.attention.scorer import Scorer
from moderation.attention.scoring import scored
from moderation.models import Action, Alert
from moderation.patrol import looks
from moderation.patrol.looks import Seen
from moderation.values.evidence import Escalated
from moderation.values.risk import DEFAULTS
from rooms.infra import database_time
from rooms.live import push
from rooms.models import Room, RoomEvent, Sample
from tests.moderation import acting
from tests.support.clocks import NOW
from tests.support.factories import log_in, make_room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
MINUTE = dt.timedelta(minutes=1)
OFF = dict.fromkeys(DEFAULTS, 0)


@pytest.fixture(autouse=True)
def silent(monkeypatch):
    for name in ("publish_seen", "publish_risk"):
        monkeypatch.setattr(push, name, lambda told: None)


def ago(minutes: float) -> dt.datetime:
    return NOW - minutes * MINUTE


def on_air(room_id: str, minutes: float = 300, **fields) -> Room:
    return make_room(room_id, first_seen_at=ago(minutes), **fields)


def alert_of(room: Room, raised: float, closed: float | None = None, **fields) -> Alert:
    """Minutes ago."""
    alert = alerts.raise_alert(
        room=room, source="system:words-fraud", title="look", evidence=Escalated(), severity=3
    )
    done = {"closed_by_name": "moderator", "outcome": "handled"} if closed is not None else {}
    Alert.objects.filter(pk=alert.pk).update(
        raised_at=ago(raised), closed_at=None if closed is None else ago(closed), **done | fields
    )
    return alert


def run(other, current=OFF, hours=24, top=10, **options):
    return replay.run(current, other, hours=hours, top=top, **options)


@pytest.fixture
def floor():
    """Twenty rooms full of people, and one with an alert that was handled after half an hour."""
    for number in range(20):
        room = on_air(f"full-{number}", online=10_000)
        for minute in range(0, 200, 5):
            at = int(ago(minute).timestamp()) // 300 * 5 - 1
            Sample.objects.get_or_create(room=room, minute=at, defaults={"online": 10_000})
    quiet = on_air("quiet")
    alert_of(quiet, raised=90, closed=60)
    return quiet


def test_a_decision_comes_sooner_by_weights_that_put_its_room_first(floor):
    found = run(OFF | {"words": 50, "people": 10}, current=OFF | {"people": 10})
    (decision,) = found.decisions
    assert decision.before is None
    assert decision.after is not None and abs(decision.after - ago(90).timestamp()) <= 60
    assert (found.sooner, found.later, found.seen) == (1, 0, 1)
    assert abs(decision.saved - 30 * 60) <= 60
    assert found.most == 21 and not found.shows_all and found.is_whole


def test_the_other_way_round_it_comes_later(floor):
    found = run(OFF | {"people": 10}, current=OFF | {"words": 50, "people": 10})
    assert (found.sooner, found.later, found.seen) == (0, 1, 0)


def test_the_same_weights_change_nothing(floor):
    found = run(DEFAULTS, current=DEFAULTS)
    assert len(found.decisions) == 1
    assert (found.sooner, found.later, found.decisions[0].saved) == (0, 0, 0)


def test_where_all_rooms_are_among_the_first_it_says_so(floor):
    assert run(DEFAULTS, top=25).shows_all


def test_acts_of_people_are_decisions_and_those_of_rules_are_not(people, policy, service):
    room, other = on_air("one"), on_air("two")
    acting.warn_host(by=people["moderator"], room=room, policy=policy, text="stop")
    Action.objects.update(requested_at=ago(10))
    act = acting.create_action(by="system:words-fraud", verb="end", room=other, policy=policy)
    Action.objects.filter(pk=act.pk).update(requested_at=ago(5))
    assert [decision.room for decision in run(DEFAULTS).decisions] == [room.pk]


def test_what_is_done_about_a_room_at_once_is_one_decision(people, policy, service):
    room = on_air("one")
    alert_of(room, raised=40, closed=10)
    acting.warn_host(by=people["moderator"], room=room, policy=policy, text="stop")
    Action.objects.update(requested_at=ago(9))
    alert_of(room, raised=8, closed=5)
    (decision,) = run(DEFAULTS).decisions
    assert decision.at == ago(10).timestamp()


def test_alerts_that_were_dismissed_or_ended_with_the_room_are_no_decisions():
    alert_of(on_air("one"), raised=40, closed=10, outcome="dismissed")
    alert_of(on_air("two"), raised=40, closed=10, outcome="handled", closed_by_name="system:ended")
    alert_of(on_air("three"), raised=3000, closed=2000)
    assert run(DEFAULTS).decisions == []


def test_what_takes_too_long_stops_and_says_so(floor):
    clock = itertools.chain([0.0] * 5, itertools.repeat(replay.LONGEST + 1))
    found = run(DEFAULTS, clock=lambda: next(clock))
    assert (found.decisions, found.is_whole) == ([], False)


def test_a_bound_leaves_out_what_is_longest_ago(monkeypatch):
    monkeypatch.setattr(replay, "MAX_DECISIONS", 2)
    for number, minutes in enumerate((40, 30, 20)):
        alert_of(on_air(f"room-{number}"), raised=100, closed=minutes)
    found = run(DEFAULTS)
    assert [one.at for one in found.decisions] == [ago(20).timestamp(), ago(30).timestamp()]
    assert not found.is_whole


def test_the_facts_of_the_past_are_those_that_the_scorer_had(clock, people, policy, service):
    """What history makes again for a moment is what the scorer had read at that moment."""
    clock.move_to(ago(120))
    on_air("old", minutes=5000, ended_at=ago(4000))
    room = on_air("room", minutes=130, online=500)
    ended = on_air("before", minutes=400, owner_account=room.owner_account)
    Room.objects.filter(pk=ended.pk).update(ended_at=ago(140), end_cause="act")
    act = acting.warn_host(by=people["moderator"], room=room, policy=policy, text="stop")
    Action.objects.filter(pk=act.pk).update(status="done")
    alert_of(room, raised=125)
    alert_of(on_air("other"), raised=200, closed=150)
    RoomEvent.objects.create(
        room=room,
        at_ms=int(ago(124).timestamp() * 1000),
        kind="label",
        detail={"label": "blood", "score": 80},
        key="1",
    )
    looks.record({people["moderator"].pk: [Seen(room.pk, 5, "list")]}, at=ago(128))
    scorer = Scorer()
    scorer.tick()
    then = database_time.now()
    known = scorer.facts[room.pk]
    clock.move_to(NOW)
    alerts.close_with(room)
    looks.record({people["moderator"].pk: [Seen(room.pk, 5, "list")]}, at=ago(60))

    past = history.read(ago(180), NOW)
    again = past.facts_at(room.pk, then.timestamp(), 500)
    moment = then.timestamp()
    assert scored(again, DEFAULTS, moment) == scored(known, DEFAULTS, moment)
    codes = {term.code for term in scored(again, DEFAULTS, moment).terms}
    assert codes == {"words", "labels", "strikes", "new_host", "reopened", "unseen", "people"}
    assert facts.raised().get(room.pk) is None


def test_the_page_shows_the_decisions_and_how_much_sooner(client, people, floor):
    log_in(client, people["supervisor"])
    form = {**OFF, "words": 50, "people": 10, "version": 0, "note": ""}
    body = form | {"hours": 24, "top": 10}
    page = client.post(reverse("risk-replay"), body, headers={"hx-request": "true"})
    assert page.status_code == 200
    text = " ".join(page.content.decode().split())
    assert "<b>1 decision</b>" in text and "Quiet" in text and "<html" not in text
    assert "<html" in client.post(reverse("risk-replay"), body).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"hours": 9999}, {"hours": ""}, {"top": 0}, {"version": 0, "words": "x"}]
)
def test_a_replay_of_nonsense_is_refused_in_words(client, people, wrong):
    log_in(client, people["supervisor"])
    answer = client.post(reverse("risk-replay"), {"hours": 24, "top": 25} | wrong)
    assert answer.status_code == 422


def test_one_replay_a_person_at_a_time(client, people, monkeypatch):
    log_in(client, people["auditor"])
    really, meanwhile = replay.run, []

    def ask():
        return client.post(reverse("risk-replay"), {"hours": 24, "top": 25}).status_code

    def busy(*weights, **options):
        monkeypatch.setattr(replay, "run", really)
        meanwhile.append(ask())
        return really(*weights, **options)

    monkeypatch.setattr(replay, "run", busy)
    assert (ask(), meanwhile) == (200, [429])
