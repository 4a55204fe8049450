"""Every address of the console against every role and against a stranger. A new address must be entered here."""

import pytest
from django.urls import get_resolver, reverse

from moderation.models import Action, Ban
from rooms import vendor
from tests.moderation.conftest import filled

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
    "act-form": ("get", ACTING, "verb"),
    "acts-of-room": ("get", ALL, "room"),
    "timeline": ("get", ALL, "room"),
    "act-now": ("post", ACTING, "act"),
    "act-undo": ("post", ACTING, "act"),
    "act-retry": ("post", ACTING, "act"),
    "bans": ("get", BANS | {"auditor"}, ""),
    "ban-new": ("post", BANS, ""),
    "ban": ("get", BANS | {"auditor"}, "ban"),
    "ban-lift": ("post", BANS, "ban"),
    "audit": ("get", TOP | {"auditor"}, ""),
    "people": ("get", TOP, ""),
    "person-new": ("post", TOP, ""),
    "person": ("post", TOP, "person"),
    "policies": ("post", TOP, ""),
    "rooms": ("get", ALL, ""),
    "room": ("get", ALL, "room"),
    "chart": ("get", ALL, "room"),
    "audience": ("get", ALL, "room"),
    "restrictions": ("get", ALL, "room"),
    "room-find": ("get", ALL, ""),
    "live-poll": ("get", ALL, ""),
    "system": ("get", ALL, ""),
    "password_change": ("get", ALL | {"nobody"}, ""),
    "logout": ("post", OPEN, ""),
    "login": ("get", OPEN, ""),
    "healthz": ("get", OPEN, ""),
    "readyz": ("get", OPEN, ""),
}

POSTED = sorted(name for name, row in TABLE.items() if name.startswith("act-") and row[0] == "post")


def names(patterns) -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        found |= names(pattern.url_patterns) if hasattr(pattern, "url_patterns") else {pattern.name}
    return found


def test_every_address_is_in_the_table():
    assert names(get_resolver().url_patterns) == set(TABLE)


@pytest.mark.parametrize("who", sorted(OPEN))
@pytest.mark.parametrize("name", sorted(TABLE))
def test_only_those_may(name, who, client, people, room, policy, service, settings):
    method, allowed, argument = TABLE[name]
    settings.LIVE_ALLOW_LOOPBACK = True
    assert vendor.sync_client() is service
    now = room.first_seen_at
    action = Action.objects.create(verb="end", room=room, policy=policy, due_at=now, give_up_at=now)
    ban = Ban.objects.create(account="troll", policy=policy, by_name="x")
    arguments = {
        "": [], "room": [room.pk], "verb": [room.pk, "end"], "act": [action.pk], "ban": [ban.pk],
        "person": [people["nobody"].pk],
    }[argument]  # fmt: skip
    if who != "stranger":
        client.force_login(people[who], backend="django.contrib.auth.backends.ModelBackend")
    answer = getattr(client, method)(reverse(name, args=arguments))
    if who in allowed:
        assert answer.status_code not in {401, 403, 405, 500}
        assert not (answer.status_code == 302 and "/login" in answer["Location"] and name not in {"logout"})
    elif who == "stranger":
        assert answer.status_code == 302
        assert answer["Location"].startswith("/login")
    else:
        assert answer.status_code == 403


@pytest.mark.parametrize(
    "name",
    sorted(name for name, (method, _, _) in TABLE.items() if name.startswith("act-") and method == "post"),
)
def test_no_act_is_taken_by_get(name, client, people, room):
    client.force_login(people["supervisor"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse(name, args=[room.pk])).status_code == 405


def test_a_post_without_its_token_is_refused(people, room, client):
    client.handler.enforce_csrf_checks = True
    client.force_login(people["supervisor"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("act-end", args=[room.pk]), filled()).status_code == 403
    assert not Action.objects.exists()
