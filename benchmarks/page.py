"""The list with 5,000 live rooms: time to first byte (TTFB) with 20 users, and the bytes of a first
visit.

The yardstick is the same pages prerendered, served by the same daphne process through the same
middleware (`benchmarks.prerendered`): the difference is the cost of making the page. Pages and
yardstick take turns, round by round. The users are logged in, with all four roles, and request
without a pause on one connection each; every other request is the plain list, the rest are other
sorts, pages, sizes and searches. "Bare" is the same bytes without Django and without a log-in.
"""

import asyncio
import itertools
import random
import time
from argparse import Namespace
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from benchmarks.browser import logged_in
from benchmarks.environment import PASSWORD, BenchmarkEnvironment, benchmark_environment, eventually
from benchmarks.report import Goal, Report, percentile
from benchmarks.seed_data import fill
from launcher import probe, processes
from launcher.development.browser import chromium
from launcher.folder import free_port
from launcher.smoke_test.console_client import ConsoleClient

PLAIN = "/"
OTHERS = (
    "/?sort=reward",
    "/?sort=newest&page=2",
    "/?sort=name&page=40",
    "/?page=100",
    "/?size=100",
    "/?q=77",
    "/?q=songs&sort=reward",
    "/?least=100",
    "/?state=ended",
    "/?size=25",
)
ROLES = ("moderator", "banadmin", "supervisor", "auditor")
BARS = ("page", "prerendered", "bare")
WEIGHT_LIMIT = 150_000  # bytes


@dataclass(frozen=True)
class Size:
    rooms: int = 5000
    people: int = 20
    rounds: int = 8
    seconds: float = 2.0  # a round of one bar


@dataclass
class Measured:
    """Times to first byte, in milliseconds: all, and the median of each round."""

    all: list[float] = field(default_factory=list)
    medians: list[float] = field(default_factory=list)

    def add(self, times: list[float]) -> None:
        self.all += times
        self.medians.append(percentile(times, 0.5))


