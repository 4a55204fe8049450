"""The walk of a moderator: watch rooms move, end one, undo, warn, ban; a supervisor finds it in the
record.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.hands import choose_reason

pytestmark = pytest.mark.browser
SECONDS = 20_000


def figures(page: Page) -> list[str]:
    return page.locator(".room-row [data-f=o] [data-v]").all_text_contents()


def test_figures_move_while_rows_stay_in_their_places(log_in):
    page = log_in("moderator")
    order = page.locator(".room-row").evaluate_all("rows => rows.map(row => row.dataset.room)")
    before = figures(page)
    page.wait_for_function(
        "before => [...document.querySelectorAll('.room-row [data-f=o] [data-v]')].some((b, i) => "
        "b.textContent !== before[i])",
        arg=before,
        timeout=SECONDS,
    )
    assert (
        page.locator(".room-row").evaluate_all("rows => rows.map(row => row.dataset.room)") == order
    )
    expect(page.locator("[data-bar=connection]")).to_be_hidden()


def test_one_click_ends_a_stream_and_the_record_has_it(log_in):
    page = log_in("moderator")
    choose_reason(page, "3")
    row = page.locator(".room-row:not([data-ended])").nth(12)
    pk, room_id = row.get_attribute("data-room"), row.locator(".id").text_content()
    row.locator("[data-end]").click()
    line = page.locator(f"#acts-{pk}")
    expect(line).to_contain_text("ending in")
    expect(line).to_contain_text("ended, verified", timeout=SECONDS)
    row = page.locator(f".room-row[data-room='{pk}']")
    expect(row).to_have_attribute("data-ended", re.compile(r"^\d+$"))
    page.mouse.move(0, 0)  # nothing goes from above a pointer
    expect(row).to_have_count(0, timeout=SECONDS)  # its tombstone leaves by itself
    auditor = log_in("auditor", at="/audit?verb=end")
    expect(auditor.locator("table")).to_contain_text(room_id)


def test_undo_takes_an_end_back(log_in):
    page = log_in("moderator")
    choose_reason(page, "9")
    pk = (
        page.locator(".room-row:not([data-ended]):has(.acts:empty)")
        .nth(14)
        .get_attribute("data-room")
    )
    page.locator(f".room-row[data-room='{pk}'] [data-end]").click()
    page.locator(f"#acts-{pk} [data-act=u]").click()
    expect(page.locator(f"#acts-{pk}")).to_contain_text("undone")
    page.wait_for_timeout(4000)
    page.reload()
    assert page.locator(f".room-row[data-room='{pk}'][data-ended]").count() == 0


def test_on_a_phone_nothing_moves_the_rooms_under_a_finger(log_in):
    page = log_in("moderator", 390)
    choose_reason(page, "9")
    top = "row => row.getBoundingClientRect().top + scrollY"
    for path in ("/wall", "/"):
        page.goto(path)
        first = page.locator(".tile, .room-row").first
        before = first.evaluate(top)
        # All in one: the next tick takes a word away for which there is no change.
        shows = "chip => { chip.hidden = false; chip.textContent = '99 changes, press r'; return chip.checkVisibility(); }"
        after = f"first => {{ const seen = ({shows})(document.querySelector('[data-changes]')); return [seen, ({top})(first)]; }}"
        assert first.evaluate(after) == [True, before]
    # One that no other test has acted upon.
    row = page.locator(".room-row:not([data-ended]):has(.acts:empty)").nth(10)
    pk = row.get_attribute("data-room")
    row = page.locator(f".room-row[data-room='{pk}']")
    row.scroll_into_view_if_needed()
    height = "row => row.getBoundingClientRect().height"
    before = row.evaluate(height)
    row.locator("[data-end]").click()
    expect(page.locator(f"#acts-{pk}")).to_contain_text("ending in")
    assert abs(row.evaluate(height) - before) < 1  # half a pixel moves nothing under a finger
    page.locator(f"#acts-{pk} [data-act=u]").click()
    expect(page.locator(f"#acts-{pk}")).to_contain_text("undone")
    assert row.evaluate(height) == before


@pytest.mark.parametrize(
    ("path", "what"), [("/", ".room-row"), ("/wall", ".tile"), ("/wall?density=large", ".tile")]
)
def test_on_a_phone_what_became_of_an_act_takes_no_line_of_its_own(path, what, log_in):
    page = log_in("moderator", 390, at=path)
    choose_reason(page, "9")
    holder = page.locator(f"{what}:not([data-ended]):has(.acts:empty)").last
    holder = page.locator(f"{what}[data-room='{holder.get_attribute('data-room')}']")
    holder.scroll_into_view_if_needed()
    # What comes into sight is laid out with the next frame.
    page.wait_for_function(
        "holder => holder.querySelector('.controls').checkVisibility({ contentVisibilityAuto: true "
        "})",
        arg=holder.element_handle(),
    )
    height = "holder => holder.getBoundingClientRect().height"
    before = holder.evaluate(height)
    holder.locator("[data-act=w]").click()
    page.locator("dialog[open] form [type=submit]").click()
    line = holder.locator(".acts__line")
    expect(line.locator(".acts__text")).to_contain_text("Warn host")
    assert holder.evaluate(height) == before
    edge, box = holder.bounding_box(), line.bounding_box()
    assert edge["x"] <= box["x"]
    assert box["x"] + box["width"] <= edge["x"] + edge["width"]


def test_a_host_is_warned_by_keys_alone(log_in):
    page = log_in("moderator")
    page.keyboard.press("j")
    page.keyboard.press("j")
    pk = page.evaluate("document.activeElement.dataset.room")
    page.keyboard.press("w")
    page.wait_for_selector("dialog[open] form")
    page.keyboard.press("5")
    page.keyboard.press("Enter")
    expect(page.locator(f"#acts-{pk}")).to_contain_text("Warn host", timeout=SECONDS)
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_a_host_is_banned_and_the_room_goes(log_in):
    page = log_in("banadmin")
    row = page.locator(".room-row:not([data-ended])").nth(18)
    pk = row.get_attribute("data-room")
    row.locator("[data-act=b]").click()
    page.wait_for_selector("dialog[open] form")
    page.keyboard.press("1")
    page.locator("dialog[open] button[type=submit]").click()
    expect(page.locator("[data-toasts]")).to_contain_text("is banned from the platform")
    page.goto(f"/rooms/{pk}")
    expect(page.locator("article")).to_have_attribute(
        "data-ended", re.compile(r"^\d*$"), timeout=SECONDS
    )


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light"), (1920, "dark")])
def test_no_page_is_wider_than_the_screen(width, scheme, log_in):
    page = log_in("supervisor", width, scheme)
    first = page.locator(".room-row a").first.get_attribute("href")
    for path in (
        "/",
        first,
        "/bans",
        "/bans/new",
        "/audit",
        "/people",
        "/policies",
        "/system",
        "/password",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
