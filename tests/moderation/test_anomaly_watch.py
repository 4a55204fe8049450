"""From stored figures to one alert an incident: the look, the cool-down, the caps, the switches."""

import pytest
import redis as redis_library
import time_machine
from django.utils import translation

from moderation.alerts import alerts
from moderation.anomalies.kinds import Finding, Kind, of_slug
from moderation.models import Alert, AuditEntry, Rule, RuleHit, RuleSwitch
from moderation.values import retold
from moderation.values.evidence import of_rule
from moderation.worker import anomaly_watch
from rooms.infra import database_time, redis
from rooms.live import demand
from rooms.models import Room
from tests.moderation.anomaly_series import BEGIN, STEP, Steady
from tests.support.factories import log_in, make_room

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(valkey, settings):
    settings.REDIS_URL = valkey
    with redis_library.Redis.from_url(valkey) as client:
        client.flushall()
        yield client


@pytest.fixture
def clock():
    with time_machine.travel(BEGIN, tick=False) as moved:
        database_time.forget()
        yield moved


class Told:
    """A stored room whose figures move as `Steady` says."""

    def __init__(self, clock, room: Room) -> None:
        self.clock, self.room, self.steady = clock, room, Steady()

    def go(self, seconds: int, **factors: float) -> None:
        for name, value in factors.items():
            setattr(self.steady, name, value)
        for _ in range(seconds // STEP):
            seen = self.steady.step()
            self.clock.move_to(self.steady.now)
            Room.objects.filter(pk=self.room.pk).update(
                online=seen.online,
                online_at=seen.online_at,
                online_source=seen.source,
                statistics_at=seen.totals_at,
                messages=seen.messages,
                gifts=seen.gifts,
                reward=seen.coins,
                gift_senders=seen.givers,
                likes=seen.likes,
            )
            assert anomaly_watch.watch()


@pytest.fixture
def told(clock) -> Told:
    found = Told(clock, make_room("club"))
    found.go(600)
    return found


def finding(room: Room, kind: Kind = Kind.CHAT_FLOOD, since: float = BEGIN) -> Finding:
    return Finding(room=room.pk, kind=kind, since=since, at=since + 30, value=900.0, usual=120.0)


def rule(kind: Kind = Kind.CHAT_FLOOD) -> Rule:
    return Rule.objects.select_related("policy").get(slug=f"anomaly-{kind}")


def test_an_incident_is_one_alert_with_its_facts_and_an_entry(told):
    told.go(600, talk=8.0)
    alert = Alert.objects.get()
    assert (alert.source, alert.count, alert.severity) == ("system:anomaly-chat-flood", 1, 2)
    kept = of_rule("anomaly", alert.evidence)
    assert kept.anomaly == "chat-flood"
    assert kept.usual == pytest.approx(120, rel=0.15)
    assert kept.factor == pytest.approx(8, rel=0.2)
    assert BEGIN + 600 < kept.since <= BEGIN + 660
    assert kept.words.endswith("without more viewers or gifts.")
    assert AuditEntry.objects.filter(verb="raise_alert", room_pk=told.room.pk).count() == 1
    assert RuleHit.objects.get().outcome == "alerted"


def test_ordinary_figures_raise_nothing_and_ask_for_nothing(told, monkeypatch):
    asked: list[int] = []
    monkeypatch.setattr(demand, "refresh", asked.append)
    told.go(300)
    assert not Alert.objects.exists()
    assert asked == []


def test_a_suspect_is_read_at_once(told, monkeypatch):
    asked: list[int] = []
    monkeypatch.setattr(demand, "refresh", asked.append)
    told.go(10, talk=8.0)
    told.clock.shift(30)
    anomaly_watch.watch()
    assert asked == [told.room.pk]


def test_a_store_that_lost_everything_raises_nothing(told, store):
    store.flushall()
    told.go(240, talk=8.0)
    assert not Alert.objects.exists()


def test_an_alert_that_was_closed_is_not_raised_again_within_the_cool_down(told, people, settings):
    settings.ANOMALY_COOL_DOWN_MINUTES = 30
    told.go(120, talk=8.0)
    alerts.close(by=people["moderator"], alert=Alert.objects.get(), outcome="dismissed")
    told.go(300, talk=1.0)
    told.go(300, talk=8.0)
    assert Alert.objects.count() == 1
    told.go(300, talk=1.0)
    told.clock.shift(31 * 60)
    assert anomaly_watch.tell(rule(), finding(told.room, since=told.steady.now))
    assert Alert.objects.filter(closed_at=None).count() == 1


def test_beyond_the_cap_of_an_hour_one_alert_counts_the_rest(clock, settings):
    settings.ANOMALY_ALERTS = 2
    rooms = [make_room(f"r{number}") for number in range(5)]
    raised = [anomaly_watch.tell(rule(), finding(room)) for room in rooms]
    assert raised == [True, True, False, False, False]
    more = Alert.objects.get(source="system:anomaly-more")
    assert more.count == 3
    assert more.headline == "More anomalies than the hourly cap"
    assert more.told.words.startswith("The cap of 2 alerts")
    assert Alert.objects.count() == 3
    assert RuleHit.objects.filter(outcome="capped").count() == 3
    clock.shift(3601)
    assert anomaly_watch.tell(rule(), finding(rooms[4], since=BEGIN + 3601))


def test_the_same_incident_told_twice_is_one_alert(clock):
    room = make_room("r")
    assert anomaly_watch.tell(rule(), finding(room))
    assert not anomaly_watch.tell(rule(), finding(room))
    assert Alert.objects.get().count == 1


def test_a_broadcast_that_has_ended_raises_nothing(clock):
    room = make_room("r", ended_at=database_time.now())
    assert not anomaly_watch.tell(rule(), finding(room))


@pytest.mark.parametrize(
    ("changed", "outcome"), [({"phase": "off"}, None), ({"phase": "shadow"}, "dry")]
)
def test_a_rule_that_is_off_or_runs_dry_raises_nothing(told, changed, outcome):
    Rule.objects.filter(slug="anomaly-chat-flood").update(**changed)
    told.go(300, talk=8.0)
    assert not Alert.objects.exists()
    assert list(RuleHit.objects.values_list("outcome", flat=True)) == ([outcome] if outcome else [])


def test_while_all_rules_are_off_nothing_is_raised(told):
    RuleSwitch.objects.update(all_off=True)
    told.go(300, talk=8.0)
    assert not Alert.objects.exists()
    assert RuleHit.objects.get().outcome == "off"


def test_with_all_these_rules_off_no_figure_is_looked_at(clock, store):
    Rule.objects.filter(kind="anomaly").update(phase="off")
    make_room("r")
    assert anomaly_watch.watch()
    assert not store.exists(redis.key("anomalies"))


def test_every_kind_has_its_rule_and_words_in_every_language():
    slugs = set(Rule.objects.filter(kind="anomaly").values_list("slug", flat=True))
    assert {of_slug(slug) for slug in slugs} == set(Kind)
    for kind in Kind:
        with translation.override("en"):
            words = anomaly_watch.words_of(finding(Room(pk=1), kind))
        for language in ("ja", "zh-hans", "zh-hant"):
            with translation.override(language):
                told = retold.again(words)
                assert told != words, (language, words)
                assert "120" in told


def test_the_queue_says_in_the_language_of_the_person_what_is_unusual(clock, client, people):
    from monitor.personal import preferences

    anomaly_watch.tell(rule(), finding(make_room("r")))
    preferences.save(by=people["moderator"], language="ja")
    page = log_in(client, people["moderator"]).get("/queue").content.decode()
    assert "7.5" in page
    assert "lines of chat" not in page


def test_the_sensitivity_of_a_rule_is_set_on_its_page(client, people):
    from tests.moderation.test_rulebook import change

    supervisor = log_in(client, people["supervisor"])
    assert change(supervisor, "anomaly-chat-flood", sensitivity="high").status_code == 302
    assert rule().settings["sensitivity"] == "high"
    assert change(supervisor, "anomaly-chat-flood", sensitivity="none").status_code == 422
    assert change(supervisor, "anomaly-chat-flood", act="end").status_code == 422
