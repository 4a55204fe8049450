"""A moderator edits a room and quarantines one, takes it back, and makes a stream key: in a real
browser.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.hands import UNLISTED, choose_reason, listed_rows

pytestmark = pytest.mark.browser
SECONDS = 20_000
TIMELINE = "section[hx-get$='/timeline']"


def test_a_room_is_edited_and_says_so(log_in):
    page = log_in("moderator")
    page.locator(".room-row:not([data-ended]) .room-row__name a").nth(20).click()
    page.locator("[hx-get$='/act/edit']").click()
    page.wait_for_selector("dialog[open] form")
    page.fill("dialog [name=room_name]", "Renamed by hand")
    page.locator("dialog label[data-key='7']").click()
    page.locator("dialog[open] button[type=submit]").click()
    expect(page.locator(TIMELINE)).to_contain_text("Renamed by hand", timeout=SECONDS)
    expect(page.locator(TIMELINE)).to_contain_text("done", timeout=SECONDS)


def test_q_quarantines_a_room_of_the_list_and_u_takes_it_back(log_in):
    page = log_in("moderator")
    choose_reason(page, "2")
    for _ in range(6):
        page.keyboard.press("j")
    if UNLISTED.search(page.evaluate("document.activeElement.querySelector('.id').textContent")):
        page.keyboard.press("j")
    pk = page.evaluate("document.activeElement.dataset.room")
    page.keyboard.press("q")
    line = page.locator(f"#acts-{pk}")
    expect(
        line.locator(".acts__line", has_text="Quarantine").locator("[data-act=u]")
    ).to_be_visible(timeout=SECONDS)
    page.locator(f".room-row[data-room='{pk}']").focus()
    page.keyboard.press("u")
    expect(line).to_contain_text("Release from quarantine", timeout=SECONDS)
    page.goto(f"/rooms/{pk}")
    expect(page.locator(TIMELINE)).to_contain_text("Listed: no yes", timeout=SECONDS)


def test_a_quarantined_room_offers_its_release_and_not_to_be_listed(log_in):
    page = log_in("moderator")
    choose_reason(page, "4")
    listed_rows(page).nth(22).locator(".room-row__name a").click()
    choose_reason(page, "4")
    page.locator("article [data-act=q]").click()
    release = page.locator("[hx-get$='/act/release']")
    expect(release).to_be_visible(timeout=SECONDS)
    expect(page.locator("[hx-get$='/act/publish']")).to_have_count(0)
    choose_reason(page, "4")  # the quarantine has spent it
    release.click()
    page.wait_for_selector("dialog[open] form")
    page.locator("dialog[open] button[type=submit]").click()
    expect(page.locator("[hx-get$='/act/hide']")).to_be_visible(timeout=SECONDS)


def test_a_stream_key_is_shown_once_and_taken_back(log_in):
    page = log_in("supervisor")
    # OBS takes a RoomId of letters, digits and underscores; some here are odder.
    plain = page.locator(".id", has_text=re.compile(r"^live_host_\d+$"))
    page.locator(".room-row:not([data-ended])").filter(has=plain).nth(10).locator(
        ".room-row__name a"
    ).click()
    page.locator("details.more summary").click()
    page.locator("[hx-get$='/act/obs_key']").click()
    page.wait_for_selector("dialog[open] form")
    page.keyboard.press("7")
    page.locator("dialog[open] button[type=submit]").click()
    page.locator("[hx-post$='/stream-key']").click(timeout=SECONDS)
    expect(page.locator("#obs-key")).to_have_value(
        re.compile(r"^\w+\?sdkappid=\d+&userid=live_obs_\w+&usersig=")
    )
    page.locator("dialog[open] [data-close]").click()
    page.reload()
    expect(page.locator("details.more")).to_contain_text("shown to supervisor", timeout=SECONDS)
    expect(page.locator("[hx-post$='/stream-key']")).to_have_count(0)
    page.locator("[hx-get$='/act/obs_revoke']").click()
    page.wait_for_selector("dialog[open] form")
    page.keyboard.press("7")
    page.locator("dialog[open] button[type=submit]").click()
    expect(page.locator("details.more")).to_contain_text("No stream key is active", timeout=SECONDS)
