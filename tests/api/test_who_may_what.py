"""Every address of the API against every scope, and against strangers.

A new address must be entered here.
"""

import json

import pytest
from django.urls import get_resolver

from moderation.models import (
    Action,
    Alert,
    ApiRequest,
    AuditEntry,
    Ban,
    PlannedRoom,
    TimeLimit,
    UserReport,
)
from moderation.staff import tokens
from rooms.models import ReportedGift, RoomEvent
from tests.api.conftest import Caller
from tests.support.factories import log_in

pytestmark = pytest.mark.django_db
BY = {"reason": "violence"}
# (method, address): (scope, body that is carried out)
TABLE = {
    ("get", "rooms"): ("rooms:read", None),
    ("get", "rooms/{room}"): ("rooms:read", None),
    ("get", "rooms/{room}/acts"): ("rooms:read", None),
    ("get", "acts/{act}"): ("rooms:read", None),
    ("get", "plans/{plan}"): ("rooms:read", None),
    ("get", "openapi.json"): ("", None),
    ("post", "rooms"): ("rooms:create", {"room_id": "new", "owner_account": "host", **BY}),
    ("post", "plans/cancel"): ("rooms:create", {"plan": "{plan}"}),
    ("post", "rooms/end"): ("rooms:end", {"room_id": "room-1", **BY}),
    ("post", "limits"): ("limits:write", {"room_id": "room-1", "seconds": 3600, **BY}),
    ("post", "limits/extend"): ("limits:write", {"room_id": "limited", "seconds": 600, **BY}),
    ("post", "bans"): ("bans:write", {"account": "troll", "seconds": 3600, "unseen": True, **BY}),
    ("post", "bans/lift"): ("bans:write", {"account": "banned", "note": "appeal"}),
    ("post", "gifts"): ("gifts:report", {"gifts": [{"id": "g", "room_id": "room-1", "coins": 5}]}),
    ("post", "labels"): (
        "labels:report",
        {"labels": [{"id": "l", "room_id": "room-1", "label": "smoking", "score": 90.0}]},
    ),
    ("post", "reports"): (
        "users:report",
        {"reports": [{"id": "r", "room_id": "room-1", "reporter": "viewer", "category": "fraud"}]},
    ),
}


@pytest.fixture
def send(room, policy, monkeypatch):
    """send(caller, method, address): with objects that exist."""
    from django.utils import timezone

    from moderation.lifecycle import limits

    act = Action.objects.create(
        verb="warn", room=room, policy=policy, due_at=timezone.now(), give_up_at=timezone.now()
    )
    plan = PlannedRoom.objects.create(
        room_id="planned",
        owner_account="host",
        policy=policy,
        due_at=timezone.now(),
        give_up_at=timezone.now(),
        seat_template="VideoDynamicGrid9Seats",
        by_name="x",
    )
    Ban.objects.create(account="banned", policy=policy, by_name="x")
    limits.set_limit(by="x", room_id="limited", policy=policy, seconds=600)
    numbers = {"room": room.pk, "act": act.pk, "plan": plan.pk}

    def sending(caller, method, address):
        where = address.format_map(numbers)
        if method == "get":
            return caller.get(where)
        body = json.dumps(TABLE[method, address][1]).replace('"{plan}"', str(plan.pk))
        return caller.post(where, body)

    return sending


def state():
    """What no refused request may change."""
    tables = (
        Action,
        AuditEntry,
        Ban,
        PlannedRoom,
        TimeLimit,
        ReportedGift,
        RoomEvent,
        ApiRequest,
        UserReport,
        Alert,
    )
    return [list(table.objects.order_by("pk").values()) for table in tables]


def test_every_address_is_in_the_table():
    found = set()
    for resolver in get_resolver().url_patterns:
        if getattr(resolver, "namespace", "") == "api":
            found = {
                str(pattern.pattern).replace("<int:number>", "{}")
                for pattern in resolver.url_patterns
            }
    known = {
        address.replace("{room}", "{}").replace("{act}", "{}").replace("{plan}", "{}")
        for _, address in TABLE
    }
    assert found - {""} == known


@pytest.mark.parametrize(("method", "address"), sorted(TABLE))
def test_with_its_scope_alone_it_is_carried_out(method, address, caller, send):
    scope = TABLE[method, address][0]
    answer = send(caller(scope or "rooms:read"), method, address)
    assert answer.status_code in {200, 202}, answer.content
    assert answer["Content-Type"].startswith("application/json")


@pytest.mark.parametrize(("method", "address"), sorted(key for key in TABLE if TABLE[key][0]))
def test_with_all_other_scopes_it_is_refused(method, address, caller, send):
    scope = TABLE[method, address][0]
    other = caller(*(name for name in tokens.SCOPES if name != scope))
    before = state()

    answer = send(other, method, address)

    assert answer.status_code == 403
    assert scope in answer.json()["detail"]
    assert state() == before


@pytest.mark.parametrize("text", ["", "lw_wrong", "x"])
@pytest.mark.parametrize(("method", "address"), sorted(TABLE))
def test_strangers_are_refused(method, address, text, caller, send):
    stranger = Caller(text, caller().token)
    before = state()

    answer = send(stranger, method, address)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/problem+json"
    assert state() == before


@pytest.mark.parametrize(("method", "address"), sorted(TABLE))
def test_a_session_opens_nothing(method, address, caller, send, people):
    person = Caller("", caller().token)
    log_in(person.client, people["supervisor"])

    assert send(person, method, address).status_code == 401


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("address", sorted({address for _, address in TABLE}))
def test_no_address_knows_other_methods(method, address, backend, room):
    path = "/api/v1/" + address.format(room=room.pk, act=1, plan=1)
    answer = getattr(backend.client, method)(path, headers=backend.headers())
    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Allow"]


@pytest.mark.parametrize("path", ["", "nothing", "rooms/", "rooms/x", "acts/1/2", "\u00e9", "%00"])
def test_other_addresses_are_told_in_words(path, backend):
    answer = backend.get(path)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("method", "address"), sorted(key for key in TABLE if key[0] == "post"))
def test_a_revoked_token_opens_nothing(method, address, backend, send, people):
    tokens.revoke(by=people["supervisor"], token=backend.token)
    assert send(backend, method, address).status_code == 401
