"""What all rules have in common: switches, cap, keys, and what follows."""

import datetime as dt

import pytest
from django.utils import timezone

from moderation.automation import engine
from moderation.models import Action, Alert, AuditEntry, Ban, Rule, RuleHit, RuleSwitch
from moderation.values.evidence import Evidence
from tests.support.factories import make_room

pytestmark = pytest.mark.django_db


@pytest.fixture
def ends() -> Rule:
    return made("ends", act="end", kind="label")


def made(slug: str, **fields) -> Rule:
    from moderation.models import Policy

    known = {
        "title": slug.title(),
        "kind": "words",
        "act": "alert",
        "policy": Policy.objects.get(code="fraud"),
        "phase": "on",
        "settings": {"findings": 1},
    }
    return Rule.objects.create(slug=slug, **(known | fields))


def hit(rule, room, key="fact", **fields) -> RuleHit:
    return engine.apply(
        rule,
        room=room,
        room_id=room.room_id,
        key=key,
        evidence=Evidence(words="was seen"),
        **fields,
    )


def test_the_shipped_rules_are_there_and_those_that_end_without_being_asked_are_off():
    on = {rule.slug: rule.phase for rule in Rule.objects.exclude(kind="anomaly")}
    assert on == {
        "time-limit": "on",
        "host-gone": "off",
        "banned-host": "on",
        "banned-user": "on",
        "label-violence": "off",
        "words-fraud": "off",
    }
    assert engine.rule("host-gone").settings == {"grace": 300}
    assert engine.rule("no-such-rule") is None


def test_a_fact_told_twice_is_one_hit_and_one_act_in_the_rules_name(ends, room):
    first, second = hit(ends, room), hit(ends, room)
    act = Action.objects.get()
    assert first.pk == second.pk
    assert (first.outcome, second.action) == ("ordered", act)
    assert (act.by_name, act.by, act.policy.code, act.note) == (
        "system:ends",
        None,
        "fraud",
        "was seen",
    )
    assert (act.due_at - act.requested_at) < dt.timedelta(seconds=1)
    assert list(AuditEntry.objects.values_list("actor", "verb", "outcome")) == [
        ("system:ends", "end", "requested")
    ]


def test_a_rule_that_is_off_does_and_keeps_nothing(ends, room):
    Rule.objects.update(phase="off")
    assert hit(ends, room).outcome == "off"
    assert not RuleHit.objects.exists()
    assert not Action.objects.exists()


def test_while_all_rules_are_off_a_hit_says_so_and_the_same_fact_acts_afterwards(ends, room):
    RuleSwitch.objects.update(all_off=True)
    assert hit(ends, room).outcome == "off"
    assert hit(ends, room).outcome == "off"
    assert not Action.objects.exists()
    RuleSwitch.objects.update(all_off=False)
    assert hit(ends, room).outcome == "ordered"
    assert RuleHit.objects.count() == Action.objects.count() == 1


def test_a_rule_that_runs_dry_counts_and_does_nothing(ends, room):
    Rule.objects.update(phase="shadow")
    assert hit(ends, room).outcome == "dry"
    assert not Action.objects.exists()


def test_over_its_cap_a_rule_tells_people_instead_and_acts_again_a_day_later(ends, room):
    Rule.objects.filter(pk=ends.pk).update(daily_cap=1)
    other = make_room("room-2")
    assert hit(ends, room).outcome == "ordered"
    capped = hit(ends, other, key="another")
    assert capped.outcome == "capped"
    alert = Alert.objects.get()
    assert (alert.room, alert.source) == (other, "system:ends")
    assert alert.evidence["not_done"] == capped.words
    RuleHit.objects.filter(outcome="ordered").update(at=timezone.now() - dt.timedelta(hours=25))
    assert hit(ends, other, key="another").outcome == "ordered"


def test_a_cap_of_nothing_lets_nothing_through(ends, room):
    Rule.objects.update(daily_cap=0)
    assert hit(ends, room).outcome == "capped"


