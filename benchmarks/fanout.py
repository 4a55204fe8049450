"""One publisher and 1,000 websockets: CPU per delivered message, latency, and the effect of stuck
sockets on others.

Four servers hold the same number of sockets each and take turns, round by round, in the same
minutes: our web process; stock Channels (`group_send` to one group, the text of one page to
everybody) with either of its Redis layers, of which the cheaper counts; and the `websockets`
library's broadcast of the same text. Every figure of a tick is new.
"""

import asyncio
import gc
import random
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.environment import BenchmarkEnvironment, benchmark_environment, eventually
from benchmarks.publisher import Publisher
from benchmarks.report import Goal, Report, percentile
from benchmarks.websocket_clients import Crowd, Member
from launcher.folder import free_port
from launcher.stores import listens

LAYERS = {
    "stock Channels, core layer": "channels_redis.core.RedisChannelLayer",
    "stock Channels, pubsub layer": "channels_redis.pubsub.RedisPubSubChannelLayer",
}
OURS, BARE = "ours", "bare broadcast"
GROUP = "everybody"
SCATTERED = "ours, every page different"
ON_A_PAGE = 40
TICK_SECONDS = 1.0
STUCK, STUCK_ROOMS, STUCK_BYTES = 5, 200, 8_000_000
STUCK_TICK_SECONDS = 1 / 16


@dataclass(frozen=True)
class Size:
    sockets: int = 1000
    rooms: int = 5000
    rounds: int = 3
    ticks: int = 10  # a round
    stuck_rounds: int = 2
    idle: float = 60.0


@dataclass
class Measured:
    """What one server did in all its rounds."""

    cpu: float = 0.0
    expected: int = 0
    latencies: list[float] = field(default_factory=list)

    @property
    def microseconds(self) -> float:
        return self.cpu / max(1, len(self.latencies)) * 1e6

    @property
    def delivered(self) -> float:
        return len(self.latencies) / max(1, self.expected)


class Fanout:
    """The environment, the websocket clients, and the rounds."""

    def __init__(self, env: BenchmarkEnvironment, size: Size) -> None:
        self.env = env
        self.size = size
        self.crowd = Crowd()
        self.publisher = Publisher()
        self.measured: dict[str, Measured] = {}
        self.publishes = 0
        self.runner = asyncio.Runner()
        self.layers: dict[str, Any] = {}
        self.ports: dict[str, int] = {}
        all_rooms = range(1, size.rooms + 1)
        self.pages: list[Sequence[int]] = [
            all_rooms[start : start + ON_A_PAGE] for start in range(0, size.rooms, ON_A_PAGE)
        ]

    # --- The servers and their sockets ------------------------------------------------------------

    def start(self) -> None:
        self.ports[OURS] = int(self.env.console("web").rpartition(":")[2])
        for name, layer in LAYERS.items():
            port = self.ports[name] = free_port()
            daphne = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "-v", "0"]
            self.env.start(
                name,
                [*daphne, "benchmarks.stock_channels:application"],
                {"STOCK_LAYER": layer, "STOCK_GROUP": GROUP},
            )
            self.layers[name] = self.layer(layer)
        port = self.ports[BARE] = free_port()
        self.env.start(BARE, [sys.executable, "-m", "benchmarks.bare_broadcast", str(port), "bare"])
        for port in self.ports.values():
            eventually(lambda port=port: listens(port))

    def layer(self, path: str) -> Any:
        from django.utils.module_loading import import_string

        host = f"{self.env.variables['REDIS_URL']}?socket_timeout=60"
        return import_string(path)(hosts=[host], prefix=path)

    def process(self, label: str) -> str:
        return "web" if label == OURS else label

    def gather(self, cookies: list[str]) -> None:
        """Opens all sockets; ours say what they show."""
        for number in range(self.size.sockets):
            for label, port in self.ports.items():
                if label == OURS:
                    self.open_ours(OURS, cookies[number % len(cookies)])
                else:
                    self.crowd.open(label, port)
            self.crowd.listen(0.001)  # pings want an answer meanwhile
        self.watch_pages()
        gc.collect()
        gc.freeze()  # a pause of this process would be counted as theirs

    def open_ours(self, label: str, cookie: str) -> Member:
        return self.crowd.open(label, self.ports[OURS], "/ws/live", f"sessionid={cookie}")

    def watch(self, members: Sequence[Member], page_of: Callable[[int], Sequence[int]]) -> None:
        """Says what each shows, and waits for all snapshots."""
        before = {id(member): member.texts for member in members}
        for number, member in enumerate(members):
            self.crowd.say(member, f'{{"watch":{list(page_of(number))}}}'.replace(" ", ""))
        if not self.crowd.listen(
            30, lambda: all(member.texts > before[id(member)] for member in members)
        ):
            raise TimeoutError("not every socket got its snapshot")

    def watch_pages(self) -> None:
        self.watch(self.crowd.open_ones(OURS), lambda number: self.pages[number % len(self.pages)])

    def watch_scattered(self) -> None:
        """The worst case: no two sockets show the same rooms."""
        draw = random.Random(8)
        self.watch(
            self.crowd.open_ones(OURS),
            lambda _: sorted(draw.sample(range(1, self.size.rooms + 1), ON_A_PAGE)),
        )

    # --- Rounds -----------------------------------------------------------------------------------

    def all_changed(self) -> dict[int, dict[str, Any]]:
        return self.publisher.changes(range(1, self.size.rooms + 1))

    def publish_ours(self) -> int:
        return self.publisher.tick(self.all_changed())

    def publish_stock(self, name: str) -> int:
        text = self.publisher.text(self.publisher.changes(self.pages[0]), self.pages[0])
        self.publisher.moment = time.monotonic()
        self.runner.run(self.layers[name].group_send(GROUP, {"type": "tick", "text": text}))
        return self.publisher.at

    def publish_bare(self) -> int:
        text = self.publisher.text(self.publisher.changes(self.pages[0]), self.pages[0])
        self.publisher.client.publish("bare", text)
        return self.publisher.at

    def round(self, name: str, label: str, publish: Callable[[], int]) -> None:
        """Some ticks for the sockets of one server, its CPU from first to last."""
        measured = self.measured.setdefault(name, Measured())
        sockets = len(self.crowd.open_ones(label))
        if sockets != self.size.sockets:
            raise RuntimeError(f"{label}: {sockets} of {self.size.sockets} sockets are left")
        process = self.process(label)
        cpu = self.env.cpu(process)
        for _ in range(self.size.ticks):
            due = time.monotonic() + TICK_SECONDS
            at = publish()
            self.crowd.listen(due - time.monotonic())
            measured.latencies += [
                arrived - self.publisher.moment
                for arrived in self.crowd.arrivals.pop((label, at), ())
            ]
            measured.expected += sockets
        measured.cpu += self.env.cpu(process) - cpu

    def counted_publishes(self) -> int:
        stats: Any = self.publisher.client.info("commandstats")
        return int(stats.get("cmdstat_publish", {}).get("calls", 0))

    def compare(self) -> None:
        for _ in range(self.size.rounds):
            before = self.counted_publishes()
            self.round(OURS, OURS, self.publish_ours)
            self.publishes += self.counted_publishes() - before
            for name in LAYERS:
                self.round(name, name, lambda name=name: self.publish_stock(name))
            self.round(BARE, BARE, self.publish_bare)
            self.watch_scattered()
            self.round(SCATTERED, OURS, self.publish_ours)
            self.watch_pages()


