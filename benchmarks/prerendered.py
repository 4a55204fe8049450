"""The console with two more URLs that serve the same pages prerendered; the yardstick of `page`.

`/bench/prerendered?n=N` sends the stored bytes of page N through the console's whole request path:
middleware, session, log-in, permission, compression. `/bench/bare?n=N` hands them, compressed
already, to daphne without Django; nothing that checks who asks can be as fast. Served like the
console itself: `daphne benchmarks.prerendered:application`.
"""

import gzip
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from config.asgi import application as console  # first: it sets Django up

# isort: split

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config import urls
from moderation.web.guards import may


@cache
def stored(number: int) -> tuple[bytes, bytes]:
    """(bytes, the same compressed) of a page that `page` has left in the data folder."""
    page = (settings.DATA_DIR / "prerendered" / f"{number}.html").read_bytes()
    return page, gzip.compress(page)


@may("moderation.watch_rooms")
def prerendered(request: HttpRequest) -> HttpResponse:
    return HttpResponse(stored(int(request.GET["n"]))[0])


urls.urlpatterns.append(path("bench/prerendered", prerendered))


async def application(scope: Any, receive: Any, send: Any) -> None:
    """The console, and /bench/bare."""
    if scope["type"] != "http" or scope["path"] != "/bench/bare":
        await console(scope, receive, send)
        return
    body = stored(int(parse_qs(scope["query_string"].decode())["n"][0]))[1]
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-encoding", b"gzip"),
        (b"content-length", b"%d" % len(body)),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
