"""What a client says about where the console is reaches no page, and no page that is kept for
somebody else.
"""

import gc
import re
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from channels.testing import WebsocketCommunicator
from django.core.cache import cache
from django.test import Client

from config.serving.request_limits import Bounded
from config.serving.threads import FewThreads
from moderation.core.roles import ROLES, make_person
from monitor.pages import row_cache
from tests.support.factories import PASSWORD, log_in, make_room

LANGUAGES = ("en", "ja", "zh-hans", "zh-hant")
# Every template with a part that is kept, and a page that shows it. The rows of
# `monitor.pages.row_cache` are on the first two.
KEPT = {"base.html": "/", "monitor/rooms.html": "/", "monitor/wall.html": "/wall"}
ROOTS = ("https://evil.example", "/x", '"><script>')
HOSTILE = [
    (b"x-forwarded-host", b"evil.example"),
    (b"x-forwarded-prefix", b"/evil.example"),
    (b"x-script-name", b"/evil.example"),
    (b"x-original-url", b"/evil.example"),
    (b"x-rewrite-url", b"/evil.example"),
    (b"referer", b"https://evil.example/"),
    (b"hx-current-url", b"https://evil.example/"),
]


@pytest.fixture(scope="module")
def application():
    from config import asgi

    gc.unfreeze()  # the tests' objects of today are not there for good
    return asgi.application


@pytest.fixture
def caches(settings, monkeypatch):
    async def here(self, scope, receive, send):
        """On the thread of the test, whose transaction no other thread sees."""
        await self.application.handle(scope, receive, send)

    monkeypatch.setattr(FewThreads, "__call__", here)
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    forget()
    yield
    forget()


def forget():
    cache.clear()
    row_cache.render_row.cache_clear()


def ask(application, path, *, cookie="", language="en", root="", headers=()):
    """(status, headers, text) of one GET through everything that daphne calls."""
    return async_to_sync(asked)(application, path, cookie, language, root, headers)


async def asked(application, path, cookie, language, root, headers):
    given = [(b"host", b"127.0.0.1"), (b"accept-language", language.encode()), *headers]
    if cookie:
        given.append((b"cookie", f"sessionid={cookie}; theme=evil.example".encode()))
    call = ApplicationCommunicator(
        application,
        {
            "type": "http",
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "root_path": root,
            "query_string": b"",
            "headers": given,
            "http_version": "1.1",
            "scheme": "http",
            "client": ["127.0.0.1", 1],
        },
    )
    await call.send_input({"type": "http.request", "body": b"", "more_body": False})
    start = await call.receive_output(20)
    body = b""
    while True:
        part = await call.receive_output(20)
        body += part.get("body", b"")
        if not part.get("more_body"):
            break
    await call.wait(5)
    return start["status"], dict(start["headers"]), body.decode()


def still(page):
    """A page without what is another one in each request: the masked token, ages and times."""
    page = re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]*', r"\1", page)
    return re.sub(r"\d+", "0", page)


def test_every_template_that_keeps_a_part_is_walked():
    folder = Path(__file__).parents[2] / "templates"
    found = {
        str(file.relative_to(folder))
        for file in folder.rglob("*.html")
        if "{% cache " in file.read_text()
    }
    assert found == set(KEPT)


@pytest.mark.django_db
@pytest.mark.parametrize("attacker", list(ROLES))
def test_no_page_of_a_colleague_depends_on_what_somebody_else_asked(application, caches, attacker):
    make_room("room-1")
    cookies = {
        role: log_in(Client(), make_person(role, role, PASSWORD)).cookies["sessionid"].value
        for role in ROLES
    }
    pages = sorted(set(KEPT.values()))
    for language in LANGUAGES:
        clean = {}
        for role, cookie in cookies.items():
            for path in pages:
                forget()
                clean[role, path] = still(
                    ask(application, path, cookie=cookie, language=language)[2]
                )
        forget()
        for path in pages:
            for root in ROOTS:
                status, _, text = ask(
                    application,
                    path,
                    cookie=cookies[attacker],
                    language=language,
                    root=root,
                    headers=HOSTILE,
                )
                assert status == 200
                assert "evil.example" not in text
        for (role, path), expected in clean.items():
            text = ask(application, path, cookie=cookies[role], language=language)[2]
            assert still(text) == expected, (role, path, language)


@pytest.mark.django_db
@pytest.mark.parametrize("root", ROOTS)
def test_a_stranger_is_sent_to_our_own_log_in(application, caches, root):
    status, headers, _ = ask(application, "/", root=root)
    assert (status, headers[b"Location"]) == (302, b"/login?next=/")


@pytest.mark.parametrize("root", ["/x", "/ws"])
async def test_the_door_for_webhooks_and_that_for_sockets_stay_where_they_are(application, root):
    call = WebsocketCommunicator(application, "/ws/nothing")
    call.scope["root_path"] = root
    connected, _ = await call.connect()
    assert not connected


async def through_bounded(path, size, *, told):
    """(status, bytes that the application was given) of a body in pieces of 16 KB, under any ASGI
    server.
    """
    given, sent, left = [], [], [size]

    async def application(scope, receive, send):
        while (message := await receive())["type"] == "http.request":
            given.append(len(message["body"]))
            if not message["more_body"]:
                await send({"type": "http.response.start", "status": 200, "headers": []})
                return

    async def receive():
        piece = min(16_384, left[0])
        left[0] -= piece
        return {"type": "http.request", "body": b"x" * piece, "more_body": left[0] > 0}

    async def send(message):
        sent.append(message)

    headers = [(b"content-length", str(size).encode())] if told else []
    await Bounded(application)({"type": "http", "path": path, "headers": headers}, receive, send)
    return sent[0]["status"], sum(given)


@pytest.mark.parametrize(
    ("path", "most"), [("/login", 1024), ("/api/v1/bans", 256), ("/webhooks/other", 64)]
)
async def test_a_body_reaches_the_application_up_to_the_limit_of_its_address(path, most):
    most *= 1024
    assert await through_bounded(path, most, told=True) == (200, most)
    assert await through_bounded(path, most, told=False) == (200, most)
    assert await through_bounded(path, most + 1, told=True) == (413, 0)
    assert (await through_bounded(path, most * 4, told=False))[0] == 413
    assert (await through_bounded(path, most * 4, told=False))[1] <= most
    assert (await through_bounded(path + "x" * 9000, 1, told=True))[0] == 414
