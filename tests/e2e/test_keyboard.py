"""Without a mouse: ten rooms are handled by keys alone; every key of the sheet does what it
says.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.hands import choose_reason

pytestmark = pytest.mark.browser
SECONDS = 25_000
NO_MOUSE = """() => { window.touched = []; for (const kind of ['mousedown', 'pointerdown', 'touchstart'])
  addEventListener(kind, (event) => window.touched.push(kind), true); }"""


def on(page: Page, place: int) -> str:
    """Moves to a row that is on air; its room."""
    page.evaluate(
        "place => document.querySelectorAll('.room-row:not([data-ended])')[place].focus()", place
    )
    return page.evaluate("document.activeElement.dataset.room")


@pytest.mark.timeout(240)
def test_ten_rooms_are_looked_at_warned_banned_ended_and_undone_without_a_mouse(log_in):
    page = log_in("supervisor")
    page.evaluate(NO_MOUSE)
    lines = {}
    for number in range(10):
        choose_reason(page, "3")  # an act before it has spent it
        pk = on(page, 20 + number)
        kind = ("look", "warn", "ban", "end", "undo")[number % 5]
        lines[pk] = kind
        if kind == "warn":
            page.keyboard.press("w")
            page.wait_for_selector("dialog[open] form")
            page.keyboard.press("Enter")
        elif kind == "ban":
            page.keyboard.press("b")
            page.wait_for_selector("dialog[open] form")
            page.keyboard.press("Enter")
        elif kind in {"end", "undo"}:
            page.keyboard.press("e")
            expect(page.locator(f"#acts-{pk} .drain")).to_be_visible(timeout=SECONDS)
            page.keyboard.press("u" if kind == "undo" else "e")
        expect(page.locator("dialog[open]")).to_have_count(0, timeout=SECONDS)
    for pk, kind in lines.items():
        if kind == "warn":
            expect(page.locator(f"#acts-{pk}")).to_contain_text("Warn host", timeout=SECONDS)
        elif kind == "undo":
            expect(page.locator(f"#acts-{pk}")).to_contain_text("undone", timeout=SECONDS)
    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_url("**/audit*")
    record = page.locator("table").inner_text()
    for word in ("Warn host", "Platform ban", "End stream"):
        assert word in record
    assert page.evaluate("window.touched || []") == []


def test_claim_note_escalate_and_selection_by_keys(log_in):
    page = log_in("supervisor")
    page.evaluate(NO_MOUSE)
    pk = on(page, 1)
    row = page.locator(f".room-row[data-room='{pk}']")
    page.keyboard.press("c")
    expect(row.locator("[data-holder]")).to_have_text("yours", timeout=SECONDS)
    colleague = log_in("moderator")
    name = page.locator(".me summary").inner_text().strip()
    expect(colleague.locator(f".room-row[data-room='{pk}'] [data-holder]")).to_have_text(
        name, timeout=SECONDS
    )
    page.keyboard.press("c")
    expect(row.locator("[data-holder]")).to_be_hidden(timeout=SECONDS)
    page.keyboard.press("n")
    page.wait_for_selector("dialog[open] textarea")
    page.locator("dialog[open] textarea").focus()
    page.keyboard.type("watch this one")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-toasts]")).to_contain_text("The note is saved", timeout=SECONDS)
    on(page, 1)
    page.keyboard.press("!")
    page.wait_for_selector("dialog[open] [name=policy]")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(row.locator(".acts__line--alert")).to_contain_text("Escalated", timeout=SECONDS)
    for place in (3, 4):
        on(page, place)
        page.keyboard.press("x")
    expect(page.locator("[data-selected-text]")).to_have_text("2 rooms selected")
    page.keyboard.press("x")
    expect(page.locator("[data-selected-text]")).to_have_text("1 room selected")
    assert page.evaluate("window.touched") == []


def test_tiles_are_a_grid_for_the_keys(log_in):
    page = log_in("moderator", 1440, at="/wall")
    page.wait_for_selector(".tile")
    tops = page.locator(".tile").evaluate_all("tiles => tiles.map(tile => tile.offsetTop)")
    columns = tops.count(tops[0])
    rooms = page.locator(".tile").evaluate_all("tiles => tiles.map(tile => tile.dataset.room)")
    for keys, place in (("j", 0), ("l", 1), ("j", columns + 1), ("h", columns), ("k", 0)):
        page.keyboard.press(keys)
        assert page.evaluate("document.activeElement.dataset.room") == rooms[place], keys


def test_the_omnibox_lands_with_one_enter(log_in):
    page = log_in("moderator")
    row = page.locator(".room-row").nth(4)
    pk, room_id = row.get_attribute("data-room"), row.locator(".id").inner_text()
    page.keyboard.press("Control+k")
    page.keyboard.type(room_id[1] + room_id[0] + room_id[2:])  # two letters in the wrong order
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/rooms/{pk}", timeout=SECONDS)
    page.keyboard.press("/")
    page.keyboard.type("coverage")
    page.keyboard.press("Enter")
    page.wait_for_url("**/coverage", timeout=SECONDS)


def test_single_keys_can_be_switched_off(log_in):
    page = log_in("auditor", at="/preferences")
    page.uncheck("[name=single_keys]")
    page.locator("main button[type=submit]").click()
    page.wait_for_selector("[role=status]")
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("Control+k")
    expect(page.locator("dialog[open]")).to_have_count(1)
    page.keyboard.press("Escape")
    page.check("[name=single_keys]")
    page.locator("main button[type=submit]").click()
    page.wait_for_selector("[role=status]")


def test_a_view_is_saved_and_opened(log_in):
    page = log_in("moderator", at="/wall?density=large")
    page.locator(".views > summary", has_text="Views").click()
    # Faster than htmx has looked at it no hand is; the form would work by itself, and leave the
    # page for it.
    page.locator(".views__save:not(.htmx-added) [name=name]").fill("large ones")
    page.keyboard.press("Enter")
    expect(page.locator(".views__list")).to_contain_text("large ones", timeout=SECONDS)
    page.goto("/wall")
    page.locator(".views > summary", has_text="Views").click()
    page.get_by_role("link", name="large ones").click()
    page.wait_for_url("**/wall?density=large")
