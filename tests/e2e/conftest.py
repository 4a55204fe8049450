"""The whole stack as `./run` starts it, and a real browser. One stack for all tests of the run."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@dataclass(frozen=True)
class Stack:
    url: str
    password: str
    folder: Path

    @property
    def state(self) -> dict[str, Any]:
        """What the launcher wrote about the stack that runs: processes, the simulator's control door."""
        return dict(json.loads((self.folder / "stack.json").read_text("utf-8")))


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("stack")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LIVE", "REDIS", "DATABASE", "DJANGO"))
    }
    command = [sys.executable, "run", "--data", str(folder), "--rooms", "60"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=kept, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    said = ""
    try:
        assert process.stdout is not None
        for line in process.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        url, password = re.search(r"http://127\.0\.0\.1:\d+", said), re.search(r"password\s+(\S+)", said)
        assert url and password, said
        yield Stack(url[0], password[1], folder)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(15)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.skip("no Chromium found")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def log_in(stack: Stack, browser: Browser) -> Iterator:
    """A function: opens a page as one of the demo people. Errors of the page's scripts fail the test."""
    contexts, errors = [], []

    def enter(name: str, width: int = 1440, scheme: str = "dark") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, base_url=stack.url
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None,
        )
        page.goto("/login")
        page.fill("[name=username]", name)
        page.fill("[name=password]", stack.password)
        page.click("main button[type=submit]")
        page.wait_for_selector(".room-row, .empty")
        for _ in range(20):
            if page.locator(".room-row").count() >= 40:
                break
            page.wait_for_timeout(1000)
            page.reload()
        return page

    yield enter
    for context in contexts:
        context.close()
    assert errors == []
