"""The system's Chromium for benchmarks, with the flags of the browser tests."""

import contextlib
import os
import shutil
from collections.abc import Iterator

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.stage import PASSWORD
from tests.e2e.conftest import FLAGS


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A browser. Raises LookupError when this machine has none."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        raise LookupError("no Chromium found; set CHROMIUM to its path")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield opened
        finally:
            opened.close()


def logged_in(browser: Browser, url: str, name: str) -> Page:
    """A new page of a person who has a session and has seen nothing but the log-in."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{url}/login")
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{url}/")
    return page
