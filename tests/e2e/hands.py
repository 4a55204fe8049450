"""What hands do on a page, waiting where a person would wait."""

import re

from playwright.sync_api import Locator, Page

# One of the simulator's hosts in 31 opens rooms that are not listed (simulator.world.world).
UNLISTED = re.compile(r"^live_(host_1017|0048\d{5})$")


def choose_reason(page: Page, key: str) -> None:
    """Presses a number until the page has taken it: before its scripts listen, a press is lost."""
    button = page.locator(f"[data-reasons] [data-key='{key}']")
    while button.get_attribute("aria-pressed") != "true":
        page.keyboard.press(key)
        page.wait_for_timeout(100)


def listed_rows(page: Page) -> Locator:
    """The rows of live rooms that the platform's list shows: what a quarantine takes them out of."""
    return page.locator(".room-row:not([data-ended])").filter(
        has_not=page.locator(".id", has_text=UNLISTED)
    )