def run(options: Namespace) -> Report:
    """Measures both goals in one environment."""
    size = Size(rooms=500, rounds=3, seconds=1.0) if options.quick else Size()
    report = Report("page")
    with benchmark_environment() as env:
        env.valkey()
        covers = env.simulator("--rooms", "1", "--viewers", "1")
        env.variables["LIVEWARDEN_IMAGE_ORIGINS"] = f"https:,{covers}"
        folder = env.folder / "prerendered"
        folder.mkdir()
        env.prepare()
        env.django()
        fill(size.rooms, ended=size.rooms // 10, acts=size.rooms // 50, covers=covers)
        url = web(env)
        first_byte(url, folder, size, env, report)
        weigh(url, report)
    return report


def web(env: BenchmarkEnvironment) -> str:
    """Starts the web process with the URLs of `benchmarks.prerendered`; its address."""
    port = free_port()
    *daphne, _application = processes.console_commands("-b", "127.0.0.1", "-p", str(port))["web"]
    env.start("web", [*daphne, "benchmarks.prerendered:application"])
    eventually(lambda: probe.page(port, "/readyz", env.variables))
    return f"http://127.0.0.1:{port}"


# --- Time to first byte ---------------------------------------------------------------------------


def first_byte(
    url: str, folder: Path, size: Size, env: BenchmarkEnvironment, report: Report
) -> None:
    """The first goal: at most 4 times the prerendered page."""
    pages = [PLAIN, *OTHERS]
    people = [ConsoleClient(url, role, PASSWORD) for role in ROLES]
    for number, page in enumerate(pages):
        (folder / f"{number}.html").write_text(people[0].page(page), "utf-8")
    cookies = [
        "; ".join(f"{c.name}={c.value}" for c in person.client.cookies.jar) for person in people
    ]
    for person in people:
        person.close()
    alone, together = measure(url, pages, cookies, size, env, report)
    for bar in BARS:
        report.figures[f"{bar}, 1 user, median, ms"] = percentile(alone[bar].all, 0.5)
        report.figures[f"{bar}, {size.people} users, median, ms"] = percentile(
            together[bar].all, 0.5
        )
        report.figures[f"{bar}, {size.people} users, p95, ms"] = percentile(together[bar].all, 0.95)
        report.figures[f"{bar}, requests"] = len(together[bar].all)
    ratios = [
        page / prerendered
        for page, prerendered in zip(
            together["page"].medians, together["prerendered"].medians, strict=True
        )
    ]
    report.goals.append(
        Goal(f"TTFB with {size.people} users / prerendered page", percentile(ratios, 0.5), 4)
    )


def measure(
    url: str,
    pages: list[str],
    cookies: list[str],
    size: Size,
    env: BenchmarkEnvironment,
    report: Report,
) -> tuple[dict[str, Measured], dict[str, Measured]]:
    """All rounds, of one person and of all people.

    Adds the CPU that the web process used a request.
    """
    alone: dict[str, Measured] = {bar: Measured() for bar in BARS}
    together: dict[str, Measured] = {bar: Measured() for bar in BARS}
    used = dict.fromkeys(BARS, 0.0)
    asyncio.run(
        crowd(url, "page", pages, cookies, size.people, size.seconds)
    )  # warms caches and connections
    for _ in range(size.rounds):
        for bar in BARS:
            alone[bar].add(asyncio.run(crowd(url, bar, pages, cookies, 1, size.seconds / 4)))
            before = env.cpu("web")
            together[bar].add(
                asyncio.run(crowd(url, bar, pages, cookies, size.people, size.seconds))
            )
            used[bar] += env.cpu("web") - before
    for bar in BARS:
        report.figures[f"{bar}, CPU per request, ms"] = used[bar] * 1000 / len(together[bar].all)
    return alone, together


async def crowd(
    url: str, bar: str, pages: list[str], cookies: list[str], people: int, seconds: float
) -> list[float]:
    """So many people asking for so long; the times to first byte, ms."""
    end = time.perf_counter() + seconds
    asked = (reader(url, bar, pages, cookies[n % len(cookies)], n, end) for n in range(people))
    async with asyncio.timeout(seconds + 60):
        return list(itertools.chain.from_iterable(await asyncio.gather(*asked)))


async def reader(
    url: str, bar: str, pages: list[str], cookie: str, seed: int, end: float
) -> list[float]:
    """One person. Raises ValueError for any answer but a compressed page of the expected size."""
    host = url.removeprefix("http://")
    name, _, port = host.partition(":")
    stream, sink = await asyncio.open_connection(name, int(port))
    rng = random.Random(seed)
    times = []
    try:
        while time.perf_counter() < end:
            number = 0 if rng.random() < 0.5 else rng.randrange(1, len(pages))
            path = pages[number] if bar == "page" else f"/bench/{bar}?n={number}"
            request = (
                f"GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n"
                "Accept-Encoding: gzip\r\n\r\n"
            )
            began = time.perf_counter()
            sink.write(request.encode())
            head = await stream.readuntil(b"\r\n\r\n")
            times.append((time.perf_counter() - began) * 1000)
            await stream.readexactly(length(head))
    finally:
        sink.close()
    return times


def length(head: bytes) -> int:
    """The length of the body after these headers.

    Raises ValueError for anything but a compressed page.
    """
    status, *lines = head.decode("latin-1").lower().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines if line)
    if " 200 " not in status or headers.get("content-encoding") != "gzip":
        raise ValueError(f"no compressed page: {status}")
    return int(headers["content-length"])


# --- Weight ---------------------------------------------------------------------------------------


def weigh(url: str, report: Report) -> None:
    """The second goal: bytes on the wire, headers included, of a first visit in a browser with
    empty caches.
    """
    with chromium() as browser:
        page = logged_in(browser, url, "supervisor")
        parts = visit(page, url)
    own = {kind: size for kind, size in parts.items() if kind != "covers"}
    for kind, size in sorted(parts.items()):
        report.figures[f"{kind}, bytes"] = size
    report.goals.append(Goal("first visit, bytes transferred", sum(own.values()), WEIGHT_LIMIT))


def visit(page: Any, url: str) -> dict[str, int]:
    """Kind of resource -> bytes received for it."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.clearBrowserCache")
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def began(event: dict[str, Any]) -> None:
        own = event["response"]["url"].startswith(url)
        kinds[event["requestId"]] = event["type"].lower() if own else "covers"

    def ended(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"], "other")
        sizes[kind] = sizes.get(kind, 0) + int(event["encodedDataLength"])

    wire.on("Network.responseReceived", began)
    wire.on("Network.loadingFinished", ended)
    page.goto(f"{url}/", wait_until="networkidle")
    page.wait_for_timeout(2000)
    shown = page.locator("[data-room]").count()
    if not shown or "document" not in sizes or "script" not in sizes or "stylesheet" not in sizes:
        raise ValueError(f"the page did not come whole: {shown} rooms, {sorted(sizes)}")
    icon = page.locator("link[rel=icon]").get_attribute("href")
    # A browser without windows fetches no icon: what a window would have fetched is asked for
    # apart.
    if icon and "image" not in sizes:
        sizes["icon"] = (
            len(httpx.get(f"{url}{icon}", headers={"accept-encoding": "gzip"}).content) + 300
        )
    return sizes
