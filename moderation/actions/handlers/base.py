"""What every handler of a verb is, and what all of them share: the outcome, and whether the
broadcast still goes on.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Literal, Protocol

from django.utils.translation import gettext as _

from liveapi import LiveApiError, LiveClient, commands, messages
from liveapi.budget.limits import Lane
from moderation.models import Action
from moderation.values.acts import Result
from rooms.infra import database_time
from rooms.ingest import room_writer
from rooms.models import Room

GONE = 100004


BroadcastState = Literal["same", "gone", "replaced"]


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a call. status: DONE or ALREADY. result: final totals, what reading back
    showed.
    """

    status: Action.Status
    request_id: str = ""
    code: int | None = None
    result: Result = dataclasses.field(default_factory=Result)


def too_late(action: Action) -> LiveApiError:
    """The failure of an act on a broadcast that is over, which is marked as ended."""
    room_writer.end_room(action.room, cause=Room.EndCause.GONE, at=dt.datetime.now(dt.UTC))
    return LiveApiError(_("this broadcast has ended"), kind="invalid", code=GONE)


def broadcast(client: LiveClient, room: Room, lane: Lane = "act") -> BroadcastState:
    """Whether a broadcast goes on: 100004 is gone, a later CreateTime is another broadcast."""
    return read_room(client, room, lane)[0]


def read_room(
    client: LiveClient, room: Room, lane: Lane = "act"
) -> tuple[BroadcastState, messages.RoomInfo | None]:
    """As broadcast(), and what the vendor told; None when the room is gone."""
    try:
        info = client.call(commands.get_room_info(room.room_id), lane=lane).value
    except LiveApiError as error:
        if error.code != GONE:
            raise
        return "gone", None
    if not room.is_followed_by(info.create_time):
        return "same", info
    room_writer.upsert_room(info, at=int(database_time.unix()))
    return "replaced", info


class ActionHandler(Protocol):
    """What a verb does at the vendor; the modules of this package are handlers.

    See `moderation.actions.verbs`.
    """

    def check(self, verb: str, room: Room, arguments: Mapping[str, object]) -> None:
        """Raises LiveApiError(kind="invalid") before anything is stored: the vendor would refuse
        this.
        """

    def precheck(self, client: LiveClient, action: Action) -> Outcome | None:
        """Reads before anything is sent.

        The outcome when nothing is left to send, None to go on with `perform`.
        """

    def perform(self, client: LiveClient, action: Action) -> Outcome:
        """The call that has the effect, in the lane that goes ahead of polling."""

    def after(self, action: Action, before: Mapping[str, object]) -> dict[str, object]:
        """What an act makes of what was there before, under the same names; {} for what is not
        kept.
        """
