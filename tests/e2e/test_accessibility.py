"""Every page for everybody: nothing that axe-core finds hard for somebody, nothing wider than a
phone, no flash of a theme.
"""

import re
from pathlib import Path

import axe_playwright_python
import pytest
from django.urls import get_resolver
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
FIRST_LOAD = 150_000  # bytes, without covers and players: those come later, from the platform
PARTS_OF_THE_WALK = 3
LATER = re.compile("/covers/|/vendor/(hls|trtc)/|[.](m3u8|ts|mp4|m4s)")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Address by URL name: every page of the console that a person opens. "{room}": the first room of
# the list.
PAGES = {
    "rooms": "/",
    "wall": "/wall",
    "all-chat": "/chat",
    "chat-search": "/chat/search?q=the",
    "room": "/rooms/{room}",
    "queue": "/queue",
    "queue-close": "/queue/close?alerts=1&outcome=dismissed",
    "bans": "/bans",
    "ban-new": "/bans/new",
    "ban-request-new": "/bans/ask?account=somebody",
    "audit": "/audit",
    "coverage": "/coverage",
    "holds": "/holds",
    "rules": "/rules",
    "rule-new": "/rules/new?kind=words",
    "rule": "/rules/host-gone",
    "rule-change": "/rules/host-gone/change",
    "rule-dry-run": "/rules/host-gone/dry-run",
    "risk": "/risk",
    "risk-weights": "/risk/weights",
    "risk-replay": "/risk/replay",
    "plans": "/plans",
    "plan-new": "/rooms/new",
    "people": "/people",
    "person-new": "/people/new",
    "person": "/people/1",
    "policies": "/policies",
    "tokens": "/tokens",
    "token-new": "/tokens/new",
    "system": "/system",
    "preferences": "/preferences",
    "password_change": "/password",
    "account": "/users/somebody",
    "account-named": "/users?account=..",
    "act-form": "/rooms/{room}/act/end",
    "limit-set": "/rooms/{room}/limit",
    "note": "/rooms/{room}/note",
    "escalate": "/rooms/{room}/escalate",
}
# What else is answered with HTML: parts of those pages, pages of one thing that first has to be
# made, and the log-in.
PARTS = {
    "account-card",
    "acts-of-room",
    "all-chat-lines",
    "audience",
    "ban",
    "ban-change",
    "ban-lift",
    "ban-request-decline",
    "chart",
    "chat",
    "coverage-table",
    "find",
    "happenings",
    "healthz",
    "hold-lift",
    "kept-still",
    "life",
    "limit-close",
    "live-poll",
    "login",
    "marks",
    "omnibox",
    "picture",
    "plan",
    "plan-card",
    "plan-of-room",
    "plan-owner",
    "profiles",
    "queue-alert",
    "queue-count",
    "queue-request",
    "queue-rows",
    "readyz",
    "restrictions",
    "room-changes",
    "room-risk",
    "room-find",
    "still",
    "stills",
    "stream-key",
    "summary",
    "system-charts",
    "timeline",
    "views",
    "warn-preview",
}
ONLY_ACTS = {
    "act-now",
    "act-reason",
    "act-retry",
    "act-undo",
    "alert-close",
    "alert-reopen",
    "ban-undo",
    "claim",
    "columns",
    "limit-extend",
    "logout",
    "note-undo",
    "plan-cancel",
    "plan-retry",
    "queue-reopen",
    "rules-switch",
    "several",
    "still-upload",
    "theme",
    "token-revoke",
    "view-delete",
}


def names(patterns) -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        if getattr(pattern, "namespace", "") != "api":
            found |= (
                names(pattern.url_patterns) if hasattr(pattern, "url_patterns") else {pattern.name}
            )
    return found


def test_every_page_is_walked():
    acts = {
        name
        for name in names(get_resolver().url_patterns)
        if name.startswith("act-") and name != "act-form"
    }
    assert names(get_resolver().url_patterns) - acts - ONLY_ACTS - PARTS == set(PAGES)


def violations(page: Page, rules: list[str] = RULES) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", rules
    )
    return [
        f"{rule['id']}: {node['html'][:160]} ({node.get('failureSummary', '')[:200]})"
        for rule in found["violations"]
        for node in rule["nodes"][:3]
    ]


def opened(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_timeout(
        700 if address in {"/", "/wall"} or "/rooms/" in address else 150
    )  # fragments have come


def addresses(page: Page) -> list[str]:
    room = page.locator(".room-row").nth(3).get_attribute("data-room")
    return [address.replace("{room}", room) for address in PAGES.values()]


@pytest.mark.parametrize("address", ["/", "/wall"])
def test_figures_that_grew_old_and_rooms_that_ended_can_be_read(address, log_in):
    page = log_in("moderator", own=True)
    page.context.route_web_socket("**/ws/live", lambda socket: socket.close())
    page.route("**/live?rooms=*", lambda route: route.abort())
    page.clock.install()
    opened(page, address)
    page.clock.run_for(120_000)
    expect(page.locator(".is-stale").first).to_be_visible()
    page.evaluate("document.querySelectorAll('.room-row, .tile')[2].dataset.ended = ''")
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page, ["color-contrast"]) == [], scheme


