"""Zoomed in, on small screens, with wider text and longer words: nothing goes away, and nothing
lies under the bar on top.
"""

import pytest

from monitor.pages import row_cache
from tests.e2e.drawn import act, alert, body, navigation, row

pytestmark = pytest.mark.browser
TELL = """() => { for (const one of document.querySelectorAll("[data-seen]")) one.textContent = "Avocet 357, 12 min ago"; }"""
SEEN = """() => [...document.querySelectorAll(".room-row")].map((row) => {
  const edge = row.getBoundingClientRect();
  const parts = { title: ".title", id: ".id", host: ".room-row__host a", online: "[data-f=o] b", reward: "[data-f=r] b",
    time: ".is-time", seen: ".seen", spark: ".spark", end: "[data-act=e]" };
  const isSeen = (part) => {
    const box = part.getBoundingClientRect();
    return box.width > 8 && box.left >= edge.left && box.right <= edge.right && box.top >= edge.top && box.bottom <= edge.bottom;
  };
  const missing = Object.entries(parts).filter(([, selector]) => !isSeen(row.querySelector(selector))).map(([name]) => name);
  const head = document.querySelector("thead").getBoundingClientRect().height;
  const labels = [...row.querySelectorAll(".cell-label")].filter((label) => label.getBoundingClientRect().width).length;
  return { missing, named: head > 0 || labels === 2, height: edge.height };
})"""


# 1440 px at 100, 125, 150 and 200 %; a phone; 1280 px at 400 %.
@pytest.mark.parametrize("width", [1440, 1152, 960, 720, 390, 320])
def test_a_row_loses_nothing_and_moves_nothing_at_any_zoom(width, draw):
    states = [
        [],
        [act("warn", "done")],
        [act("end", "requested")],
        [act("mute", "failed", vendor_text="no such group")],
    ]
    shown = [row(n, actions) for n, actions in enumerate(states)] + [
        row(9, alerts=[alert()]),
        row(10),
    ]
    page = draw(navigation() + body(shown, row_cache.ROW), width, 1600)
    page.evaluate(TELL)
    lost = [] if width > 700 else ["spark"]  # the room's page has it
    told = page.evaluate(SEEN)
    assert [one["missing"] for one in told] == [lost] * len(told)
    assert all(one["named"] for one in told)
    assert len({one["height"] for one in told[:-1]}) == 1, "what became of an act moves no row"
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize(("width", "height"), [(320, 256), (360, 225), (640, 400)])
def test_at_400_percent_the_bar_on_top_leaves_the_screen_to_the_rooms(width, height, draw):
    page = draw(navigation() + body([row(n) for n in range(20)], row_cache.ROW), width, height)
    page.evaluate("window.scrollTo(0, 600)")
    assert (
        page.evaluate("document.querySelector('.top').getBoundingClientRect().bottom") <= height / 4
    )


# WCAG 1.4.12
SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }"
CUT = """selector => [...document.querySelectorAll(selector)].filter((one) => {
  const place = one.closest(".room-row, .tile").getBoundingClientRect(), box = one.getBoundingClientRect();
  return !box.width || one.scrollWidth > one.clientWidth + 1 || box.bottom > place.bottom || box.top < place.top;
}).map((one) => [one.className, one.textContent])"""


@pytest.mark.parametrize("width", [390, 1440, 1920])
@pytest.mark.parametrize("template", [row_cache.ROW, row_cache.TILE])
def test_wider_text_cuts_neither_rooms_nor_who_looked_at_them(template, width, draw):
    page = draw(
        body([row(n, room_id=f"live_00140{n:04}") for n in range(4)], template), width, 1600
    )
    page.evaluate(TELL)
    page.add_style_tag(content=SPACING)
    assert page.evaluate(CUT, ".id, .seen") == []


UNDER = """selector => {
  const top = document.querySelector(".top");
  window.scrollTo(0, document.documentElement.scrollHeight);
  return [...document.querySelectorAll(selector)].reverse().filter((one) => {
    one.focus();
    const bar = top.getBoundingClientRect(), box = one.getBoundingClientRect();
    return document.activeElement !== one || box.top < bar.bottom || box.bottom > innerHeight;
  }).length;
}"""


@pytest.mark.parametrize("width", [390, 1440])
def test_what_gets_the_keyboard_is_not_under_the_bar_on_top(width, draw):
    page = draw(navigation() + body([row(n) for n in range(40)], row_cache.ROW), width, 700)
    assert page.evaluate(UNDER, ".room-row__name a, .room-row [data-act=e]") == 0


