"""Tiles of the wall in every state: what is said of a room lies over its picture, and its acts
stay.
"""

import pytest

from monitor.pages import row_cache
from tests.e2e.drawn import act, alert, body, row

pytestmark = pytest.mark.browser
STATES = {
    "an alert": {"alerts": [alert()]},
    "an end that drains": {"actions": [act("end", "requested")]},
    "a warning": {"actions": [act("warn", "done")]},
    "a refusal": {
        "actions": [
            act(
                "mute", "failed", vendor_code=10015, vendor_text="the group does not exist any more"
            )
        ]
    },
    "an act that waits": {
        "actions": [act("end", "requested", attempts=5, vendor_text="the service is busy")]
    },
    "an alert and an end": {"alerts": [alert()], "actions": [act("end", "requested")]},
    "an alert and two acts": {"alerts": [alert()], "actions": [act("quarantine"), act("warn")]},
}
PARTS = """() => [...document.querySelectorAll(".tile")].map((tile) => {
  const box = (part) => part.getBoundingClientRect().toJSON();
  const all = (selector) => [...tile.querySelectorAll(selector)];
  const seen = (part) => part.checkVisibility() && part.getBoundingClientRect().width > 0;
  return {
    tile: box(tile), picture: box(tile.querySelector(".player")),
    acts: all(".controls .act").filter(seen).map((act) => [act.dataset.act, box(act)]),
    status: all(".acts__line, .acts .act").filter(seen).map(box),
    said: all(".acts__text, .acts__alert, .drain").filter(seen).map((words) => words.getBoundingClientRect().width),
    above: all(".tile__tools, .tile__clock").filter((part) => part.checkVisibility({ visibilityProperty: true })).map(box),
  };
})"""


@pytest.mark.parametrize("density", ["small", "medium", "large"])
@pytest.mark.parametrize("width", [320, 390, 1440, 1920])
def test_what_is_said_of_a_room_lies_over_its_picture_and_its_acts_keep_their_line(
    width, density, draw
):
    shown = [row(1)] + [row(2 + number, **state) for number, state in enumerate(STATES.values())]
    page = draw(body(shown, row_cache.TILE, density), width, 2400)
    quiet, *busy = page.evaluate(PARTS)
    assert [name for name, _box in quiet["acts"]] == ["w", "b", "q", "e"]
    for state, told in zip(STATES, busy, strict=True):
        left, top = (
            told["tile"]["left"] - quiet["tile"]["left"],
            told["tile"]["top"] - quiet["tile"]["top"],
        )
        assert (
            told["tile"]["bottom"] - told["tile"]["top"]
            == quiet["tile"]["bottom"] - quiet["tile"]["top"]
        ), state
        for (name, box), (_name, before) in zip(told["acts"], quiet["acts"], strict=True):
            moved = (box["left"] - left - before["left"], box["top"] - top - before["top"])
            assert moved == pytest.approx((0, 0), abs=0.5), (state, name)
        assert told["status"], state
        picture = told["picture"]
        for box in told["status"]:
            assert picture["left"] - 0.5 <= box["left"] < box["right"] <= picture["right"] + 0.5, (
                state
            )
            assert picture["top"] <= box["top"] < box["bottom"] <= picture["bottom"] + 0.5, state
            for other in told["above"]:
                assert other["bottom"] <= box["top"], f"{state} lies over the clock or the tools"
        assert max(told["said"]) > 40, f"{state}: nothing can be read"
