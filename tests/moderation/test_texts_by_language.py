"""Reasons and warnings in the language of whoever reads them: colleagues in theirs, hosts in
theirs.
"""

import importlib
import json
import uuid

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import translation

from moderation.actions.handlers import members
from moderation.automation import time_limits
from moderation.models import Action, AuditEntry, Policy
from moderation.worker import followups
from monitor.personal import preferences
from tests.moderation import acting
from tests.support.factories import filled, log_in

shipped = importlib.import_module("moderation.migrations.0016_words_by_language")
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "title"),
    [("ja", "暴力・残虐表現"), ("zh-hans", "暴力或血腥"), ("en", "Violence or gore")],
)
def test_reasons_are_read_in_the_language_of_the_person(language, title, client, people, room):
    preferences.save(by=people["supervisor"], language=language)
    page = log_in(client, people["supervisor"])
    for address in (
        "/",
        f"/rooms/{room.pk}",
        f"/rooms/{room.pk}/act/warn",
        "/policies",
        "/bans/new",
        "/audit",
    ):
        assert title in page.get(address).content.decode(), address


def test_every_shipped_reason_is_translated_into_every_language():
    for policy in Policy.objects.all():
        for language in shipped.LANGUAGES:
            own = policy.translations[language]
            assert own["title"], (policy.code, language)
            assert bool(own.get("text")) == bool(policy.text), (policy.code, language)
            assert policy.title_in(language) != policy.title
    assert Policy.objects.get(code="fraud").text_in("zh-hant") == "禁止為牟利而誤導他人。"


def test_words_that_somebody_has_changed_get_no_translation_of_the_old_ones(policy):
    policy.title, policy.translations = "Blood", {}
    policy.save()
    shipped.ship(apps, None)
    policy.refresh_from_db()
    assert policy.title_in("ja") == "Blood"
    assert policy.text_in("ja") == "暴力的な内容や衝撃的な内容は禁止されています。"
    shipped.ship(apps, None)
    own = Policy.objects.get(code="fraud")
    own.translations = {"ja": {"title": "さぎ"}}
    own.save()
    shipped.ship(apps, None)
    own.refresh_from_db()
    assert own.translations == {"ja": {"title": "さぎ"}}


def test_what_has_no_words_in_a_language_is_said_as_it_was_first_written(policy):
    policy.translations = {"ja": {"text": "やめて"}, "zh-hans": "nonsense"}
    assert (policy.title_in("ja"), policy.text_in("ja")) == ("Violence or gore", "やめて")
    assert policy.text_in("zh-hans") == "Violent or shocking content is not allowed."
    policy.text = ""
    assert policy.text_in("zh-hans") == "Violence or gore"
    with translation.override("ja"):
        assert str(policy) == "Violence or gore"


def sent(action):
    return json.loads(members.warning(action))["content"]


def test_a_host_is_warned_in_the_hosts_language_whatever_the_moderators(
    people, room, policy, settings
):
    settings.HOST_LANGUAGE = "ja"
    with translation.override("zh-hans"):
        action = acting.warn_host(
            by=people["moderator"], room=room, policy=policy, key=uuid.uuid4()
        )
        told = sent(action)
    assert action.text == "暴力的な内容や衝撃的な内容は禁止されています。"
    assert (told["violationType"], told["handleSuggestion"]) == ("暴力・残虐表現", action.text)


def test_the_person_may_choose_the_language_and_the_form_says_which_it_is(
    client, people, room, settings
):
    settings.HOST_LANGUAGE = "ja"
    page = log_in(client, people["moderator"])
    form = page.get(f"/rooms/{room.pk}/act/warn").content.decode()
    assert '<option value="ja" selected>日本語</option>' in form
    assert "does not report a host&#x27;s language" in form
    page.post(f"/rooms/{room.pk}/warn", filled(language="zh-hant"))
    action = Action.objects.get()
    assert action.text == "禁止暴力或令人不適的內容。"
    assert sent(action)["violationType"] == "暴力或血腥"
    assert page.post(f"/rooms/{room.pk}/warn", filled(language="xx")).status_code == 422


def test_a_quarantine_and_a_time_limit_warn_in_the_hosts_language(people, room, policy, settings):
    settings.HOST_LANGUAGE = "zh-hans"
    quarantine = acting.change_room(
        by=people["moderator"], verb="quarantine", room=room, policy=policy, key=uuid.uuid4()
    )
    followups.warn(quarantine)
    assert Action.objects.get(verb="warn").text == "禁止暴力或令人不适的内容。"
    assert "分钟" in time_limits.words_to_host(quarantine.requested_at, 290)


def test_words_by_language_are_set_where_reasons_are_edited_and_recorded(client, people, policy):
    page = log_in(client, people["supervisor"])
    before = policy.translations
    form = page.get("/policies").content.decode()
    assert 'name="violence-text-ja"' in form
    assert "not translated" not in form
    fields = {
        "code": "violence",
        "violence-title": policy.title,
        "violence-text": policy.text,
        "violence-key": "3",
        "violence-is_active": "on",
        "violence-hold_seconds": "600",
        "violence-hold_while_banned": "on",
    }
    page.post("/policies", fields)  # a form that knows nothing of languages
    assert not AuditEntry.objects.filter(verb="edit_policy").exists()
    page.post("/policies", fields | {"violence-title-ja": "残虐", "violence-text-ja": ""})
    policy.refresh_from_db()
    assert policy.translations == before | {"ja": {"title": "残虐"}}
    entry = AuditEntry.objects.get(verb="edit_policy")
    assert (entry.before["translations"]["ja"]["title"], entry.after["translations"]["ja"]) == (
        "暴力・残虐表現",
        {"title": "残虐"},
    )
    assert "not translated" in page.get("/policies").content.decode()
    answer = page.post("/policies", fields | {"violence-title-ja": "残" * 101})
    assert (answer.status_code, "<details open>" in answer.content.decode()) == (422, True)


def test_no_page_shows_a_title_past_the_persons_language():
    pages = list((settings.BASE_DIR / "templates").rglob("*.html"))
    assert len(pages) > 50
    assert [page.name for page in pages if "policy.title" in page.read_text()] == []
