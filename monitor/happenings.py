"""What happened in a room, in words. Names of people and things come from strangers and are given apart, for <bdi>."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rooms.models import Room, RoomEvent

MOST = 60
MOST_NAMED = 12

HOST: dict[str, str | Promise] = {
    "": gettext_lazy("Not told yet"),
    "seated": gettext_lazy("On a seat"),
    "inside": gettext_lazy("On no seat"),
    "lost": gettext_lazy("Heartbeat lost"),
    "away": gettext_lazy("Not in the room"),
}
SOURCES: dict[str, str | Promise] = {
    "": gettext_lazy("not told"),
    "seats": gettext_lazy("the seat list"),
    "members": gettext_lazy("the member list, up to 40 s old"),
    "event": gettext_lazy("a webhook, not read back yet"),
}
_HOST_MOVED: dict[str, str | Promise] = {
    "seated": gettext_lazy("The host is on a seat"),
    "inside": gettext_lazy("The host is on no seat"),
    "lost": gettext_lazy("The host's heartbeat is lost"),
    "away": gettext_lazy("The host is not in the room"),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One event. words: ours, translated. named: the vendor's and people's words. source: who says so, "" for nobody."""

    at: dt.datetime
    kind: str
    words: str
    named: list[str] = field(default_factory=list)
    source: str = ""


def latest(room: Room) -> list[Happening]:
    """The newest events of a room, newest first."""
    return [told(event) for event in room.events.order_by("-at_ms", "-pk")[:MOST]]


def told(event: RoomEvent) -> Happening:
    """An event in words, whatever its detail holds."""
    detail = event.detail if isinstance(event.detail, dict) else {}
    words, named = _WORDS.get(event.kind, _other)(event, detail)
    by = detail.get("by") or detail.get("source") or ""
    source = str(SOURCES.get(by, by)) if by and isinstance(by, str) else ""
    return Happening(
        _moment(event.at_ms), event.kind, words, [name for name in named if name][:MOST_NAMED], source
    )


def _moment(at_ms: int) -> dt.datetime:
    try:
        return dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC)
    except (OverflowError, OSError, ValueError):
        return dt.datetime.fromtimestamp(0, dt.UTC)


Told = tuple[str, list[str]]


def _texts(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _host(event: RoomEvent, detail: dict[str, Any]) -> Told:
    return str(_HOST_MOVED.get(str(detail.get("state")), _("The host is somewhere else"))), []


def _owner(event: RoomEvent, detail: dict[str, Any]) -> Told:
    return _("Another owner"), [event.account]


def _admins(event: RoomEvent, detail: dict[str, Any]) -> Told:
    added = _("New room administrators") if detail.get("added") else _("No room administrators any more")
    return added, _texts(detail.get("accounts"))


def _info(event: RoomEvent, detail: dict[str, Any]) -> Told:
    return _("Facts changed"), _texts(detail.get("fields"))


def _metadata(event: RoomEvent, detail: dict[str, Any]) -> Told:
    values, deleted = detail.get("set"), _texts(detail.get("deleted"))
    pairs = [f"{key} = {value}" for key, value in values.items()] if isinstance(values, dict) else []
    if pairs and deleted:
        return _("Metadata set and deleted"), [*pairs, *deleted]
    return (_("Metadata set"), pairs) if pairs else (_("Metadata deleted"), deleted)


def _seats(event: RoomEvent, detail: dict[str, Any]) -> Told:
    on = detail.get("seats")
    people = list(map(str, on.values())) if isinstance(on, dict) else []
    return (_("On seats now"), people) if people else (_("All seats are empty"), [])


def _label(event: RoomEvent, detail: dict[str, Any]) -> Told:
    name, score = detail.get("label"), detail.get("score")
    shown = f"{name} {score:g}" if isinstance(score, int | float) else str(name or "")
    return _("Label of a classifier"), [shown, event.account]


def _other(event: RoomEvent, detail: dict[str, Any]) -> Told:
    return str(event.get_kind_display()), [event.account]


_WORDS: dict[str, Callable[[RoomEvent, dict[str, Any]], Told]] = {
    RoomEvent.Kind.HOST: _host,
    RoomEvent.Kind.OWNER: _owner,
    RoomEvent.Kind.ADMINS: _admins,
    RoomEvent.Kind.INFO: _info,
    RoomEvent.Kind.METADATA: _metadata,
    RoomEvent.Kind.SEATS: _seats,
    RoomEvent.Kind.LABEL: _label,
}
