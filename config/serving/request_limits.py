"""What is true of every request before anything else looks at it: ASGI middleware around the whole
application.
"""

import json
from dataclasses import dataclass
from http import HTTPStatus

from rooms.infra.asgi import Application, Message, Receive, Scope, Send

KILO = 1024
# Bytes of a body, by how its address begins. The largest form of a page is a list of accounts.
MAX_BYTES = {"/webhooks/": 64 * KILO, "/api/": 256 * KILO, "": 1024 * KILO}
MAX_ADDRESS = 8 * KILO  # of an address with its query


class OwnRoot:
    """The console always is at the root of its address, whatever the client says.

    daphne takes ASGI's `root_path` from the client's header Daphne-Root-Path. Django writes it in
    front of every address of a page, and rows and fragments of pages are kept for other people.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.application({**scope, "root_path": ""}, receive, send)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is answered in place of a page. path: what was asked for; programs read refusals
    otherwise than people.
    """

    status: int
    message: str
    path: str = ""

    def content(self) -> tuple[bytes, bytes]:
        """Content type and body, as callers of this address read refusals."""
        if self.path.startswith("/webhooks/"):
            answer = {"ActionStatus": "FAIL", "ErrorCode": 1, "ErrorInfo": self.message}
            return b"application/json", json.dumps(answer).encode()
        if self.path.startswith("/api/"):
            title = HTTPStatus(self.status).phrase
            problem = {
                "type": "about:blank",
                "title": title,
                "status": self.status,
                "detail": self.message,
            }
            return b"application/problem+json", json.dumps(problem).encode()
        return b"text/plain; charset=utf-8", self.message.encode() + b"\n"

    def as_http(self) -> bytes:
        """The whole answer of a connection that is closed after it."""
        kind, body = self.content()
        phrase = HTTPStatus(self.status).phrase
        status = f"HTTP/1.1 {self.status} {phrase}\r\nContent-Length: {len(body)}\r\n"
        return status.encode() + b"Content-Type: " + kind + b"\r\nConnection: close\r\n\r\n" + body

    async def tell(self, send: Send) -> None:
        """The answer through ASGI."""
        kind, body = self.content()
        headers = [
            (b"content-type", kind),
            (b"content-length", b"%d" % len(body)),
            (b"connection", b"close"),
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def most_bytes(path: str) -> int:
    """How many bytes a body may have at this address."""
    return next(limit for begin, limit in MAX_BYTES.items() if path.startswith(begin))


def too_large(path: str, size: int) -> Refusal | None:
    """size: bytes of the body, as its header says or as they were counted."""
    limit = most_bytes(path)
    if size <= limit:
        return None
    return Refusal(413, f"A request to this address holds at most {limit} bytes.", path)


def too_long(path: str, size: int) -> Refusal | None:
    """size: bytes of the address with its query."""
    if size <= MAX_ADDRESS:
        return None
    return Refusal(414, f"An address has at most {MAX_ADDRESS} bytes.", path)


class Bounded:
    """Refuses a body that is too large before it is read, or, when its length is not told, as soon
    as it is too much.

    Under daphne `config.serving.daphne_limits` was there before: daphne keeps the whole body before
    it calls us.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        length = (
            int(announced)
            if announced.isdigit() and len(announced) < 16
            else 0
            if not announced
            else MAX_BYTES[""] + 1
        )
        address = len(scope.get("raw_path") or path.encode()) + len(
            scope.get("query_string") or b""
        )
        if refusal := too_long(path, address) or too_large(path, length):
            await refusal.tell(send)
            return
        got = 0
        late: Refusal | None = None

        async def counted() -> Message:
            nonlocal got, late
            message = await receive()
            got += len(message.get("body") or b"")
            late = late or too_large(path, got)
            # Django drops a request whose client has gone: it answers nothing, we do.
            return {"type": "http.disconnect"} if late else message

        await self.application(scope, counted, send)
        if late is not None:
            await late.tell(send)
