"""Every address of the console against every role and against a stranger.

A new address must be entered here.
"""

import uuid

import pytest
from django.contrib.auth.models import Group, User
from django.urls import get_resolver, reverse

from moderation.actions.verbs import VERBS
from moderation.models import (
    Action,
    Alert,
    ApiToken,
    Ban,
    BanRequest,
    Claim,
    Hold,
    KeptStill,
    Note,
    PlannedRoom,
    Policy,
    Rule,
    RuleHit,
    RuleSwitch,
    TimeLimit,
)
from monitor.models import Preference, SavedView
from rooms.infra import vendor
from tests.support.factories import filled, log_in

ALL = {"moderator", "banadmin", "supervisor", "auditor"}
ACTING = ALL - {"auditor"}
BANS = {"banadmin", "supervisor"}
TOP = {"supervisor"}
OPEN = {*ALL, "nobody", "stranger"}
# name: (method, who may, arguments of the address)
TABLE: dict[str, tuple[str, set[str], str]] = {
    "act-end": ("post", ACTING, "room"),
    "act-warn": ("post", ACTING, "room"),
    "act-mute": ("post", ACTING, "room"),
    "act-unmute": ("post", ACTING, "room"),
    "act-room-ban": ("post", ACTING, "room"),
    "act-room-unban": ("post", ACTING, "room"),
    "act-edit": ("post", ACTING, "room"),
    "act-mute-all": ("post", ACTING, "room"),
    "act-unmute-all": ("post", ACTING, "room"),
    "act-publish": ("post", ACTING, "room"),
    "act-hide": ("post", ACTING, "room"),
    "act-admins": ("post", ACTING, "room"),
    "act-metadata": ("post", ACTING, "room"),
    "act-quarantine": ("post", ACTING, "room"),
    "act-release": ("post", ACTING, "room"),
    "act-obs-key": ("post", TOP, "room"),
    "act-obs-revoke": ("post", TOP, "room"),
    "room-changes": ("get", ALL, "room"),
    "stream-key": ("post", TOP, "key"),
    "warn-preview": ("get", ACTING, "room"),
    "act-form": ("get", ACTING, "verb"),
    "plan-new": ("post", TOP, ""),
    "plan-of-room": ("get", ALL, "room"),
    "plans": ("get", TOP, ""),
    "plan-owner": ("get", TOP, ""),
    "plan": ("get", TOP, "plan"),
    "plan-card": ("get", TOP, "plan"),
    "plan-cancel": ("post", TOP, "plan"),
    "plan-retry": ("post", TOP, "plan"),
    "acts-of-room": ("get", ALL, "room"),
    "timeline": ("get", ALL, "room"),
    "risk": ("get", TOP | {"auditor"}, ""),
    "risk-weights": ("post", TOP, ""),
    "risk-replay": ("post", TOP | {"auditor"}, ""),
    "room-risk": ("get", ALL, "room"),
    "life": ("get", ALL, "room"),
    "limit-set": ("post", ACTING, "room"),
    "limit-extend": ("post", ACTING, "limit"),
    "limit-close": ("post", ACTING, "limit"),
    "marks": ("get", ALL, ""),
    "wall": ("get", ALL, ""),
    "all-chat": ("get", ALL, ""),
    "all-chat-lines": ("get", ALL, ""),
    "chat-search": ("get", ALL, ""),
    "picture": ("get", ALL, "room"),
    "still": ("get", ALL, "room"),
    "stills": ("get", ALL, ""),
    "still-upload": ("post", ALL, "room"),
    "kept-still": ("get", ALL, "kept"),
    "preferences": ("post", ALL, ""),
    "theme": ("post", ALL, ""),
    "columns": ("post", ALL, ""),
    "views": ("post", ALL, ""),
    "view-delete": ("post", {"supervisor"}, "view"),
    "omnibox": ("get", ALL, ""),
    "account": ("get", ALL, "account"),
    "account-named": ("get", ALL, ""),
    "coverage": ("get", ALL, ""),
    "coverage-table": ("get", {"supervisor", "auditor"}, ""),
    "several": ("post", ALL, ""),
    "claim": ("post", ACTING, "room"),
    "note": ("post", ACTING, "room"),
    "note-undo": ("post", {"supervisor"}, "note"),
    "escalate": ("post", ACTING, "room"),
    "holds": ("get", ALL, ""),
    "hold-lift": ("post", BANS, "hold"),
    "act-now": ("post", ACTING, "act"),
    "act-undo": ("post", ACTING, "act"),
    "act-reason": ("post", ACTING, "act"),
    "act-retry": ("post", ACTING, "act"),
    "bans": ("get", BANS | {"auditor"}, ""),
    "ban-new": ("post", BANS, ""),
    "ban": ("get", BANS | {"auditor"}, "ban"),
    "ban-lift": ("post", BANS, "ban"),
    "ban-change": ("post", BANS, "ban"),
    "ban-undo": ("post", BANS, "ban"),
    "audit": ("get", TOP | {"auditor"}, ""),
    "people": ("get", TOP, ""),
    "person-new": ("post", TOP, ""),
    "person": ("post", TOP, "person"),
    "policies": ("post", TOP, ""),
    "rules": ("get", BANS | {"auditor"}, ""),
    "rule-new": ("post", TOP, ""),
    "rules-switch": ("post", TOP, ""),
    "rule": ("get", BANS | {"auditor"}, "rule"),
    "rule-change": ("post", TOP, "rule"),
    "rule-dry-run": ("post", BANS | {"auditor"}, "rule"),
    "queue": ("get", ALL, ""),
    "queue-count": ("get", ALL, ""),
    "queue-rows": ("get", ALL, ""),
    "queue-alert": ("get", ALL, "alert"),
    "queue-request": ("get", BANS, "request"),
    "ban-request-new": ("post", ACTING, ""),
    "ban-request-decline": ("post", BANS, "request"),
    "account-card": ("get", ALL, ""),
    "queue-close": ("post", ACTING, ""),
    "queue-reopen": ("post", ACTING, ""),
    "alert-close": ("post", ACTING, "alert"),
    "alert-reopen": ("post", ACTING, "alert"),
    "tokens": ("get", TOP, ""),
    "token-new": ("post", TOP, ""),
    "token-revoke": ("post", TOP, "token"),
    "rooms": ("get", ALL, ""),
    "room": ("get", ALL, "room"),
    "chart": ("get", ALL, "room"),
    "profiles": ("get", ALL, ""),
    "audience": ("get", ALL, "room"),
    "restrictions": ("get", ALL, "room"),
    "chat": ("get", ALL, "room"),
    "happenings": ("get", ALL, "room"),
    "room-find": ("get", ALL, ""),
    "live-poll": ("get", ALL, ""),
    "summary": ("get", ALL, ""),
    "system-charts": ("get", ALL, ""),
    "system": ("get", ALL, ""),
    "password_change": ("get", ALL | {"nobody"}, ""),
    "logout": ("post", OPEN, ""),
    "login": ("get", OPEN, ""),
    "healthz": ("get", OPEN, ""),
    "readyz": ("get", OPEN, ""),
}

