"""Twenty people at work during outages of the stores: the time of a page and a click meanwhile, and
the time to recover.

Redis refuses connections, hangs (SIGSTOP), and loses its packets; PostgreSQL restarts, and hangs.
Everybody opens pages and clicks throughout: the list, the wall, a room; claims, and ends of
streams. The goals are the slowest response of each kind of outage, that none is a 500, that pages
say which figures are unavailable, and the time from the end of the outage until pages, clicks and
pushed figures are back without a restart of anything.
"""

import argparse
import asyncio
import contextlib
import json
import signal
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from itertools import cycle

import aiohttp

from benchmarks.act import Person, rooms_of
from benchmarks.environment import BenchmarkEnvironment, benchmark_environment
from benchmarks.faulty_relay import Relay
from benchmarks.report import Goal, Report, percentile
from launcher.development import postgres

NOTICE = "Live figures are unavailable"
PATIENCE = 30.0  # seconds after which an answer is none
THINK = 2.0  # seconds between what one person does
NOTICED = 1.0  # seconds in which a page may have been made of what was read before the outage
Room = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Sizes:
    people: int = 20
    rooms: int = 200
    before: float = 5.0
    away: float = 8.0


QUICK = Sizes(people=4, rooms=40, before=2.0, away=3.0)


@dataclass(slots=True)
class Answer:
    """began: monotonic. status: 0 when nothing came."""

    kind: str
    began: float
    seconds: float
    status: int
    said: bool


@dataclass(slots=True)
class Outage:
    """What one outage looked like. recovered: seconds until all was well, by what. ended:
    monotonic.
    """

    name: str
    answers: list[Answer] = field(default_factory=list)
    recovered: dict[str, float] = field(default_factory=dict)
    ended: float = 0.0

    def slowest(self, kind: str) -> float:
        return max((each.seconds for each in self.answers if each.kind == kind), default=PATIENCE)

    def count(self, is_so: Callable[[Answer], bool]) -> int:
        return sum(map(is_so, self.answers))


class Team:
    """Everybody at work, and all that they were answered."""

    def __init__(self, address: str, rooms: list[Room], sizes: Sizes) -> None:
        self.people = [Person(address) for _ in range(sizes.people)]
        self.rooms = cycle(rooms)
        self.address = address
        self.answers: list[Answer] = []

    async def log_in(self) -> None:
        for person in self.people:
            await person.log_in()

    @contextlib.asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(self._work(person, n)) for n, person in enumerate(self.people)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(self, person: Person, number: int) -> None:
        await asyncio.sleep(THINK * number / len(self.people))
        while True:
            pk = next(self.rooms)[0]
            for path in ("/", "/wall", f"/rooms/{pk}"):
                self.answers.append(await self.page(person, path))
                self.answers.append(await self.click(person, next(self.rooms)[0], number))
                await asyncio.sleep(THINK)

    async def page(self, person: Person, path: str) -> Answer:
        began, status, text = time.monotonic(), 0, ""
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            async with (
                asyncio.timeout(PATIENCE),
                person.http.get(f"{self.address}{path}") as answer,
            ):
                text, status = await answer.text(), answer.status
        return Answer("page", began, time.monotonic() - began, status, NOTICE in text)

    async def click(self, person: Person, pk: int, number: int) -> Answer:
        """A claim, and of every fourth person the end of a stream."""
        began, status = time.monotonic(), 0
        act = "end" if number % 4 == 0 else "claim"
        try:
            async with asyncio.timeout(PATIENCE):
                status = await person.post(
                    f"/rooms/{pk}/{act}", policy="violence", key=str(uuid.uuid4())
                )
        except aiohttp.ClientResponseError as error:
            status = error.status  # refused, in words
        except (aiohttp.ClientError, TimeoutError):
            pass  # no answer
        return Answer("click", began, time.monotonic() - began, status, False)

    async def well(self, since: float, ticks: list[float]) -> dict[str, float]:
        """Seconds from `since` until a page has its figures, a click is taken and figures are
        pushed again.
        """
        person, found = self.people[0], dict.fromkeys(("page", "click", "figures"), PATIENCE)
        while time.monotonic() - since < PATIENCE and PATIENCE in found.values():
            page = await self.page(person, "/")
            click = await self.click(person, next(self.rooms)[0], 1)
            now = time.monotonic() - since
            if page.status == 200 and not page.said:
                found["page"] = min(found["page"], now)
            if click.status == 204:
                found["click"] = min(found["click"], now)
            later = [at for at in ticks if at > since]
            if later:
                found["figures"] = later[0] - since
            await asyncio.sleep(0.1)
        return found


async def listen(person: Person, rooms: list[Room], ticks: list[float]) -> None:
    """When a tick came to a tab that connects again whenever it is closed, as the page does."""
    while True:
        with contextlib.suppress(aiohttp.ClientError, OSError):
            async with person.http.ws_connect(
                f"{person.address}/ws/live", origin=person.address
            ) as socket:
                await socket.send_json({"watch": [pk for pk, _ in rooms[:40]], "visible": True})
                async for message in socket:
                    if json.loads(message.data).get("k") == "tick":
                        ticks.append(time.monotonic())
        await asyncio.sleep(0.3)


