"""What lies over a page: toasts that cover no End, menus that close, the help sheet, the question
for a reason.
"""

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Page, expect

from monitor.pages import row_cache
from tests.e2e.drawn import act, body, navigation, row

pytestmark = pytest.mark.browser
SCRIPTS = ("core/toast", "core/dialog")
ROWS = "".join(f'<li class="bench__row"><a href="#">look {n}</a></li>' for n in range(40))
CLOSE = "".join(
    f'<button class="act" name="outcome" value="{name}">{name}</button>'
    for name in ("handled", "dismissed")
)
QUEUE = f"""<div class="bench"><section class="bench__list"><ol>{ROWS}</ol></section>
<div class="bench__case"><article class="case"><div class="case__acts"><form class="case__close">
{CLOSE}</form><button class="act act--danger">End</button></div></article></div></div>"""
COVERED = """() => {
  const holder = document.querySelector("[data-toasts]"), toasts = holder.getBoundingClientRect();
  const middle = (box) => [box.left + box.width / 2, box.top + box.height / 2];
  const seen = (box) => document.elementsFromPoint(...middle(box)).find((one) => !holder.contains(one));
  return [...document.querySelectorAll(".act--danger, [name=outcome]")].filter((act) => {
    const box = act.getBoundingClientRect();
    return box.width && box.left < toasts.right && box.right > toasts.left && box.top < toasts.bottom && box.bottom > toasts.top
      && act.contains(seen(box)); // not under the bar on top
  }).length;
}"""


def pages() -> dict[str, str]:
    many = [row(n) for n in range(60)]
    return {
        "rooms": body(many, row_cache.ROW),
        "wall": body(many, row_cache.TILE),
        "queue": QUEUE,
    }


def toast(page: Page, text: str) -> None:
    page.evaluate(
        "async text => (await import('/static/js/core/toast.js')).toast(text, { undo: "
        "'/acts/1/undo' })",
        text,
    )


@pytest.mark.parametrize("width", [390, 1440, 1920])
@pytest.mark.parametrize("what", ["rooms", "wall", "queue"])
def test_a_toast_covers_no_end_and_nothing_that_closes_an_alert(what, width, draw):
    page = draw(navigation() + pages()[what], width, scripts=SCRIPTS)
    for scrolled in (0, 90, 233):
        page.evaluate(
            "y => { window.scrollTo(0, y); document.dispatchEvent(new Event('scrollend')); }",
            scrolled,
        )
        page.evaluate("document.querySelector('[data-toasts]').replaceChildren()")
        toast(page, "Quarantine: requested · Jazz standards, slow tempo")
        expect(page.locator(".toast")).to_be_visible()
        assert page.evaluate(COVERED) == 0, scrolled


VIEWS = (
    '<details class="views"><summary class="button">Views</summary><div '
    'class="views__card"><input></div></details>'
    '<details class="me"><summary>me</summary><div '
    'class="me__card"><button>out</button></div></details><p id="beside">beside</p>'
)


@pytest.mark.parametrize("menu", [".views", ".me"])
def test_a_menu_closes_by_escape_and_by_a_press_beside_it(menu, draw):
    page = draw(VIEWS, scripts=SCRIPTS)
    summary = page.locator(f"{menu} summary")
    summary.click()
    expect(page.locator(f"{menu}[open]")).to_have_count(1)
    page.locator(f"{menu} :is(input, button)").focus()
    page.keyboard.press("Escape")
    expect(page.locator(f"{menu}[open]")).to_have_count(0)
    expect(summary).to_be_focused()
    summary.click()
    page.locator("#beside").click()
    expect(page.locator(f"{menu}[open]")).to_have_count(0)


def test_the_help_sheet_begins_at_its_heading_and_gives_the_keyboard_back(draw):
    page = draw("<button id=one>one</button>" + render_to_string("_keys.html"), scripts=SCRIPTS)
    opens = "document.querySelector('[data-keys]').showModal()"
    page.evaluate(opens)
    expect(page.locator("#keys-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#main")).to_be_focused()
    page.locator("#one").focus()
    page.evaluate(opens)
    page.keyboard.press("Escape")
    expect(page.locator("#one")).to_be_focused()


FORM = (
    '<form><h2>Mute</h2><input name="account"><fieldset><input type="radio" name="policy" '
    'value="spam" checked></fieldset>'
    '<input id="wrong" aria-invalid="true"><input aria-invalid="true"></form>'
)


def test_a_refused_form_begins_at_its_first_wrong_field_on_a_page_and_in_a_dialog(draw):
    page = draw(FORM, scripts=SCRIPTS)
    expect(page.locator("#wrong")).to_be_focused()
    page = draw(
        f'<dialog data-dialog aria-label="Action"><div id="dialog">{FORM}</div></dialog>',
        scripts=SCRIPTS,
    )
    page.evaluate(
        "document.getElementById('dialog').dispatchEvent(new CustomEvent('htmx:afterSwap', { "
        "bubbles: true }))"
    )
    expect(page.locator("#wrong")).to_be_focused()
    expect(page.get_by_role("dialog", name="Mute")).to_be_visible()


