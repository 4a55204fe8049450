"""Two people and 120 rooms: between them, their tours offer every room within the minutes that were
set.
"""

import re
from datetime import datetime, timedelta

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.running_stack import launched

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
ROOMS, SPARE = 120, 8  # some end by themselves meanwhile
EMPTY = "nobody_watches"  # the vendor lists such rooms last
PACE, LOOK, MINUTES = 20, 4, 2
STORED_MS = 4000  # looks are stored every three seconds
UNSETTLED = ".htmx-request, .htmx-swapping, .htmx-settling"
IN_SIGHT = """() => [...document.querySelectorAll(".tile")].filter((tile) => {
  const { top, height } = tile.getBoundingClientRect();
  return top + height / 2 < innerHeight;
}).map((tile) => Number(tile.dataset.room))"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    variables = {"LIVEWARDEN_PATROL_MINUTES": str(MINUTES), "LIVEWARDEN_PICTURE_SOURCE": "cover"}
    folder = tmp_path_factory.mktemp("tour")
    with launched(folder, "--rooms", str(ROOMS + SPARE), **variables) as running:
        empty = {"RoomId": EMPTY, "Owner_Account": "lonely_host", "size": 0}
        httpx.post(
            f"{running.state['control']}/_simulator/rooms", json=empty, timeout=10
        ).raise_for_status()
        yield running


def on_air(page: Page, least: int = ROOMS) -> dict[int, str]:
    """All rooms that the list knows: primary key -> RoomId."""
    for _second in range(60):
        page.goto("/?size=200")
        rows = page.locator(".room-row:not([data-ended])")
        found = rows.evaluate_all(
            "rows => rows.map(row => [Number(row.dataset.room), "
            "row.querySelector('.id').textContent])"
        )
        if len(found) >= least and EMPTY in dict(found).values():
            return dict(found)
        page.wait_for_timeout(1000)
    raise AssertionError(f"the list has {len(found)} rooms")


def begin(page: Page) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.mouse.move(0, 0)
    page.clock.install(time=datetime.now())
    page.goto("/wall?density=medium&tour=1")
    page.wait_for_selector(".tile")
    expect(page.locator("[data-tour-text]")).not_to_be_empty()
    expect(page.locator("[data-bar=connection]")).to_be_hidden()
    page.clock.pause_at(
        datetime.now() + timedelta(seconds=1)
    )  # from now on time passes when it is told to


def looks_at(page: Page) -> set[int]:
    """What is on the screen for long enough to count."""
    page.clock.run_for(LOOK * 1000)
    return set(page.evaluate(IN_SIGHT))


def moves_on(page: Page) -> None:
    with page.expect_response(re.compile("fit=")):
        page.clock.run_for((PACE - LOOK) * 1000)
    page.clock.run_for(200)  # htmx puts it in its place after a moment
    # The page's clock stands still, and with it whatever Playwright asks again inside the page.
    for _ in range(200):
        if page.locator(UNSETTLED).count() == 0:
            return
        page.clock.run_for(20)
        page.wait_for_timeout(50)
    raise AssertionError("htmx does not put the next page of the wall in its place")


def test_two_tours_offer_every_room_in_time_and_those_without_viewers_too(log_in):
    people = [log_in("moderator", own=True), log_in("banadmin", own=True)]
    rooms = on_air(people[0])
    for page in people:
        begin(page)
    seen: set[int] = set()
    steps = 0
    while not rooms.keys() <= seen and steps * PACE < MINUTES * 60:
        steps += 1
        first, second = map(looks_at, people)
        assert steps == 1 or not first & second, "one of two is enough"
        seen |= first | second
        people[0].wait_for_timeout(STORED_MS)
        for page in people:
            moves_on(page)

    still = on_air(people[0], ROOMS - SPARE)
    missed = {rooms[pk] for pk in (rooms.keys() & still.keys()) - seen}
    assert not missed, f"not offered within {MINUTES} minutes"
    assert EMPTY in {rooms[pk] for pk in seen & rooms.keys()}
    people[0].goto("/coverage")
    never = people[0].locator("dl.strip div", has_text="Never looked at").locator("dd")
    assert int(never.inner_text()) <= SPARE, "some may have opened just now"
