"""What the stills of one room say, one after the other: fine, black, frozen, or missing.

A trouble is confirmed when it was seen LEAST_LOOKS times over CONFIRM_SECONDS: one black picture is
a cut between two scenes.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from rooms.pictures.decoding import Decoded

UNKNOWN, FINE, BLACK, FROZEN, MISSING = "", "fine", "black", "frozen", "missing"
TROUBLES = (BLACK, FROZEN, MISSING)
LEAST_LOOKS = 3
CONFIRM_SECONDS = 60.0
# As static/js/wall/players.js sees it.
DARK = 10  # of 255: darker on average, with nothing bright in it, is black
FLICKER = 3  # of 255: compression alone makes a still picture differ by so much
MIN_ROOMS = 4  # of fewer nobody can say that all have the same trouble


@dataclass(slots=True)
class Sight:
    """What is known of one room's pictures. Times in Unix seconds.

    state: confirmed, since `since`. kind: what was seen last, for `looks` looks since `kind_since`.
    lights: of the first picture of a row of same ones. newest: the segment that was the newest.
    error: why the last try gave none; tries: how many in a row gave none.
    """

    state: str = UNKNOWN
    since: float = 0.0
    kind: str = UNKNOWN
    kind_since: float = 0.0
    looks: int = 0
    lights: bytes = b""
    newest: str = ""
    error: str = ""
    tries: int = 0
    taken_at: float = 0.0
    digest: str = ""
    hash: int = 0
    source: str = ""
    hashes: list[int] = field(default_factory=list)


def is_black(lights: bytes) -> bool:
    return sum(lights) < DARK * len(lights) and max(lights) < 4 * DARK


def is_same(lights: bytes, others: bytes) -> bool:
    return len(lights) == len(others) and all(
        abs(one - other) <= FLICKER for one, other in zip(lights, others, strict=True)
    )


def saw(sight: Sight, decoded: Decoded, newest: str, at: float) -> None:
    """A picture came. newest: as `fetching.Fetched`."""
    stands = bool(newest) and newest == sight.newest
    same = is_same(decoded.lights, sight.lights)
    sight.newest, sight.error, sight.tries = newest, "", 0
    if not same:
        sight.lights = decoded.lights
    if is_black(decoded.lights):
        _look(sight, BLACK, at)
    else:
        _look(sight, FROZEN if same or stands else FINE, at)


def missed(sight: Sight, error: str, at: float) -> None:
    """None came, for this reason."""
    sight.error, sight.tries = error, sight.tries + 1
    _look(sight, MISSING, at)


def _look(sight: Sight, kind: str, at: float) -> None:
    if kind != sight.kind:
        sight.kind, sight.kind_since, sight.looks = kind, at, 0
    sight.looks += 1
    sure = kind == FINE or (sight.looks >= LEAST_LOOKS and at - sight.kind_since >= CONFIRM_SECONDS)
    if sure and kind != sight.state:
        sight.state, sight.since = kind, sight.kind_since


def doubt(sight: Sight) -> None:
    """What was seen last says nothing of this room: everybody's pictures are away."""
    sight.kind, sight.looks = UNKNOWN, 0


def troubles_of_all(sights: Collection[Sight]) -> set[str]:
    """What more than half of all rooms have at once: that is trouble of the source, not theirs."""
    kinds = [sight.kind for sight in sights if sight.kind]
    if len(kinds) < MIN_ROOMS:
        # The only ones: a source that does not answer at all is away; one that says 404 is not.
        only = [sight for sight in sights if sight.kind == MISSING]
        down = bool(only) and all(not sight.error.startswith("http-4") for sight in only)
        return {MISSING} if down and len(only) == len(kinds) else set()
    return {kind for kind in TROUBLES if 2 * kinds.count(kind) > len(kinds)}
