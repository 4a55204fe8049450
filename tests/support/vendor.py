"""A vendor that answers as told, inside the process."""

from typing import Any

from liveapi import Answer, LiveApiError
from liveapi.messages import BannedPage, DestroyOutcome, MemberPage, RoomInfo, RoomStatistics
from rooms.models import Room

GONE = LiveApiError("gone", kind="vendor", code=100004, command="get_room_info")


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
            "portrait_get": (),
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