class Scales:
    """What is loaded from now on with the browser's cache off: address -> bytes as they came over
    the wire.
    """

    def __init__(self, page: Page) -> None:
        self._urls: dict[str, str] = {}
        self.weights: dict[str, int] = {}
        self._session = page.context.new_cdp_session(page)
        self._session.on("Network.requestWillBeSent", self._begins)
        self._session.on("Network.loadingFinished", self._ends)
        self._session.send("Network.enable")
        self._session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def clear(self) -> None:
        """What an earlier page has begun to load and gets later is not the next one's weight."""
        self._urls.clear()
        self.weights.clear()

    def _begins(self, event: dict) -> None:
        self._urls[event["requestId"]] = event["request"]["url"]

    def _ends(self, event: dict) -> None:
        url = self._urls.get(event["requestId"])
        if url is not None and not LATER.search(url):
            self.weights[url] = int(event["encodedDataLength"])


@pytest.mark.timeout(400)
@pytest.mark.parametrize("part", range(PARTS_OF_THE_WALK))
def test_no_page_is_hard_for_anybody_wider_than_a_phone_or_slow_to_load(part, log_in):
    """In the dark with all rules, in the light with those of colours, at 390 and 320 px; and what
    its first load weighs.
    """
    page = log_in("supervisor", 1440, "dark")
    scales = Scales(page)
    wrong: dict[str, object] = {}
    for address in addresses(page)[part::PARTS_OF_THE_WALK]:
        scales.clear()
        opened(page, address)
        weight = sum(scales.weights.values())
        if not 20_000 < weight < FIRST_LOAD:
            wrong[f"{address} weighs"] = weight
        if found := violations(page):
            wrong[address] = found
        page.emulate_media(color_scheme="light")
        if found := violations(page, ["color-contrast"]):
            wrong[f"{address} in the light"] = found
        page.emulate_media(color_scheme="dark")
        for width in (390, 320):  # a phone; 1280 px at 400 %
            page.set_viewport_size({"width": width, "height": 900})
            if (over := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
                wrong[f"{address} is wider than {width} px"] = over
        page.set_viewport_size({"width": 1440, "height": 900})
    assert wrong == {}


# A wide table whose last column is named for screen readers alone, as it stands with and without a
# frame around it.
WIDE_TABLE = """frame => {
  const table = `<table class="table list"><thead><tr>${'<th scope="col">Name of a column</th>'.repeat(9)}
    <th scope="col"><span class="out-of-sight">Acts</span></th></tr></thead>
    <tbody><tr>${'<td>some_long_account_name</td>'.repeat(10)}</tr></tbody></table>`;
  document.querySelector('main').innerHTML = frame ? `<div class="scroll">${table}</div>` : table;
  return document.documentElement.scrollWidth - innerWidth;
}"""


@pytest.mark.parametrize("frame", [False, True])
def test_a_table_that_is_wider_than_a_phone_scrolls_in_itself(log_in, frame):
    page = log_in("moderator", 390, at="/holds")
    assert page.evaluate(WIDE_TABLE, frame) <= 0


def test_dialogs_and_the_log_in_are_not_hard_either(log_in, browser, stack):
    page = log_in("moderator")
    wrong = {}
    for key in ("?", "/", "w"):
        page.keyboard.press("j")
        page.keyboard.press(key)
        page.wait_for_selector("dialog[open]")
        page.wait_for_timeout(500)
        if found := violations(page):
            wrong[key] = found
        page.keyboard.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)
    context = browser.new_context(base_url=stack.url)
    stranger = context.new_page()
    stranger.goto("/login")
    if found := violations(stranger):
        wrong["/login"] = found
    context.close()
    assert wrong == {}


def test_a_chosen_theme_and_care_are_there_before_the_first_paint(log_in):
    page = log_in("auditor", 1440, "dark", own=True, at="/preferences")
    page.check("[name=blur]")
    page.check("[name=greyscale]")
    page.select_option("[name=theme]", "light")
    page.locator("main button[type=submit]").click()
    page.wait_for_selector("[role=status]")
    # Without a single script: what the server wrote is what is painted.
    context = page.context.browser.new_context(
        java_script_enabled=False, base_url=page.url, color_scheme="dark"
    )
    context.add_cookies(page.context.cookies())
    plain = context.new_page()
    plain.goto("/wall")
    assert plain.locator("html").get_attribute("data-theme") == "light"
    picture = plain.locator(".player__cover").first
    assert picture.evaluate("node => getComputedStyle(node).filter") == "blur(14px) grayscale(1)"
    context.close()
    page.goto("/preferences")
    page.uncheck("[name=blur]")
    page.uncheck("[name=greyscale]")
    page.select_option("[name=theme]", "")
    page.locator("main button[type=submit]").click()
    page.wait_for_selector("[role=status]")