def test_an_alert_is_raised_once_and_counts_what_follows(room):
    rule = made("looks", settings={"severity": 3})
    for key in ("one", "two", "two"):
        assert hit(rule, room, key=key, account="seller").outcome == "alerted"
    alert = Alert.objects.get()
    assert (alert.count, alert.severity, alert.account, alert.title) == (2, 3, "seller", "Looks")


@pytest.mark.parametrize(
    ("verb", "settings", "seconds"),
    [
        ("mute", {}, 3600),
        ("mute", {"seconds": 60}, 60),
        ("room_ban", {}, 86400),
        ("room_ban", {"seconds": 600}, 600),
    ],
)
def test_a_mute_or_room_ban_lasts_as_long_as_the_rule_says(verb, settings, seconds, room):
    assert (
        hit(
            made("r", act=verb, settings=settings | {"findings": 1}), room, account="seller"
        ).outcome
        == "ordered"
    )
    act = Action.objects.get()
    assert (act.verb, act.account, act.seconds) == (verb, "seller", seconds)


def test_what_enforces_a_ban_has_its_reason_and_its_time(policy, room):
    until = timezone.now() + dt.timedelta(hours=2)
    ban = Ban.objects.create(account="troll", policy=policy, by_name="x", until=until)
    hit(engine.rule("banned-user"), room, account="troll", ban=ban)
    act = Action.objects.get()
    assert (act.ban, act.policy, act.by_name) == (ban, policy, "system:platform-ban")
    assert 7100 < act.seconds <= 7200


def test_what_cannot_be_ordered_is_refused_in_words_and_shown_to_people(room):
    rule = made("mutes", act="mute")
    refused = hit(rule, room, account=room.owner_account)
    assert refused.outcome == "refused"
    assert "host" in refused.words
    assert Alert.objects.get().evidence["not_done"] == refused.words


def test_nothing_is_done_to_a_broadcast_that_is_over(ends):
    over = make_room("over", ended_at=timezone.now())
    assert hit(ends, over).outcome == "refused"
    assert hit(made("looks"), over, key="b").outcome == "refused"
    assert not Action.objects.exists()
    assert not Alert.objects.exists()


def test_a_room_known_by_its_room_id_alone_is_the_broadcast_that_lives(ends):
    make_room("again", create_time=1, ended_at=timezone.now())
    alive = make_room("again", create_time=2)
    told = engine.apply(ends, room=None, room_id="again", key="a", evidence=Evidence())
    assert told.action.room == alive
    missing = engine.apply(ends, room=None, room_id="nowhere", key="b", evidence=Evidence())
    assert (missing.outcome, missing.room_key) == ("refused", "nowhere")


def test_a_long_key_is_kept_by_its_digest(ends, room):
    first, second = hit(ends, room, key="k" * 500), hit(ends, room, key="k" * 500)
    assert first.pk == second.pk
    assert hit(ends, room, key="k" * 499).pk != first.pk


def test_a_quarantine_is_ordered_once_and_not_while_there_is_one(room, service):
    rule = made("quarantines", act="quarantine")
    assert hit(rule, room).action.verb == "quarantine"
    assert hit(rule, room).action.verb == "quarantine"
    Action.objects.update(status="done", finished_at=timezone.now())
    again = hit(rule, room, key="another")
    assert again.outcome == "refused"
    assert "quarantine" in again.words


def test_hits_go_when_they_are_older_than_broadcasts_are_kept(ends, room, settings):
    hit(ends, room)
    hit(ends, make_room("room-2"), key="young")
    RuleHit.objects.filter(key="fact").update(
        at=timezone.now() - dt.timedelta(days=settings.KEEP_ROOM_DAYS + 1)
    )
    assert engine.forget(limit=1) == 1
    assert RuleHit.objects.get().key == "young"
    assert Action.objects.count() == 2
