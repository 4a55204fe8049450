"""The text of what is pushed, and the reading of what browsers say. Pure: no socket, no Redis."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

MOST_ROOMS = 200
MOST_BYTES = 8192


class BadMessage(ValueError):
    """A browser said something that is no message of ours."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """One message of the publisher, decoded once: the header, and each changed room's JSON, ready to be sent."""

    header: dict[str, Any]
    rooms: dict[int, str] = field(default_factory=dict)


def read_pushed(data: bytes) -> Pushed:
    """A header line, then `<pk> <JSON array>` lines. Raises ValueError for anything else."""
    first, *lines = data.decode().split("\n")
    header = orjson.loads(first)
    if not isinstance(header, dict):
        raise ValueError("the header is not an object")
    pairs = (line.partition(" ") for line in lines if line)
    return Pushed(header, {int(pk): array for pk, _space, array in pairs})


def tick(pushed: Pushed, watched: Collection[int]) -> str:
    """The frame for sockets that watch these rooms. Rooms that did not change are left out."""
    head = {"k": "tick", "at": pushed.header.get("at"), "changes": pushed.header.get("changes")}
    text = orjson.dumps(head | {"vendor": pushed.header.get("vendor")}).decode()
    rooms = ",".join([pushed.rooms[pk] for pk in watched if pk in pushed.rooms])
    return f'{text[:-1]},"rooms":[{rooms}]}}'


def snapshot(states: Mapping[int, Mapping[str, Any]], *, at: int, changes: int) -> str:
    """All that is known of these rooms."""
    rooms = [[pk, *(part for item in state.items() for part in item)] for pk, state in states.items()]
    return orjson.dumps({"k": "snapshot", "at": at, "changes": changes, "rooms": rooms}).decode()


def read_watch(text: str | None) -> tuple[frozenset[int], bool]:
    """(rooms, visible) of `{"watch": [pk, ...], "visible": true}`. Raises BadMessage."""
    if text is None or len(text) > MOST_BYTES:
        raise BadMessage("not a text of at most 8 KB")
    try:
        said = orjson.loads(text)
    except ValueError as error:
        raise BadMessage("not JSON") from error
    if not isinstance(said, dict) or not isinstance(said.get("watch"), list):
        raise BadMessage("no list to watch")
    rooms = said["watch"]
    if len(rooms) > MOST_ROOMS or not all(type(pk) is int and 0 < pk < 2**63 for pk in rooms):
        raise BadMessage("at most 200 numbers of rooms")
    return frozenset(rooms), said.get("visible") is not False
