"""What an event of each kind tells beside its time and account: the only spelling of
RoomEvent.detail.

Built by `rooms.ingest.host_events` and `rooms.ingest.labels`, read by pages and rules.
See `rooms.infra.json_values` for what old rows become.
"""

from dataclasses import dataclass, field

from rooms.infra import json_values
from rooms.models import RoomEvent


@dataclass(frozen=True, slots=True)
class HostMoved:
    """The host is somewhere else. state, before: see Room.HostState; source: seats, members or
    event.
    """

    state: str = ""
    before: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class LabelFound:
    """A classifier's label with its score, 0 to 100. source: who reports it; words: more about it,
    for people.
    """

    label: str = ""
    score: float | None = None
    source: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class OwnerChanged:
    """Another owner, who is the event's account. by: the operator, "" when not told."""

    before: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class AdminsChanged:
    """Administrators were added, or taken away."""

    accounts: tuple[str, ...] = ()
    added: bool = False
    by: str = ""


@dataclass(frozen=True, slots=True)
class InfoChanged:
    """Facts of the room changed: the vendor's names of the fields."""

    fields: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True, slots=True)
class MetadataChanged:
    """Keys were set or deleted."""

    set: dict[str, str] = field(default_factory=dict)
    deleted: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True, slots=True)
class SeatsChanged:
    """Who sits where now: number of the seat -> account."""

    seats: dict[str, str] = field(default_factory=dict)


Detail = (
    HostMoved
    | LabelFound
    | OwnerChanged
    | AdminsChanged
    | InfoChanged
    | MetadataChanged
    | SeatsChanged
)
KINDS: dict[type[Detail], RoomEvent.Kind] = {
    HostMoved: RoomEvent.Kind.HOST,
    LabelFound: RoomEvent.Kind.LABEL,
    OwnerChanged: RoomEvent.Kind.OWNER,
    AdminsChanged: RoomEvent.Kind.ADMINS,
    InfoChanged: RoomEvent.Kind.INFO,
    MetadataChanged: RoomEvent.Kind.METADATA,
    SeatsChanged: RoomEvent.Kind.SEATS,
}
_TYPES: dict[str, type[Detail]] = {kind.value: detail for detail, kind in KINDS.items()}


def kind_of(detail: Detail) -> RoomEvent.Kind:
    """The kind of the events that tell this."""
    return KINDS[type(detail)]


def of(event: RoomEvent) -> Detail | None:
    """What an event tells, whatever its row holds; None for a kind that this version does not
    know.
    """
    kind = _TYPES.get(event.kind)
    return json_values.read(kind, event.detail) if kind is not None else None


def host_moved(detail: object) -> HostMoved:
    """As `of`, of the detail alone."""
    return json_values.read(HostMoved, detail)


def label_of(event: RoomEvent) -> LabelFound:
    """As `of`, for an event of kind label."""
    return json_values.read(LabelFound, event.detail)
