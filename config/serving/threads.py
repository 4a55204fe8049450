"""The threads that answer requests: a few, kept, each with its own database connection.

Django under ASGI starts a thread for each request and goes there and back for each middleware. A
hundred clicks at once were a hundred threads that fought for one interpreter and one write lock,
and each opened the database anew: 39 ms a click, where the click itself costs 5.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import cast

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from rooms.infra.asgi import Application, Receive, Scope, Send

MAX_REST = 2.0


class Pages(ASGIHandler):
    """Django, whose middleware and views are all synchronous here: one way to the thread instead of
    twenty.
    """

    def __init__(self) -> None:
        super(ASGIHandler, self).__init__()
        self.load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = await sync_to_async(self.get_response)(request)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            response.streaming_content = parts(cast(Iterator[bytes], response.streaming_content))
        return response


async def parts(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """A file's pieces as ASGI wants them; given as they are Django would read them all before it
    sends the first.
    """
    while piece := await sync_to_async(lambda: next(pieces, b""))():
        yield piece


class FewThreads:
    """Runs an application's requests on `count` threads; more requests than that wait their turn,
    first come first.

    rests: after each request its thread rests as long as the request took, MAX_REST seconds at
    most. Whoever asks without a pause gets half of a thread then, and everybody else the other half
    of the interpreter's time.
    """

    def __init__(self, application: Application, count: int, *, rests: bool = False) -> None:
        self.application = application
        self.count = count
        self.rests = rests
        # The last one used is the next one taken: its connection is open and its memory warm.
        self._free: asyncio.LifoQueue[ThreadPoolExecutor] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        free = self._threads()
        thread = await free.get()
        began = monotonic()
        try:
            async with ThreadSensitiveContext(executor=thread):
                await self.application(scope, receive, send)
        finally:
            if self.rests:
                rest = min(monotonic() - began, MAX_REST)
                asyncio.get_running_loop().call_later(rest, free.put_nowait, thread)
            else:
                free.put_nowait(thread)

    def _threads(self) -> asyncio.LifoQueue[ThreadPoolExecutor]:
        """Made with the first request: a queue belongs to an event loop."""
        if self._free is None:
            self._free = asyncio.LifoQueue()
            for _ in range(self.count):
                self._free.put_nowait(ThreadPoolExecutor(max_workers=1, thread_name_prefix="page"))
        return self._free


class Lanes:
    """Clicks never wait behind pages, nor pages behind fragments that ask the vendor while a person
    waits, behind files that somebody with a bad line fetches, behind a flood of log-ins, or behind
    studies of the stored past. Programs that use the HTTP API wait behind each other alone.

    When the vendor hangs, such a fragment holds its thread for seconds, and every open room asks
    for two. Pages are nothing but work for the one interpreter: three at a time are done as soon as
    eight, and when twenty people open a room a click among them gets more than twice the share.
    """

    ASK_THE_VENDOR = ("/audience", "/restrictions")
    # These read much of what is stored, for seconds, and whoever asks knows that it takes a while.
    STUDY = ("/dry-run", "/coverage", "/coverage/table")

    def __init__(self, application: Application) -> None:
        self.clicks = FewThreads(application, 4)
        self.pages = FewThreads(application, 3)
        self.files = FewThreads(application, 4)
        self.log_ins = FewThreads(application, 2)
        self.studies = FewThreads(application, 1, rests=True)
        self.asking = FewThreads(application, 16)
        self.programs = FewThreads(application, 4)

    def lane(self, method: str, path: str) -> FewThreads:
        """Which threads answer a request."""
        if path.startswith("/api/"):
            return self.programs
        if path.endswith(self.STUDY):
            return self.studies
        if method not in {"GET", "HEAD"}:
            return self.log_ins if path.startswith("/login") else self.clicks
        if path.startswith(settings.STATIC_URL):
            return self.files
        return self.asking if path.endswith(self.ASK_THE_VENDOR) else self.pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.lane(scope["method"], scope["path"])(scope, receive, send)
