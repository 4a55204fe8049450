"""A vendor that remembers what was changed of a room, and the order of a change carried out at
once.
"""

import pytest
from django.utils import timezone

from liveapi import LiveApiError
from liveapi.messages import RoomInfo
from moderation.models import Action
from moderation.worker import executor
from tests.moderation import acting

LOST = LiveApiError("no answer", kind="timeout", retryable=True, command="update_room_info")
BUSY = LiveApiError(
    "too often", kind="vendor", code=60007, retryable=True, command="update_room_info"
)


class Facts:
    """What the vendor tells of the room: changed by update_room_info, as the vendor would."""

    FIELDS = {
        "RoomName": "room_name",
        "CoverURL": "cover_url",
        "Notice": "notice",
        "Category": "categories",
        "TakeSeatMode": "take_seat_mode",
        "IsPublicVisible": "is_public_visible",
        "IsMessageDisabled": "is_message_disabled",
        "IsUnlimitedRoomEnabled": "is_unlimited_room_enabled",
    }

    def __init__(self, room, **fields):
        self.room, self.failures, self.sent, self.arrives = room, [], [], True
        self.fields = {
            "is_public_visible": True,
            "is_message_disabled": False,
            "room_name": "Old",
            "is_unlimited_room_enabled": False,
            "create_time": room.create_time,
            **fields,
        }

    def info(self, room_id):
        return RoomInfo(room_id, **self.fields)

    def update(self, body):
        self.sent.append(body)
        failure = self.failures.pop(0) if self.failures else None
        if failure is None or (failure is LOST and self.arrives):
            self.fields |= {
                self.FIELDS[name]: value for name, value in body.items() if name != "RoomId"
            }
        return failure


@pytest.fixture
def facts(room, service):
    told = Facts(room)
    service.answers["get_room_info"] = told.info
    call = service.call

    def answering(wanted, **options):
        if wanted.command == "update_room_info":
            service.answers["update_room_info"] = told.update(wanted.body["RoomInfo"])
            return call(wanted, **options)
        return call(wanted, **options)

    service.call = answering
    return told


@pytest.fixture
def change(people, room, policy):
    """change(verb, **arguments): ordered and carried out."""

    def carried_out(verb, by="moderator", **arguments):
        act = acting.change_room(
            by=people[by], verb=verb, room=room, policy=policy, arguments=arguments
        )
        return run(act)

    return carried_out


def run(act):
    Action.objects.filter(pk=act.pk).update(due_at=timezone.now())
    executor.execute(act.pk)
    act.refresh_from_db()
    return act
