"""Walks every address that changes something, of pages, API and command lines: none does so without
an entry in the record.

A new address fails here until it is entered: with what it takes, or among those that change nothing
but a person's own screen.
"""

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command, get_commands
from django.db import models
from django.urls import reverse
from django.utils import timezone

from liveapi.accounts import AccountCheck
from moderation.bans import registry
from moderation.core import room_fields
from moderation.models import Action, Alert, AuditEntry, Hold, PlannedRoom, TimeLimit
from moderation.values.risk import DEFAULTS
from monitor.models import Preference, SavedView
from rooms.models import Sample
from tests.api.conftest import caller, unhurried
from tests.api.test_who_may_what import TABLE as API
from tests.api.test_who_may_what import send as api_send
from tests.moderation import acting
from tests.moderation.test_who_may_what import TABLE, arguments
from tests.support.factories import PASSWORD, filled, log_in

__all__ = ["api_send", "arguments", "caller", "unhurried"]  # fixtures
OTHERS = {"sessions.Session", "moderation.AuditEntry"}
NEW_PASSWORD = "another-password-1"

FACTS = {"still-upload"}  # what a room looks like
BODIES: dict[str, dict[str, Any]] = {
    **{
        f"act-{verb}": filled()
        for verb in ("end", "mute-all", "unmute-all", "publish", "hide", "quarantine", "release")
    },
    **{
        f"act-{verb}": filled(account="viewer", seconds=600)
        for verb in ("mute", "unmute", "room-ban", "room-unban")
    },
    "act-warn": filled(text="stop"),
    "act-edit": filled(
        room_name="New", notice="", cover_url="", categories="", take_seat_mode="FreeToTake"
    ),
    "act-admins": filled(account="viewer", operation="add"),
    "act-metadata": filled(name="key", value="1"),
    "act-obs-key": filled(),
    "act-obs-revoke": filled(),
    "act-now": {},
    "act-undo": {},
    "act-reason": {"policy": "other"},
    "act-retry": filled(),
    "stream-key": {},
    "plan-new": filled(
        policy="programme",
        room_id="new",
        owner_account="host",
        visibility="on_start",
        seat_template="VideoDynamicGrid9Seats",
        take_seat_mode="FreeToTake",
    ),
    "plan-cancel": {"note": "x"},
    "plan-retry": filled(),
    "limit-set": {"minutes": 30, "counted": "now", "policy": "violence", "version": 1},
    "limit-extend": {"seconds": 600, "version": 1},
    "limit-close": {"note": "why", "version": 1},
    "claim": {"held": "on"},
    "note": filled(text="look at this"),
    "note-undo": {},
    "escalate": filled(note="look at this"),
    "several": filled(verb="warn", rooms="{room}"),
    "hold-lift": {"note": "why"},
    "ban-new": filled(account="viewer", seconds=86400, sure="viewer"),
    "ban-lift": {"note": "why"},
    "ban-change": {"note": "why", "seconds": 86400, "version": 1},
    "ban-undo": {},
    "person-new": {"username": "newcomer", "role": "auditor", "password": NEW_PASSWORD},
    "person": {"role": "moderator", "is_active": "on"},
    "policies": {
        "code": "violence",
        "violence-title": "New",
        "violence-key": 1,
        "violence-hold_seconds": 0,
    },
    "rule-new": {
        "kind": "words",
        "title": "Mine",
        "words": "bad",
        "places": "chat",
        "phase": "off",
        "act": "alert",
        "severity": 2,
        "policy": "violence",
        "daily_cap": 5,
        "seconds": 3600,
        "version": 0,
    },
    "rule-change": {
        "title": "Other",
        "words": "bad",
        "places": "chat",
        "phase": "off",
        "act": "alert",
        "severity": 2,
        "policy": "violence",
        "daily_cap": 5,
        "seconds": 3600,
        "version": 1,
    },
    "rules-switch": {"off": 1, "note": "why"},
    "risk-weights": {**DEFAULTS, "words": 99, "version": 0, "note": "why"},
    "alert-close": {"outcome": "handled"},
    "alert-reopen": {},
    "ban-request-new": filled(account="viewer"),
    "ban-request-decline": {"note": "not enough"},
    "queue-close": {"alerts": "{alert}", "outcome": "dismissed", "why": "duplicate"},
    "queue-reopen": {},
    "token-new": {"name": "other", "scopes": ["rooms:read"], "days": 30},
    "token-revoke": {},
    "views": {"page": "rooms", "name": "ours", "query": "sort=name", "is_shared": "on"},
    "view-delete": {},
    "password_change": {
        "old_password": PASSWORD,
        "new_password1": NEW_PASSWORD,
        "new_password2": NEW_PASSWORD,
    },
    "logout": {},
}
# A person's own screen, and a question about the past.
OWN = {"preferences", "theme", "columns", "rule-dry-run", "risk-replay"}


