"""The latency from the click on End (POST) to the vendor, through the real processes.

The simulated platform records when each `destroy_room` arrives; both clocks are this machine's. The
undo time is 0, so only our own time is measured. `destroy_room` counts, though an action reads the
room before it. The yardstick is a direct call of the client in this process, request and response,
taken between the clicks. The simultaneous ends are one transaction with a hundred actions, which go
to the queue as one message; the same number of clicks over HTTP is a figure without a limit. These
rooms are on a moderator's screen, as the rooms are that people act on. The collector polls
throughout, as in production.
"""

import argparse
import asyncio
import contextlib
import statistics
import time
import uuid
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any

import aiohttp

from benchmarks.environment import PASSWORD, BenchmarkEnvironment, benchmark_environment, eventually
from benchmarks.report import Goal, Report, percentile
from launcher import processes

CHORES = 40
BUSY_LATENCY = 0.1  # seconds of the vendor in the burst
WINDOW = 1.2  # seconds in which the call budget forgets
WATCHED = 5.0  # seconds in which every room of a full screen is read
ARRIVAL_SECONDS = 30.0
Click = tuple[str, float]  # RoomId, Unix seconds


@dataclass(frozen=True, slots=True)
class Sizes:
    idle: int = 40
    behind_chores: int = 30
    burst: int = 100
    people: int = 20

    @property
    def rooms(self) -> int:
        """Each click and each direct call ends a room; ten more are for the warm-up."""
        return 2 * self.idle + self.behind_chores + 2 * self.burst + self.people + 10


QUICK = Sizes(idle=8, behind_chores=5, burst=20, people=5)


class VendorControl:
    """The control API of the simulated platform."""

    def __init__(self, http: aiohttp.ClientSession, address: str) -> None:
        self.http = http
        self.address = f"{address}/_simulator"

    async def arrivals(self, clicks: Iterable[Click]) -> list[float]:
        """Seconds from each click to its destroy_room at the vendor.

        Raises TimeoutError when one never came.
        """
        wanted = dict(clicks)
        end = time.monotonic() + ARRIVAL_SECONDS
        while time.monotonic() < end:
            async with self.http.get(f"{self.address}/calls") as answer:
                calls = await answer.json()
            found = {c["room_id"]: c["at"] for c in calls if c["command"] == "destroy_room"}
            if wanted.keys() <= found.keys():
                return [found[room_id] - at for room_id, at in wanted.items()]
            await asyncio.sleep(0.1)
        raise TimeoutError(f"{len(wanted.keys() - found.keys())} acts never reached the vendor")

    async def slow(self, seconds: float) -> None:
        fault = {"command": "*", "kind": "latency", "seconds": seconds}
        async with self.http.post(f"{self.address}/fault", json=fault) as answer:
            answer.raise_for_status()

    async def quick(self) -> None:
        async with self.http.delete(f"{self.address}/fault") as answer:
            answer.raise_for_status()