def test_phones_need_not_zoom_into_fields(draw):
    fields = '<input name="q"><input type="search"><input type="number"><select></select><textarea></textarea>'
    page = draw(
        f'<div class="filters">{fields}</div><dialog class="dialog" open><div '
        f'class="field">{fields}</div></dialog>',
        390,
    )
    sizes = page.locator("input, select, textarea").evaluate_all(
        "all => all.map((one) => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert len(sizes) == 10
    assert min(sizes) >= 16


@pytest.mark.parametrize("width", [320, 390, 1440])
@pytest.mark.parametrize("template", [row_cache.ROW, row_cache.TILE])
def test_end_is_whole_though_words_are_forty_percent_longer(template, width, draw):
    page = draw(body([row(1), row(2, [act("end", "requested")])], template), width)
    page.evaluate("""() => { for (const word of document.querySelectorAll(".act__word")) {
      word.textContent += "x".repeat(Math.ceil(word.textContent.length * .4)); } }""")
    ends = page.locator("[data-act=e]").evaluate_all("""all => all.map((end) => {
      const place = end.closest(".room-row, .tile").getBoundingClientRect(), box = end.getBoundingClientRect();
      const isInside = box.left >= place.left && box.right <= place.right && box.bottom <= place.bottom;
      return isInside && end.scrollWidth <= end.clientWidth + 1;
    })""")
    assert ends == [True, True]


STRIP = [
    ("Vendor", "answering <small>last answer 3 s</small>"),
    ("Not looked at for 15 min", "0"),
    ("Coins in live rooms", "6,770,616"),
    ("Rooms per person", "40.0 <small>line: 50</small>"),
]
BROKEN = """() => [...document.querySelectorAll(".strip > div")].filter((cell) => {
  const edge = cell.getBoundingClientRect();
  return [...cell.querySelectorAll("dt, dd, small")].some((part) => {
    const words = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    for (let text; (text = words.nextNode());) {
      for (const { 0: word, index } of text.data.matchAll(/\\S+/g)) {
        const range = document.createRange();
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        if (range.getClientRects().length > 1 || range.getBoundingClientRect().right > edge.right) return true;
      }
    }
    return false;
  });
}).map((cell) => cell.textContent)"""


@pytest.mark.parametrize("width", [390, 320])
def test_no_cell_of_the_strip_breaks_a_word_or_lets_it_stand_in_the_next_cell(width, draw):
    cells = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in STRIP)
    page = draw(f'<main><dl class="strip">{cells}</dl></main>', width)
    assert page.evaluate(BROKEN) == []


COVERED = """() => {
  const chip = document.querySelector(".chip").getBoundingClientRect();
  const meets = ({ left, right, top, bottom }) =>
    left < chip.right && right > chip.left && top < chip.bottom && bottom > chip.top;
  const buttons = [...document.querySelectorAll("button:not(.chip)")];
  const covered = buttons.filter((one) => meets(one.getBoundingClientRect())).map((one) => one.textContent);
  return covered.concat(chip.left < 0 || chip.right > innerWidth ? ["the edge of the screen"] : []);
}"""


@pytest.mark.parametrize("width", [390, 320])
@pytest.mark.parametrize("links", [1, 2, 3])
def test_what_has_changed_on_a_phones_wall_is_said_over_no_button(links, width, draw):
    buttons = "<button class=button>フォーカス</button>" * links
    said = "<span class=muted>79 ルーム</span><button class=chip>1 件の変更、r で表示</button>"
    head = f"<form class=filters><span class=filters__end>{buttons}{said}</span></form><button class=button>選択</button>"
    page = draw(f'<main><div class="list-head list-head--wall">{head}</div></main>', width)
    assert page.evaluate(COVERED) == []


@pytest.mark.parametrize("width", [390, 1440, 1920])
@pytest.mark.parametrize("template", [row_cache.ROW, row_cache.TILE])
def test_what_is_not_drawn_yet_takes_the_space_that_it_will_take(draw, template, width):
    """Off the screen the browser takes the height that the styles say: nothing moves when it comes."""
    page = draw(body([row(n) for n in range(60)], template), width)
    heights = page.evaluate(
        "() => [...document.querySelectorAll('.room-row, .tile')]"
        ".map(node => node.getBoundingClientRect().height)"
    )
    assert len(heights) == 60
    assert max(heights) - min(heights) <= 1