class Stuck:
    """The same ticks without, and with five more sockets that have stopped reading, in turn."""

    def __init__(self, fanout: Fanout, cookie: str) -> None:
        self.fanout = fanout
        self.cookie = cookie
        self.rooms = range(1, STUCK_ROOMS + 1)
        self.latencies: dict[bool, list[float]] = {True: [], False: []}
        self.grown: dict[bool, float] = {True: 0.0, False: 0.0}
        self.expected = self.arrived = 0
        self.bytes_unread = 0
        self.dropped: list[str] = []

    def compare(self, rounds: int) -> None:
        for number in range(rounds):
            first = bool(number % 2)  # neither is always the later one
            self.round(first)
            self.round(not first)

    def round(self, stuck: bool) -> None:
        fanout = self.fanout
        five = [fanout.open_ours("stuck", self.cookie) for _ in range(STUCK if stuck else 0)]
        fanout.watch(five, lambda _: self.rooms)
        for member in five:
            fanout.crowd.stop(member)
        self.publish_unread(stuck)
        if stuck:
            self.await_drop(five)
        fanout.crowd.close("stuck")
        fanout.crowd.listen(1.0)

    def publish_unread(self, stuck: bool) -> None:
        """Ticks of the five's rooms in quick succession, every other one of all rooms, whose
        arrival is timed.
        """
        fanout, publisher = self.fanout, self.fanout.publisher
        others = len(fanout.crowd.open_ones(OURS))
        unread, ticks, resident = 0, 0, fanout.env.resident("web")
        while unread < STUCK_BYTES:
            due = time.monotonic() + STUCK_TICK_SECONDS
            # Names as long as the vendor allows; they make the 8 MB.
            fat = publisher.changes(self.rooms, n="n" * 100, h="h" * 100)
            timed = ticks % 2 == 0  # so many that one pause of the machine is no hundredth of them
            at = publisher.tick(fanout.all_changed() | fat if timed else fat)
            moment = publisher.moment
            fanout.crowd.listen(2.0, lambda at=at: len(fanout.crowd.arrivals[OURS, at]) == others)
            arrived = fanout.crowd.arrivals.pop((OURS, at), [])
            self.arrived += len(arrived)
            self.expected += others
            if timed:
                self.latencies[stuck] += [moment_there - moment for moment_there in arrived]
            unread += self.size_of(fat)
            ticks += 1
            fanout.crowd.listen(due - time.monotonic())
            self.grown[stuck] = max(self.grown[stuck], fanout.env.resident("web") - resident)
        self.bytes_unread = unread

    def size_of(self, changed: dict[int, dict[str, Any]]) -> int:
        return len(self.fanout.publisher.text(changed, self.rooms))

    def await_drop(self, five: list[Member]) -> None:
        """Reads on at last: what was left in the pipe, and the end of the connection."""
        crowd = self.fanout.crowd
        crowd.listen(10.0, lambda: len(self.reasons()) >= len(self.dropped) + STUCK)
        for member in five:
            crowd.resume(member)
        crowd.listen(10.0, lambda: all(member.lost for member in five))
        self.dropped += [member.lost for member in five if member.lost]

    def reasons(self) -> list[str]:
        """The web process's own words about those that it dropped."""
        log = (self.fanout.env.log / "web.log").read_text("utf-8", "replace")
        return [line for line in log.splitlines() if "was dropped" in line]


