"""A host of HLS streams that does as it is told: what the worker of stills reads, well or ill."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import cache

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from simulator.media import video

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
PLAYLIST = "application/vnd.apple.mpegurl"


@cache
def loop(kind: str = "fine", number: int = 7) -> video.Loop:
    """A real stream, encoded once a process."""
    return video.encode(f"room-{number}", "A room", number, kind)


def image(kind: str = "fine", number: int = 7, at: int = 0) -> bytes:
    """Video that begins with the picture number `at` of four."""
    made = loop(kind, number)
    return made.init + made.fragments[at]


class Streams:
    """base: its address. pages: path -> handler, asked for at each request."""

    def __init__(self) -> None:
        self.base = ""
        self.pages: dict[str, Handler] = {}
        self.asked: list[str] = []
        self.newest = 8

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        handler = self.pages.get(request.path)
        if handler is None:
            raise web.HTTPNotFound
        return await handler(request)

    def answer(self, path: str, body: bytes | str, status: int = 200, **headers: str) -> None:
        """This path answers so."""

        async def fixed(_request: web.Request) -> web.Response:
            data = body.encode() if isinstance(body, str) else body
            return web.Response(
                body=data,
                status=status,
                headers={k.replace("_", "-"): v for k, v in headers.items()},
            )

        self.pages[path] = fixed

    def hang(self, path: str) -> None:
        """This path never answers."""

        async def never(_request: web.Request) -> web.Response:
            await asyncio.sleep(3600)
            return web.Response()

        self.pages[path] = never

    def endless(self, path: str) -> None:
        """This path sends bytes for ever."""

        async def on_and_on(request: web.Request) -> web.StreamResponse:
            answer = web.StreamResponse()
            await answer.prepare(request)
            while True:
                await answer.write(b"\0" * 65_536)

        self.pages[path] = on_and_on

    def stream(self, room: str, kind: str = "fine", number: int = 7) -> str:
        """A live stream whose newest segment is `newest`; its playlist's address."""
        made = loop(kind, number)

        async def playlist(_request: web.Request) -> web.Response:
            return web.Response(text=video.playlist(self.newest, kind), content_type=PLAYLIST)

        self.pages[f"/{room}/index.m3u8"] = playlist
        self.answer(f"/{room}/init-{kind}.mp4", made.init)
        for at in range(200):
            self.answer(f"/{room}/{at}-{kind}.m4s", made.fragments[at % video.SEGMENTS])
        return f"{self.base}/{room}/index.m3u8"


@pytest.fixture
async def streams() -> AsyncIterator[Streams]:
    """A host of streams on loopback."""
    made, app = Streams(), web.Application()
    app.router.add_get("/{path:.*}", made.handle)
    server = TestServer(app)
    await server.start_server()
    made.base = str(server.make_url("")).rstrip("/")
    try:
        yield made
    finally:
        await server.close()
