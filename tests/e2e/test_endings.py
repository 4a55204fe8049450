"""How a room ends by itself, as people see it: its time is limited and moved, and what was ended
stays ended.
"""

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.hands import choose_reason

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]  # whoever comes first starts the stack
SECONDS = 25_000


@pytest.fixture
def stubborn(stack):
    """The RoomId of a new room whose host opens it again whenever somebody else ends it."""
    room = {
        "RoomId": "stubborn_show",
        "Owner_Account": "stubborn_host",
        "size": 500_000,
        "stubborn": True,
    }
    httpx.post(
        f"{stack.state['control']}/_simulator/rooms", json=room, timeout=10
    ).raise_for_status()
    return "stubborn_show"


def test_the_time_of_a_room_is_limited_moved_and_taken_off(log_in):
    page = log_in("moderator")
    page.locator(".room-row:not([data-ended]) .room-row__name a").nth(16).click()
    card = page.locator("section.panel", has=page.get_by_role("heading", name="Time", exact=True))
    card.locator("text=Limit the time").click(timeout=SECONDS)
    page.fill("#dialog [name=minutes]", "10")
    page.click("#dialog button[type=submit]")
    expect(card).to_contain_text("Time is over", timeout=SECONDS)
    left = card.locator("[data-until]")
    before = int(left.get_attribute("data-until"))
    card.locator("text=+15 min").click()
    expect(card).to_contain_text("moved once", timeout=SECONDS)
    assert int(left.get_attribute("data-until")) == before + 15 * 60
    card.locator("text=Remove").click()
    page.fill("#dialog [name=note]", "the programme goes on")
    page.click("#dialog button[type=submit]")
    expect(card).to_contain_text("No time limit", timeout=SECONDS)


def test_an_end_stays_ended_until_its_hold_is_lifted(log_in, stubborn):
    page = log_in("banadmin", at=f"/?q={stubborn}")
    row = page.locator(".room-row:not([data-ended])")
    for _time in range(20):
        if row.count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    choose_reason(page, "3")
    room = row.locator(".room-row__name a").get_attribute("href")
    row.locator("[data-end]").click()
    expect(page.locator(f"#acts-{room.split('/')[-1]}")).to_contain_text(
        "ended, verified", timeout=SECONDS
    )

    held = page.locator("tr", has_text=stubborn)
    for _time in range(30):  # the host is back after some seconds
        page.goto("/holds")
        if held.locator("td b").count():
            break
        page.wait_for_timeout(1000)
    expect(held).to_contain_text("re-open blocked")
    assert int(held.locator("td b").text_content()) >= 1
    page.goto(room)
    expect(page.locator("article")).to_contain_text("Re-opened and ended again", timeout=SECONDS)

    page.goto("/holds")
    held.locator("text=Lift").click()
    page.fill("#dialog [name=note]", "talked to the host")
    page.click("#dialog button[type=submit]")
    expect(held).to_have_count(0, timeout=SECONDS)
    page.goto("/holds?state=ended")
    expect(held).to_contain_text("lifted by banadmin")
