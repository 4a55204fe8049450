"""Evidence, arguments and results: built by the writer's code, read by the reader's, under names
that are spelt once.
"""

import dataclasses
import re
import types
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from liveapi.messages import RoomStatistics
from moderation.actions.handlers import room_lists
from moderation.actions.verbs import VERBS
from moderation.automation import host_absence, receivers, words
from moderation.collaboration import notes
from moderation.lifecycle import host_clock
from moderation.models import Action, Alert, Ban, Rule
from moderation.values import acts, evidence
from moderation.values.acts import Admins, Edit, Metadata, Nothing, Release, Warn
from moderation.worker import followups
from rooms.infra import json_values
from rooms.ingest import labels
from rooms.models import ChatLine
from tests.moderation import acting

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KINDS = [
    kind
    for kind in vars(evidence).values()
    if isinstance(kind, type) and issubclass(kind, evidence.Evidence)
]


def reread(kind, built):
    return evidence.of_rule(kind, json_values.write(built))


def test_every_kind_of_rule_reads_the_evidence_that_it_writes(room):
    ban = Ban(pk=7, account="troll", until=None, note="again")
    line = ChatLine(room=room, at_ms=5, message_id="m", account="troll", text="free coins")
    label = labels.event_of(room, labels.Label("gun", 97.5, "k"), source="api:x", now_ms=9)
    clock = host_clock.Clock(since=100, grace=60, state="away", has_started=True)
    reading = types.SimpleNamespace(state="away", at=170, robots=("a", "b"))
    built = {
        "banned_host": receivers.evidence_of(ban),
        "banned_user": receivers.evidence_of(ban),
        "words": words.quoted(line, "coins"),
        "label": receivers.reported(label),
        "host_gone": host_absence.evidence(clock, reading),
        "time_limit": evidence.OverLimit(
            words="over", limit=3, ends_at="2026-01-01T00:00:00+00:00"
        ),
        "anomaly": evidence.Anomaly(
            words="900 viewers",
            anomaly="viewers-jump",
            value=900.0,
            usual=300.0,
            factor=3.0,
            since=9,
        ),
    }
    assert set(built) == set(Rule.Kind.values) == set(evidence.OF_RULES)
    for kind, told in built.items():
        assert reread(kind, told) == told
        assert evidence.shown(json_values.write(told)).words == told.words != ""


def test_alerts_of_people_tell_their_words(room, people, policy):
    alert = notes.escalate(by=people["moderator"], room=room, policy=policy, note="come and see")
    assert Alert.objects.get(pk=alert.pk).told.words == "come and see"
    assert json_values.read(evidence.Escalated, alert.evidence).reason == policy.code


def test_the_alert_of_a_quarantine_tells_its_note(room, people, policy):
    act = acting.change_room(
        by=people["moderator"], verb="quarantine", room=room, policy=policy, note="look"
    )
    followups.ask_to_decide(act)
    kept = Alert.objects.get()
    expected = evidence.Quarantined(action=act.pk, by="moderator", reason=policy.code, words="look")
    assert json_values.read(evidence.Quarantined, kept.evidence) == expected
    assert kept.told.words == "look"


@pytest.mark.parametrize("kind", KINDS)
@given(JSON)
def test_whatever_an_old_row_holds_it_is_read(kind, kept):
    assert isinstance(json_values.read(kind, kept), kind)
    names = [field.name for field in dataclasses.fields(kind)]
    assert isinstance(json_values.read(kind, dict.fromkeys(names, kept)), kind)


ARGUMENTS = {
    "edit": Edit(room_name="New", categories=(1, 2)),
    "release": Release(is_public_visible=True, is_message_disabled=False),
    "admins": Admins(operation="add", accounts=("ben",)),
    "metadata": Metadata(set={"key": "value"}),
    "warn": Warn(language="ja"),
}


@pytest.mark.parametrize("verb", Action.Verb.values)
def test_every_verb_reads_the_arguments_that_it_is_given(verb):
    built = ARGUMENTS.get(verb, Nothing())
    assert acts.arguments_of(verb, json_values.write(built)) == built
    if VERBS[verb].is_change:
        action = Action(verb=verb, arguments=json_values.write(built))
        VERBS[verb].handler.after(action, {})


def test_metadata_and_administrators_become_commands(room):
    for arguments in (Metadata(set={"key": "value"}), Metadata(delete=("key",))):
        assert room_lists.command("metadata", room, json_values.write(arguments)).body
    assert room_lists.command("admins", room, json_values.write(ARGUMENTS["admins"])).body


def test_the_names_of_results_are_those_that_templates_read():
    names = set(acts.Result.__annotations__)
    assert {field.name for field in dataclasses.fields(RoomStatistics)} <= names
    texts = [path.read_text() for path in Path(settings.BASE_DIR, "templates").rglob("*.html")]
    read = set(re.findall(r"\b(?:action|stream)\.(?:result|kept)\.(\w+)", "".join(texts)))
    assert {"shown_at"} <= read <= names  # of presentation.py, mypy reads the names
    shown = set(re.findall(r"\b(?:alert|hit|alerts\.0)\.told\.(\w+)", "".join(texts)))
    assert {"words", "not_done"} == shown
    assert not re.search(r"\.(?:evidence|detail)\.", "".join(texts))
