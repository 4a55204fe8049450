"""What the page itself knows: how old its figures are, what time it is, whether a picture gets
on.
"""

import json
import time

import pytest

pytestmark = pytest.mark.browser
HOUR = 3600
# What the computer's clock says, and how long the page has run, as the test orders.
CLOCKS = """
window.jump = 0; window.slept = 0;
const date = Date.now, ran = performance.now.bind(performance);
Date.now = () => date() + window.jump;
performance.now = () => ran() + window.slept;
"""

# The page's own module has one instance: its address is that which the page names.
NOW = """async () => {
  const module = document.querySelector('link[rel=modulepreload][href*="/core/clock."]').href;
  return (await import(module)).now();
}"""


@pytest.fixture
def fed(log_in):
    """A list whose socket is the test's: (page, tick).

    A tick tells every room's figure as read at that moment.
    """
    page = log_in("moderator", own=True)
    page.add_init_script(CLOCKS)
    sockets = []
    page.context.route_web_socket("**/ws/live", lambda socket: sockets.append(socket))
    page.reload()
    page.wait_for_selector(".room-row")

    def tick(*more: list, later: int = 0) -> None:
        now = int(time.time()) + later
        keys = page.locator(".room-row").evaluate_all(
            "rows => rows.map((row) => Number(row.dataset.room))"
        )
        rooms = [[key, "oa", now, "ra", now] for key in keys]
        sockets[-1].send(json.dumps({"k": "tick", "at": now * 1000, "rooms": [*rooms, *more]}))
        page.wait_for_timeout(50)

    return page, tick


def test_a_room_that_leaves_the_list_makes_no_other_figure_old(fed):
    page, tick = fed
    for _ in range(6):
        tick(later=HOUR)
    last = page.locator(".room-row:not([data-ended])").last
    pk = int(last.get_attribute("data-room"))
    tick([pk, "e", int(time.time())], later=HOUR)
    gone = page.locator(f".room-row[data-room='{pk}']")
    for _ in range(40):
        if not gone.count():
            break
        tick(later=HOUR)
        page.wait_for_timeout(400)
    assert gone.count() == 0
    page.wait_for_timeout(2200)
    assert page.locator(".room-row .is-stale, .room-row .is-late").count() == 0


@pytest.mark.parametrize("which", ["jump", "slept"])
@pytest.mark.parametrize("way", [HOUR, -HOUR])
def test_a_jump_of_the_clock_is_forgotten_within_five_ticks(fed, which, way):
    page, tick = fed
    for _ in range(6):
        tick()
    page.evaluate(f"{which} = {way * 1000}")
    for _ in range(5):
        tick()
    assert abs(page.evaluate(NOW) - time.time()) < 10
    page.wait_for_timeout(2200)
    assert page.locator(".room-row .is-stale, .room-row .is-late").count() == 0


def test_the_age_of_a_figure_stands_where_the_change_stood(fed):
    page, tick = fed
    for _ in range(6):
        tick()
    tick(later=0)
    figure = page.locator(".room-row [data-f=o]").first
    figure.evaluate(
        "cell => { cell.dataset.age = '22:20'; cell.querySelector('[data-c]').textContent = "
        "'+12'; }"
    )
    # Read at once: the next second may say that this figure is fresh.
    shown = figure.evaluate(
        """cell => { cell.dataset.age = '22:20'; cell.querySelector('b').textContent = '134,567';
        const after = getComputedStyle(cell, '::after');
        return [getComputedStyle(cell.querySelector('[data-c]')).display, after.position, parseFloat(after.fontSize),
                cell.scrollWidth <= cell.clientWidth]; }"""
    )
    assert shown[:2] == ["none", "static"]
    assert shown[2] >= 11
    assert shown[3], "the time is cut off"


def test_a_picture_that_makes_no_progress_is_started_again(log_in):
    page = log_in("moderator", 1920, at="/wall?density=large")
    playing = page.locator(".player[data-picture=playing]").first
    playing.wait_for(timeout=60_000)
    room = playing.evaluate("element => element.dataset.player")
    player = page.locator(f"[data-player='{room}']")
    # As after a restart of the stream: no error, no end, only a time that stands.
    player.locator("video").evaluate(
        "video => { video.play = () => Promise.resolve(); video.pause(); }"
    )
    page.wait_for_selector(f"[data-player='{room}'][data-picture=stalled]", timeout=60_000)
    page.wait_for_selector(f"[data-player='{room}'][data-picture=playing]", timeout=60_000)
