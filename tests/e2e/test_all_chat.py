"""All chat in one feed, through the whole stack: lines arrive, wait under a hand, are filtered and
acted upon.
"""

import re

import httpx
import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]  # whoever comes first starts the stack
SECONDS = 20_000


@pytest.fixture
def say(stack, log_in):
    """say(text, account="somebody & co"): in a live room; the page of all chat is open."""
    page = log_in("moderator")
    room_id = page.locator(".room-row:not([data-ended]) .id").nth(21).text_content()

    def order(what, **fields):
        answer = httpx.post(f"{stack.state['control']}/_simulator/{what}", json=fields, timeout=10)
        answer.raise_for_status()

    order("enter", room_id=room_id, account="somebody & co")

    def said(text, account="somebody & co"):
        order("say", room_id=room_id, account=account, text=text)

    said.page, said.room_id = page, room_id
    return said


def opened(say, address="/chat"):
    page = say.page
    page.goto(address)
    page.mouse.move(5, 300)
    expect(page.locator("[data-bar=connection]")).to_be_hidden()
    return page, page.locator(".feed__line")


def test_a_line_arrives_names_its_room_and_its_writer_can_be_muted(say):
    page, lines = opened(say, "/chat?q=good+evening")
    say("<b>good evening</b>")
    line = lines.filter(has_text="<b>good evening</b>")
    expect(line).to_have_count(1, timeout=SECONDS)
    expect(line.locator(".chat__who")).to_have_text("somebody & co")
    expect(line.locator(".feed__room")).to_have_attribute("href", re.compile(r"/rooms/\d+$"))
    page.keyboard.press("j")
    expect(line).to_be_focused()
    page.keyboard.press("m")
    expect(page.locator("#dialog [name=account]")).to_have_value("somebody & co", timeout=SECONDS)


def test_lines_wait_while_somebody_points_at_the_feed_and_come_by_r(say):
    page, lines = opened(say, "/chat?q=needle")
    say("needle one")
    expect(lines).to_have_count(1, timeout=SECONDS)
    lines.first.hover()
    say("needle two")
    say("needle three")
    new = page.locator("[data-feed-new]")
    expect(new).to_have_text("2 new lines, press r", timeout=SECONDS)
    expect(lines).to_have_count(1)
    page.keyboard.press("r")
    expect(lines.locator(".chat__text")).to_have_text(["needle three", "needle two", "needle one"])
    expect(new).to_be_hidden()


def test_filters_stand_in_the_address_and_hold_for_what_arrives(say):
    page, lines = opened(say)
    page.locator("[data-feed-form] [name=q]").fill("ＦＩＬＴＥＲ")
    expect(page).to_have_url(re.compile(r"/chat\?q=%EF%BC%A6"))
    say("nothing of it")
    say("a filter of coffee")
    expect(lines.locator(".chat__text")).to_have_text(["a filter of coffee"], timeout=SECONDS)
    page.locator("[name=writing]").select_option("han")
    expect(lines).to_have_count(0)
    say("filter 咖啡咖啡咖啡咖啡")
    expect(lines).to_have_count(1, timeout=SECONDS)
    page.reload()
    expect(lines).to_have_count(1, timeout=SECONDS)


def test_the_pause_button_holds_the_feed_until_it_is_pressed_again(say):
    page, lines = opened(say, "/chat?q=stillness")
    pause = page.locator("[data-feed-pause]")
    pause.click()
    expect(pause).to_have_attribute("aria-pressed", "true")
    say("stillness")
    expect(page.locator("[data-feed-new]")).to_have_text("1 new line, press r", timeout=SECONDS)
    expect(lines).to_have_count(0)
    pause.click()
    expect(lines).to_have_count(1)
