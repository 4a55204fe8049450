"""What becomes of the findings of a rule, the goals, and who is told when they are missed."""

import datetime as dt
import itertools

import pytest
from django.test import Client
from django.utils import timezone

from moderation.models import Action, Alert, Hold, Policy, Rule, RuleHit
from moderation.tuning import figures
from moderation.tuning.figures import MIN_CASES, Figures
from rooms.models import Room
from tests.support.factories import log_in, make_room

pytestmark = pytest.mark.django_db
number = itertools.count()


def ago(days: float) -> dt.datetime:
    return timezone.now() - dt.timedelta(days=days)


def alert(outcome: str, *, days: float = 1, took: float = 60, slug: str = "words-fraud") -> None:
    raised = ago(days)
    made = Alert.objects.create(
        room=make_room(f"room-{next(number)}"),
        source=f"system:{slug}",
        title="x",
        outcome=outcome,
        closed_at=raised + dt.timedelta(seconds=took) if outcome else None,
    )
    Alert.objects.filter(pk=made.pk).update(raised_at=raised)


def act(verb: str, room: Room, status: str = "done", *, hours: float = 2) -> Action:
    made = Action.objects.create(
        verb=verb,
        room=room,
        policy=Policy.objects.first(),
        status=status,
        due_at=timezone.now(),
        give_up_at=timezone.now(),
    )
    Action.objects.filter(pk=made.pk).update(requested_at=ago(hours / 24))
    return made


def ordered(verb: str, status: str = "done", *, days: float = 0.5) -> Room:
    """A rule's act in a room of its own."""
    room = make_room(f"room-{next(number)}")
    hit = RuleHit.objects.create(
        rule=Rule.objects.get(slug="label-violence"),
        room=room,
        room_key=room.room_id,
        key=f"hit-{next(number)}",
        outcome="ordered",
        action=act(verb, room, status),
    )
    RuleHit.objects.filter(pk=hit.pk).update(at=ago(days))
    return room


def test_alerts_are_counted_by_what_people_decided_in_the_period():
    for outcome, days in (("handled", 1), ("dismissed", 2), ("ended", 3), ("", 3), ("handled", 8)):
        alert(outcome, days=days, took=60 * days)
    week, month = (figures.of_rules(days)["words-fraud"] for days in figures.PERIODS)
    assert (week.alerted, week.handled, week.dismissed) == (4, 1, 1)
    assert (month.alerted, month.handled) == (5, 2)
    assert (week.decision, month.decision) == (90, 120)
    assert week.decision_text == "1:30 min"


def test_below_enough_cases_no_share_is_told_and_nothing_is_missed():
    few = Figures(dismissed=MIN_CASES - 1, endings=MIN_CASES - 1, wrong=MIN_CASES - 1)
    assert (few.false_alarms, few.right_endings) == (None, None)
    assert not (few.misses_false_alarms or few.misses_right_endings or few.is_mostly_dismissed)


@pytest.mark.parametrize(
    ("handled", "dismissed", "missed", "mostly"),
    [(71, 29, False, False), (70, 30, True, False), (50, 50, True, False), (49, 51, True, True)],
)
def test_false_alarms_stay_below_thirty_percent(handled, dismissed, missed, mostly):
    found = Figures(handled=handled, dismissed=dismissed)
    assert (found.misses_false_alarms, found.is_mostly_dismissed) == (missed, mostly)


@pytest.mark.parametrize(("wrong", "missed"), [(4, False), (5, True)])
def test_right_endings_stay_above_ninety_five_percent(wrong, missed):
    assert Figures(endings=100, wrong=wrong).misses_right_endings == missed


def test_an_end_is_wrong_when_it_was_undone_or_its_block_lifted_by_somebody():
    ordered("end")
    ordered("end", "undone")
    ordered("end", "failed")
    for name in ("supervisor", "system:expiry"):
        room = ordered("end")
        policy = Policy.objects.first()
        Hold.objects.create(
            room_id=room.room_id,
            policy=policy,
            by_name="x",
            lifted_at=timezone.now(),
            lifted_by_name=name,
        )
    found = figures.of_rules(7)["label-violence"]
    assert (found.found, found.endings, found.wrong) == (5, 4, 2)


def test_a_quarantine_counts_once_it_is_decided_and_was_wrong_when_released():
    ordered("quarantine")  # nobody has decided
    act("release", ordered("quarantine"), hours=1)
    act("end", ordered("quarantine"), hours=1)
    act("release", ordered("quarantine"), "failed", hours=1)
    found = figures.of_rules(7)["label-violence"]
    assert (found.endings, found.wrong) == (2, 1)


def test_it_is_four_questions_however_many_rules(django_assert_num_queries):
    for slug in ("words-fraud", "label-violence", "host-gone"):
        alert("handled", slug=slug)
    ordered("end")
    with django_assert_num_queries(4):
        figures.of_rules(30)


def page(person, client: Client) -> str:
    return log_in(client, person).get("/rules").content.decode()


def test_the_page_shows_the_figures_and_marks_what_is_missed(people, client):
    assert "data-missed" not in page(people["supervisor"], client)
    for outcome in ("handled", "dismissed"):
        for _each in range(MIN_CASES // 2):
            alert(outcome)
    shown = page(people["supervisor"], client)
    assert shown.count("data-missed") == 2  # in 7 days and in 30
    assert "50 %" in shown
    assert "data-mostly-dismissed" not in shown


def test_a_rule_that_is_mostly_dismissed_says_so_to_supervisors_alone(people, client):
    for _each in range(MIN_CASES):
        alert("dismissed", days=10)
    assert "data-mostly-dismissed" in page(people["supervisor"], client)
    assert "data-mostly-dismissed" not in page(people["auditor"], client)
