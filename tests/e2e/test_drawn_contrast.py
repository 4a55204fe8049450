"""The keyboard, whose a room is and what is chosen are seen by people who see colours otherwise, or
have them forced.
"""

import pytest
from playwright.sync_api import Page, expect

from monitor.pages import row_cache
from tests.e2e.drawn import alert, body, navigation, row

pytestmark = pytest.mark.browser
KINDS = {"rows": row_cache.ROW, "tiles": row_cache.TILE}
SEEN = """() => {
  const all = [...document.querySelectorAll(".room-row, .tile")];
  all[1].setAttribute("data-mine", "");
  all[2].setAttribute("data-held", "");
  all[4].setAttribute("data-selected", "");
  all[5].focus();
  const look = (one) => {
    const style = getComputedStyle(one), stripe = getComputedStyle(one, "::before");
    return {
      outline: [style.outlineStyle, style.outlineWidth, style.outlineColor], ground: style.backgroundColor,
      stripe: [stripe.borderLeftStyle, parseFloat(stripe.borderLeftWidth)],
    };
  };
  return Object.fromEntries(["plain", "mine", "held", "alert", "selected", "focused"].map((name, at) => [name, look(all[at])]));
}"""
EDGE = """selector => [...document.querySelectorAll(selector)].map((one) => {
  const style = getComputedStyle(one);
  let around = one.parentElement;
  while (around && getComputedStyle(around).backgroundColor === "rgba(0, 0, 0, 0)") around = around.parentElement;
  return [style.borderBottomColor, getComputedStyle(around ?? document.body).backgroundColor, style.borderBottomWidth];
})"""
FIELDS = (
    '<form class="panel"><input name="q"><input '
    'type="search"><select></select><textarea></textarea>'
    '<input type="number"></form><div class="filters"><input type="search"><select></select></div>'
)