class Person:
    """A moderator with a browser's session."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def log_in(self, name: str = "moderator") -> None:
        async with self.http.get(f"{self.address}/login") as page:
            await page.read()
        await self.post("/login", username=name, password=PASSWORD)

    async def post(self, path: str, **fields: str) -> int:
        token = {c.key: c.value for c in self.http.cookie_jar}["csrftoken"]
        headers = {"X-CSRFToken": token, "HX-Request": "true", "Referer": f"{self.address}/"}
        async with self.http.post(f"{self.address}{path}", data=fields, headers=headers) as answer:
            await answer.read()
            answer.raise_for_status()
            return answer.status

    async def end(self, pk: int, room_id: str) -> Click:
        """Presses End; the room and the moment of the press."""
        at = time.time()
        status = await self.post(f"/rooms/{pk}/end", policy="violence", key=str(uuid.uuid4()))
        if status != 204:
            raise RuntimeError(f"the click was answered with {status}")
        return room_id, at

    @contextlib.asynccontextmanager
    async def watching(self, rooms: list[tuple[int, str]]) -> AsyncIterator[None]:
        """Keeps these rooms on a screen; begins when the collector has read them."""
        async with self.http.ws_connect(f"{self.address}/ws/live", origin=self.address) as socket:
            await socket.send_json({"watch": [pk for pk, _ in rooms], "visible": True})
            reader = asyncio.create_task(_read_on(socket))
            await asyncio.sleep(WATCHED)
            yield
            reader.cancel()

    async def open(self, pk: int) -> None:
        async with self.http.get(f"{self.address}/rooms/{pk}") as page:
            await page.read()
            page.raise_for_status()


async def _read_on(socket: aiohttp.ClientWebSocketResponse) -> None:
    async for _ in socket:
        pass


def direct(room_id: str) -> tuple[Click, float]:
    """The yardstick: calls the client in this process, as the worker does.

    Returns the room with the moment of the call, and the seconds until the response.
    """
    from liveapi import commands
    from rooms.infra import vendor

    at = time.time()
    vendor.sync_client().call(commands.destroy_room(room_id), lane="act")
    return (room_id, at), time.time() - at


def end_at_once(rooms: list[tuple[int, str]]) -> list[Click]:
    """Creates the end actions of all these rooms in one transaction: its commit makes all of them
    due.
    """
    from django.contrib.auth.models import User
    from django.db import connection, transaction

    from moderation.actions import dispatch, orders
    from moderation.actions.requests import ActionRequest
    from moderation.models import Policy
    from rooms.models import Room

    by, policy = User.objects.get(username="moderator"), Policy.objects.get(code="violence")
    with transaction.atomic(), dispatch.batch():
        for pk, _ in rooms:
            room = Room.objects.get(pk=pk)
            orders.submit(ActionRequest(verb="end", room=room, policy=policy, grace=0.0), by=by)
        at = time.time()
    connection.close()
    return [(room_id, at) for _, room_id in rooms]


def queue_chores() -> None:
    from benchmarks.slow_chore import chore

    for _ in range(CHORES):
        chore.apply_async(ignore_result=True)


def rooms_of(env: BenchmarkEnvironment, count: int) -> list[tuple[int, str]]:
    """(pk, RoomId) of so many rooms, once the collector has stored them."""
    from django.db import connection

    from rooms.models import Room

    def stored() -> list[tuple[int, str]]:
        found = list(Room.objects.live().values_list("pk", "room_id")[:count])
        connection.close()
        return found if len(found) == count else []

    found: list[tuple[int, str]] = eventually(stored)
    return found


async def measure(
    address: str, vendor: str, rooms: list[tuple[int, str]], sizes: Sizes
) -> dict[str, Any]:
    """Seconds until the vendor has the call: direct, idle, behind chores, burst, people; and for
    people also from opening the page.
    """
    people = [Person(address) for _ in range(max(sizes.people, 1))]
    left = iter(rooms)
    async with aiohttp.ClientSession() as http:
        control = VendorControl(http, vendor)
        try:
            for person in people:
                await person.log_in()
            first = people[0]
            for _ in range(5):
                await first.end(*next(left))
                await asyncio.to_thread(direct, next(left)[1])
            found = await alternately(first, control, left, sizes.idle)
            await asyncio.to_thread(queue_chores)
            clicks = []
            for _ in range(sizes.behind_chores):
                clicks.append(await first.end(*next(left)))
                await asyncio.sleep(0.05)
            found["chores"] = await control.arrivals(clicks)
            await control.slow(BUSY_LATENCY)
            await asyncio.sleep(WINDOW)
            burst = [next(left) for _ in range(sizes.burst)]
            async with first.watching(burst):
                found["burst"] = await control.arrivals(await asyncio.to_thread(end_at_once, burst))
            pressed = [next(left) for _ in range(sizes.burst)]
            async with first.watching(pressed):
                presses = [people[n % len(people)].end(*room) for n, room in enumerate(pressed)]
                found["clicks"] = await control.arrivals(await asyncio.gather(*presses))
            await control.quick()
            await asyncio.sleep(WINDOW)
            found |= await visits(people[: sizes.people], control, left)
        finally:
            for person in people:
                await person.http.close()
    return found


async def alternately(
    person: Person, control: VendorControl, left: Any, count: int
) -> dict[str, list[float]]:
    """A direct call and a click in turn, on an idle system."""
    calls, answers, clicks = [], [], []
    for _ in range(count):
        call, seconds = await asyncio.to_thread(direct, next(left)[1])
        calls.append(call)
        answers.append(seconds)
        await asyncio.sleep(0.05)
        clicks.append(await person.end(*next(left)))
        await asyncio.sleep(0.05)
    sent, idle = await control.arrivals(calls), await control.arrivals(clicks)
    return {"call": answers, "call to vendor": sent, "idle": idle}


async def visits(people: list[Person], control: VendorControl, left: Any) -> dict[str, list[float]]:
    """All moderators open a room and press End when it has loaded, at the same time."""

    async def visit(person: Person, pk: int, room_id: str) -> tuple[Click, Click]:
        opened = time.time()
        await person.open(pk)
        return (room_id, opened), await person.end(pk, room_id)

    pairs = await asyncio.gather(*(visit(person, *next(left)) for person in people))
    return {
        "visits": await control.arrivals(opened for opened, _ in pairs),
        "people": await control.arrivals(pressed for _, pressed in pairs),
    }


def run(options: argparse.Namespace) -> Report:
    sizes = QUICK if options.quick else Sizes()
    with benchmark_environment(LIVEWARDEN_END_GRACE_SECONDS="0") as env:
        env.valkey()
        env.prepare()
        # Some rooms are hidden from the listing.
        vendor = env.simulator(
            "--rooms", str(sizes.rooms * 3 // 2), "--viewers", "5000", "--churn", "0"
        )
        address = env.console("web", "collector", "worker-acts")
        command = processes.worker_command("chores", 2)
        command[command.index("config")] = "benchmarks.slow_chore"
        env.start("worker-chores", command)
        env.django()
        rooms = rooms_of(env, sizes.rooms)
        found = asyncio.run(measure(address, vendor, rooms, sizes))
        resident = {name: env.resident(name) for name in ("web", "worker-acts")}
    return judged(found, sizes, resident)


def judged(found: dict[str, Any], sizes: Sizes, resident: dict[str, float]) -> Report:
    medians = {name: statistics.median(values) * 1000 for name, values in found.items()}
    slowest = {name: max(values) * 1000 for name, values in found.items()}
    busy = BUSY_LATENCY * 1000
    report = Report("act")
    report.figures = {
        "direct call, median, ms": medians["call"],
        "direct call to vendor, median, ms": medians["call to vendor"],
        "click-to-vendor latency, idle, median, ms": medians["idle"],
        "click-to-vendor latency, idle, p95, ms": percentile(found["idle"], 0.95) * 1000,
        f"click-to-vendor latency behind {CHORES} half-second chores, median, ms": (
            medians["chores"]
        ),
        f"{sizes.burst} simultaneous ends, vendor latency {busy:.0f} ms, median, ms": (
            medians["burst"]
        ),
        f"{sizes.burst} simultaneous ends, slowest, ms": slowest["burst"],
        f"{sizes.burst} simultaneous clicks (POST), slowest, ms": slowest["clicks"],
        f"{sizes.people} moderators, click to vendor, slowest, ms": slowest["people"],
        f"{sizes.people} moderators, page load to vendor, slowest, ms": slowest["visits"],
        "memory of the acts worker, MB": resident["worker-acts"],
        "memory of the web process, MB": resident["web"],
    }
    report.goals = [
        Goal("click-to-vendor latency / direct call (idle)", medians["idle"] / medians["call"], 10),
        Goal(
            "click-to-vendor latency behind queued chores / idle",
            medians["chores"] / medians["idle"],
            3,
        ),
        Goal(
            f"{sizes.burst} simultaneous ends: slowest to reach the vendor, ms",
            slowest["burst"],
            600,
            of_machine=True,
        ),
        Goal(
            f"{sizes.people} moderators at once: slowest click to vendor, ms",
            slowest["people"],
            1000,
            of_machine=True,
        ),
    ]
    return report