# Addresses that also take GET: pages with a form.
PAGES = {
    "limit-set",
    "limit-close",
    "hold-lift",
    "plan-new",
    "ban-new",
    "token-new",
    "person-new",
    "person",
    "policies",
    "password_change",
    "login",
    "rule-new",
    "preferences",
    "views",
    "note",
    "escalate",
    "queue-close",
    "ban-request-new",
    "ban-request-decline",
}


def names(patterns) -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        if getattr(pattern, "namespace", "") == "api":
            continue  # programs with tokens: tests/api/test_who_may_what.py
        found |= names(pattern.url_patterns) if hasattr(pattern, "url_patterns") else {pattern.name}
    return found


def test_every_address_is_in_the_table():
    assert names(get_resolver().url_patterns) == set(TABLE)


@pytest.fixture
def arguments(room, policy, people, service, settings):
    """arguments(name): what its address takes, of objects that exist."""
    settings.LIVE_ALLOW_LOOPBACK = True
    settings.PICTURE_SOURCE, settings.STILL_FROM_TILES = "trtc", True
    assert vendor.sync_client() is service
    now = room.first_seen_at
    action = Action.objects.create(verb="end", room=room, policy=policy, due_at=now, give_up_at=now)
    key = Action.objects.create(
        verb="obs_key",
        room=room,
        policy=policy,
        account="live_obs_host",
        status="done",
        finished_at=now,
        due_at=now,
        give_up_at=now,
    )
    ban = Ban.objects.create(account="troll", policy=policy, by_name="x")
    plan = PlannedRoom.objects.create(
        room_id="r", owner_account="h", policy=policy, by_name="x", due_at=now, give_up_at=now
    )
    token = ApiToken.objects.create(name="backend", digest="0" * 64)
    limit = TimeLimit.objects.create(room_id=room.room_id, policy=policy, by_name="x", ends_at=now)
    hold = Hold.objects.create(room_id=room.room_id, policy=policy, by_name="x", until=now)
    alert = Alert.objects.create(room=room, source="system:x", title="look")
    asked = BanRequest.objects.create(
        account="troll-2", policy=policy, asked_by_name="x", key=uuid.uuid4()
    )
    note = Note.objects.create(
        text="x", by=people["supervisor"], by_name="supervisor", key=uuid.uuid4()
    )
    view = SavedView.objects.create(owner=people["supervisor"], name="mine", page="rooms")
    return lambda name: {
        "note": [note.pk],
        "view": [view.pk],
        "account": ["some/one"],
        "limit": [limit.pk],
        "hold": [hold.pk],
        "kept": [KeptStill.objects.create(room=room, why="ended", jpeg=b"x", taken_at=1).pk],
        "": [],
        "room": [room.pk],
        "verb": [room.pk, "end"],
        "act": [action.pk],
        "ban": [ban.pk],
        "person": [people["nobody"].pk],
        "token": [token.pk],
        "plan": [plan.pk],
        "key": [key.pk],
        "rule": ["words-fraud"],
        "alert": [alert.pk],
        "request": [asked.pk],
    }[TABLE[name][2]]