def luminance(colour: str) -> float:
    parts = [float(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    red, green, blue = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """As WCAG counts it, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def shown(draw, kind: str, **looks) -> Page:
    alerts = {3: [alert()]}
    return draw(
        navigation() + body([row(n, alerts=alerts.get(n, ())) for n in range(7)], KINDS[kind]),
        **looks,
    )


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_focused_room_has_a_frame_that_nothing_else_has(kind, scheme, draw):
    seen = shown(draw, kind, color_scheme=scheme).evaluate(SEEN)
    style, width, colour = seen["focused"]["outline"]
    assert (style, float(width.removesuffix("px"))) == ("solid", 2)
    assert contrast(colour, seen["plain"]["ground"]) >= 3
    others = [seen[name]["outline"][0] for name in ("plain", "mine", "held", "alert", "selected")]
    assert "solid" not in others


@pytest.mark.parametrize("forced", ["none", "active"])
@pytest.mark.parametrize("kind", KINDS)
def test_mine_anothers_and_an_alert_differ_by_the_shape_of_their_stripe(kind, forced, draw):
    seen = shown(draw, kind, forced_colors=forced).evaluate(SEEN)
    stripes = {name: tuple(seen[name]["stripe"]) for name in ("mine", "held", "alert")}
    assert all(width >= 3 for _style, width in stripes.values())
    assert len({style for style, _width in stripes.values()}) == 3
    assert seen["plain"]["stripe"][1] == 0


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("kind", KINDS)
def test_forced_colours_leave_focus_selection_and_the_current_page(kind, scheme, draw):
    page = shown(draw, kind, forced_colors="active", color_scheme=scheme)
    seen = page.evaluate(SEEN)
    canvas = page.evaluate("getComputedStyle(document.body).backgroundColor")
    for name, style in (("focused", "solid"), ("selected", "dashed")):
        assert seen[name]["outline"][0] == style
        assert contrast(seen[name]["outline"][2], canvas) >= 3, name
    current = page.evaluate(EDGE, ".nav [aria-current]")
    others = page.evaluate(EDGE, ".nav :is(a, button):not([aria-current])")
    assert len(current) == 1
    assert contrast(current[0][0], canvas) >= 3
    assert len(others) > 3
    assert {contrast(colour, canvas) for colour, _ground, _width in others} == {1}


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_edge_of_every_field_is_seen(scheme, draw):
    edges = draw(FIELDS, color_scheme=scheme).evaluate(EDGE, "input, select, textarea")
    assert len(edges) == 7
    for edge, ground, _width in edges:
        assert contrast(edge, ground) >= 3


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_who_asks_for_more_contrast_gets_lines_of_three_and_words_of_seven(scheme, draw):
    page = draw(
        '<div class="panel"><p class="muted">words</p></div>', color_scheme=scheme, contrast="more"
    )
    (line, _ground, _width), surface = (
        page.evaluate(EDGE, ".panel")[0],
        page.evaluate(EDGE, ".muted")[0][1],
    )
    assert contrast(line, surface) >= 3
    assert (
        contrast(page.evaluate("getComputedStyle(document.querySelector('.muted')).color"), surface)
        >= 7
    )


ANIMATED = "document.getAnimations().map((one) => one.effect.getComputedTiming().endTime)"


@pytest.mark.parametrize("kind", KINDS)
def test_only_an_alert_that_nobody_takes_for_too_long_moves_and_it_stops_within_five_seconds(
    kind, draw
):
    rooms = [row(1, alerts=[alert()]), row(2, alerts=[alert(minutes=16)])]

    def moving(**looks) -> list[float]:
        page = draw(body(rooms, KINDS[kind]), scripts=("rooms/waiting",), **looks)
        expect(page.locator(".is-waiting")).to_have_count(1)
        return page.evaluate(ANIMATED)

    ends = moving(reduced_motion="no-preference")
    assert len(ends) == 1
    assert ends[0] <= 5000
    assert moving(reduced_motion="reduce") == []


@pytest.mark.parametrize("kind", KINDS)
def test_an_alert_is_one_quiet_mark_until_somebody_takes_the_room(kind, draw):
    page = shown(draw, kind)
    page.evaluate(SEEN)
    frames = page.locator(".room-row, .tile").evaluate_all(
        "all => all.map((one) => getComputedStyle(one).boxShadow)"
    )
    assert set(frames) == {"none"}, "no frame all round"
    page.locator(".room-row, .tile").nth(3).evaluate("one => one.setAttribute('data-mine', '')")
    assert page.evaluate(SEEN)["alert"]["stripe"][0] == "solid", "its stripe says whose it is"


def test_the_way_of_a_figure_is_an_arrow_in_no_colour_that_says_whose_a_room_is(draw):
    page = draw(body([row(1)], row_cache.ROW))
    told = page.locator("[data-f=o]").evaluate("""figure => {
      const look = () => { const number = figure.querySelector("b"), arrow = getComputedStyle(number, "::after");
        return { number: getComputedStyle(number).color, left: number.getBoundingClientRect().left, seen: arrow.opacity,
          turned: arrow.transform, arrow: arrow.color }; };
      const all = { still: look() };
      for (const way of ["up", "down"]) { figure.dataset.moved = way; all[way] = look(); }
      const probe = figure.appendChild(document.createElement("i"));
      probe.style.color = "var(--accent)"; const mine = getComputedStyle(probe).color;
      probe.style.color = "var(--other)"; return { ...all, people: [mine, getComputedStyle(probe).color] };
    }""")
    still, up, down = told["still"], told["up"], told["down"]
    assert (still["seen"], up["seen"], down["seen"]) == ("0", "1", "1")
    assert up["turned"] != down["turned"]
    assert {still["number"], up["number"], down["number"]} == {still["number"]}
    assert {still["left"], up["left"], down["left"]} == {still["left"]}
    assert not {up["number"], up["arrow"]} & set(told["people"])
