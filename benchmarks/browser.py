"""The cost of a tick in the browser, and the latency from PUBLISH to the document.

Chromium shows 200 rows of the real list, and each tick brings new figures for all of them: first
alone, then with the CPU throttled to a quarter, then while the same daphne serves 1,000 other
sockets (`benchmarks.other_sockets`, another process). A script that runs before the page's own
wraps `WebSocket.onmessage` and times the page's handler, decoding included; the product has no such
code. After every tick each row is compared with what was published. The handler is synchronous, so
the document has the figures when it returns: publish-to-document ends at that moment, on this
machine's one clock.
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

from benchmarks.environment import PASSWORD, BenchmarkEnvironment, benchmark_environment
from benchmarks.report import Goal, Report, percentile
from benchmarks.seed_data import fill
from launcher.development.browser import chromium

ROWS = 200
THROTTLE = 4
SETTLE_SECONDS = 10.0

HANDLER_TIMER = """
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
    ticks_with_others: int = 100
    seconds: float = 0.5  # between two ticks; with other sockets a whole second


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


class ListPage:
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

    def tick(self, with_others: bool, measured: Measured, seconds: float) -> None:
        """Publishes a tick, waits for it, and compares every row with it. Raises TimeoutError."""
        from rooms.live import push

        mine = self.figures(self.rooms)
        changed = self.figures(self.others) | mine if with_others else mine
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

    def phase(self, ticks: int, seconds: float, with_others: bool = False) -> Measured:
        """Some ticks at this pace; the first, which nothing is warm for, is not counted."""
        self.tick(with_others, Measured(), seconds)
        self.page.evaluate("() => { window.benchmark.long.length = 0; }")
        measured = Measured()
        for _ in range(ticks):
            self.tick(with_others, measured, seconds)
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
def other_sockets(
    url: str, session: str, sockets: int, pks: Sequence[int], result: dict[str, Any]
) -> Iterator[None]:
    """Opens other sockets to the same daphne; fills `result` with their report afterwards."""
    command = [
        *(sys.executable, "-m", "benchmarks.other_sockets", url.rpartition(":")[2], session),
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
    size = (
        Size(rooms=1000, sockets=100, ticks=10, ticks_with_others=10) if options.quick else Size()
    )
    report = Report("browser")
    with benchmark_environment() as env:
        env.valkey()
        env.prepare()
        env.django()
        pks = fill(size.rooms)
        url = env.console("web")
        with chromium() as browser:
            page = logged_in(browser, url, "supervisor")
            page.add_init_script(HANDLER_TIMER)
            page.goto(f"{url}/?size={ROWS}")
            page.wait_for_function(
                "() => window.benchmark.frames > 0", timeout=SETTLE_SECONDS * 1000
            )
            measure(page, url, pks, size, env, report)
    return report


def measure(
    page: Page, url: str, pks: Sequence[int], size: Size, env: BenchmarkEnvironment, report: Report
) -> None:
    """The three phases, and the goals."""
    list_page = ListPage(page, pks)
    alone = list_page.phase(size.ticks, size.seconds)
    wire = page.context.new_cdp_session(page)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
    throttled = list_page.phase(size.ticks, size.seconds)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    reported: dict[str, Any] = {}
    session = next(
        cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "sessionid"
    )
    first = list_page.at + 1
    with other_sockets(url, session, size.sockets, pks, reported):
        cpu = env.cpu("web")
        together = list_page.phase(size.ticks_with_others, 1.0, with_others=True)
        cpu = env.cpu("web") - cpu
    ticks = size.ticks_with_others + 1
    served = sum(reported["ticks"].get(str(at), 0) for at in range(first, first + ticks)) / (
        ticks * size.sockets
    )
    for name, phase in (
        ("alone", alone),
        (f"CPU throttled {THROTTLE}x", throttled),
        (f"with {size.sockets} other sockets", together),
    ):
        report.figures[f"socket handler, {name}, median, ms"] = percentile(phase.handler, 0.5)
        report.figures[f"socket handler, {name}, p99, ms"] = percentile(phase.handler, 0.99)
        report.figures[f"publish-to-document latency, {name}, median, ms"] = percentile(
            phase.delays, 0.5
        )
        report.figures[f"publish-to-document latency, {name}, p99, ms"] = percentile(
            phase.delays, 0.99
        )
        report.figures[f"long tasks, {name}"] = len(phase.long_tasks)
    report.figures[f"web process with {size.sockets} other sockets, CPU per tick, ms"] = (
        cpu * 1000 / ticks
    )
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
