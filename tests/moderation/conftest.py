"""One account a role and one without, rooms, and a vendor that answers as told."""

import time
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from liveapi import Answer, LiveApiError
from liveapi.messages import BannedPage, DestroyOutcome, MemberPage, RoomInfo, RoomStatistics
from moderation.automation import verification
from moderation.bans import registry
from moderation.core import broker
from moderation.core.roles import ROLES, make_person
from moderation.models import Policy
from moderation.worker import executor
from rooms.infra import vendor
from rooms.live import demand, push
from rooms.models import Room

GONE = LiveApiError("gone", kind="vendor", code=100004, command="get_room_info")
PASSWORD = "a-password-for-tests"


class Vendor:
    """Answers each command with what `answers[command]` holds (a value, or an error to raise), and
    keeps the calls.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.lanes: list[str] = []
        self.destroyed = False
        self.answers: dict[str, Any] = {
            "destroy_room": DestroyOutcome(None),
            "get_room_info": self.room_info,
            "get_room_stats": RoomStatistics(),
            "get_banned_member_list": BannedPage((), 0),
            "get_muted_member_list": (),
            "get_member_list": MemberPage(("viewer",), 1, ""),
        }

    def call(self, call: Any, lane: str = "poll", **_: Any) -> Answer:
        self.calls.append((call.command, call.body))
        self.lanes.append(lane)
        answer = self.answers.get(call.command)
        if isinstance(answer, list):
            answer = answer.pop(0)
        if callable(answer):
            answer = answer(call.body["RoomId"])
        if call.command == "destroy_room" and not isinstance(answer, Exception):
            self.destroyed = True
        if isinstance(answer, Exception):
            raise answer
        return Answer(value=answer, request_id="request-1", elapsed=0.0)

    def room_info(self, room_id: str) -> RoomInfo | LiveApiError:
        """As the newest stored broadcast of that RoomId, until it was destroyed."""
        if self.destroyed:
            return GONE
        room = Room.objects.filter(room_id=room_id).order_by("create_time").last()
        return RoomInfo(room_id, create_time=room.create_time if room else 0)

    def count(self, command: str) -> int:
        return sum(name == command for name, _ in self.calls)


@pytest.fixture
def service(monkeypatch) -> Vendor:
    told = Vendor()
    monkeypatch.setattr(vendor, "sync_client", lambda: told)
    return told


@pytest.fixture(autouse=True)
def queue(monkeypatch) -> list[int]:
    """What was enqueued; nothing runs by itself, and no Redis is asked."""
    queued: list[int] = []
    monkeypatch.setattr(broker, "enqueue", lambda *pks, delay=0.0: queued.extend(pks) or True)
    monkeypatch.setattr(broker, "enqueue_ban", lambda pk: registry.enforce_everywhere(pk) or True)
    monkeypatch.setattr(broker, "enqueue_hit", lambda pk: verification.check(pk) or True)
    monkeypatch.setattr(broker, "enqueue_verification", lambda pk: executor.verify(pk) or True)
    monkeypatch.setattr(broker, "waiting", lambda: 0)
    for name in ("publish_act", "publish_alert", "publish_bans"):
        monkeypatch.setattr(push, name, lambda *args, **kwargs: None)
    for name in ("refresh", "want_members"):
        monkeypatch.setattr(demand, name, lambda *args, **kwargs: None)
    return queued


@pytest.fixture
def committing(django_capture_on_commit_callbacks):
    """What happens on commit happens at the end of the block."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def people(db) -> dict[str, User]:
    made = {role: make_person(role, role, PASSWORD) for role in ROLES}
    return made | {"nobody": User.objects.create_user("nobody", password=PASSWORD)}


@pytest.fixture
def policy(db) -> Policy:
    return Policy.objects.get(code="violence")


@pytest.fixture
def room(db) -> Room:
    return make_room("room-1")


def make_room(room_id: str, **fields: Any) -> Room:
    now = timezone.now()
    known = {
        "create_time": int(time.time()) - 60,
        "owner_account": f"host-of-{room_id}",
        "name": room_id.title(),
    }
    return Room.objects.create(
        room_id=room_id, first_seen_at=now, facts_changed_at=now, **(known | fields)
    )


def filled(**fields: Any) -> dict[str, Any]:
    """A form as a browser would send it."""
    return {"policy": "violence", "key": str(uuid.uuid4())} | fields


def log_in(client: Client, person: User) -> Client:
    """The client, logged in without the form."""
    client.force_login(person, backend="monitor.backends.ScreenBackend")
    return client


# At the end: it takes what is above.
from tests.moderation.changing import change, facts  # noqa: E402, F401
