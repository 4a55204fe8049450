"""Stored rooms, logged-in clients and filled-in forms."""

import time
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from rooms.models import Room

PASSWORD = "a-password-for-tests"


@pytest.fixture
def room(db) -> Room:
    return make_room("room-1")


def make_room(room_id: str = "room-1", **fields: Any) -> Room:
    """A broadcast that goes on, stored a moment ago."""
    now = timezone.now()
    known = {
        "create_time": int(time.time()) - 60,
        "owner_account": f"host-of-{room_id}",
        "name": room_id.title(),
        "first_seen_at": now,
        "facts_changed_at": now,
    }
    return Room.objects.create(room_id=room_id, **(known | fields))


def filled(**fields: Any) -> dict[str, Any]:
    """A form as a browser would send it."""
    return {"policy": "violence", "key": str(uuid.uuid4())} | fields


def log_in(client: Client, person: User) -> Client:
    """The client, logged in without the form."""
    client.force_login(person, backend="monitor.backends.ScreenBackend")
    return client
