"""The threads that answer requests: few, kept, and each request on one of them only."""

import asyncio
import threading
import time
import warnings

from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.templatetags.static import static
from django.urls import reverse

from config.serving import threads
from config.serving.threads import FewThreads, Lanes, Pages
from tests.support.waiting import comes_about

SCOPE = {
    "type": "http",
    "method": "GET",
    "path": "/login",
    "query_string": b"",
    "headers": [(b"host", b"localhost")],
    "http_version": "1.1",
    "client": ["127.0.0.1", 1],
}


class Noting:
    """Notes the thread of each call; each request makes two."""

    def __init__(self, seconds=0.0):
        self.seconds = seconds
        self.pairs = []
        self.running = self.most = 0

    def work(self):
        self.running += 1
        self.most = max(self.most, self.running)
        time.sleep(self.seconds)
        self.running -= 1
        return threading.get_ident()

    async def __call__(self, scope, receive, send):
        self.pairs.append(
            (await sync_to_async(self.work)(), await sync_to_async(threading.get_ident)())
        )
        if scope.get("fails"):
            raise RuntimeError


async def test_more_requests_than_threads_wait_and_all_are_answered():
    noting = Noting(0.005)
    application = FewThreads(noting, 3)
    await asyncio.gather(*(application({}, None, None) for _ in range(30)))
    assert len(noting.pairs) == 30
    assert noting.most <= 3
    assert all(first == second for first, second in noting.pairs)
    assert len({first for first, _ in noting.pairs}) <= 3


async def test_a_thread_is_used_again_also_after_a_failure_and_a_client_that_left():
    noting = Noting()
    application = FewThreads(noting, 1)
    await asyncio.gather(application({"fails": True}, None, None), return_exceptions=True)
    leaving = asyncio.create_task(application({}, None, None))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    await asyncio.wait_for(application({}, None, None), 5)
    assert len({first for first, _ in noting.pairs}) == 1


async def test_who_studies_without_a_pause_leaves_others_half_of_the_time(monkeypatch):
    """The thread of a study rests as long as it worked; the answer does not wait for that, the next
    study does.
    """
    rests = []
    loop = asyncio.get_running_loop()
    later = loop.call_later
    moments = iter([0.0, 0.5, 10.0, 99.0])

    def noting(seconds, what, *arguments):
        if what.__name__ == "put_nowait":
            rests.append(seconds)
            seconds = 0
        return later(seconds, what, *arguments)

    async def nothing(scope, receive, send):
        pass

    monkeypatch.setattr(loop, "call_later", noting)
    monkeypatch.setattr(threads, "monotonic", lambda: next(moments))
    studies = Lanes(nothing).studies
    for _ in range(2):
        await asyncio.wait_for(studies({}, None, None), 10)
    assert (studies.count, rests) == (1, [0.5, threads.MAX_REST])
    await asyncio.sleep(0)


async def test_a_click_and_a_page_pass_fragments_that_wait_for_the_vendor():
    release, inside = threading.Event(), []

    async def hanging(scope, receive, send):
        if scope["path"].endswith("/audience"):
            inside.append(scope)
            await sync_to_async(release.wait)(20)
        else:
            await sync_to_async(threading.get_ident)()

    application = Lanes(hanging)
    room = {"method": "GET", "path": "/rooms/1/audience"}
    waiting = [asyncio.create_task(application(room, None, None)) for _ in range(60)]
    full = application.asking.count
    await comes_about("all threads for such fragments hang", lambda: len(inside), equals=full)
    for method, path in (("POST", "/rooms/1/end"), ("GET", "/"), ("POST", "/login")):
        await asyncio.wait_for(application({"method": method, "path": path}, None, None), 10)
    assert not any(task.done() for task in waiting)
    release.set()
    await asyncio.gather(*waiting)


def test_each_kind_of_request_has_threads_of_its_own():
    lanes = Lanes(None)
    found = {
        "clicks": lanes.lane("POST", "/acts/1/undo"),
        "pages": lanes.lane("GET", "/"),
        "log_ins": lanes.lane("POST", "/login"),
        "files": lanes.lane("GET", static("monitor/base.css")),
        "asking": lanes.lane("GET", reverse("audience", args=[1])),
        "studies": lanes.lane("POST", reverse("rule-dry-run", args=["words"])),
        "programs": lanes.lane("POST", "/api/v1/rooms"),
    }
    assert all(found[name] is getattr(lanes, name) for name in found)
    assert len({id(lane) for lane in found.values()}) == len(found)
    assert lanes.lane("GET", "/login") is lanes.lane("HEAD", "/wall") is lanes.pages
    assert lanes.lane("GET", reverse("restrictions", args=[1])) is lanes.asking
    assert (
        lanes.lane("GET", reverse("coverage"))
        is lanes.lane("GET", reverse("coverage-table"))
        is lanes.studies
    )


async def answer(path):
    application = Lanes(Pages())
    call = ApplicationCommunicator(application, SCOPE | {"path": path, "raw_path": path.encode()})
    await call.send_input({"type": "http.request", "body": b"", "more_body": False})
    start = await call.receive_output(30)
    body = b""
    while True:
        part = await call.receive_output(30)
        body += part.get("body", b"")
        if not part.get("more_body"):
            await call.wait(30)
            return start["status"], body


async def test_pages_are_answered_through_every_middleware(db):
    status, body = await answer("/login")
    assert status == 200
    assert b"csrfmiddlewaretoken" in body


async def test_files_are_sent_without_complaint(settings, tmp_path):
    settings.STATIC_ROOT = str(tmp_path)
    (tmp_path / "tokens.css").write_text("x" * 200_000)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        status, body = await answer("/static/tokens.css")
    assert (status, len(body)) == (200, 200_000)
    assert [str(warning.message) for warning in said if "iterator" in str(warning.message)] == []


async def test_those_who_ask_for_health_need_no_name(db):
    assert (await answer("/healthz"))[0] == 200
