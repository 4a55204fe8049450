"""A talkative gateway between the console and the simulated vendor, as companies have them.

It passes every call on and keeps the UserSigs that went by. On order it answers itself, quoting the
whole address it was asked, UserSig included, as an error of the vendor, as a page of HTML, or as a
redirect.
"""

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

MODES = ("pass", "quote", "html", "redirect", "hang up")


class Gateway(ThreadingHTTPServer):
    daemon_threads = True
    # A client that gives up on a connection is no news here.
    handle_error = staticmethod(lambda request, address: None)

    def __init__(self, upstream: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.upstream = upstream
        self.mode = "pass"
        self.usersigs: set[str] = set()
        self.quoted: dict[str, int] = dict.fromkeys(MODES, 0)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.usersigs.update(parse_qs(urlsplit(self.path).query).get("usersig", []))
        self.server.quoted[self.server.mode] += 1
        address = f"http://{self.server.host}{self.path}"
        match self.server.mode:
            case "quote":
                refusal = {
                    "ActionStatus": "FAIL",
                    "ErrorCode": 60002,
                    "ErrorInfo": f"cannot parse {address}",
                }
                self.answer(
                    200, json.dumps({**refusal, "RequestId": "quoted"}).encode(), "application/json"
                )
            case "html":
                self.answer(502, f"<h1>Bad gateway</h1>{address}".encode(), "text/html")
            case "redirect":
                self.answer(302, b"", "text/html", Location=address)
            case "hang up":
                self.close_connection = True
            case _:
                self.answer(200, self.passed_on(body), "application/json")

    def passed_on(self, body: bytes) -> bytes:
        upstream = http.client.HTTPConnection(self.server.upstream, timeout=10)
        try:
            upstream.request("POST", self.path, body, {"Content-Type": "application/json"})
            return upstream.getresponse().read()
        finally:
            upstream.close()

    def answer(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            **headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Says nothing: the tests' own output is not what is looked at."""


@contextmanager
def gateway(upstream: str) -> Iterator[Gateway]:
    """A gateway in front of a simulator ("127.0.0.1:port")."""
    server = Gateway(upstream)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
