"""The wall in a browser: how much it shows, pins, one large tile, the second screen, and a tour
that waits for hands.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.hands import choose_reason

pytestmark = pytest.mark.browser
SECONDS = 20_000
WHOLE = """() => [...document.querySelectorAll('.tile')]
  .filter((tile) => tile.getBoundingClientRect().bottom <= innerHeight).length"""


def rooms(page: Page) -> list[str]:
    return page.locator(".tile").evaluate_all("tiles => tiles.map(tile => tile.dataset.roomId)")


def test_thirty_small_tiles_stand_on_a_1080p_screen_and_larger_ones_fill_it(log_in):
    page = log_in("moderator", 1920)
    page.set_viewport_size({"width": 1920, "height": 1080})
    seen = {}
    for density in ("small", "medium", "large"):
        page.goto(f"/wall?density={density}")
        seen[density] = page.evaluate(WHOLE)
    assert seen["small"] >= 30
    assert seen["small"] > seen["medium"] > seen["large"] >= 3


def test_figures_of_tiles_move_and_their_acts_are_those_of_a_row(log_in):
    page = log_in("moderator", at="/wall")
    before = page.locator(".tile [data-f=o] [data-v]").all_text_contents()
    page.wait_for_function(
        "before => [...document.querySelectorAll('.tile [data-f=o] [data-v]')].some((b, i) => "
        "b.textContent !== before[i])",
        arg=before,
        timeout=SECONDS,
    )
    page.keyboard.press("j")
    page.keyboard.press("l")
    expect(page.locator(".tile").nth(1)).to_be_focused()
    page.keyboard.press("w")
    expect(page.locator("dialog[open] form")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_every_act_of_a_tile_can_be_seen_and_pressed(width, log_in):
    page = log_in("supervisor", width, at="/wall")
    # One that no other test has acted upon: an ended one has none.
    acts = page.locator(".tile:not([data-ended]):has(.acts:empty)").first.locator(".controls .act")
    assert acts.count() == 4
    for number in range(4):
        expect(acts.nth(number).locator(".icon, .act__word").first).to_be_visible()
        box = acts.nth(number).bounding_box()
        assert box["width"] >= 24
        assert box["height"] >= 24
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


ACTS_OUT_OF_SIGHT = """(what) => [
  ...document.querySelectorAll(`${what}:not([data-ended]):has(.acts:empty)`),
].slice(0, 6).flatMap((holder) => {
  const edge = holder.getBoundingClientRect();
  return [...holder.querySelectorAll(".controls .act")].filter((act) => {
    const { left, right } = act.getBoundingClientRect();
    const parts = [...act.querySelectorAll(".icon, .act__word")].map((part) => part.getBoundingClientRect().width);
    return left < edge.left || right > edge.right || Math.max(...parts) < 8;
  }).map((act) => act.textContent);
})"""


@pytest.mark.parametrize("width", [390, 1440, 1920])
def test_no_act_is_blank_or_beyond_the_edge_of_its_row_or_tile(width, log_in):
    page = log_in("supervisor", width)
    places = {"/": ".room-row"} | {
        f"/wall?density={density}": ".tile" for density in ("small", "medium", "large")
    }
    wrong = {}
    for address, what in places.items():
        page.goto(address)
        page.wait_for_selector(what)
        if found := page.evaluate(ACTS_OUT_OF_SIGHT, what):
            wrong[address] = found
    assert wrong == {}


CUT_OFF = """() => [...document.querySelectorAll(".tile__figures")]
  .filter((line) => line.scrollWidth > line.clientWidth).map((line) => line.textContent)"""


@pytest.mark.parametrize("width", [390, 1440])
def test_no_figure_of_a_tile_is_truncated_into_another_number(width, log_in):
    page = log_in("moderator", width, at="/wall")
    change = page.locator(".tile [data-f=r] .change").first
    expect(change).not_to_be_empty()
    change.evaluate("change => { change.textContent = '+1,234,567,890/min'; }")
    assert page.evaluate(CUT_OFF) == []


WHILE_IT_DRAINS = """pk => {
  const tile = document.querySelector(`.tile[data-room="${pk}"]`);
  if (!tile.querySelector(".drain")?.textContent.trim()) return null;
  const box = ({ left, right, bottom, height }) => ({ left, right, bottom, height });
  const parts = {};
  for (const name of [".drain", "[data-act=u]", "[data-act=now]", "[data-end]"]) {
    const part = tile.querySelector(name);
    const words = document.createRange();
    words.selectNodeContents(part);
    parts[name] = [box(part.getBoundingClientRect()), words.getBoundingClientRect().right];
  }
  const edge = box(tile.getBoundingClientRect());
  return { edge, parts, height: edge.height };
}"""


@pytest.mark.parametrize("width", [390, 1440, 1920])
def test_while_an_end_drains_on_a_tile_its_buttons_are_whole_and_nothing_moves(width, log_in):
    page = log_in("moderator", width, at="/wall?density=small")
    choose_reason(page, "9")
    pk = page.locator(".tile:not([data-ended]):has(.acts:empty)").nth(9).get_attribute("data-room")
    tile = page.locator(f".tile[data-room='{pk}']")
    tile.scroll_into_view_if_needed()
    height = "tile => tile.getBoundingClientRect().height"
    before = tile.evaluate(height)
    tile.locator("[data-end]").click()
    # All in the step that sees it drain: the grace is three seconds, however busy the machine is.
    seen = page.wait_for_function(WHILE_IT_DRAINS, arg=pk, timeout=SECONDS).json_value()
    assert seen["height"] == before
    edge = seen["edge"]
    for part, (box, words_end) in seen["parts"].items():
        if part != "[data-end]":  # a picture there, its word is for those who hear the page
            assert words_end <= box["right"], part
        assert edge["left"] <= box["left"], part
        assert box["right"] <= edge["right"], part
        assert box["bottom"] <= edge["bottom"], part
    assert set(seen["parts"]) == {".drain", "[data-act=u]", "[data-act=now]", "[data-end]"}
    page.evaluate("pk => document.querySelector(`#acts-${pk} [data-act=u]`).click()", pk)
    expect(tile).to_contain_text("undone")


GAP = """tile => {
  const [alert, act] = [".acts__line--alert .badge", ".acts__line--alert + .acts__line"].map((part) => tile.querySelector(part));
  return act.getBoundingClientRect().left - alert.getBoundingClientRect().right;
}"""


def test_an_alert_and_an_act_on_one_tile_do_not_lie_over_each_other(log_in):
    page = log_in("moderator", at="/wall?density=small")
    choose_reason(page, "9")
    pk = page.locator(".tile:not([data-ended]):has(.acts:empty)").nth(12).get_attribute("data-room")
    tile = page.locator(f".tile[data-room='{pk}']")
    for key, line in (("!", ".acts__line--alert .acts__alert"), ("w", ".acts__text")):
        choose_reason(page, "9")  # the alert has spent it
        tile.focus()
        page.keyboard.press(key)
        page.locator("dialog[open] form [type=submit]").click()
        expect(tile.locator(line)).to_be_visible()
    lines = tile.locator(".acts__line")
    expect(lines).to_have_count(2)

    expect(lines.nth(1).locator(".acts__text .icon")).to_be_visible()
    assert tile.evaluate(GAP) >= 0


def test_a_pin_stays_in_its_place_until_the_page_is_read_again_and_then_stands_first(log_in):
    page = log_in("moderator", at="/wall")
    before = rooms(page)
    page.locator(".tile").nth(5).locator("[data-pin]").click()
    assert rooms(page) == before
    page.reload()
    assert rooms(page)[0] == before[5]
    expect(page.locator(".tile").first.locator("[data-pin]")).to_have_attribute(
        "aria-pressed", "true"
    )
    page.select_option("[name=density]", "large")
    expect(page.locator("#wall")).to_have_class(re.compile("wall--large"))
    assert rooms(page)[0] == before[5], "filters keep the pins"


def test_one_tile_is_large_and_a_key_chooses_which(log_in):
    page = log_in("moderator", at="/wall")
    page.wait_for_selector(".tile")
    page.keyboard.press("f")
    expect(page.locator(".wall--focus .tile")).to_have_count(7)
    page.locator(".tile").nth(3).focus()
    page.keyboard.press("f")
    expect(page.locator(".tile.is-large")).to_have_count(1)
    expect(page.locator(".tile").nth(3)).to_have_class(re.compile("is-large"))


def test_the_second_screen_has_nothing_but_tiles_and_a_way_back(log_in):
    page = log_in("moderator", at="/wall?screen=2")
    expect(page.locator("header.top")).to_be_hidden()
    expect(page.locator("[data-reasons]")).to_be_hidden()
    page.get_by_role("link", name="Back", exact=True).click()
    expect(page.locator("header.top")).to_be_visible()


def test_a_tour_moves_on_but_never_under_the_pointer(log_in):
    page = log_in("moderator", own=True)
    page.clock.install()
    page.goto("/wall?tour=1")
    page.mouse.move(0, 0)
    page.wait_for_selector(".tile")
    expect(page.locator("[data-tour-text]")).not_to_be_empty()
    expect(page.locator("[data-bar=connection]")).to_be_hidden()
    page.clock.run_for(3000)
    expect(page.locator("[data-tour-text]")).to_contain_text("next rooms in")
    in_sight = page.evaluate(WHOLE)
    first = rooms(page)

    page.locator(".tile").nth(2).hover()
    page.clock.run_for(30_000)
    expect(page.locator("[data-tour-text]")).to_contain_text("waiting")
    still = rooms(
        page
    )  # a room that ended by itself meanwhile may be gone, when it stands behind the pointer
    assert still[:3] == first[:3], "nothing moves under the pointer"
    assert still == [room for room in first if room in still]

    page.locator("[data-tour-pause]").click()
    page.clock.run_for(30_000)
    still = rooms(
        page
    )  # a room that ended by itself meanwhile may be gone, when the pointer is on none
    assert still == [room for room in first if room in still], "paused"
    assert len(still) >= len(first) - 2, "paused"
    page.wait_for_timeout(4000)  # what was looked at is stored every three seconds
    page.locator("[data-tour-pause]").click()
    with page.expect_response(re.compile("fit=")):
        page.clock.run_for(3000)
    page.wait_for_function(
        "first => document.querySelector('.tile')?.dataset.roomId !== first",
        arg=first[0],
        timeout=SECONDS,
    )
    second = rooms(page)
    assert in_sight <= len(second) < 40, "so many as the screen holds"
    assert not set(first[:in_sight]) & set(second[:in_sight]), "others, which nobody has seen yet"
