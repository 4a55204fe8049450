"""Pages without a stack: a server of one document at a time and the console's static files.

A browser context is made once for each way of looking (dark, forced colours, a finger) and keeps
what it has loaded: most of such a test's time went into loading the same styles and scripts again.
"""

import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.desks import FORGET

ROOT = Path(__file__).resolve().parents[2]
Looks = dict[str, Any]


class _Handler(SimpleHTTPRequestHandler):
    """`/` is the document, `/static/` the project's files; what else a page asks for is not there."""

    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self) -> None:
        if self.path == "/":
            body = self.server.document.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        elif self.path.startswith("/static/"):
            super().do_GET()
        else:
            self.send_error(404)

    def end_headers(self) -> None:
        kept = "max-age=3600" if self.path.startswith("/static/") else "no-store"
        self.send_header("Cache-Control", kept)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a failed test says where its page stood."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    document = ""


class DrawnPages:
    """Opens documents in contexts that it keeps."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: dict[str, BrowserContext] = {}
        self._server = _Server(("127.0.0.1", 0), functools.partial(_Handler, directory=ROOT))

    def __enter__(self) -> "DrawnPages":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for context in self._contexts.values():
            context.close()
        self._server.shutdown()
        self._server.server_close()

    def open(self, document: str, width: int, height: int, clock: bool, looks: Looks) -> Page:
        """A page of this document. `clock`: in a context of its own, whose time the test turns."""
        context = self._new(looks) if clock else self._kept(looks)
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        if clock:
            page.clock.install()
        self._server.document = document
        page.goto("/")
        return page

    def close(self, page: Page) -> None:
        """Ends a page; what it stored is forgotten, and so is a context of its own."""
        context = page.context
        if context in self._contexts.values():
            page.evaluate(FORGET)
            page.close()
        else:
            context.close()

    def _kept(self, looks: Looks) -> BrowserContext:
        key = repr(sorted(looks.items()))
        if key not in self._contexts:
            self._contexts[key] = self._new(looks)
        return self._contexts[key]

    def _new(self, looks: Looks) -> BrowserContext:
        port = self._server.server_address[1]
        return self._browser.new_context(base_url=f"http://127.0.0.1:{port}", **looks)
