"""A rule from its form to the queue: made, run dry, switched on, met by a line of chat, shown to a
moderator.
"""

import re

import httpx
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
SECONDS = 25_000


def order(stack, what, **fields):
    """Something happens on the simulated platform."""
    door = f"{stack.state['control']}/_simulator/{what}"
    httpx.post(door, json={"account": "a-seller", **fields}, timeout=10).raise_for_status()


def test_a_rule_is_made_a_line_is_said_and_the_alert_waits_in_the_queue(log_in, stack):
    moderator = log_in("moderator")
    count = moderator.locator(".nav .count")
    before = int(count.text_content() or 0)  # of other tests
    row = moderator.locator(".room-row:not([data-ended])").nth(5)
    room_id = row.locator(".id").first.text_content()
    supervisor = log_in("supervisor", at="/rules")
    supervisor.click(".head .button--main")
    supervisor.fill("[name=title]", "Gambling")
    supervisor.fill("[name=words]", "casino royale\n扑克")
    supervisor.select_option("[name=severity]", "3")
    supervisor.select_option("[name=policy]", "fraud")  # none is chosen beforehand
    supervisor.click("text=Create")
    expect(supervisor.locator(".head")).to_contain_text("off")

    order(stack, "enter", room_id=room_id)
    order(stack, "say", room_id=room_id, text="Come to the ＣＡＳＩＮＯ royale!")
    run = supervisor.locator("#dry-run")

    def found():
        supervisor.click("button:has-text('Test on past data')")
        supervisor.wait_for_timeout(1000)
        return "1 finding" in (run.text_content() or "")

    assert any(found() for _ in range(20)), run.text_content()
    expect(run).to_contain_text("a-seller")

    supervisor.select_option("[name=phase]", "on")
    supervisor.click("text=Save")
    expect(supervisor.locator(".head")).to_contain_text("on")
    order(stack, "say", room_id=room_id, text="casino ROYALE again")
    expect(count).to_have_text(str(before + 1), timeout=SECONDS)
    expect(row.locator(".acts__line--alert")).to_contain_text("Gambling", timeout=SECONDS)

    moderator.click(".nav a[href='/queue']")
    alert = moderator.locator(".bench__row", has_text="casino ROYALE again")
    expect(alert).to_contain_text("Gambling")
    expect(alert).to_contain_text("urgent")
    alert.locator("a").click()
    case = moderator.locator("[data-case]", has_text="casino ROYALE again")
    expect(case.locator("[data-found]")).to_contain_text("casino ROYALE again")
    case.locator("[name=note]").fill("spoke to the host")
    case.locator("[value=handled]").click()
    expect(alert).to_have_attribute("data-closed", re.compile(r"^$"), timeout=SECONDS)
    moderator.reload()
    moderator.click("text=Recently closed")
    expect(moderator.locator("#queue")).to_contain_text("spoke to the host")
    expect(count).to_have_text(str(before), timeout=SECONDS)


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light")])
def test_no_page_of_rules_or_alerts_is_wider_than_the_screen(width, scheme, log_in):
    page = log_in("supervisor", width, scheme)
    for path in ("/queue", "/rules", "/rules/new", "/rules/words-fraud", "/rules/banned-user"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
