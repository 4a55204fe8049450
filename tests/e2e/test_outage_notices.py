"""What the page says when something is not so: a lost connection, a silent collector, a vendor that
does not answer.
"""

import json
import os
import re
import signal
import time

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.hands import choose_reason

pytestmark = pytest.mark.browser
PATIENCE = 40_000


@pytest.fixture
def stopped(stack):
    """stopped(name): holds a process of the stack still until the end of the test."""
    held = []

    def stop(name):
        held.append(stack.state["processes"][name])
        os.kill(held[-1], signal.SIGSTOP)

    yield stop
    for pid in held:
        os.kill(pid, signal.SIGCONT)


def bar(page, name):
    return page.locator(f"[data-bar={name}]")


def test_a_lost_connection_is_said_and_unsaid_by_figures(log_in):
    page = log_in("moderator", own=True)
    context = page.context
    context.route_web_socket("**/ws/live", lambda socket: socket.close())
    page.reload()
    expect(bar(page, "connection")).to_be_visible(timeout=PATIENCE)
    expect(bar(page, "connection")).to_contain_text("Connection lost")
    assert page.title().startswith("▲")
    assert "favicon-lost" in page.locator("[data-favicon]").get_attribute("href")
    # After a while the figures come by polling, and the bar stays: it is the connection that it
    # speaks of.
    with page.expect_response(lambda answer: "/live?rooms=" in answer.url, timeout=PATIENCE):
        pass
    expect(bar(page, "connection")).to_be_visible()
    context.route_web_socket("**/ws/live", lambda socket: socket.connect_to_server())
    expect(bar(page, "connection")).to_be_hidden(timeout=PATIENCE)
    assert not page.title().startswith("▲")


def test_a_silent_collector_is_not_called_a_lost_connection(log_in, stopped):
    page = log_in("moderator")
    stopped("collector")
    expect(bar(page, "silent")).to_be_visible(timeout=PATIENCE)
    expect(bar(page, "connection")).to_be_hidden()
    expect(page.locator(".room-row .is-stale").first).to_be_visible(timeout=PATIENCE)


# The ways a figure says, in the order they came: one is gone before a busy machine asks for it.
WAYS = """node => {
  window.ways = [];
  new MutationObserver(() => node.dataset.moved && window.ways.push(node.dataset.moved))
    .observe(node, {attributeFilter: ["data-moved"]});
}"""


def test_a_figure_says_which_way_it_went_and_after_a_second_or_two_nothing(log_in):
    page = log_in("moderator", own=True)
    sockets = []
    page.context.route_web_socket("**/ws/live", lambda socket: sockets.append(socket))
    page.reload()
    row = page.locator(".room-row").first
    figure = row.locator("[data-f=o]")
    page.wait_for_function("document.querySelector('.room-row')")
    shown = int(figure.locator("[data-v]").inner_text().replace(",", ""))

    def tick(online):
        now = int(time.time())
        rooms = [[int(row.get_attribute("data-room")), "o", online, "oa", now]]
        sockets[-1].send(json.dumps({"k": "tick", "at": now * 1000, "rooms": rooms}))

    figure.evaluate(WAYS)
    for value, way in ((shown + 10, "up"), (shown + 20, "up"), (shown + 5, "down")):
        tick(value)
        expect(figure.locator("[data-v]")).to_have_text(f"{value:,}")
        page.wait_for_function("way => window.ways.at(-1) === way", arg=way)
    expect(figure).not_to_have_attribute("data-moved", re.compile("."), timeout=PATIENCE)
    tick(shown + 6)
    page.wait_for_function("window.ways.at(-1) === 'up'")


def test_a_vendor_that_does_not_answer_has_its_own_bar(log_in, stack):
    page = log_in("moderator")
    with httpx.Client(base_url=stack.state["control"], timeout=10) as door:
        door.post("/_simulator/fault", json={"command": "*", "kind": "http502"}).raise_for_status()
        try:
            expect(bar(page, "vendor")).to_be_visible(timeout=PATIENCE)
            expect(bar(page, "vendor")).to_contain_text("The vendor does not answer")
            expect(bar(page, "connection")).to_be_hidden()
        finally:
            door.delete("/_simulator/fault").raise_for_status()
    expect(bar(page, "vendor")).to_be_hidden(timeout=PATIENCE)


