"""The System page: what it says of webhooks."""

import time
from types import SimpleNamespace

import pytest

from moderation.audit import record_guard
from moderation.core.roles import make_person
from monitor.system_page import views
from rooms.webhooks import inbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, monkeypatch):
    client.force_login(
        make_person("moderator", "moderator", "x" * 12), backend="monitor.backends.ScreenBackend"
    )

    def look(traffic):
        monkeypatch.setattr(inbox, "traffic", lambda: traffic)
        return client.get("/system").content.decode()

    return look


def test_a_closed_door_is_named(page, settings):
    settings.LIVE_WEBHOOK_TOKEN = ""

    assert "LIVE_WEBHOOK_TOKEN is not set" in page(inbox.Traffic())


def test_an_open_door_that_nobody_came_to_is_a_warning(page, settings):
    settings.LIVE_WEBHOOK_TOKEN = "a-token-of-the-tests"

    shown = page(inbox.Traffic())

    assert "none yet" in shown
    assert "a-token-of-the-tests" not in shown


def test_what_came_what_was_refused_and_the_limit_of_rooms(page, settings):
    settings.LIVE_WEBHOOK_TOKEN = "a-token-of-the-tests"
    now = int(time.time())

    shown = page(inbox.Traffic(now, 1234.4, 7, 5, 3, now, 70, 100))

    assert "none yet" not in shown
    for words in ("1234", " 7</span>", " 5</span>", "70 of 100"):
        assert words in shown


@pytest.mark.parametrize(
    ("vendor", "may", "words"),
    [
        ("sqlite", True, "in an SQLite file"),
        ("postgresql", True, "could change the audit log"),
        ("postgresql", False, "can add to the audit log, but cannot change it"),
    ],
)
def test_it_says_who_can_change_the_record(vendor, may, words, page, monkeypatch):
    monkeypatch.setattr(record_guard, "role_may_rewrite", lambda: may)
    monkeypatch.setattr(views, "connection", SimpleNamespace(vendor=vendor))
    assert words in page(inbox.Traffic()).replace("&#x27;", "'")
