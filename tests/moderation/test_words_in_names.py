"""Words in room names, notices and host names: judged when they change, once a text."""

import datetime as dt

import pytest
from django.utils import timezone

from moderation.automation import words
from moderation.models import Action, Alert, Policy, Rule, RuleHit
from moderation.worker import recovery
from rooms.ingest import fencing, notify, room_writer
from rooms.ingest.readings import Batch
from rooms.models import Room
from tests.rooms.conftest import listed
from tests.rooms.conftest import room as told
from tests.support.factories import make_room

pytestmark = pytest.mark.django_db


def rule(*places: str, act: str = "alert", **settings) -> Rule:
    return Rule.objects.create(
        slug="mine",
        title="Mine",
        kind="words",
        act=act,
        phase="on",
        policy=Policy.objects.get(code="fraud"),
        settings={"words": ["casino"], "places": list(places)} | settings,
    )


def write(**facts) -> None:
    """The vendor's listing tells these facts of the room."""
    batch = facts if isinstance(facts, Batch) else listed(told(**facts))
    changes = room_writer.store(batch, fence=fencing.raise_fence("tests"))
    notify.signal(changes)


@pytest.mark.parametrize(
    ("place", "field", "words_shown"),
    [
        ("name", "room_name", "Room name: “My CASINO”"),
        ("notice", "notice", "Notice: “My CASINO”"),
        ("owner_name", "owner_name", "Host name: “My CASINO”"),
    ],
)
def test_what_a_host_writes_raises_an_alert_about_the_host(place, field, words_shown):
    rule(place)
    write(**{field: "My CASINO"})
    alert = Alert.objects.get()
    assert (alert.source, alert.account) == ("system:mine", Room.objects.get().owner_account)
    assert alert.evidence["words"] == words_shown
    assert (alert.evidence["word"], alert.evidence["place"]) == ("casino", place)


def test_only_the_places_of_the_rule_are_looked_at():
    rule("chat", "notice")
    write(room_name="casino", owner_name="casino")
    assert not RuleHit.objects.exists()


def test_a_text_is_judged_once_and_another_anew():
    rule("name")
    for name in ("casino", "casino", "fine", "casino", "casino 2"):
        write(room_name=name)
    assert RuleHit.objects.count() == 2


def test_a_change_of_figures_judges_nothing(django_assert_num_queries):
    write(room_name="fine")
    changes = room_writer.store(
        listed(told(room_name="fine", online_count=9)), fence=fencing.raise_fence("tests")
    )
    assert changes.texts == {}
    with django_assert_num_queries(0):
        notify.signal(changes)


def test_a_name_alone_never_ends_a_room_unless_the_rule_says_so(service):
    made = rule("name", act="end")
    write(room_name="casino")
    assert not Action.objects.exists()
    Rule.objects.filter(pk=made.pk).update(settings=made.settings | {"findings": 1})
    write(room_name="casino again")
    words.sweep()
    assert RuleHit.objects.filter(outcome="found").count() == 1


def test_an_act_for_a_name_rests_on_no_line_of_chat(service, django_capture_on_commit_callbacks):
    rule("name", act="quarantine", findings=1)
    with django_capture_on_commit_callbacks(execute=True):
        write(room_name="casino")
    assert Action.objects.get().rests_on == ""


def test_a_signal_that_was_lost_is_made_up_for_by_the_sweep():
    rule("notice")
    make_room("room-1", notice="to the casino")
    recovery.sweep()
    recovery.sweep()
    assert RuleHit.objects.count() == 1


def test_a_rule_that_was_changed_is_held_against_every_live_room():
    make_room("old", name="casino", facts_changed_at=timezone.now() - dt.timedelta(hours=3))
    make_room("over", name="casino", ended_at=timezone.now())
    made = rule("name")
    assert words.sweep() == 1
    Rule.objects.filter(pk=made.pk).update(changed_at=timezone.now() - dt.timedelta(hours=1))
    make_room("older", name="casino", facts_changed_at=timezone.now() - dt.timedelta(hours=3))
    assert words.sweep() == 0


def test_very_many_findings_are_left_to_the_sweep():
    rule("name")
    rooms = [make_room(f"room-{n}", name="casino") for n in range(words.MAX_FINDINGS + 5)]
    words.on_texts_changed(None, changed=[(room, frozenset({"name"})) for room in rooms])
    assert RuleHit.objects.count() == words.MAX_FINDINGS
    words.sweep()
    assert RuleHit.objects.count() == words.MAX_FINDINGS + 5


def test_in_its_shadow_phase_a_text_is_found_once_and_acted_upon_when_the_rule_is_on():
    made = rule("name")
    Rule.objects.update(phase="shadow")
    write(room_name="casino")
    words.sweep()
    assert [hit.outcome for hit in RuleHit.objects.all()] == ["dry"]
    Rule.objects.filter(pk=made.pk).update(phase="on", changed_at=timezone.now())
    words.sweep()
    assert Alert.objects.get().source == "system:mine"
