"""A warning is shown before it is sent, as the host will read it."""

import json
import uuid

import pytest
from django.urls import reverse
from django.utils.html import escape

from moderation.actions import orders
from moderation.actions.handlers import members
from moderation.actions.requests import ActionRequest
from moderation.core.roles import make_person
from moderation.models import Policy
from tests.support.factories import PASSWORD, log_in, make_room

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator():
    return make_person("mika", "moderator", PASSWORD)


@pytest.fixture
def preview(client, moderator):
    room = make_room("warned")
    log_in(client, moderator)
    return lambda **asked: client.get(
        reverse("warn-preview", args=[room.pk]), asked
    ).content.decode()


@pytest.mark.parametrize("text", ["", "  ", "Please <b>stop</b> & rest."])
@pytest.mark.parametrize("language", ["", "en", "ja", "zh-hans"])
def test_what_is_shown_is_what_is_sent(text, language, preview, moderator):
    policy = Policy.objects.filter(is_active=True).exclude(text="").first()
    shown = preview(policy=policy.code, text=text, language=language)
    action = orders.submit(
        ActionRequest(
            verb="warn",
            room=make_room("warned-now"),
            policy=policy,
            key=uuid.uuid4(),
            text=text,
            language=language,
        ),
        by=moderator,
    )
    content = json.loads(members.warning(action))["content"]
    for name in ("violationType", "violationContent", "handleSuggestion"):
        assert content[name]
        assert escape(content[name]) in shown


def test_without_a_reason_it_says_what_to_do(preview):
    assert "Choose a reason" in preview(text="hello")


def test_what_the_form_would_refuse_is_said(preview):
    code = Policy.objects.filter(is_active=True)[0].code
    assert "error" in preview(policy=code, text="x" * 501)
    assert "error" in preview(policy=code, language="xx")


def test_the_form_shows_it_and_its_button_is_not_red(client, moderator):
    room = make_room("warned")
    url = reverse("act-form", args=[room.pk, "warn"])
    html = log_in(client, moderator).get(url, headers={"HX-Request": "true"}).content.decode()
    assert f'hx-get="{reverse("warn-preview", args=[room.pk])}"' in html
    assert "button--danger" not in html
    other = client.get(reverse("act-form", args=[room.pk, "end"])).content.decode()
    assert "button--danger" in other
    assert "preview" not in other


def test_a_room_that_is_none_is_not_found(client, moderator):
    assert log_in(client, moderator).get(reverse("warn-preview", args=[99])).status_code == 404
