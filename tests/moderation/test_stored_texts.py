"""What processes nobody looks at have stored is read in the language of the person: names of rules,
alerts, their words.
"""

import datetime as dt
import re

import pytest
from django.conf import settings as console
from django.utils import timezone, translation

from moderation.alerts import alerts
from moderation.automation import engine, host_absence
from moderation.collaboration import notes
from moderation.lifecycle import host_clock
from moderation.models import Alert, Rule, RuleHit
from moderation.models.rules import SHIPPED_TITLES
from moderation.values import retold
from moderation.values.evidence import Evidence, Quarantined
from monitor.personal import preferences
from rooms.ingest.host_events import HostReading
from rooms.models import Room
from tests.support.factories import log_in

LANGUAGES = ("ja", "zh-hans", "zh-hant")


def reading_in(language, client, person):
    preferences.save(by=person, language=language)
    return log_in(client, person)


@pytest.mark.parametrize("language", LANGUAGES)
def test_stored_sentences_are_said_again_in_the_language(language):
    for english in (
        "this broadcast has ended",
        "The host has been gone since 10:02:00 UTC: heartbeat lost.",
        "The host has not started since 10:02:00 UTC.",
        "The cap of 100 in 24 hours is reached.",
        "Its time was over at 10:02:00 UTC; the limit is from ann.",
        "All rules are switched off.",
    ):
        with translation.override(language):
            told = retold.again(english)
        assert re.search(r"[ぁ-ヿ一-鿿]", told), english
        for fact in re.findall(r"\d[\d:]+|\bann\b", english.replace("24", "")):
            assert fact in told, english


def test_words_inside_a_sentence_are_translated_too():
    with translation.override("en"):
        state = str(Room.HostState("lost").label)
        clock = host_clock.Clock(since=0, grace=60, state="lost", has_started=True)
        words = host_absence.evidence(
            clock, HostReading(state="lost", at=0, seats=(), robots=())
        ).words
    with translation.override("ja"):
        told = retold.again(words)
        assert state not in told


@pytest.mark.parametrize(
    "text",
    ["", "Permission denied (10010)", "“free coins”", "The cap of courage", "主播", "%(cap)s"],
)
def test_what_is_none_of_ours_stays_as_it_is(text):
    for language in ("en", *LANGUAGES):
        with translation.override(language):
            assert retold.again(text) == text


def test_every_pattern_is_a_sentence_that_something_stores():
    sources = "".join(
        re.sub(r"\"\s*\"", "", file.read_text())
        for file in (console.BASE_DIR / "moderation").rglob("*.py")
        if file.name != "retold.py"
    )
    assert [pattern for pattern in retold.PATTERNS if f'"{pattern}' not in sources] == []


@pytest.mark.django_db
class TestOnPages:
    @pytest.mark.parametrize(
        ("language", "title"),
        [("ja", "配信者の不在"), ("zh-hans", "主播离开"), ("en", "Host gone")],
    )
    def test_shipped_rules_are_called_in_the_persons_language(
        self, language, title, client, people
    ):
        page = reading_in(language, client, people["supervisor"])
        for address in ("/rules", "/rules/host-gone"):
            assert f"<bdi>{title}</bdi>" in page.get(address).content.decode(), address

    def test_all_shipped_names_are_those_of_the_installation(self):
        assert dict(Rule.objects.values_list("slug", "title")) == SHIPPED_TITLES

    def test_a_name_that_somebody_gave_stays(self, client, people):
        Rule.objects.filter(slug="host-gone").update(title="Rooms")
        assert (
            "<bdi>Rooms</bdi>"
            in reading_in("ja", client, people["supervisor"]).get("/rules").content.decode()
        )

    def test_alerts_are_titled_in_the_language_of_whoever_looks(self, client, people, room, policy):
        with translation.override("zh-hans"):
            notes.escalate(by=people["moderator"], room=room, policy=policy)
        alerts.raise_alert(
            room=room,
            source="quarantine",
            title="Quarantined: release it, or end the stream",
            evidence=Quarantined(action=1, by="ann", reason="violence"),
            decide_by=timezone.now() + dt.timedelta(minutes=5),
        )
        alerts.raise_alert(
            room=room,
            source="system:words-fraud",
            title="Words: fraud",
            evidence=Evidence(words="“free coins”", not_done="All rules are switched off."),
        )
        english = {alert.title for alert in Alert.objects.all()}
        assert english == {
            "Escalated: Violence or gore",
            "Quarantined: release it, or end the stream",
            "Words: fraud",
        }
        page = reading_in("ja", client, people["moderator"])
        for address in ("/queue", f"/users/{room.owner_account}", "/"):
            shown = page.get(address).content.decode()
            assert not [title for title in english if title in shown], address
            assert "暴力・残虐表現" in shown
        assert "All rules are switched off." not in page.get("/queue").content.decode()
        for alert in Alert.objects.all():
            alerts.close(by=people["moderator"], alert=alert, outcome="handled")
        closed = page.get("/queue").content.decode()
        assert not [title for title in english if title in closed]

    def test_the_titles_of_many_escalations_are_one_question(
        self, django_assert_num_queries, people, room, policy
    ):
        notes.escalate(by=people["moderator"], room=room, policy=policy)
        notes.escalate(by=people["supervisor"], room=room, policy=policy)
        with translation.override("en"), django_assert_num_queries(2):
            assert {alert.headline for alert in alerts.named(alerts.waiting())} == {
                "Escalated: Violence or gore"
            }

    def test_what_a_rule_stores_is_english_whoever_reported(self, room, policy):
        known = {
            "title": "Mine",
            "kind": "words",
            "act": "alert",
            "policy": policy,
            "phase": "shadow",
        }
        rule = Rule.objects.create(slug="mine", **known)
        with translation.override("ja"):
            engine.apply(rule, room=room, room_id=room.room_id, key="k", evidence=Evidence())
        assert RuleHit.objects.get().words == "Shadow phase: the rule would have raised an alert."