def test_an_end_without_a_reason_asks_for_one_beside_the_button(log_in):
    page = log_in("moderator")
    row = page.locator(".room-row:not([data-ended]):has(.acts:empty)").nth(9)
    pk = row.get_attribute("data-room")
    button = row.locator("[data-end]")
    place = button.bounding_box()
    button.click()
    asked = page.locator("[data-ask]")
    expect(asked).to_be_visible()
    box = asked.bounding_box()
    under = box["x"] < place["x"] + place["width"] and place["x"] < box["x"] + box["width"]
    assert not under, "the question lies under the pointer"
    page.keyboard.press("Escape")
    assert page.locator(f"#acts-{pk} .acts__line").count() == 0
    button.click()
    page.keyboard.press("2")
    expect(page.locator(f"#acts-{pk}")).to_contain_text("ending in")
    page.keyboard.press("u")
    expect(page.locator(f"#acts-{pk}")).to_contain_text("undone")


def test_buttons_do_not_move_while_an_end_drains(log_in):
    page = log_in("moderator")
    choose_reason(page, "4")
    row = page.locator(".room-row:not([data-ended])").nth(7)
    pk = row.get_attribute("data-room")
    before = row.locator("[data-end]").bounding_box()
    row.locator("[data-end]").click()
    expect(page.locator(f"#acts-{pk}")).to_contain_text("ending in")
    assert page.locator(f".room-row[data-room='{pk}'] [data-end]").bounding_box() == before
    page.locator(f"#acts-{pk} [data-act=u]").click()
    expect(page.locator(f"#acts-{pk}")).to_contain_text("undone")


def test_an_undo_is_not_lost_among_fetches_of_its_line(log_in):
    page = log_in("moderator")
    choose_reason(page, "4")
    pk = (
        page.locator(".room-row:not([data-ended]):has(.acts:empty)")
        .nth(11)
        .get_attribute("data-room")
    )
    page.locator(f".room-row[data-room='{pk}'] [data-end]").click()
    expect(page.locator(f"#acts-{pk}")).to_contain_text("ending in")
    page.evaluate(
        """pk => {
            const line = document.getElementById(`acts-${pk}`), undo = line.querySelector("[data-act=u]");
            for (let i = 0; i < 5; i++) htmx.trigger(line, "act");
            undo.click();
            for (let i = 0; i < 20; i++) htmx.trigger(line, "act");
        }""",
        pk,
    )
    expect(page.locator(f"#acts-{pk}")).to_contain_text("undone")


def test_a_slow_press_is_not_lost_while_its_line_is_fetched(log_in):
    page = log_in("moderator")
    choose_reason(page, "4")
    pk = (
        page.locator(".room-row:not([data-ended]):has(.acts:empty)")
        .nth(13)
        .get_attribute("data-room")
    )
    page.locator(f".room-row[data-room='{pk}'] [data-end]").click()
    expect(page.locator(f"#acts-{pk} [data-act=u]")).to_be_visible()
    page.evaluate(
        "pk => setInterval(() => htmx.trigger(document.getElementById(`acts-${pk}`), 'act'), 60)",
        pk,
    )
    page.locator(f"#acts-{pk} [data-act=u]").click(delay=300)
    expect(page.locator(f"#acts-{pk}")).to_contain_text("undone")


def test_whose_role_is_taken_away_sees_it_at_once(log_in, stack):
    page = log_in("auditor")
    supervisor = log_in("supervisor", at="/people")
    supervisor.get_by_role("link", name="auditor", exact=True).click()
    supervisor.uncheck("[name=is_active]")
    supervisor.locator("main button[type=submit]").click()
    try:
        page.wait_for_selector("[name=password]", timeout=PATIENCE)
    finally:
        supervisor.get_by_role("link", name="auditor", exact=True).click()
        supervisor.check("[name=is_active]")
        supervisor.locator("main button[type=submit]").click()


def test_the_theme_is_kept_and_applied_before_the_first_paint(log_in):
    page = log_in("moderator", scheme="dark")
    page.keyboard.press("t")
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "light"
