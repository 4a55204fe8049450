"""What is said and what happens in a room, as it stands on the page of it: by webhooks, through the
whole stack.
"""

import httpx
import pytest
from playwright.sync_api import expect

from tests.support.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]  # whoever comes first starts the stack
SECONDS = 20_000
FROM_END = "list => list.scrollHeight - list.scrollTop - list.clientHeight"


@pytest.fixture
def order(stack):
    """order(what, **fields) of the simulated platform."""

    def order(what, **fields):
        answer = httpx.post(f"{stack.state['control']}/_simulator/{what}", json=fields, timeout=10)
        return answer.raise_for_status().json()

    return order


@pytest.fixture
def opened(log_in, order):
    """A moderator on the page of a room, whose RoomId is given too; somebody is in it."""
    page = log_in("moderator")
    row = page.locator(".room-row:not([data-ended])").nth(20)
    room_id = row.locator(".id").text_content()
    order("enter", room_id=room_id, account="somebody & co")
    page.goto(f"/rooms/{row.get_attribute('data-room')}")
    expect(page.locator("[data-chat-lines]")).to_be_attached(timeout=SECONDS)
    expect(page.locator("[data-bar=connection]")).to_be_hidden()
    return page, room_id


def test_a_line_stands_on_the_page_when_it_was_said_and_its_writer_can_be_muted(opened, order):
    page, room_id = opened
    lines = page.locator("[data-chat-lines] li")

    order("say", room_id=room_id, account="somebody & co", text="<b>good evening</b>")

    said = lines.filter(has_text="<b>good evening</b>")
    expect(said).to_have_count(1, timeout=SECONDS)
    expect(said.locator(".chat__who")).to_have_text("somebody & co")
    said.locator("[data-chat-act]").first.click()
    expect(page.locator("#dialog [name=account]")).to_have_value("somebody & co", timeout=SECONDS)


def test_whoever_reads_further_up_is_left_there_and_told_of_new_lines(opened, order):
    page, room_id = opened
    chat = page.locator("[data-chat-lines]")
    for number in range(25):
        order("say", room_id=room_id, account="somebody & co", text=f"line {number} of many")
    last = page.locator("[data-chat-lines] li").filter(has_text="line 24 of many")
    expect(last).to_have_count(1, timeout=SECONDS)
    assert chat.evaluate(FROM_END) < 40, "the newest is in sight"

    chat.evaluate("list => { list.scrollTop = 0; }")
    order("say", room_id=room_id, account="somebody & co", text="one more")

    new = page.locator("[data-chat-new]")
    expect(new).to_be_visible(timeout=SECONDS)
    assert chat.evaluate("list => list.scrollTop") == 0
    new.click()
    expect(new).to_be_hidden()
    assert chat.evaluate(FROM_END) < 40


SAYS_NOTHING_YET = """
const { send } = WebSocket.prototype;
const kept = [];
WebSocket.prototype.send = function (text) { kept.push(() => send.call(this, text)); };
window.saysIt = () => { WebSocket.prototype.send = send; for (const one of kept) one(); };
"""


def test_a_line_that_was_said_before_the_page_was_heard_of_stands_there_all_the_same(opened, order):
    page, room_id = opened
    page.add_init_script(SAYS_NOTHING_YET)
    page.reload()
    expect(page.locator("[data-chat-lines]")).to_be_attached(timeout=SECONDS)
    order("say", room_id=room_id, account="somebody & co", text="into the gap")
    address = page.locator("[data-chat]").get_attribute("hx-get")
    eventually("the line is stored", lambda: "into the gap" in page.request.get(address).text(), 20)
    line = page.locator("[data-chat-lines] li").filter(has_text="into the gap")
    expect(line).to_have_count(0)

    page.evaluate("saysIt()")

    expect(line).to_have_count(1, timeout=SECONDS)


def test_the_page_says_where_the_host_is(opened, order):
    page, room_id = opened
    state = page.locator("[data-host-state]")
    order("host", room_id=room_id, does="takes_seat")
    expect(state).to_have_attribute("data-host-state", "seated", timeout=SECONDS)

    order("host", room_id=room_id, does="loses_heartbeat")
    expect(state).to_have_attribute("data-host-state", "lost", timeout=SECONDS)

    order("host", room_id=room_id, does="back")
    expect(state).to_have_attribute("data-host-state", "seated", timeout=SECONDS)
    expect(page.locator("[data-host] .timeline")).to_contain_text("heartbeat is lost")
