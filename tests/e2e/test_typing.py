"""Every field of every page that refreshes itself: who types, pauses and types on keeps it all and
orders nothing.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.hands import choose_reason
from tests.e2e.test_accidental_input import LIVE, posts, untouched

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SECONDS = 25_000
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
TEXT = "main :is(input:not([type=hidden], [type=radio], [type=checkbox]), textarea)"
# Everything that refreshes itself does so now, as its timer or the socket would have it.
REFRESH = """async () => {
  for (const event of ['alerts', 'acted', 'found']) htmx.trigger(document.body, event, { room: 0 });
  for (const part of document.querySelectorAll('[hx-trigger]')) {
    const told = (name) => part.getAttribute(`hx-${name}`) ?? undefined;
    for (const event of ['act', 'host', 'missed', 'clock'])
      if (new RegExp(`\\\\b${event}\\\\b`).test(told('trigger'))) htmx.trigger(part, event);
    if (/every/.test(told('trigger'))) await htmx.ajax('GET', told('get'), { source: part,
      target: told('target') ?? part, swap: told('swap') ?? 'innerHTML', select: told('select') });
  }
}"""
NAMES = """all => all.filter((one) => one.checkVisibility()).slice(0, 6)
  .map((one) => (one.id ? `#${CSS.escape(one.id)}` : `[name=${one.name}]`))"""


def refreshing() -> set[str]:
    """The templates with a part that asks for itself again, by a timer or by what the socket or an
    act tells.
    """
    spec = re.compile(r'hx-trigger="[^"]*(every|from:body|missed|host|clock|\bact\b)')
    return {path.stem for path in TEMPLATES.rglob("*.html") if spec.search(path.read_text("utf-8"))}


def test_every_template_that_refreshes_itself_is_tried_here():
    """A new one must be entered with the page that shows it."""
    shown = {
        "rooms": {"_rooms", "_summary", "_acts", "_act_line"},
        "wall": {"_wall", "_wall_filters", "_acts", "_act_line"},
        "room": {"room", "_charts", "_acts", "_act_line"},
        "holds": {"holds"},
        "system": {"system", "_system_charts"},
        "everywhere": {"_top"},
        "no fields": {"_plan_card"},  # a form of buttons alone
    }
    assert refreshing() == set().union(*shown.values())
    assert not re.search(
        r"<(input(?![^>]*hidden)|textarea|select)",
        (TEMPLATES / "moderation/_plan_card.html").read_text("utf-8"),
    )


@pytest.mark.parametrize("width", [1440, 390])
def test_who_types_pauses_and_types_on_keeps_everything_and_orders_nothing(log_in, width):
    page = log_in("supervisor", width)
    escalate(page)
    choose_reason(page, "3") if width > 700 else None
    pk = page.locator(LIVE).first.get_attribute("data-room")
    tried = {
        address: try_fields(page, address)
        for address in ("/", "/wall", "/queue", f"/rooms/{pk}", "/holds", "/system")
    }
    assert (
        tried["/"] >= 2
        and tried["/wall"] >= 2
        and tried["/holds"] >= 1
        # On a phone an open alert stands in the place of the list and its filters.
        and (tried["/queue"] >= 1 or width < 700)
    ), tried


def escalate(page: Page) -> None:
    """So that the queue has an alert, with a field to close it."""
    row = untouched(page)
    row.evaluate("row => row.focus()")
    page.keyboard.press("!")
    page.wait_for_selector("dialog[open] [name=policy]")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]")).to_have_count(0, timeout=SECONDS)


def try_fields(page: Page, address: str) -> int:
    page.goto(address)
    page.wait_for_load_state("networkidle" if "/rooms/" in address else "load")
    ordered = posts(page)
    names = page.locator(TEXT).evaluate_all(NAMES)
    for name in names:
        field = page.locator(f"main {name}").first
        field.click()
        is_number = field.get_attribute("type") == "number"
        first, more = ("1", "2") if is_number else ("jw", "qe")
        page.keyboard.type(first)
        page.wait_for_timeout(500)  # longer than any field waits before it is sent
        page.evaluate(REFRESH)
        page.wait_for_timeout(500)
        page.keyboard.type(more)
        told = f"{address} {name}"
        expect(page.locator(f"main {name}").first, told).to_be_focused()
        expect(page.locator(f"main {name}").first, told).to_have_value(first + more)
        if not is_number:
            assert page.evaluate("document.activeElement.selectionStart") == 4, told
        field.fill("")
        page.keyboard.press("Escape")
    assert [one for one in ordered if re.search("/(rooms|acts|alerts)/", one)] == [], address
    return len(names)


def test_a_dialogs_words_stay_while_the_list_under_it_changes(log_in):
    page = log_in("supervisor")
    for address in ("/", "/wall"):
        page.goto(address)
        untouched(page).evaluate("row => row.focus()")
        page.keyboard.press("n")
        field = page.locator("dialog[open] textarea")
        field.click()
        ordered = posts(page)
        page.keyboard.type("je")
        page.evaluate(REFRESH)
        page.evaluate(
            "document.querySelector('#rooms, #wall').querySelector('[data-room]').remove()"
        )
        page.wait_for_timeout(500)
        page.keyboard.type("qx")
        expect(field).to_be_focused()
        expect(field).to_have_value("jeqx")
        # Closed under the hands, after a pause: the row gets the keyboard back, and the next
        # letters are no commands.
        page.wait_for_timeout(2100)
        page.evaluate("document.querySelector('[data-dialog]').close()")
        page.keyboard.type("qe", delay=30)
        page.wait_for_timeout(500)
        expect(page.locator("dialog[open]")).to_have_count(0)
        assert [one for one in ordered if "/rooms/" in one] == []


PRESS = """([key, code, more]) => {
  const target = document.activeElement;
  const event = new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true, ...more });
  target.dispatchEvent(event);
  return event.defaultPrevented;
}"""
# key, code, what else is held: the key as such a keyboard gives it.
DOWN = [
    ("j", "KeyJ", {}),
    ("J", "KeyJ", {"modifierCapsLock": True}),
    ("о", "KeyJ", {}),
    ("О", "KeyJ", {"modifierCapsLock": True}),
    ("ㅓ", "KeyJ", {}),
    ("ｊ", "KeyJ", {}),
    ("Ｊ", "KeyJ", {"modifierCapsLock": True}),
    ("j", "KeyC", {}),
]
ONE = [("1", "Digit1", {}), ("&", "Digit1", {}), ("１", "Digit1", {})]
NOTHING = [
    ("Process", "KeyJ", {"keyCode": 229}),
    ("j", "KeyJ", {"isComposing": True}),
    ("J", "KeyJ", {"shiftKey": True}),
    ("&", "Digit7", {"shiftKey": True}),
]


def test_keys_mean_the_same_under_caps_lock_another_layout_and_full_width(log_in):
    page = log_in("supervisor")
    page.wait_for_selector(LIVE)
    where = "[...document.querySelectorAll('.room-row')].indexOf(document.activeElement.closest('.room-row'))"
    page.evaluate("document.querySelector('.room-row').focus()")
    for number, pressed in enumerate(DOWN, start=1):
        page.evaluate(PRESS, pressed)
        assert page.evaluate(where) == number, pressed
    for pressed in NOTHING:
        page.evaluate(PRESS, pressed)
        assert page.evaluate(where) == len(DOWN), pressed
    armed = page.locator("[data-reasons] [data-key='1']")
    for pressed in ONE:
        page.evaluate(PRESS, pressed)
        expect(armed).to_have_attribute("aria-pressed", "true")
        page.evaluate(PRESS, pressed)
        expect(armed).to_have_attribute("aria-pressed", "false")
    for key in ("k", "л", "К", "ㅏ", "ｋ"):
        page.evaluate(PRESS, [key, "KeyK", {"ctrlKey": True, "modifierCapsLock": key == "К"}])
        expect(page.locator("dialog[open][data-omnibox]")).to_be_visible()
        page.keyboard.press("Escape")


@pytest.mark.parametrize("address", ["/wall", "omnibox"])
def test_what_a_word_is_composed_of_is_not_sent_and_keeps_focus(log_in, address):
    page = log_in("moderator")
    if address == "omnibox":
        page.keyboard.press("Control+k")
        page.wait_for_timeout(400)
        field = page.locator("[data-omnibox] input")
    else:
        page.goto(address)
        page.wait_for_selector(LIVE)
        field = page.locator("#filter-q")
        field.click()
    asked = []
    page.on("request", lambda sent: asked.append(sent.url) if "q=%E" in sent.url else None)
    client = page.context.new_cdp_session(page)
    for text in ("k", "か", "かk"):
        client.send(
            "Input.imeSetComposition",
            {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
        )
        page.wait_for_timeout(400)
    assert asked == []
    expect(field).to_be_focused()
    client.send("Input.insertText", {"text": "蚊"})
    for _time in range(100):
        page.wait_for_timeout(100)
        if asked:
            break
    page.wait_for_timeout(500)
    assert len(asked) == 1
    expect(field).to_be_focused()
    expect(field).to_have_value("蚊")
