"""200 users, each with a wall of 40 tiles, on one web process: the cost of a tick, and the calls to
the vendor.

No two walls show the same 40 rooms, as no two users filter, pin and tour alike: every frame is
built for one user. Each has an own account, so presence has its full cost, and each reports its 40
looks as often as the page does (LOOK_AGAIN_SECONDS); they are stored while ticks are delivered. In
turn, the `websockets` library broadcasts the text of one such wall to the same number of sockets.
Every figure of a tick is new.

The calls to the vendor are counted before, by the simulated platform, with the real collector: 40
rooms on one wall, the same on 200, and on one again.
"""

import contextlib
import random
import sys
from argparse import Namespace
from dataclasses import dataclass
from typing import Any

from benchmarks.browsers import Browsers
from benchmarks.collect import call_rate
from benchmarks.environment import BenchmarkEnvironment, benchmark_environment, eventually
from benchmarks.fanout import BARE, ON_A_PAGE, OURS, Fanout, Size
from benchmarks.platform import Platform
from benchmarks.report import Goal, Report, percentile
from benchmarks.seed_data import fill
from launcher.folder import free_port
from launcher.stores import listens

SILENT = "ours, no looks reported"
STORED_SECONDS = 15.0  # until the last report is in the database


@dataclass(frozen=True)
class Walls:
    """How much is measured."""

    people: int = 200
    rooms: int = 5000
    rounds: int = 3
    ticks: int = 20
    browsing: float = 18.0  # seconds of counting calls


class Wall(Fanout):
    """The people with their walls, and the bare broadcast beside them."""

    def __init__(self, env: BenchmarkEnvironment, walls: Walls, pks: list[int]) -> None:
        super().__init__(
            env,
            Size(sockets=walls.people, rooms=walls.rooms, rounds=walls.rounds, ticks=walls.ticks),
        )
        draw = random.Random(8)
        self.pks = pks
        self.pages = [sorted(draw.sample(pks, ON_A_PAGE)) for _ in range(walls.people)]
        self.reported = 0
        self.turn = 0

    def begin(self, address: str, cookies: list[str]) -> None:
        """Opens everybody's wall in the web process that runs there, and as many bare sockets."""
        port = free_port()
        self.ports = {OURS: int(address.rpartition(":")[2]), BARE: port}
        self.env.start(BARE, [sys.executable, "-m", "benchmarks.bare_broadcast", str(port), "bare"])
        eventually(lambda: listens(port))
        self.gather(cookies)

    def all_changed(self) -> dict[int, dict[str, Any]]:
        return self.publisher.changes(self.pks)

    def publish_ours(self) -> int:
        self.report_looks()
        return super().publish_ours()

    def report_looks(self) -> None:
        """Sends the looks of those whose interval is over, each in another tick."""
        from django.conf import settings

        members = self.crowd.open_ones(OURS)
        every = settings.LOOK_AGAIN_SECONDS  # ticks between two reports of one page
        for number in range(self.turn % every, len(members), every):
            page = self.pages[number]
            looks = ",".join(f'[{pk},60,"wall"]' for pk in page)
            watch = ",".join(map(str, page))
            self.crowd.say(
                members[number], f'{{"watch":[{watch}],"visible":true,"looks":[{looks}]}}'
            )
            self.reported += len(page)
        self.turn += 1

    def compare(self) -> None:
        for _ in range(self.size.rounds):
            self.round(OURS, OURS, self.publish_ours)
            self.round(SILENT, OURS, super().publish_ours)
            self.round(BARE, BARE, self.publish_bare)


def people(number: int) -> list[str]:
    """So many accounts that may watch, and a session for each."""
    from django.contrib.auth.models import Group, User
    from django.test import Client

    from moderation.models import StaffProfile

    made = User.objects.bulk_create(
        User(username=f"patrol-{index}", password="!") for index in range(number)
    )
    User.groups.through.objects.bulk_create(
        User.groups.through(user=user, group=Group.objects.get(name="moderator")) for user in made
    )
    StaffProfile.objects.bulk_create(
        StaffProfile(user=user, code_name=f"Sandpiper {1000 + user.pk}") for user in made
    )
    cookies = []
    for user in made:
        client = Client()
        client.force_login(user, backend="monitor.backends.ScreenBackend")
        cookies.append(client.cookies["sessionid"].value)
    return cookies


def calls(
    report: Report, env: BenchmarkEnvironment, platform: Platform, address: str, walls: Walls
) -> float:
    """How much the calls to the vendor change when 200 walls show what one does; a share."""
    with Browsers(env, address, platform.watched) as crowd:
        first, all_of_them, last = (
            call_rate(crowd, platform, number, walls.browsing) for number in (1, walls.people, 1)
        )
    alone = (first + last) / 2
    report.figures |= {
        "1 wall: calls to the vendor per second": alone,
        f"{walls.people} walls: calls to the vendor per second": all_of_them,
    }
    return abs(all_of_them / alone - 1)


def run(options: Namespace) -> Report:
    walls = (
        Walls(people=60, rooms=1000, rounds=1, ticks=6, browsing=8.0) if options.quick else Walls()
    )
    report = Report("wall")
    with benchmark_environment(LIVEWARDEN_REST_INTERVAL="4", LIVEWARDEN_SWEEP_INTERVAL="1") as env:
        platform = Platform(env, 100, beside=False)
        address = env.console("web")
        difference = calls(report, env, platform, address, walls)
        platform.close()
        env.end("simulator")
        wall = Wall(env, walls, fill(walls.rooms))
        wall.begin(address, people(walls.people))
        wall.compare()
        figures(report, wall)
        report.goals.append(
            Goal("call rate with all walls, relative difference to one", difference, 0.02)
        )
        patrol(report, wall)
    return report


def figures(report: Report, wall: Wall) -> None:
    for name, one in wall.measured.items():
        report.figures |= {
            f"{name}: CPU per message, us": one.microseconds,
            f"{name}: publish-to-socket latency, median, ms": percentile(one.latencies, 0.5) * 1e3,
            f"{name}: publish-to-socket latency, p99, ms": percentile(one.latencies, 0.99) * 1e3,
        }
    ours, bare = wall.measured[OURS], wall.measured[BARE]
    report.goals += [
        Goal(
            "CPU per message with looks and presence, ours / bare broadcast",
            ours.microseconds / bare.microseconds,
            3,
        ),
        Goal(
            "publish-to-socket p99, ours / bare broadcast",
            percentile(ours.latencies, 0.99) / percentile(bare.latencies, 0.99),
            3,
        ),
        Goal("messages delivered, share", ours.delivered, 1, at_least=True),
    ]


def patrol(report: Report, wall: Wall) -> None:
    """Whether every reported look is stored and the presence of every user is known."""
    from moderation.models import Look
    from monitor.realtime import presence

    def all_stored() -> bool:
        wall.crowd.listen(0.2)  # pings want an answer meanwhile
        return Look.objects.count() >= wall.reported

    with contextlib.suppress(TimeoutError):  # the goal says how many are missing
        eventually(all_stored, STORED_SECONDS)
    here = {person for who in presence.stored_people().values() for person, _ in who}
    report.figures["looks reported during the measurement"] = wall.reported
    report.goals += [
        Goal(
            "reported looks that are stored, share",
            Look.objects.count() / wall.reported,
            1,
            at_least=True,
        ),
        Goal("users whose presence is known", len(here), wall.size.sockets, at_least=True),
    ]
