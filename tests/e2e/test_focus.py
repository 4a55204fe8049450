"""Focus is never on the body after an act, whatever the act takes away (WCAG 2.4.3)."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.hands import choose_reason
from tests.e2e.test_accidental_input import LIVE, untouched

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SECONDS = 25_000
ANY = re.compile(r"^\d*$")


# In the step that sees it: the grace is short on a busy machine. A click without a pointer is what
# Enter does.
UNDO = """() => {
  const undo = document.querySelector('.toast [data-undo]');
  undo?.focus();
  undo?.click();
  return Boolean(undo);
}"""


def is_somewhere(page: Page) -> None:
    """Focus is on something, now and when what was hidden has lost it with the next frames."""
    page.wait_for_timeout(400)
    assert page.evaluate("document.activeElement !== document.body"), (
        "the keyboard fell to the body"
    )


def test_after_an_end_by_tab_and_a_toasts_undo(log_in):
    page = log_in("supervisor")
    row = untouched(page)
    pk = row.get_attribute("data-room")
    choose_reason(page, "3")
    row.locator("[data-act=q]").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.act") == "e"
    page.keyboard.press("Enter")
    page.wait_for_function(UNDO, timeout=SECONDS)
    expect(row.locator(".acts")).to_contain_text("undone", timeout=SECONDS)
    is_somewhere(page)
    choose_reason(page, "3")
    row.locator("[data-act=e]").focus()
    page.wait_for_timeout(800)
    page.keyboard.press("Enter")
    expect(page.locator(f"#acts-{pk} .drain")).to_be_visible(timeout=SECONDS)
    page.wait_for_timeout(800)
    page.locator(f"#acts-{pk} [data-act=now]").focus()
    page.keyboard.press("Enter")
    expect(row).to_have_attribute("data-ended", ANY, timeout=SECONDS)
    is_somewhere(page)
    expect(row).to_have_count(0, timeout=SECONDS)  # nobody chose to stay on it
    is_somewhere(page)


def test_after_a_ban_on_the_room_page_and_the_next_page_of_a_list(log_in):
    page = log_in("supervisor", at="/?size=25")
    page.wait_for_selector(LIVE)
    next_page = page.locator("#page-next")
    while next_page.count():
        next_page.focus()
        with page.expect_response(lambda answer: "page=" in answer.url):
            page.keyboard.press("Enter")
        page.wait_for_timeout(300)
        is_somewhere(page)
    pk = page.locator(LIVE).last.get_attribute("data-room")
    page.goto(f"/rooms/{pk}")
    page.locator("[data-act=b]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open] [name=policy]")
    page.keyboard.press("2")
    page.locator("dialog[open] [type=submit]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]")).to_have_count(0, timeout=SECONDS)
    is_somewhere(page)
    expect(page.locator("article.room")).to_have_attribute("data-ended", ANY, timeout=SECONDS)
    is_somewhere(page)


def test_after_the_queues_refresh_and_what_was_handled(log_in):
    page = log_in("supervisor")
    untouched(page).evaluate("row => row.focus()")
    page.keyboard.press("!")
    page.wait_for_selector("dialog[open] [name=policy]")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]")).to_have_count(0, timeout=SECONDS)
    is_somewhere(page)
    page.goto("/queue")
    page.locator("#queue .bench__row a").first.focus()
    name = page.evaluate("document.activeElement.id")
    with page.expect_response(lambda answer: "/queue/rows" in answer.url):
        pass  # its own refresh
    page.wait_for_timeout(300)
    assert page.evaluate("document.activeElement.id") == name
    page.locator("[data-case] [value=dismissed]").focus()
    page.keyboard.press("Enter")
    row = page.locator(".bench__row").filter(has=page.locator(f"#{name}"))
    expect(row).to_have_attribute("data-closed", ANY, timeout=SECONDS)
    is_somewhere(page)


def test_after_the_pause_of_a_tour_whose_page_changes(log_in):
    page = log_in("moderator")
    page.evaluate("localStorage.setItem('tour-pace', '10')")
    page.goto("/wall?tour=1")
    page.wait_for_selector(".tile")
    pause = page.locator("[data-tour-pause]")
    pause.focus()
    page.keyboard.press("Enter")
    expect(pause).to_have_attribute("aria-pressed", "true")
    expect(pause).to_be_focused()
    with page.expect_response(lambda answer: "tour=1" in answer.url, timeout=SECONDS):
        page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    expect(page.locator("[data-tour-pause]")).to_be_focused()
