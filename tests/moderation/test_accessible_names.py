"""Every page of every role as it is heard: each thing has a name, what is called the same does the
same, and no id is missing.
"""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from moderation.models import (
    Action,
    Alert,
    ApiToken,
    Ban,
    BanRequest,
    Hold,
    Note,
    PlannedRoom,
    TimeLimit,
)
from monitor.models import SavedView
from rooms.models import ChatLine
from tests.moderation.reading import Page, faults
from tests.support.factories import log_in, make_room

pytestmark = pytest.mark.django_db
ROLES = ["moderator", "banadmin", "supervisor", "auditor"]


@pytest.fixture
def world(room, policy, people, service, settings) -> dict[str, list]:
    """Two of everything."""
    settings.LIVE_ALLOW_LOOPBACK = True
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    now = timezone.now()
    rooms = [room, make_room("room-2")]
    made: dict[str, list] = {
        "room": rooms,
        "ban": [],
        "plan": [],
        "account": ["some/one"],
        "person": [people["nobody"]],
        "alert": [],
        "request": [],
    }
    due = {"policy": policy, "due_at": now, "give_up_at": now}
    for number, one in enumerate(rooms):
        Action.objects.create(verb="end", room=one, by_name="ann", **due)
        Action.objects.create(
            verb="mute", room=one, account="v1", status="done", finished_at=now, **due
        )
        Action.objects.create(
            verb="mute", room=one, account="v2", status="failed", vendor_text="no", **due
        )
        made["alert"].append(
            Alert.objects.create(room=one, source="system:x", title="look", account=f"v{number}")
        )
        Hold.objects.create(
            room_id=one.room_id, policy=policy, by_name="x", until=now + timezone.timedelta(hours=1)
        )
        TimeLimit.objects.create(
            room_id=one.room_id,
            policy=policy,
            by_name="x",
            ends_at=now + timezone.timedelta(hours=1),
        )
        Note.objects.create(
            text="x", room=one, by=people["supervisor"], by_name="supervisor", key=uuid.uuid4()
        )
        ChatLine.objects.create(
            room=one, message_id="a", account=f"v{number}", text="hello", at_ms=1
        )
        ChatLine.objects.create(
            room=one, message_id="b", account=f"w{number}", text="hello", at_ms=2
        )
        made["ban"].append(
            Ban.objects.create(account=f"troll-{number}", policy=policy, by_name="x")
        )
        made["request"].append(
            BanRequest.objects.create(
                account=f"asked-{number}", policy=policy, asked_by_name="x", key=uuid.uuid4()
            )
        )
        made["plan"].append(
            PlannedRoom.objects.create(room_id=f"r{number}", owner_account="h", by_name="x", **due)
        )
        ApiToken.objects.create(name=f"backend-{number}", digest=str(number) * 64)
        for name in ("moderator", "supervisor"):
            SavedView.objects.create(owner=people[name], name=f"view {number}", page="rooms")
    return made


PAGES = [
    "rooms",
    "wall",
    "all-chat",
    "chat-search",
    "room",
    "queue",
    "queue-close",
    "ban-request-new",
    "ban-request-decline",
    "bans",
    "ban-new",
    "ban",
    "audit",
    "coverage",
    "holds",
    "rules",
    "risk",
    "plans",
    "plan-new",
    "plan",
    "people",
    "person-new",
    "person",
    "policies",
    "tokens",
    "token-new",
    "system",
    "preferences",
    "password_change",
    "account",
    "limit-set",
    "note",
    "escalate",
]
PARTS = [
    "acts-of-room",
    "audience",
    "restrictions",
    "chat",
    "timeline",
    "life",
    "room-risk",
    "room-changes",
    "happenings",
    "views",
    "queue-alert",
    "queue-rows",
    "queue-request",
]
OTHERS = ["/?state=ended", "/rules/host-gone", "/rules/new?kind=words"]


def addresses(world: dict[str, list]) -> list[tuple[str, bool]]:
    """(address, whether it is a whole page)."""
    takes = {"plan": "plan", "ban": "ban", "person": "person", "account": "account"}
    takes |= dict.fromkeys(["room", "limit-set", "note", "escalate", *PARTS], "room") | {
        "views": "",
        "queue-rows": "",
        "queue-alert": "alert",
        "queue-request": "request",
        "ban-request-decline": "request",
    }
    found = [(address, True) for address in OTHERS]
    for name in PAGES + PARTS:
        one = world[takes[name]][0] if takes.get(name) else None
        arguments = [] if one is None else [getattr(one, "pk", one)]
        found.append(
            (
                reverse(name, args=arguments) + ("?page=rooms" if name == "views" else ""),
                name in PAGES,
            )
        )
    for verb in ("end", "warn", "mute", "room_ban", "edit", "quarantine"):
        found.append((reverse("act-form", args=[world["room"][0].pk, verb]) + "?account=v1", True))
    return found


@pytest.mark.parametrize("role", ROLES)
def test_every_thing_on_every_page_has_a_name_of_its_own(role, world, people, client):
    log_in(client, people[role])
    wrong, seen = {}, 0
    for address, is_page in addresses(world):
        answer = client.get(address)
        if answer.status_code in {302, 403}:
            continue
        assert answer.status_code == 200, address
        seen += 1
        if found := faults(answer.content.decode(), is_page=is_page):
            wrong[address] = found
    assert seen > 12
    assert not wrong, "\n".join(
        f"{address}: {fault}" for address, found in wrong.items() for fault in found
    )


FORMS = [
    "limit-set",
    "note",
    "escalate",
    "ban-new",
    "ban-change",
    "ban-lift",
    "plan-new",
    "person-new",
    "token-new",
    "policies",
    "password_change",
    "act-warn",
    "act-mute",
    "act-end",
    "act-metadata",
    "ban-request-new",
]


@pytest.mark.parametrize("in_a_dialog", [False, True])
@pytest.mark.parametrize("name", FORMS)
def test_what_a_refused_form_says_is_tied_to_the_field_it_is_about(
    name, in_a_dialog, world, people, client
):
    of = "ban" if name in {"ban-change", "ban-lift"} else "room"
    takes_one = of == "ban" or name.startswith("act-") or name in {"limit-set", "note", "escalate"}
    address = reverse(name, args=[world[of][0].pk] if takes_one else [])
    answer = log_in(client, people["supervisor"]).post(
        address,
        {"key": "", "length": "x", "code": "violence"},
        headers={"HX-Request": "true"} if in_a_dialog else {},
    )
    assert answer.status_code in {200, 422}, name
    html = answer.content.decode()
    assert faults(html, is_page="<html" in html) == []
    wrong = [element for element in Page(html).all() if element.get("aria-invalid") == "true"]
    assert wrong, "no field is called wrong, so the keyboard cannot go to it"
    for element in wrong:
        around = [element, *element.around()]
        assert any("_error" in one.get("aria-describedby") for one in around), element
