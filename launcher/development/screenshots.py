"""`./run screenshots`: makes every picture of README.md and docs/tour.md, from the console with its
simulated platform.

Runs inside `.venv`. Starts `./run` on a folder of its own, lets a day's work happen (a quarantine,
a ban, an end, notes, looks), and takes the pictures in the system's Chromium. The same seed makes
the same rooms; figures move, so two runs differ in digits. SHOTS is the list; a test compares it
with what the documents show.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import Browser, Cookie, Page

from launcher.development.browser import chromium
from launcher.development.testing import find_browser
from launcher.environment import ROOT
from launcher.folder import StackState, read_state
from launcher.parent_death import die_with_parent
from launcher.terminal import say

FOLDER = ROOT / "docs" / "images"
START_SECONDS = 120
QUALITY = 82  # of JPEG
Scheme = Literal["dark", "light"]


def nothing(page: Page) -> None:
    """The page as it opens."""


def omnibox(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("jaz standrds")
    page.wait_for_timeout(1200)


def keys(page: Page) -> None:
    page.keyboard.press("?")
    page.wait_for_timeout(500)


def select(page: Page) -> None:
    for place in (2, 4, 5):
        page.evaluate("place => document.querySelectorAll('.room-row')[place].focus()", place)
        page.keyboard.press("x")


class Shot(NamedTuple):
    """name: of the file. path: {room} is a room that was acted on. seconds: until pictures and
    charts are there.
    """

    name: str
    path: str
    who: str = "supervisor"
    width: int = 1440
    scheme: Scheme = "dark"
    seconds: float = 4.0
    language: str = ""
    do: Callable[[Page], None] = nothing


SHOTS = (
    Shot("rooms", "/", seconds=8),
    Shot("rooms-light", "/", scheme="light", seconds=8, do=select),
    Shot("wall", "/wall", width=1920, seconds=16),
    Shot("wall-focus", "/wall?layout=focus", seconds=14),
    Shot("room", "/rooms/{room}", seconds=12),
    Shot("omnibox", "/", seconds=5, do=omnibox),
    Shot("keys", "/", seconds=5, scheme="light", do=keys),
    Shot("coverage", "/coverage", scheme="light"),
    Shot("queue", "/queue"),
    Shot("account", "/users/{account}", scheme="light"),
    Shot("record", "/audit", scheme="light"),
    Shot("rooms-ja", "/", language="ja", seconds=8),
    Shot("wall-zh", "/wall", language="zh-hans", seconds=14),
    Shot("phone", "/wall", width=390, seconds=12),
)


def main() -> int:
    browser = find_browser()
    if not browser:
        sys.stderr.write("No Chromium was found. Install one, or set CHROMIUM to its path.\n")
        return 2
    folder = Path(tempfile.mkdtemp(prefix="lw-shots-"))
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "run"), "--port", "0", "--data", str(folder), "--rooms", "80"],
        cwd=ROOT,
        env=kept(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=die_with_parent,  # noqa: PLW1509 (no other thread runs by now)
    )
    try:
        state = running(folder, process)
        take(state["url"], state["password"])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def kept() -> dict[str, str]:
    """The environment without settings of a real account: the pictures show the simulated
    platform.
    """
    own = ("LIVE_", "LIVEWARDEN_", "REDIS_", "DATABASE_")
    return {name: value for name, value in os.environ.items() if not name.startswith(own)}


def running(folder: Path, process: subprocess.Popen[bytes]) -> StackState:
    """What the launcher wrote of itself, once pages are served. Raises TimeoutError."""
    import httpx

    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            state = read_state(folder / "stack.json")
            if httpx.get(f"{state['url']}/readyz", timeout=2).status_code == 200:
                return state
        except (OSError, ValueError, httpx.HTTPError):
            pass
        time.sleep(0.5)
    raise TimeoutError("./run does not come up")


def take(url: str, password: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with chromium() as opened:
        people = {
            who: log_in(opened, url, who, password)
            for who in ("supervisor", "moderator", "banadmin")
        }
        room, account = work(opened, url, people)
        for shot in SHOTS:
            page = new_page(opened, url, people[shot.who], shot.width, shot.scheme, shot.language)
            page.goto(shot.path.format(room=room, account=account))
            page.wait_for_timeout(shot.seconds * 1000)
            shot.do(page)
            file = FOLDER / f"{shot.name}.jpg"
            page.screenshot(path=str(file), type="jpeg", quality=QUALITY)
            say(f"{file.relative_to(ROOT)}  {file.stat().st_size // 1024} KB")
            page.context.close()


def new_page(
    browser: Browser,
    url: str,
    cookies: list[Cookie],
    width: int,
    scheme: Scheme,
    language: str = "",
) -> Page:
    height = {390: 844, 1920: 1080}.get(width, 900)
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        base_url=url,
        locale=language or None,
    )
    context.add_cookies(
        [{"name": cookie["name"], "value": cookie["value"], "url": url} for cookie in cookies]
    )
    return context.new_page()


def log_in(browser: Browser, url: str, who: str, password: str) -> list[Cookie]:
    """The cookies of a person."""
    context = browser.new_context(base_url=url)
    page = context.new_page()
    page.goto("/login")
    page.fill("[name=username]", who)
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_selector(".room-row, .empty")
    cookies = [cookie for cookie in context.cookies() if cookie["name"] == "sessionid"]
    context.close()
    return cookies


def work(browser: Browser, url: str, people: dict[str, list[Cookie]]) -> tuple[str, str]:
    """What a shift does, so that there is something to see; the room that was acted on, and its
    host's account.
    """
    page = new_page(browser, url, people["moderator"], 1440, "dark")
    page.goto("/")
    page.wait_for_timeout(15_000)  # figures and sparklines
    page.reload()
    page.wait_for_selector(".room-row")
    rows = page.locator(".room-row")
    room = str(rows.nth(3).get_attribute("data-room"))
    for place, key in ((3, "w"), (3, "n"), (6, "!"), (9, "c"), (11, "q"), (14, "e")):
        page.keyboard.press("5")
        page.evaluate("place => document.querySelectorAll('.room-row')[place].focus()", place)
        page.keyboard.press(key)
        page.wait_for_timeout(900)
        if page.locator("dialog[open] form").count():
            if page.locator("dialog[open] textarea[name=text]").count():
                page.locator("dialog[open] textarea[name=text]").fill(
                    "Second warning today: links in the chat."
                )
            if page.locator("dialog[open] [name=policy]").count():
                page.locator("dialog[open] [name=policy]").nth(4).check()
            page.locator("dialog[open] button[type=submit]").click()
            page.wait_for_timeout(1200)
        page.keyboard.press("5")
    page.goto(f"/rooms/{room}")
    link = page.locator(".stage a[href^='/users/']").first.get_attribute("href") or "/users/nobody"
    page.wait_for_timeout(12_000)
    page.context.close()
    return room, re.sub(r"^/users/", "", link)


if __name__ == "__main__":
    sys.exit(main())