def test_every_address_that_takes_something_is_walked() -> None:
    assert {name for name, (method, _, _) in TABLE.items() if method == "post"} <= set(
        BODIES
    ) | OWN | FACTS
    assert not set(BODIES) & OWN


def stored(but: set[type[models.Model]]) -> list[Any]:
    """All that the database holds, but those tables, the record, and who is logged in."""
    tables = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model not in but and model._meta.label not in OTHERS
    ]
    return [list(model._base_manager.order_by("pk").values()) for model in tables]


def entries() -> int:
    return AuditEntry.objects.count()


@pytest.fixture
def ready(people, room, policy, arguments, service):
    """ready(name): the objects of the address are in a state in which it is carried out; its
    arguments.
    """
    who = people["supervisor"]
    later = timezone.now() + dt.timedelta(hours=1)

    service.answers["account_check"] = (AccountCheck("host", True, 0),)

    def order():
        Action.objects.all().delete()  # an end that waits already is the same order
        act = acting.end_stream(by=who, room=room, policy=policy, grace=60)
        Action.objects.update(requested_at=timezone.now() - dt.timedelta(seconds=5))
        return act.pk

    own = {
        "act-now": order,
        "act-undo": order,
        "act-reason": order,
        "ban-undo": lambda: registry.place(by=who, account="viewer", policy=policy, until=None).pk,
    }

    def prepared(name):
        if name in own:
            return [own[name]()]
        numbers = arguments(name)
        Hold.objects.update(until=later)
        SavedView.objects.update(is_shared=True)
        TimeLimit.objects.update(version=1)
        if name in {"act-end", "act-obs-key"}:
            Action.objects.all().delete()
        if name == "act-release":
            Action.objects.update(verb="quarantine", status="done", finished_at=timezone.now())
        if name in {"act-obs-key", "stream-key"}:
            type(room).objects.update(room_id="room_1")
        if name in {"alert-reopen", "queue-reopen"}:
            Alert.objects.update(
                closed_at=timezone.now(), closed_by_name="supervisor", outcome="handled"
            )
        if name == "act-retry":
            Action.objects.filter(pk=numbers[0]).update(status="failed", finished_at=timezone.now())
        if name == "plan-retry":
            PlannedRoom.objects.update(
                status="failed",
                finished_at=timezone.now(),
                seat_template=room_fields.DEFAULT_LAYOUT,
            )
        return numbers

    return prepared


@pytest.mark.parametrize("name", sorted(BODIES))
def test_a_page_that_changes_something_says_so_in_the_record(name, client, people, room, ready):
    where = reverse(name, args=ready(name))
    if name == "queue-reopen":
        where += f"?alerts={Alert.objects.get().pk}"
    body = {
        key: value.format(room=room.pk, alert=Alert.objects.first().pk)
        if "{" in str(value)
        else value
        for key, value in BODIES[name].items()
    }
    log_in(client, people["supervisor"])
    before = entries()

    answer = client.post(where, body)

    assert answer.status_code < 400, answer.content.decode().partition("<main")[2][:1500]
    assert entries() > before


