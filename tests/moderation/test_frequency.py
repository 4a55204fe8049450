"""How many findings within how many seconds let a rule act; below that, people are told."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.automation import frequency, words
from moderation.models import Action, Alert, Policy, Rule, RuleHit
from rooms.infra import database_time
from rooms.ingest import labels
from rooms.ingest.labels import Label
from rooms.models import ChatLine, Room

pytestmark = pytest.mark.django_db
TIMES = st.lists(st.integers(0, 100_000), max_size=12)


def rule(kind: str, act: str = "mute", *, phase: str = "on", **settings) -> Rule:
    found = {"words": ["coins"]} if kind == "words" else {"categories": [BLOOD]}
    return Rule.objects.create(
        slug="mine",
        title="Mine",
        kind=kind,
        act=act,
        phase=phase,
        policy=Policy.objects.get(code="fraud"),
        settings=found | settings,
    )


BLOOD = {"label": "blood", "look": 60, "act": 90}


@pytest.fixture
def say(room, service, django_capture_on_commit_callbacks):
    """Says a line of chat so many seconds after the first."""
    number, begin = itertools.count(), int(database_time.unix() * 1000) - 100_000

    def said(seconds: float, *, account: str = "seller", where: Room = room) -> None:
        line = ChatLine.objects.create(
            room=where,
            at_ms=begin + int(seconds * 1000),
            message_id=f"m-{next(number)}",
            account=account,
            text="free coins",
        )
        with django_capture_on_commit_callbacks(execute=True):
            words.on_chat_said(None, said=[(where, [line])])

    return said


@pytest.fixture
def report(room, service, django_capture_on_commit_callbacks):
    """Reports a frame with so much blood."""
    number = itertools.count()

    def reported(*scores: float) -> None:
        told = [Label("blood", score, f"frame-{next(number)}") for score in scores]
        with django_capture_on_commit_callbacks(execute=True):
            labels.store(room, told, source="api:eyes")

    return reported


def outcomes() -> list[tuple[str, bool]]:
    return list(RuleHit.objects.order_by("pk").values_list("outcome", "calls_for_act"))


def test_one_line_is_an_alert_and_the_second_within_half_a_minute_the_act(say):
    rule("words")
    say(0)
    assert not Action.objects.exists()
    alert = Alert.objects.get()
    assert alert.evidence["not_done"] == "The rule acts on 2 findings within 30 s."
    say(29)
    assert [action.verb for action in Action.objects.all()] == ["mute"]
    assert outcomes() == [("alerted", False), ("ordered", True)]


def test_lines_further_apart_never_come_to_an_act(say):
    rule("words")
    for seconds in (0, 31, 62, 93):
        say(seconds)
    assert not Action.objects.exists()
    assert Alert.objects.get().count == 4


def test_what_others_say_or_what_is_said_elsewhere_counts_for_nobody(say, room):
    from tests.support.factories import make_room

    rule("words")
    say(0)
    say(1, account="other")
    say(2, where=make_room("room-2"))
    assert not Action.objects.exists()


def test_a_rule_may_say_that_one_finding_is_enough(say):
    rule("words", findings=1)
    say(0)
    assert outcomes() == [("ordered", True)]


def test_a_rule_may_ask_for_more(say):
    rule("words", findings=3, within=10)
    for seconds in (0, 5):
        say(seconds)
    assert not Action.objects.exists()
    say(10)
    assert Action.objects.count() == 1


def test_what_follows_an_act_at_once_is_the_same_thing(say):
    rule("words")
    for seconds in (0, 1, 2, 3):
        say(seconds)
    assert RuleHit.objects.count() == 2


def test_several_lines_told_at_once_are_counted_each(room, service):
    rule("words", findings=2)
    lines = [
        ChatLine.objects.create(
            room=room, at_ms=5000 + n, message_id=f"x-{n}", account="seller", text="coins"
        )
        for n in range(4)
    ]
    words.on_chat_said(None, said=[(room, lines)])
    assert outcomes() == [("alerted", False), ("found", True)]


@pytest.mark.parametrize(
    ("scores", "acts", "alerts"),
    [
        ((50,), 0, 0),
        ((60,), 0, 1),
        ((89.9, 89.9, 89.9), 0, 1),  # looks never come to an act
        ((90,), 0, 1),
        ((90, 70), 0, 1),
        ((90, 90), 1, 1),
    ],
)
def test_a_label_has_a_score_for_a_look_and_one_for_the_act(scores, acts, alerts, report):
    rule("label", "quarantine")
    for score in scores:
        report(score)
    assert Action.objects.filter(verb="quarantine").count() == acts
    assert Alert.objects.filter(source="system:mine").count() == alerts


def test_frames_of_one_report_are_counted_each(report):
    rule("label", "quarantine")
    report(95, 96)
    assert Action.objects.count() == 1


def test_a_rule_that_only_alerts_counts_nothing(say):
    rule("words", "alert")
    say(0)
    assert outcomes() == [("alerted", True)]
    assert "not_done" not in Alert.objects.get().evidence


def test_a_rule_in_its_shadow_phase_says_what_it_would_have_done(say):
    rule("words", phase="shadow")
    say(0)
    say(1)
    assert list(RuleHit.objects.order_by("pk").values_list("outcome", "words")) == [
        ("dry", "Shadow phase: the rule would have raised an alert."),
        ("dry", "Shadow phase: the rule would have acted."),
    ]
    assert not (Alert.objects.exists() or Action.objects.exists())


def test_alerts_in_place_of_the_act_do_not_use_up_its_cap(say):
    made = rule("words")
    Rule.objects.filter(pk=made.pk).update(daily_cap=1)
    for seconds in (0, 40, 80, 81):
        say(seconds)
    assert Action.objects.count() == 1


@given(TIMES, st.integers(0, 100_000), st.integers(1, 6), st.integers(1, 60))
def test_enough_means_that_some_window_with_the_finding_holds_them(times, at, count, seconds):
    """Against every window that begins at a finding, looked at one by one."""
    everything, length = [*times, at], seconds * 1000
    windows = (
        [time for time in everything if start <= time <= start + length]
        for start in everything
        if start <= at <= start + length
    )
    wanted = max(len(window) for window in windows) >= count
    assert frequency.is_enough(times, at, count, seconds) == wanted