def send(client, method, name, arguments):
    return getattr(client, method)(reverse(name, args=arguments(name)))


@pytest.mark.parametrize("who", sorted(OPEN))
@pytest.mark.parametrize("name", sorted(TABLE))
def test_only_those_may(name, who, client, people, arguments):
    method, allowed, _ = TABLE[name]
    if who != "stranger":
        log_in(client, people[who])
    answer = send(client, method, name, arguments)
    if who in allowed:
        assert answer.status_code not in {401, 403, 404, 405, 500}
        assert not (
            answer.status_code == 302 and "/login" in answer["Location"] and name not in {"logout"}
        )
    elif who == "stranger":
        assert answer.status_code == 302
        assert answer["Location"].startswith("/login")
    else:
        assert answer.status_code == 403


@pytest.mark.parametrize("name", sorted(name for name, row in TABLE.items() if row[0] == "post"))
def test_what_changes_something_is_not_done_by_get(name, client, people, arguments):
    log_in(client, people["supervisor"])
    before = state()
    answer = send(client, "get", name, arguments)
    assert answer.status_code == (200 if name in PAGES else 405)
    assert state() == before


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("name", sorted(set(TABLE) - {"healthz", "readyz"}))
def test_no_address_knows_other_methods(name, method, client, people, arguments):
    log_in(client, people["supervisor"])
    before = state()
    answer = send(client, method, name, arguments)
    assert answer.status_code in {302, 403, 405}
    assert state() == before


@pytest.mark.parametrize(
    "name", sorted(name for name, row in TABLE.items() if row[0] == "get" and name not in PAGES)
)
def test_what_only_shows_takes_no_post(name, client, people, arguments):
    answer = send(log_in(client, people["supervisor"]), "post", name, arguments)
    assert (
        answer.status_code in {200, 405}
        if name in {"healthz", "readyz"}
        else answer.status_code == 405
    )


@pytest.mark.parametrize(
    ("verb", "role", "status"),
    [
        (verb, role, 200 if role in TABLE[VERBS[verb].url_name][1] else 403)
        for verb in VERBS
        for role in sorted(ALL)
    ]
    + [("none-such", "supervisor", 404)],
)
def test_the_form_of_an_act_is_shown_to_whom_may_order_it(verb, role, status, client, people, room):
    answer = log_in(client, people[role]).get(reverse("act-form", args=[room.pk, verb]))
    assert answer.status_code == status


def state():
    """What no refused request may change."""
    return [
        list(table.objects.order_by("pk").values())
        for table in (
            Action,
            ApiToken,
            Ban,
            BanRequest,
            Claim,
            Note,
            Preference,
            SavedView,
            PlannedRoom,
            Policy,
            Group,
            User,
            Alert,
            Rule,
            RuleHit,
            RuleSwitch,
        )
    ]


def test_a_post_without_its_token_is_refused(people, room, client):
    client.handler.enforce_csrf_checks = True
    log_in(client, people["supervisor"])
    assert client.post(reverse("act-end", args=[room.pk]), filled()).status_code == 403
    assert not Action.objects.exists()