async def measure(
    address: str,
    rooms: list[Room],
    sizes: Sizes,
    kinds: dict[str, tuple[Callable[[], None], Callable[[], None]]],
) -> list[Outage]:
    team, ticks, outages = Team(address, rooms, sizes), [0.0], []
    try:
        await team.log_in()
        ear = asyncio.create_task(listen(team.people[0], rooms, ticks))
        async with team.at_work():
            await asyncio.sleep(sizes.before)
            outages.append(Outage("no outage", team.answers[:]))
            for name, (begin, end) in kinds.items():
                began = time.monotonic()
                await asyncio.to_thread(begin)
                await asyncio.sleep(sizes.away)
                await asyncio.to_thread(end)
                ended = time.monotonic()
                recovered = await team.well(ended, ticks)
                seen = [each for each in team.answers if began <= each.began < ended]
                outages.append(Outage(name, seen, recovered, ended))
                await asyncio.sleep(sizes.before)
        ear.cancel()
    finally:
        for person in team.people:
            await person.http.close()
    return outages


def outages_of(
    env: BenchmarkEnvironment, relay: Relay, database: postgres.Server
) -> dict[str, tuple[Callable[[], None], Callable[[], None]]]:
    """Each outage: how it begins and how it ends."""
    valkey = env.processes["valkey"]
    return {
        "Redis refuses connections": (relay.refuse, relay.mend),
        "Redis hangs": (
            lambda: valkey.send_signal(signal.SIGSTOP),
            lambda: valkey.send_signal(signal.SIGCONT),
        ),
        "Redis drops packets": (relay.swallow, relay.mend),
        "PostgreSQL restarts": (lambda: database.stop(signal.SIGINT), database.start),
        "PostgreSQL hangs": (database.hang, database.resume),
    }


def run(options: argparse.Namespace) -> Report:
    sizes = QUICK if options.quick else Sizes()
    with postgres.running() as database, benchmark_environment(DATABASE_URL=database.url) as env:
        relay = Relay(env.folder / "valkey.sock")
        env.variables["REDIS_URL"] = f"redis://127.0.0.1:{relay.port}/0"
        relay.start()
        env.valkey()
        env.prepare()
        env.simulator("--rooms", str(sizes.rooms * 2), "--viewers", "5000", "--churn", "0")
        address = env.console("web", "collector", "worker-acts", "worker-chores", "beat")
        env.django()
        rooms = rooms_of(env, sizes.rooms)
        try:
            outages = asyncio.run(measure(address, rooms, sizes, outages_of(env, relay, database)))
        finally:
            relay.close()
        lines = {
            name: len((env.log / f"{name}.log").read_bytes().splitlines()) for name in env.processes
        }
    return judged(outages, lines)


def judged(outages: list[Outage], lines: dict[str, int]) -> Report:
    report = Report("outage")
    for outage in outages:
        for kind in ("page", "click"):
            seconds = [each.seconds for each in outage.answers if each.kind == kind] or [PATIENCE]
            report.figures[f"{outage.name}: {kind}, median, ms"] = percentile(seconds, 0.5) * 1000
            report.figures[f"{outage.name}: {kind}, slowest of {len(seconds)}, ms"] = (
                max(seconds) * 1000
            )
        statuses = Counter(f"{each.kind} {each.status or 'none'}" for each in outage.answers)
        report.figures[f"{outage.name}: answers"] = ", ".join(
            f"{name}: {n}" for name, n in sorted(statuses.items())
        )
        for what, seconds_until in outage.recovered.items():
            report.figures[f"{outage.name}: {what} recovered after, s"] = seconds_until
    report.figures |= {f"log lines, {name}": count for name, count in lines.items()}
    real = outages[1:]
    for outage in real:
        is_redis = outage.name.startswith("Redis")
        page = 1000 if is_redis else 2000
        report.goals += [
            Goal(f"{outage.name}: slowest page, ms", outage.slowest("page") * 1000, page),
            Goal(f"{outage.name}: slowest click, ms", outage.slowest("click") * 1000, 2000),
            Goal(f"{outage.name}: recovered after, s", max(outage.recovered.values()), 5),
        ]
    report.goals += [
        Goal(
            "requests with status 500 or no answer",
            sum(each.count(lambda a: a.status in {0, 500}) for each in real),
            0,
        ),
        Goal(
            "pages without the notice that figures are unavailable",
            sum(map(without_notice, real)),
            0,
        ),
        Goal("pages and clicks refused while Redis was unavailable", sum(map(refused, real)), 0),
    ]
    return report


def without_notice(outage: Outage) -> int:
    """Pages that came later than it can be noticed and before the end of the outage, and said
    nothing.
    """
    if not outage.name.startswith("Redis") or not outage.answers:
        return 0
    since = min(each.began for each in outage.answers) + NOTICED
    return outage.count(
        lambda each: (
            each.kind == "page"
            and each.began > since
            and each.began + each.seconds < outage.ended
            and not each.said
        )
    )


def refused(outage: Outage) -> int:
    """A 409 is an answer to the click: the room is another's, or has ended."""
    if not outage.name.startswith("Redis"):
        return 0
    return outage.count(lambda each: each.status not in {200, 204, 409, 422})