def cookies_of_people() -> list[str]:
    """A session for each demo account."""
    from django.contrib.auth.models import User
    from django.test import Client

    found = []
    for person in User.objects.all():
        client = Client()
        client.force_login(person, backend="monitor.backends.ScreenBackend")
        found.append(client.cookies["sessionid"].value)
    return found


def run(options: Namespace) -> Report:
    size = (
        Size(sockets=200, rounds=1, ticks=5, stuck_rounds=1, idle=5.0) if options.quick else Size()
    )
    with benchmark_environment() as env:
        env.valkey()
        env.prepare()
        env.django()
        cookies = cookies_of_people()
        fanout = Fanout(env, size)
        fanout.start()
        fanout.gather(cookies)
        fanout.compare()
        report = Report("fanout")
        figures_of_rounds(report, fanout)
        for label in (*LAYERS, BARE):
            fanout.crowd.close(label)
        stuck = Stuck(fanout, cookies[0])
        stuck.compare(size.stuck_rounds)
        figures_of_stuck(report, stuck)
        idle = len(fanout.crowd.open_ones(OURS))
        fanout.crowd.listen(size.idle)
        closed = idle - len(fanout.crowd.open_ones(OURS))
        report.goals.append(Goal(f"idle sockets closed in {size.idle:.0f} s, of {idle}", closed, 0))
    return report


def figures_of_rounds(report: Report, fanout: Fanout) -> None:
    measured = fanout.measured
    for name, one in measured.items():
        report.figures[f"{name}: CPU per message, us"] = one.microseconds
        report.figures[f"{name}: publish-to-socket latency, median, ms"] = (
            percentile(one.latencies, 0.5) * 1e3
        )
        report.figures[f"{name}: publish-to-socket latency, p99, ms"] = (
            percentile(one.latencies, 0.99) * 1e3
        )
        report.figures[f"{name}: delivered, share"] = one.delivered
    cheaper = min((measured[name] for name in LAYERS), key=lambda one: one.microseconds)
    sooner = min(percentile(measured[name].latencies, 0.5) for name in LAYERS)
    ours = measured[OURS]
    ticks = fanout.size.rounds * fanout.size.ticks
    report.goals += [
        Goal(
            "CPU per message, stock Channels / ours",
            cheaper.microseconds / ours.microseconds,
            5,
            at_least=True,
        ),
        Goal(
            "CPU per message, ours / bare broadcast",
            ours.microseconds / measured[BARE].microseconds,
            3,
        ),
        Goal(
            f"PUBLISH commands per tick with {fanout.size.sockets:,} sockets",
            fanout.publishes / ticks,
            1,
        ),
        Goal(
            "publish-to-socket latency, our p99 / median of stock Channels",
            percentile(ours.latencies, 0.99) / sooner,
            0.5,
        ),
        Goal("messages delivered, share", ours.delivered, 1, at_least=True),
    ]


def figures_of_stuck(report: Report, stuck: Stuck) -> None:
    p99 = {which: percentile(latencies, 0.99) for which, latencies in stuck.latencies.items()}
    memory = max(0.0, stuck.grown[True]) / STUCK
    report.figures |= {
        "unread by each stuck socket, MB": stuck.bytes_unread / 1e6,
        "other sockets: publish-to-socket latency, none stuck, p99, ms": p99[False] * 1e3,
        "other sockets: publish-to-socket latency, five stuck, p99, ms": p99[True] * 1e3,
        "close reasons of stuck sockets": ", ".join(sorted(set(stuck.dropped))),
    }
    report.goals += [
        Goal(
            "messages delivered while five sockets are stuck, share",
            stuck.arrived / stuck.expected,
            1,
            at_least=True,
        ),
        Goal("publish-to-socket p99, five stuck / none stuck", p99[True] / p99[False], 1.5),
        Goal("memory per stuck socket, MB", memory, 1),
        Goal(
            "stuck sockets dropped",
            len(stuck.dropped),
            STUCK * stuck.fanout.size.stuck_rounds,
            at_least=True,
        ),
        Goal(
            "dropped sockets with a reason in the log",
            len(stuck.reasons()),
            len(stuck.dropped),
            at_least=True,
        ),
    ]
