"""What the vendor's webhooks tell, as values. https://trtc.io/document/64413 (the commands).

Made by `liveapi.webhooks`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from liveapi.messages import RoomInfo, RoomStatistics, Seat


@dataclass(frozen=True, slots=True)
class Event:
    """What all events have. room_id: "" where it is about no room. at_ms: when it happened by the
    vendor's clock, Unix milliseconds, 0 when not told."""

    room_id: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class RoomCreated(Event):
    """operator: the account that did it, an App administrator's for calls by REST."""

    info: RoomInfo
    operator: str


@dataclass(frozen=True, slots=True)
class RoomDestroyed(Event):
    """by_system: the vendor's own clean-up. statistics, info: the last figures and facts where
    told.
    """

    operator: str
    by_system: bool
    statistics: RoomStatistics | None
    info: RoomInfo | None


@dataclass(frozen=True, slots=True)
class RoomUpdated(Event):
    """info: what was told of the room, most often only what has changed. fields: the vendor's names
    of what was told.
    """

    info: RoomInfo
    fields: tuple[str, ...]
    operator: str


@dataclass(frozen=True, slots=True)
class MetadataChanged(Event):
    """values: key -> what it was set to. deleted: keys that were taken away."""

    values: Mapping[str, str]
    deleted: tuple[str, ...]
    operator: str


@dataclass(frozen=True, slots=True)
class MembersChanged(Event):
    """cause: Enter, Leave, HeartbeatInterrupt, HeartbeatRecover or whatever the vendor says."""

    accounts: tuple[str, ...]
    online: bool
    cause: str


@dataclass(frozen=True, slots=True)
class OwnerChanged(Event):
    """before: "" when not told."""

    owner: str
    before: str
    operator: str


@dataclass(frozen=True, slots=True)
class AdminsChanged(Event):
    """added: these became room administrators; else they are none any more."""

    accounts: tuple[str, ...]
    added: bool
    operator: str


@dataclass(frozen=True, slots=True)
class SeatsChanged(Event):
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class MessageSent(Event):
    """A line of chat. message_id: unique in its room."""

    account: str
    text: str
    message_id: str


@dataclass(frozen=True, slots=True)
class GiftOffered(Event):
    """A gift that somebody wants to give; it may still fail, so sums of it are estimates. coins: as
    told, None when not.
    """

    account: str
    gift_id: str
    count: int
    coins: int | None


@dataclass(frozen=True, slots=True)
class RoomsNearLimit(Event):
    """count: rooms that exist; most: rooms that the package allows. None: not told."""

    count: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class Ignored(Event):
    """Something known or unknown that nobody here needs: acknowledged, no more."""

    command: str = field(default="")
