"""What a tick costs the person's browser, and how soon a published figure stands in the document.

Chromium shows 200 rows of the real list, and each tick brings new figures for all of them: first
alone, then with its processor throttled to a quarter, then while 1,000 other sockets
(`benchmarks.others`, another process) are served by the same daphne. A script that is there before
the page's own wraps `WebSocket.onmessage` and times the page's handler, decoding included; nothing
of it is in the product. After every tick each row is compared with what was published. The handler
is synchronous, so the document has the figures when it returns: that moment, on this machine's one
clock, is what publish-to-document is measured to.
"""

import json
import random
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.filling import fill
from benchmarks.report import Goal, Report, percentile
from benchmarks.stage import PASSWORD, Stage, stage
from launcher.development.browser import chromium

ROWS = 200
THROTTLE = 4
SETTLE_SECONDS = 10.0

WATCH = """
(() => {
  const seen = window.benchmark = { handled: new Map(), long: [], frames: 0 };
  new PerformanceObserver((list) => {
    for (const task of list.getEntries())
      seen.long.push([performance.timeOrigin + task.startTime, task.duration]);
  }).observe({ type: "longtask" });
  const property = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage");
  Object.defineProperty(WebSocket.prototype, "onmessage", {
    ...property,
    set(handler) {
      property.set.call(this, function (message) {
        const began = performance.now();
        handler.call(this, message);
        const ended = performance.now(), moment = Date.now();
        seen.frames += 1;
        const frame = JSON.parse(message.data);
        if (frame.k === "tick")
          seen.handled.set(frame.at, { ms: ended - began, moment, rooms: frame.rooms.length });
      });
    },
  });
})();
"""
SHOWN = """() => [...document.querySelectorAll(".room-row")].map((row) => [Number(row.dataset.room),
  ...["o", "r"].map((name) => row.querySelector(`[data-f=${name}] [data-v]`).textContent)])"""


@dataclass(frozen=True)
class Size:
    rooms: int = 5000
    sockets: int = 1000
    ticks: int = 60
    ticks_in_company: int = 100
    seconds: float = 0.5  # between two ticks; in company a whole second


@dataclass
class Measured:
    """What the ticks of one phase did in the page."""

    handler: list[float] = field(default_factory=list)  # ms
    delays: list[float] = field(
        default_factory=list
    )  # ms from PUBLISH until the document has changed
    long_tasks: list[float] = field(default_factory=list)  # ms
    rows_right: int = 0
    rows: int = 0


class Desk:
    """A page with 200 rows, and the publisher of their figures."""

    def __init__(self, page: Page, others: Sequence[int]) -> None:
        self.page = page
        self.others = others
        self.random = random.Random(3)
        self.at = int(time.time() * 1000)
        self.rooms = [pk for pk, _online, _reward in page.evaluate(SHOWN)]
        if len(self.rooms) != ROWS:
            raise ValueError(f"the page shows {len(self.rooms)} rows")

    def figures(self, pks: Sequence[int]) -> dict[int, dict[str, Any]]:
        """As the collector publishes a full reading of these rooms; every number is a new one."""
        now, draw = int(time.time()), self.random.randrange
        return {
            pk: {
                "o": draw(10**5),
                "oa": now,
                "r": draw(10**7),
                "g": draw(10**4),
                "m": draw(10**5),
                "ra": now,
                "v": draw(10**6),
            }
            for pk in pks
        }

    def tick(self, in_company: bool, measured: Measured, seconds: float) -> None:
        """Publishes a tick, waits for it, and compares every row with it. Raises TimeoutError."""
        from rooms.live import push

        mine = self.figures(self.rooms)
        changed = self.figures(self.others) | mine if in_company else mine
        self.at += 1
        due = time.monotonic() + seconds
        moments: list[float] = []
        with noted_publish(moments):
            push.publish_tick(changed, changed, at_ms=self.at)
        self.page.wait_for_function(
            "at => window.benchmark.handled.has(at)",
            arg=self.at,
            polling=5,
            timeout=SETTLE_SECONDS * 1000,
        )
        handled = self.page.evaluate("at => window.benchmark.handled.get(at)", self.at)
        if handled["rooms"] != ROWS:
            raise ValueError(f"the tick brought {handled['rooms']} rooms to the page")
        measured.handler.append(handled["ms"])
        measured.delays.append(handled["moment"] - moments[0] * 1000)
        for pk, online, reward in self.page.evaluate(SHOWN):
            measured.rows += 1
            measured.rows_right += (online, reward) == (f"{mine[pk]['o']:,}", f"{mine[pk]['r']:,}")
        self.page.wait_for_timeout(max(0.0, due - time.monotonic()) * 1000)

    def phase(self, ticks: int, seconds: float, in_company: bool = False) -> Measured:
        """Some ticks at this pace; the first, which nothing is warm for, is not counted."""
        self.tick(in_company, Measured(), seconds)
        self.page.evaluate("() => { window.benchmark.long.length = 0; }")
        measured = Measured()
        for _ in range(ticks):
            self.tick(in_company, measured, seconds)
        measured.long_tasks = [
            length for _at, length in self.page.evaluate("() => window.benchmark.long")
        ]
        return measured


