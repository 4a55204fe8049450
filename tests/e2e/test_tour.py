"""Two people and 120 rooms: between them, their tours offer every room within the minutes that were set."""

import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.running_stack import launched

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
ROOMS = 120
EMPTY = "nobody_watches"  # the vendor lists such rooms last
PACE, LOOK, MINUTES = 20, 4, 2
IN_SIGHT = """() => [...document.querySelectorAll(".tile")].filter((tile) => {
  const { top, height } = tile.getBoundingClientRect();
  return top + height / 2 < innerHeight;
}).map((tile) => Number(tile.dataset.room))"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    variables = {"LIVEWARDEN_PATROL_MINUTES": str(MINUTES), "LIVEWARDEN_PICTURE_SOURCE": "cover"}
    folder = tmp_path_factory.mktemp("tour")
    with launched(folder, "--rooms", str(ROOMS - 1), **variables) as running:
        empty = {"RoomId": EMPTY, "Owner_Account": "lonely_host", "size": 0}
        httpx.post(f"{running.state['control']}/_simulator/rooms", json=empty, timeout=10).raise_for_status()
        yield running


@pytest.fixture(scope="module")
def sessions():
    """Of this stack, not of the other one."""
    return {}


def on_air(page: Page) -> dict[int, str]:
    """All rooms that the list knows: primary key -> RoomId."""
    for _second in range(60):
        page.goto("/?size=200")
        rows = page.locator(".room-row:not([data-ended])")
        found = rows.evaluate_all(
            "rows => rows.map(row => [Number(row.dataset.room), row.querySelector('.id').textContent])"
        )
        if len(found) >= ROOMS and EMPTY in dict(found).values():
            return dict(found)
        page.wait_for_timeout(1000)
    raise AssertionError(f"the list has {len(found)} rooms")


def begin(page: Page) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.mouse.move(0, 0)
    page.clock.install()
    page.goto("/wall?density=medium&tour=1")
    page.wait_for_function("window.livewarden?.tour && document.querySelector('.tile')")
    expect(page.locator("[data-bar=connection]")).to_be_hidden()


def test_two_tours_offer_every_room_in_time_and_those_without_viewers_too(log_in):
    people = [log_in("moderator"), log_in("banadmin")]
    rooms = on_air(people[0])
    for page in people:
        begin(page)
        page.wait_for_timeout(
            4000
        )  # who is where is told every three seconds: the second tour begins elsewhere
    seen: set[int] = set()
    steps = 0
    while not rooms.keys() <= seen and steps * PACE < MINUTES * 60:
        steps += 1
        for page in people:
            page.clock.run_for(LOOK * 1000)
            seen |= set(page.evaluate(IN_SIGHT))
            page.wait_for_timeout(4000)  # looks are stored every three seconds
            with page.expect_response(re.compile("fit=")):
                page.clock.run_for((PACE - LOOK + 1) * 1000)
            page.wait_for_function("!document.querySelector('#wall.htmx-request')")

    missed = {rooms[pk] for pk in rooms.keys() - seen}
    assert not missed, f"not offered within {MINUTES} minutes"
    assert EMPTY in {rooms[pk] for pk in seen & rooms.keys()}
    supervisor = log_in("supervisor")
    never = supervisor.locator("dl.strip div", has_text="Never looked at").locator("dd")
    for _second in range(20):
        supervisor.goto("/coverage")
        if int(never.inner_text()) <= 1:  # one may have opened just now
            break
        supervisor.wait_for_timeout(1000)
    assert int(never.inner_text()) <= 1