REASONS = "".join(
    f'<button class="reason" data-reason="{n}" data-key="{n}"><kbd>{n}</kbd>Reason {n}</button>'
    for n in range(1, 10)
)
CUT = """selector => [...document.querySelectorAll(selector)].filter((one) => {
  const box = one.getBoundingClientRect(), room = 3; // its focus ring
  for (let around = one.parentElement; around; around = around.parentElement) {
    if (getComputedStyle(around).overflow === "visible") continue;
    const edge = around.getBoundingClientRect();
    if (box.left - room < edge.left || box.top - room < edge.top) return true;
    if (box.right + room > edge.right || box.bottom + room > edge.bottom) return true;
  }
  return false;
}).map((one) => one.textContent)"""


@pytest.mark.parametrize("width", [390, 1440])
def test_no_reason_of_the_question_is_clipped(width, draw):
    ask = f'<dialog class="dialog dialog--ask" data-ask><h2>Why?</h2><div class="reasons reasons--ask">{REASONS}</div></dialog>'
    page = draw(ask, width, scripts=SCRIPTS)
    page.evaluate("document.querySelector('[data-ask]').showModal()")
    assert page.evaluate(CUT, ".reasons--ask .reason") == []


LINES = """() => [...document.querySelectorAll(".room-row")].map((row) => {
  const edge = row.getBoundingClientRect();
  const whole = (part) => part.scrollWidth <= part.clientWidth + 1 && part.scrollHeight <= part.clientHeight + 1;
  const inside = (box) => box.top >= edge.top - 1 && box.bottom <= edge.bottom + 1;
  const watch = [...row.querySelectorAll(".holder, .here, .seen")].filter((part) => part.getBoundingClientRect().width);
  const said = row.querySelector(".acts__text");
  return { watch: watch.length, inside: watch.every((part) => inside(part.getBoundingClientRect())), said: !said || whole(said) };
})"""


@pytest.mark.parametrize("width", [1440, 1920])
def test_a_row_shows_its_assignee_viewers_last_look_and_the_outcome_of_an_action(width, draw):
    waiting = act("end", "requested", attempts=5, vendor_text="the service is busy")
    page = draw(body([row(1), row(2, [waiting])], row_cache.ROW), width)
    page.evaluate("""() => { for (const row of document.querySelectorAll(".room-row")) {
      const holder = row.querySelector("[data-holder]");
      holder.hidden = false; holder.textContent = "Plover 159";
      row.querySelector("[data-here]").textContent = "1 here"; row.querySelector("[data-seen]").textContent = "Avocet, 5 min ago";
    } }""")
    assert page.evaluate(LINES) == [{"watch": 3, "inside": True, "said": True}] * 2


@pytest.mark.parametrize("template", [row_cache.ROW, row_cache.TILE])
def test_an_ended_room_says_so_in_words_once(template, draw):
    gone = act("end", "done", result={"verified": True})
    page = draw(body([row(1), row(2), row(3, [gone])], template))
    page.evaluate(
        """() => { for (const one of [...document.querySelectorAll(".room-row, .tile")].slice(1)) one.dataset.ended = ""; }"""
    )
    said = page.locator(".room-row, .tile").evaluate_all(
        "all => all.map((one) => (one.innerText.match(/ended/g) ?? []).length)"
    )
    assert said == [0, 1, 1]


SPACE = """() => [...document.querySelectorAll(".room-row")].map((row) => {
  const box = (selector) => row.querySelector(selector).getBoundingClientRect();
  const first = [...row.querySelectorAll(".controls .act")][0].getBoundingClientRect();
  const name = row.querySelector(".title");
  return { hole: first.left - box(".room-row__watch").right, name: name.clientWidth, whole: name.scrollWidth <= name.clientWidth + 1,
    places: [".is-host", ".is-online", ".is-reward", ".room-row__watch", "[data-act=e]"].map((part) => box(part).left) };
})"""


@pytest.mark.parametrize("width", [1280, 1440, 1920])
def test_a_row_has_no_hole_and_what_became_of_an_act_moves_nothing_but_its_name(width, draw):
    named = {"name": "Evening songs by the sea"}
    states = ([], [act("warn")], [act("end", "requested")], [act("mute", "failed")])
    shown = [row(n, actions, **named) for n, actions in enumerate(states)]
    told = draw(body(shown, row_cache.ROW), width).evaluate(SPACE)
    assert max(one["hole"] for one in told) <= 40
    assert len({tuple(one["places"]) for one in told}) == 1
    assert told[0]["whole"] or width < 1400
