"""Requests that fail: what a person started is said in words, a part that fills itself says so in
its place.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.hands import choose_reason
from tests.e2e.test_accidental_input import LIVE, untouched

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SECONDS = 25_000


def bad(page: Page):
    return page.locator("[data-toasts] .toast--bad")


def silence(page: Page) -> None:
    page.evaluate("document.querySelector('[data-toasts]').replaceChildren()")


def test_offline_is_said_at_once_and_every_request_of_a_person_says_that_it_failed(log_in):
    page = log_in("supervisor", own=True, at="/?size=25")
    row = untouched(page)
    strip = page.locator(".strip")
    expect(strip).to_contain_text("answering")
    page.context.set_offline(True)
    # Before the next tick of a slow machine would be missed: the browser itself says so.
    expect(page.locator("[data-bar=connection]")).to_be_visible(timeout=10_000)
    expect(strip).not_to_contain_text("answering", use_inner_text=True)
    expect(strip).to_contain_text("not known", use_inner_text=True)
    row.evaluate("row => row.focus()")
    for key in ("w", "b", "n", "!"):
        page.keyboard.press(key)
        expect(bad(page)).to_have_count(1, timeout=SECONDS)
        expect(bad(page)).to_contain_text("No answer. Nothing was changed")
        silence(page)
    choose_reason(page, "3")
    page.keyboard.press("e")
    expect(bad(page)).to_contain_text("Check whether it was done", timeout=SECONDS)
    silence(page)
    for control in ("#page-next", ".room-row a >> nth=3", "header [data-go=b]"):
        page.locator(
            control
        ).click()  # the next page, a room, another page of the console: this one stays
        expect(bad(page)).to_contain_text("No answer", timeout=SECONDS)
        silence(page)
    page.locator(".views > summary", has_text="Views").click()
    expect(bad(page)).to_contain_text("No answer", timeout=SECONDS)
    page.keyboard.press("Control+k")
    page.keyboard.type("live")
    expect(page.locator("#omnibox-lines")).to_contain_text("No answer", timeout=SECONDS)
    page.keyboard.press("Escape")
    page.context.set_offline(False)
    expect(page.locator("[data-bar=connection]")).to_be_hidden(timeout=SECONDS)
    expect(strip).to_contain_text("answering", use_inner_text=True, timeout=SECONDS)


def test_server_errors_have_messages_and_a_failed_part_can_be_loaded_again(log_in):
    page = log_in("supervisor")
    row = untouched(page)
    pk = row.get_attribute("data-room")
    answers = {"status": 500}
    page.route(
        f"**/rooms/{pk}/act/warn",
        lambda route: route.fulfill(status=answers["status"], body="<h1>x</h1>"),
    )
    row.evaluate("row => row.focus()")
    page.keyboard.press("w")
    expect(bad(page)).to_contain_text("The server failed (error 500)", timeout=SECONDS)
    silence(page)
    answers["status"] = 400
    page.keyboard.press("w")
    expect(bad(page)).to_contain_text("The server refused this (error 400)", timeout=SECONDS)
    page.route(
        f"**/rooms/{pk}/audience*",
        lambda route: (
            route.abort() if route.request.headers.get("hx-request") else route.fallback()
        ),
    )
    page.goto(f"/rooms/{pk}")
    part = page.locator(f"section[hx-get='/rooms/{pk}/audience']")
    expect(part).to_contain_text("This part could not be loaded.", timeout=SECONDS)
    page.unroute(f"**/rooms/{pk}/audience*")
    part.get_by_role("button", name="Try again").click()
    expect(part.locator("[data-missing]")).to_have_count(0, timeout=SECONDS)
    assert bad(page).count() == 0, "nobody ordered it"


def test_logged_out_meanwhile_leads_to_the_log_in_page_and_not_into_a_dialog(log_in):
    page = log_in("supervisor", own=True)
    page.wait_for_selector(LIVE)
    page.context.clear_cookies()
    untouched(page).evaluate("row => row.focus()")
    page.keyboard.press("w")
    page.wait_for_url(re.compile("/login"), timeout=SECONDS)