@contextmanager
def noted_publish(moments: list[float]) -> Iterator[None]:
    """Notes when PUBLISH leaves: what comes before it (storing the states) is the collector's own
    time.
    """
    from rooms.infra import redis

    client: Any = redis.patient_client()
    publish = client.publish

    def noted(channel: str, message: bytes) -> Any:
        moments.append(time.time())
        return publish(channel, message)

    client.publish = noted
    try:
        yield
    finally:
        client.publish = publish


@contextmanager
def company(
    url: str, session: str, sockets: int, pks: Sequence[int], result: dict[str, Any]
) -> Iterator[None]:
    """So many other people at the same daphne; afterwards `result` is what they say."""
    command = [
        *(sys.executable, "-m", "benchmarks.others", url.rpartition(":")[2], session),
        *map(str, (sockets, min(pks), max(pks))),
    ]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        if process.stdout.readline().strip() != "ready":
            raise LookupError("the other sockets could not be opened")
        yield
        answer, _ = process.communicate("\n", timeout=30)
        result |= json.loads(answer)
    finally:
        process.kill()
        process.wait()


def run(options: Namespace) -> Report:
    size = Size(rooms=1000, sockets=100, ticks=10, ticks_in_company=10) if options.quick else Size()
    report = Report("browser")
    with stage() as made:
        made.valkey()
        made.prepare()
        made.django()
        pks = fill(size.rooms)
        url = made.console("web")
        with chromium() as browser:
            page = logged_in(browser, url, "supervisor")
            page.add_init_script(WATCH)
            page.goto(f"{url}/?size={ROWS}")
            page.wait_for_function(
                "() => window.benchmark.frames > 0", timeout=SETTLE_SECONDS * 1000
            )
            measure(page, url, pks, size, made, report)
    return report


def measure(
    page: Page, url: str, pks: Sequence[int], size: Size, made: Stage, report: Report
) -> None:
    """The three phases, and the goals."""
    desk = Desk(page, pks)
    alone = desk.phase(size.ticks, size.seconds)
    wire = page.context.new_cdp_session(page)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
    throttled = desk.phase(size.ticks, size.seconds)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    told: dict[str, Any] = {}
    session = next(
        cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "sessionid"
    )
    first = desk.at + 1
    with company(url, session, size.sockets, pks, told):
        cpu = made.cpu("web")
        together = desk.phase(size.ticks_in_company, 1.0, in_company=True)
        cpu = made.cpu("web") - cpu
    ticks = size.ticks_in_company + 1
    served = sum(told["ticks"].get(str(at), 0) for at in range(first, first + ticks)) / (
        ticks * size.sockets
    )
    for name, phase in (
        ("alone", alone),
        (f"throttled {THROTTLE}x", throttled),
        ("in company", together),
    ):
        report.figures[f"handler {name}, median, ms"] = percentile(phase.handler, 0.5)
        report.figures[f"handler {name}, p99, ms"] = percentile(phase.handler, 0.99)
        report.figures[f"publish to document {name}, median, ms"] = percentile(phase.delays, 0.5)
        report.figures[f"publish to document {name}, p99, ms"] = percentile(phase.delays, 0.99)
        report.figures[f"long tasks {name}"] = len(phase.long_tasks)
    report.figures["web process in company, CPU a tick, ms"] = cpu * 1000 / ticks
    phases = (alone, throttled, together)
    right = sum(phase.rows_right for phase in phases) / sum(phase.rows for phase in phases)
    report.goals += [
        Goal(
            "socket handler, 200 changed rows, median, ms",
            percentile(alone.handler, 0.5),
            3,
            of_machine=True,
        ),
        Goal(
            f"socket handler, 200 changed rows, CPU throttled {THROTTLE}x, median, ms",
            percentile(throttled.handler, 0.5),
            15,
            of_machine=True,
        ),
        Goal(
            f"longest long task (over 50 ms) in {size.ticks} ticks, ms",
            max(alone.long_tasks, default=0),
            50,
            of_machine=True,
        ),
        Goal("rows that show the published figures, share", right, 1, at_least=True),
        Goal(
            f"publish-to-document latency with {size.sockets} other sockets, p99, ms",
            percentile(together.delays, 0.99),
            100,
            of_machine=True,
        ),
        Goal("ticks delivered to the other sockets, share", served, 1, at_least=True),
    ]


def logged_in(browser: Browser, url: str, name: str) -> Page:
    """A new page of a person who has a session and has seen nothing but the log-in."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{url}/login")
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{url}/")
    return page