def test_what_is_ones_own_changes_nothing_of_others(client, people, arguments):
    """Preferences, theme, a private view, a dry run: no entry, and nothing but the person's own
    rows.
    """
    log_in(client, people["supervisor"])
    own = {Preference, SavedView}
    arguments("theme")
    before, known = stored(own), entries()
    for name, body in {
        "preferences": {"language": "ja", "theme": "dark", "time_zone": "UTC"},
        "theme": {"theme": "light"},
        "columns": {"columns": "host,views"},
        "views": {"page": "rooms", "name": "private", "query": "sort=name"},
        "rule-dry-run": {"hours": 24},
        "risk-replay": {"hours": 24, "top": 25},
    }.items():
        assert client.post(reverse(name, args=arguments_of(name)), body).status_code < 400
    assert (stored(own), entries()) == (before, known)


def arguments_of(name: str) -> list[str]:
    return ["words-fraud"] if name == "rule-dry-run" else []


@pytest.mark.parametrize("address", sorted(address for method, address in API if method == "post"))
def test_the_api_changes_nothing_without_an_entry(address, caller, api_send):
    backend = caller()
    before = entries()
    answer = api_send(backend, "post", address)
    assert answer.status_code in {200, 202}, answer.content
    assert entries() > before
    assert AuditEntry.objects.latest("pk").actor == "api:backend"


COMMANDS = {
    "prune": lambda: call_command("prune"),
    "changepassword": lambda: call_command("changepassword", "auditor"),
    "axes_reset": lambda: call_command("axes_reset"),
    "axes_reset_ip": lambda: call_command("axes_reset_ip", "192.0.2.1"),
    "axes_reset_username": lambda: call_command("axes_reset_username", "auditor", "hunter2"),
    "axes_reset_ip_username": lambda: call_command(
        "axes_reset_ip_username", "192.0.2.1", "auditor"
    ),
    "demo_people": lambda: call_command("demo_people", password="a-password-for-demo"),
    "first_supervisor": lambda: call_command("first_supervisor", "alex", "--one-time"),
}
# Facts and figures; tables and grants, which the record's triggers outlive; what only asks.
HARMLESS = {"collect", "take_pictures", "prepare_database", "check_account", "createsuperuser"}
OURS = {"config", "moderation", "rooms", "monitor", "api"}


def test_every_command_is_walked() -> None:
    own = {name for name, app in get_commands().items() if app in OURS}
    assert own == set(COMMANDS) | HARMLESS
    changing = {
        name for name, app in get_commands().items() if app in {"django.contrib.auth", "axes"}
    }
    assert changing == {"axes_list_attempts", "axes_reset_failure_logs", "axes_reset_logs"}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_that_changes_something_says_so_in_the_record(
    name, people, room, monkeypatch, settings
):
    settings.LIVE_ALLOW_LOOPBACK = True
    Sample.objects.create(room=room, minute=1)
    if name in {"demo_people", "first_supervisor"}:
        people["supervisor"].delete()
    monkeypatch.setattr("getpass.getpass", lambda prompt="": NEW_PASSWORD)
    before = entries()

    COMMANDS[name]()

    assert entries() > before
    entry = AuditEntry.objects.latest("pk")
    assert entry.actor == f"system:{name}"
    assert "hunter2" not in str(entry.after)  # a name that is nobody's is often a password


def test_an_hour_in_which_nothing_was_deleted_needs_no_entry(people):
    call_command("prune")
    assert not AuditEntry.objects.filter(verb="prune").exists()


def test_a_changed_password_keeps_no_word_of_it(people, monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda prompt="": NEW_PASSWORD)
    call_command("changepassword", "auditor")
    people["auditor"].refresh_from_db()
    assert people["auditor"].check_password(NEW_PASSWORD)
    entry = AuditEntry.objects.get()
    assert (entry.account, NEW_PASSWORD in str(vars(entry))) == ("auditor", False)


def test_there_are_no_superusers(people):
    for more in ([], ["--noinput", "--username", "root"]):
        with pytest.raises(CommandError, match=r"first_supervisor|unrecognized"):
            call_command("createsuperuser", *more)
