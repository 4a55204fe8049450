"""What happened in a room, in words.

Names of people and things come from strangers and are given apart, for <bdi>.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import assert_never

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rooms import event_details
from rooms.models import Room, RoomEvent

MAX_EVENTS = 60
MAX_NAMED = 12

HOST: dict[str, str | Promise] = {
    "": gettext_lazy("Not reported yet"),
    "seated": gettext_lazy("On a seat"),
    "inside": gettext_lazy("On no seat"),
    "lost": gettext_lazy("Heartbeat lost"),
    "away": gettext_lazy("Not in the room"),
}
HOST_TONES = {"lost": "bad", "away": "bad", "inside": "warn"}  # of their badges
SOURCES: dict[str, str | Promise] = {
    "": gettext_lazy("not reported"),
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
    """One event. words: ours, translated. named: the vendor's and people's words. source: who says
    so, "" for nobody. accounts: those of `named` that are accounts.
    """

    at: dt.datetime
    kind: str
    words: str
    named: list[str] = field(default_factory=list)
    source: str = ""
    accounts: frozenset[str] = frozenset()


def latest(room: Room) -> list[Happening]:
    """The newest events of a room, newest first."""
    return [happening(event) for event in room.events.order_by("-at_ms", "-pk")[:MAX_EVENTS]]


def happening(event: RoomEvent) -> Happening:
    """An event in words, whatever its row holds."""
    words, named, by = _told(event)
    source = str(SOURCES.get(by, by)) if by else ""
    return Happening(
        _moment(event.at_ms),
        event.kind,
        words,
        [name for name in named if name][:MAX_NAMED],
        source,
        frozenset(_accounts(event)),
    )


def _accounts(event: RoomEvent) -> Iterable[str]:
    match event_details.of(event):
        case event_details.AdminsChanged(accounts=accounts):
            return accounts
        case event_details.SeatsChanged(seats=seats):
            return seats.values()
        case _:
            return [event.account]


def _moment(at_ms: int) -> dt.datetime:
    try:
        return dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC)
    except (OverflowError, OSError, ValueError):
        return dt.datetime.fromtimestamp(0, dt.UTC)


def _told(event: RoomEvent) -> tuple[str, list[str], str]:
    """Our words, the words of others, and who says so."""
    match event_details.of(event):
        case event_details.HostMoved(state=state, source=source):
            return str(_HOST_MOVED.get(state, _("The host is somewhere else"))), [], source
        case event_details.OwnerChanged(by=by):
            return _("Another owner"), [event.account], by
        case event_details.AdminsChanged(accounts=accounts, added=added, by=by):
            words = _("New room administrators") if added else _("No room administrators any more")
            return words, list(accounts), by
        case event_details.InfoChanged(fields=fields, by=by):
            return _("Facts changed"), list(fields), by
        case event_details.MetadataChanged() as changed:
            return *_metadata(changed), changed.by
        case event_details.SeatsChanged(seats=seats):
            return (
                _("On seats now") if seats else _("All seats are empty"),
                list(seats.values()),
                "",
            )
        case event_details.LabelFound(label=label, score=score, source=source):
            shown = f"{label} {score:g}" if score is not None else label
            return _("Label of a classifier"), [shown, event.account], source
        case None:
            return str(event.get_kind_display()), [event.account], ""
        case unknown:
            assert_never(unknown)


def _metadata(changed: event_details.MetadataChanged) -> tuple[str, list[str]]:
    pairs = [f"{key} = {value}" for key, value in changed.set.items()]
    if pairs and changed.deleted:
        return _("Metadata set and deleted"), [*pairs, *changed.deleted]
    return (_("Metadata set"), pairs) if pairs else (_("Metadata deleted"), list(changed.deleted))
