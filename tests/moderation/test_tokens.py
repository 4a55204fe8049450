"""Tokens of the API: shown once, kept as a hash, in force until revoked or over."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from moderation.core.errors import Refused
from moderation.models import ApiToken, AuditEntry
from moderation.staff import tokens
from tests.support.factories import log_in

pytestmark = pytest.mark.django_db


def made(people, name="backend", scopes=("rooms:read",), expires_at=None):
    return tokens.make(by=people["supervisor"], name=name, scopes=scopes, expires_at=expires_at)


def test_a_token_is_found_by_its_text_and_kept_as_a_hash_only(people):
    token, text = made(people)

    assert tokens.find(text) == token
    assert text not in repr(ApiToken.objects.values().get())
    assert text.startswith(token.hint)
    assert len(token.hint) < len(text) / 3


@pytest.mark.parametrize("text", ["", "lw_", "lw_wrong", "x" * 5000, "\x00", "lw_" + "\udcff"])
def test_nonsense_is_no_token(text, people):
    made(people)

    assert tokens.find(text) is None


def test_a_revoked_token_opens_nothing_and_the_record_says_who(people):
    token, text = made(people)

    tokens.revoke(by=people["supervisor"], token=token)
    tokens.revoke(by=people["supervisor"], token=token)

    assert tokens.find(text) is None
    entries = list(AuditEntry.objects.order_by("pk").values_list("verb", "actor", "account"))
    assert entries == [
        ("make_token", "supervisor", "api:backend"),
        ("revoke_token", "supervisor", "api:backend"),
    ]


def test_a_token_opens_nothing_after_its_end(people):
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        _token, text = made(people, expires_at=now + dt.timedelta(days=1))
        assert tokens.find(text)
        clock.shift(86_401)
        assert tokens.find(text) is None


def test_the_last_use_is_kept_once_a_minute(people):
    token, text = made(people)
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        for seconds, kept in ((0, 0), (30, 0), (31, 61)):
            clock.shift(seconds)
            tokens.find(text)
            token.refresh_from_db()
            assert token.last_used_at == now + dt.timedelta(seconds=kept)


def test_a_name_is_used_once(people):
    made(people)

    with pytest.raises(Refused):
        made(people)


def test_unknown_scopes_are_left_out(people):
    token, _text = made(people, scopes=("rooms:end", "everything", "rooms:read"))

    assert token.scopes == ["rooms:read", "rooms:end"]


def test_the_page_shows_the_token_once(client, people):
    log_in(client, people["supervisor"])
    given = {"name": "backend", "scopes": ["rooms:read", "gifts:report"], "days": "90"}

    answer = client.post(reverse("token-new"), given)

    text = answer.context["text"]
    assert text in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert tokens.find(text).scopes == ["rooms:read", "gifts:report"]
    listing = client.get(reverse("tokens")).content.decode()
    assert text not in listing
    assert ApiToken.objects.get().digest not in listing
    assert text not in repr(list(AuditEntry.objects.values()))


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "x"},
        {"name": "a b"},
        {"name": "Backend"},
        {"scopes": []},
        {"scopes": ["all"]},
        {"days": "12"},
    ],
)
def test_the_form_refuses_in_words(wrong, client, people):
    made(people)
    log_in(client, people["supervisor"])

    answer = client.post(
        reverse("token-new"), {"name": "other", "scopes": ["rooms:read"], "days": "90"} | wrong
    )

    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert ApiToken.objects.count() == 1


def test_the_page_revokes(client, people):
    token, text = made(people)
    log_in(client, people["supervisor"])

    client.post(reverse("token-revoke", args=[token.pk]))

    assert tokens.find(text) is None
    assert "revoked" in client.get(reverse("tokens")).content.decode()
