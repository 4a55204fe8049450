"""The system's Chromium: for the browser tests, the benchmarks and the pictures of the tour.

Runs inside the environment.
"""

import contextlib
from collections.abc import Iterator

from playwright.sync_api import Browser, sync_playwright

from launcher.development.testing import find_browser

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window. Raises LookupError when this machine has none."""
    path = find_browser()
    if not path:
        raise LookupError("no Chromium found; set CHROMIUM to its path")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield opened
        finally:
            opened.close()
