"""The system's Chromium: for the browser tests, the benchmarks and the pictures of the tour."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def find_browser() -> str:
    """The path of a Chromium, or nothing."""
    named = os.environ.get("CHROMIUM", "")
    return named or next((path for path in map(shutil.which, NAMES) if path), "")


@contextlib.contextmanager
def chromium() -> Iterator["Browser"]:
    """A browser without a window. Raises LookupError when this machine has none."""
    path = find_browser()
    if not path:
        raise LookupError("no Chromium found; set CHROMIUM to its path")
    from playwright.sync_api import sync_playwright  # not there yet when ./run makes the environment

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield opened
        finally:
            opened.close()
