"""What a screen reader is told: the transcript of the two live regions, from page load on."""

import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.hands import choose_reason
from tests.e2e.test_accidental_input import LIVE, untouched

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SECONDS = 25_000
# Whatever is added to a live region is read out. The regions themselves must be there before.
TRANSCRIPT = """() => { window.heard = []; for (const region of document.querySelectorAll('[aria-live]:not([aria-live=off])'))
  new MutationObserver((changes) => { for (const { addedNodes, target } of changes) for (const node of addedNodes)
    if (node.textContent.trim()) window.heard.push(`${region.getAttribute('aria-live')}: ${node.textContent.trim()}`); })
    .observe(region, { childList: true, subtree: true, characterData: true }); }"""


def listen(page: Page) -> None:
    page.evaluate(TRANSCRIPT)


def hear(page: Page, sentence: str, timeout: int = SECONDS) -> None:
    """Waits until the sentence was said."""
    page.wait_for_function("said => window.heard.includes(said)", arg=sentence, timeout=timeout)


def heard(page: Page) -> list[str]:
    return page.evaluate("window.heard")


def test_an_end_is_heard_from_the_reason_to_what_was_read_back(log_in):
    page = log_in("supervisor")
    regions = page.locator("body > [aria-live]").evaluate_all("all => all.map(one => one.ariaLive)")
    assert regions == ["polite", "assertive"]
    listen(page)
    row = untouched(page)
    pk, name = row.get_attribute("data-room"), row.locator(".title").text_content()
    choose_reason(page, "3")
    reason = page.locator("[data-reasons] [data-key='3']").evaluate(
        "button => button.lastChild.textContent"
    )
    hear(page, f"polite: Reason {reason} is set for the next action. It is cleared after a minute.")
    row.evaluate("row => row.focus()")
    page.keyboard.press("e")
    hear(page, f"polite: End stream, {name}: requested. Reason: {reason}.")
    hear(page, f"polite: {name}: ending.")
    # Also when the row has gone meanwhile: an ended one is taken away after some seconds.
    page.evaluate("pk => document.querySelector(`.room-row[data-room='${pk}']`)?.remove()", pk)
    hear(page, f"polite: End stream, {name}: ended, verified.", timeout=60_000)
    about = [line for line in heard(page) if name in line]
    assert len(about) == len(set(about)), "each state is said once"
    assert not any(line.startswith("assertive") for line in about)


def test_an_undo_is_heard(log_in):
    page = log_in("supervisor")
    listen(page)
    row = untouched(page)
    pk, name = row.get_attribute("data-room"), row.locator(".title").text_content()
    choose_reason(page, "3")
    row.evaluate("row => row.focus()")
    page.keyboard.press("e")
    take_back(page, pk)
    hear(page, f"polite: End stream, {name}: undone. Nothing was sent.")


def test_a_failure_is_heard_at_once(log_in, stack):
    page = log_in("supervisor")
    listen(page)
    row = untouched(page)
    room_id, name = row.locator(".id").text_content(), row.locator(".title").text_content()
    fault = {
        "command": "destroy_room",
        "kind": "code",
        "code": 100006,
        "room_id": room_id,
        "times": 1,
    }
    httpx.post(
        f"{stack.state['control']}/_simulator/fault", json=fault, timeout=10
    ).raise_for_status()
    choose_reason(page, "3")
    row.evaluate("row => row.focus()")
    page.keyboard.press("e")
    page.wait_for_function(
        "name => window.heard.some(said => said.startsWith(`assertive: End stream, ${name}: failed "
        "100006`))",
        arg=name,
        timeout=60_000,
    )
    assert len([said for said in heard(page) if said.startswith("assertive")]) == 1


def take_back(page: Page, pk: str) -> None:
    """In the step that sees Undo: the grace is short on a busy machine."""
    undone = "pk => { const undo = document.querySelector(`#acts-${pk} [data-act=u]`); undo?.click(); return Boolean(undo); }"
    page.wait_for_function(undone, arg=pk, timeout=SECONDS)


def test_a_reason_a_claim_a_selection_and_a_page_are_heard(log_in):
    page = log_in("supervisor", at="/?size=25")
    page.wait_for_selector(LIVE)
    listen(page)
    choose_reason(page, "2")
    page.keyboard.press("2")
    hear(page, "polite: No reason is chosen.")
    row = untouched(page)
    name = row.locator(".title").text_content()
    row.evaluate("row => row.focus()")
    page.keyboard.press("x")
    hear(page, f"polite: {name}: selected. 1 room selected.")
    page.keyboard.press("x")
    page.keyboard.press("c")
    hear(page, f"polite: {name}: you have claimed it.")
    expect(row.locator("[data-holder]")).to_have_text("yours", timeout=SECONDS)
    page.keyboard.press("c")
    hear(page, f"polite: {name}: claim released.")
    page.locator("#page-next").focus()
    page.keyboard.press("Enter")
    page.wait_for_function(
        "() => window.heard.some(said => /^polite: Page 2 of /.test(said))", timeout=SECONDS
    )
    assert page.evaluate("document.activeElement !== document.body")


def test_an_urgent_alert_is_heard_at_once_on_any_page_and_counted_in_the_title(log_in):
    page = log_in("supervisor", at="/coverage")
    page.wait_for_selector("header [data-alerts]", state="attached")
    page.wait_for_function("() => sessionStorage.getItem('urgent') !== null")
    listen(page)
    colleague = log_in("moderator")
    row = untouched(colleague)
    name = row.locator(".title").text_content()
    row.evaluate("row => row.focus()")
    colleague.keyboard.press("!")
    colleague.wait_for_selector("dialog[open] [name=policy]")
    colleague.keyboard.press("2")
    colleague.keyboard.press("Enter")
    page.wait_for_function(
        "name => window.heard.some(said => said.startsWith('assertive: Urgent:') && "
        "said.includes(name))",
        arg=name,
        timeout=SECONDS,
    )
    page.wait_for_function("() => /^\\(\\d+\\) /.test(document.title)")
    page.goto("/queue")
    page.wait_for_function("() => /^\\(\\d+\\) /.test(document.title)")
    listen(page)
    group = page.locator("#queue .bench__group", has_text=name).first
    group.locator(".bench__row a").first.click()
    page.locator("[data-case]", has_text=name).locator("[value=handled]").focus()
    page.keyboard.press("Enter")
    page.wait_for_function(
        "name => window.heard.some(said => said.includes(name) && said.endsWith(': handled'))",
        arg=name,
        timeout=SECONDS,
    )
    expect(group.locator(".bench__row").first).to_have_attribute(
        "data-closed", re.compile(r"^$"), timeout=SECONDS
    )
    assert page.evaluate("document.activeElement !== document.body")


def test_the_tour_is_silent_but_for_its_pause(log_in):
    page = log_in("moderator", at="/wall?tour=1")
    page.wait_for_selector(".tile")
    listen(page)
    page.wait_for_timeout(3500)
    assert of_the_tour(page) == []
    page.locator("[data-tour-pause]").focus()
    page.keyboard.press("Enter")
    hear(page, "polite: paused")
    expect(page.locator("[data-tour-pause]")).to_be_focused()
    page.wait_for_timeout(2500)
    assert of_the_tour(page) == ["polite: paused"]


def of_the_tour(page: Page) -> list[str]:
    """What was said by it; a busy machine may lose the connection meanwhile, which is said too."""
    return [
        said
        for said in heard(page)
        if any(word in said for word in ("next rooms", "waiting", "paused"))
    ]
