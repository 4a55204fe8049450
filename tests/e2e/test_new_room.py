"""A room from its form to the list: created hidden, handed over, listed when its host starts."""

import re

import httpx
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
SECONDS = 25_000


@pytest.fixture
def simulated(stack):
    """order(what, **fields): something happens on the simulated platform."""

    def order(what, **fields):
        return (
            httpx.post(f"{stack.state['control']}/_simulator/{what}", json=fields, timeout=10)
            .raise_for_status()
            .json()
        )

    return order


def fill(page, room_id, owner):
    page.goto("/plans")
    page.click(".head .button--main")
    page.wait_for_url(
        "**/rooms/new"
    )  # until it has loaded: before its scripts listen, a change is lost
    page.fill("[name=room_id]", room_id)
    page.fill("[name=owner_account]", owner)
    page.locator("[name=owner_account]").press("Tab")
    page.check("[name=seat_template][value=VideoFixedFloat7Seats]", force=True)


def test_a_room_is_created_handed_over_and_listed_when_its_host_starts(log_in, simulated):
    page = log_in("supervisor")
    fill(page, "evening-show", "host-of-the-evening")
    # A new account is imported only after asking.
    page.check("#owner-told [name=import_owner]", timeout=SECONDS)
    page.fill("[name=name]", "An evening with everybody, longer than apps like")
    expect(page.locator("#id_name-bytes")).to_contain_text("may refuse")
    page.fill("[name=name]", "Évening")
    expect(page.locator("#id_name-bytes")).to_contain_text("8 of 100 bytes")
    page.fill("[name=minutes]", "90")
    page.click("text=Create the room")

    card = page.locator("article.handover")
    expect(card).to_contain_text("Nobody has entered since", timeout=SECONDS)
    expect(card).to_contain_text("startLive with the liveID evening-show")
    expect(card).to_contain_text("becomes visible automatically")
    card.locator("text=Open the room").click()
    expect(page.locator("article.room")).to_contain_text(
        "Hidden until the host starts", timeout=SECONDS
    )
    room = page.url
    page.go_back()

    simulated("host", room_id="evening-show", does="comes")
    expect(card).to_contain_text("became visible", timeout=SECONDS)
    expect(card).to_contain_text("the host is on a seat")
    moderator = log_in("moderator", at="/?q=evening-show")
    expect(moderator.locator(".room-row")).to_have_count(1, timeout=SECONDS)
    moderator.goto(room)
    expect(moderator.locator("article.room")).to_contain_text(
        "system:publish-on-start", timeout=SECONDS
    )


def test_a_refusal_of_the_vendor_is_told_with_what_to_do(log_in, simulated):
    page = log_in("supervisor")
    room_ids = page.locator(".room-row .id").all_text_contents()
    taken = next(room_id for room_id in room_ids if re.fullmatch(r"\w{1,48}", room_id, re.ASCII))
    fill(page, taken, "somebody-else")
    page.check("#owner-told [name=import_owner]", timeout=SECONDS)
    page.click("text=Create the room")
    expect(page.locator("article.handover")).to_contain_text(
        "Choose another RoomId", timeout=SECONDS
    )
    page.click("text=Try again")
    expect(page.locator("article.handover")).to_contain_text("100003", timeout=SECONDS)


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light")])
def test_no_page_of_a_new_room_is_wider_than_the_screen(width, scheme, log_in):
    page = log_in("supervisor", width, scheme)
    paths = ["/plans?state=all", "/rooms/new"]
    page.goto(paths[0])
    paths += page.locator("table a").evaluate_all(
        "links => links.slice(0, 1).map(link => link.getAttribute('href'))"
    )
    for path in paths:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
