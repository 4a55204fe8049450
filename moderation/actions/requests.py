"""What is asked of a room: one value from a screen, the API, a rule or a ban to the stored act."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from moderation.models import Action, Alert, Ban, Hold, Policy
from rooms.models import Room


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRequest:
    """One act as it is ordered; the columns of `Action` of the same names.

    verb: an Action.Verb. key: names the order, a repeat with it is the same act; None: a new one.
    account: the member it is about; "": the room. seconds: length of a mute or ban. text, language:
    of a warning; "": the reason's text, hosts' language. arguments: of a change of the room, as
    `moderation.values.acts` spells them. grace: seconds before it is sent, in which it can be
    undone; None: the person's own for an end, else none.

    ban, hold: what it enforces. retry_of, undoes: the act it repeats or takes back. rests_on: an
    Action.Basis. alert: what it answers, and closes as handled with the order.
    """

    verb: str
    room: Room
    policy: Policy
    key: uuid.UUID | None = None
    account: str = ""
    seconds: int | None = None
    text: str = ""
    language: str = ""
    note: str = ""
    grace: float | None = None
    arguments: Mapping[str, object] = field(default_factory=dict)
    ban: Ban | None = None
    hold: Hold | None = None
    retry_of: Action | None = None
    undoes: Action | None = None
    rests_on: str = ""
    alert: Alert | None = None
