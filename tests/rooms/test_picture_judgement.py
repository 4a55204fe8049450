"""Black, frozen, missing: what stills of a room say one after the other (rooms.pictures.judgement)."""

import pytest

from rooms.pictures.decoding import Decoded
from rooms.pictures.judgement import Sight, doubt, missed, saw, troubles_of_all

BLACK = bytes(144)
GREY = bytes([90] * 144)


def moving(at: int) -> bytes:
    return bytes([50 + 20 * (at % 5)] * 144)


def picture(lights: bytes) -> Decoded:
    return Decoded(b"jpeg", lights, 1)


def looked(lights, times, sight=None, newest="") -> Sight:
    sight = sight or Sight()
    for at in times:
        saw(sight, picture(lights(at) if callable(lights) else lights), newest or str(at), at)
    return sight


def test_one_black_picture_is_a_cut():
    sight = looked(moving, [0, 15])
    assert looked(BLACK, [30], sight).state == "fine"


@pytest.mark.parametrize(
    ("times", "state"),
    [([0, 15, 30, 45], ""), ([0, 15, 30, 45, 60], "black"), ([0, 70], ""), ([0, 35, 70], "black")],
)
def test_a_trouble_needs_three_looks_over_a_minute(times, state):
    assert looked(BLACK, times).state == state


def test_the_same_picture_for_a_minute_is_frozen_since_it_stood_still():
    sight = looked(moving, [0, 15])
    looked(GREY, range(30, 120, 15), sight)

    assert (sight.state, sight.since) == ("frozen", 45)


def test_compression_makes_no_picture_move():
    assert looked(lambda at: bytes([90 + at % 3] * 144), range(0, 90, 15)).state == "frozen"


def test_a_playlist_that_does_not_move_is_frozen():
    assert looked(moving, range(0, 105, 15), newest="17.ts").state == "frozen"


def test_a_slow_pan_is_no_frozen_picture():
    """Each is like the one before, and unlike the first."""
    assert looked(lambda at: bytes([60 + at // 8] * 144), range(0, 300, 15)).state == "fine"


def test_missing_needs_tries_too_and_ends_with_a_picture():
    sight = Sight()
    for at in (0, 30, 60):
        missed(sight, "http-404", at)
    assert (sight.state, sight.since, sight.error, sight.tries) == ("missing", 0, "http-404", 3)

    saw(sight, picture(GREY), "1", 75)
    assert (sight.state, sight.error, sight.tries) == ("fine", "", 0)


def of(kinds: str, error: str = "http-404") -> list[Sight]:
    names = {"f": "fine", "b": "black", "m": "missing", "?": ""}
    return [Sight(kind=names[kind], error=error) for kind in kinds]


@pytest.mark.parametrize(
    ("kinds", "error", "common"),
    [
        ("fffm", "http-404", set()),
        ("fmmm", "timeout", {"missing"}),
        ("bbbbf", "", {"black"}),
        ("bbmmf", "http-404", set()),
        ("m", "http-404", set()),
        ("m", "timeout", {"missing"}),
        ("mm", "http-500", {"missing"}),
        ("fm", "timeout", set()),
        ("", "", set()),
    ],
)
def test_what_most_rooms_have_is_the_sources_trouble(kinds, error, common):
    assert troubles_of_all(of(kinds, error)) == common


def test_while_the_source_is_away_nothing_is_confirmed():
    sight = looked(moving, [0, 15])
    for at in range(30, 300, 15):
        missed(sight, "timeout", at)
        doubt(sight)
    assert sight.state == "fine"
