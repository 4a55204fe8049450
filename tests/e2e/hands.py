"""What hands do on a page, waiting where a person would wait."""

from playwright.sync_api import Page


def choose_reason(page: Page, key: str) -> None:
    """Presses a number until the page has taken it: before its scripts listen, a press is lost."""
    button = page.locator(f"[data-reasons] [data-key='{key}']")
    while button.get_attribute("aria-pressed") != "true":
        page.keyboard.press(key)
        page.wait_for_timeout(100)
