"""The time until a moderator's page announces a new room and marks an ended one, on a real
websocket of the real console.

With webhooks, with one in five of them lost, and without any. Rooms open and end at random moments;
the simulated platform and this process share a clock. A frame with a higher change count announces
every room that is stored by then; a room is marked by the frame that says when it ended. No state
may be stale for longer than one sweep of the listing: its interval, its pages, and the tick that
stores.
"""

import argparse
import asyncio
import json
import random
import sqlite3
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import websockets

from benchmarks.browsers import PERSON, session_of
from benchmarks.environment import BenchmarkEnvironment, benchmark_environment, eventually
from benchmarks.report import Goal, Report, percentile

TOKEN = "the-webhook-token-of-the-benchmarks"
ROOMS, FRESH, OVER = (
    100,
    60,
    24.0,
)  # rooms before, rooms that open and end, seconds over which they do
SWEEP, WALK, TICK = 10.0, 2.0, 1.0  # seconds; the walk of 160 rooms: 8 pages, 5 a second
MAX_SWEEPS = 3.0  # what is not known by then never will be
MODES = {
    "on": 0.0,
    "20 % lost": 0.2,
    "off": None,
}  # share of the webhooks that never arrive; None: none is sent
ONLINE_SIZE = 20
Delays = dict[str, float]  # RoomId -> seconds until the page knew


def run(options: argparse.Namespace) -> Report:
    number, over = (10, 4.0) if options.quick else (FRESH, OVER)
    report = Report("freshness")
    worst, never = 0.0, 0
    tokens = {"LIVE_WEBHOOK_TOKEN": TOKEN, "SIMULATOR_WEBHOOK_TOKEN": TOKEN}
    with benchmark_environment(LIVEWARDEN_SWEEP_INTERVAL=f"{SWEEP:.0f}", **tokens) as env:
        env.valkey()
        env.prepare()
        vendor = env.simulator(
            "--rooms", str(ROOMS), "--viewers", str(ROOMS * ONLINE_SIZE), "--churn", "0"
        )
        web = env.console("web", "collector")
        eventually(lambda: len(live_rooms(env)) > 0.9 * ROOMS)  # some are hidden
        cookie = f"sessionid={session_of(env, PERSON)}"
        for mode, loss in MODES.items():
            watch = Watch(env, vendor, web, cookie)
            for what, delays in asyncio.run(
                watch.measure(f"fresh-{len(report.figures)}", number, over, loss)
            ).items():
                never += number - len(delays)
                times = list(delays.values())
                worst = max(worst, *times)
                report.figures[f"webhooks {mode}: {what}, median, s"] = percentile(times, 0.5)
                report.figures[f"webhooks {mode}: {what}, p99, s"] = percentile(times, 0.99)
    figures = report.figures
    report.goals += [
        Goal(
            "new room announced, webhooks on, p99, s",
            float(figures["webhooks on: new room announced, p99, s"]),
            1.0,
        ),
        Goal(
            "ended room marked, webhooks on, p99, s",
            float(figures["webhooks on: ended room marked, p99, s"]),
            1.0,
        ),
        Goal("longest stale state / full listing sweep", worst / (SWEEP + WALK + TICK), 1.0),
        Goal("rooms never announced or never marked", never, 0),
    ]
    return report


def live_rooms(env: BenchmarkEnvironment) -> dict[str, int]:
    """RoomId -> primary key of what is stored as live."""
    path = env.folder / "livewarden.sqlite3"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5) as file:
        return dict(file.execute("SELECT room_id, id FROM rooms_room WHERE ended_at IS NULL"))


@dataclass(slots=True)
class Watch:
    """One browser, and the control API of the simulated platform."""

    env: BenchmarkEnvironment
    vendor: str
    web: str
    cookie: str

    async def measure(
        self, name: str, number: int, over: float, loss: float | None
    ) -> dict[str, Delays]:
        """Opens so many rooms over so many seconds and ends them again."""
        rooms = [f"{name}-{index}" for index in range(number)]
        async with (
            aiohttp.ClientSession() as http,
            websockets.connect(
                self.web.replace("http://", "ws://") + "/ws/live",
                origin=self.web,  # type: ignore[arg-type]  # a str is one
                additional_headers={"Cookie": self.cookie},
            ) as socket,
        ):

            async def order(what: str, **fields: Any) -> None:
                async with http.post(f"{self.vendor}/_simulator/{what}", json=fields) as answer:
                    answer.raise_for_status()

            url = "" if loss is None else f"{self.web}/webhooks/live"
            await order("webhooks", url=url, loss=loss or 0.0)
            await socket.send(json.dumps({"watch": [], "visible": True}))
            opening = {"IsPublicVisible": True, "size": ONLINE_SIZE}

            def open_room(room_id: str) -> Awaitable[None]:
                return order("rooms", RoomId=room_id, Owner_Account=f"host-of-{room_id}", **opening)

            announced = await follow(socket, rooms, over, open_room, self._announced())
            pks = live_rooms(self.env)
            watched = {pks[room_id]: room_id for room_id in announced}
            await socket.send(json.dumps({"watch": list(watched), "visible": True}))
            marked = await follow(
                socket,
                list(announced),
                over,
                lambda room_id: order("destroy", room_id=room_id),
                marked_by(watched),
            )
        return {"new room announced": announced, "ended room marked": marked}

    def _announced(self) -> Callable[[dict[str, Any]], set[str]]:
        """Reads frames: the rooms that are announced when the number of changes grows."""
        changes = 0

        def read(frame: dict[str, Any]) -> set[str]:
            nonlocal changes
            if (frame.get("changes") or 0) <= changes:
                return set()
            changes = frame["changes"]
            return set(live_rooms(self.env))

        return read


def marked_by(watched: dict[int, str]) -> Callable[[dict[str, Any]], set[str]]:
    """Reads frames: the rooms that a frame says have ended."""

    def read(frame: dict[str, Any]) -> set[str]:
        found = set()
        if frame.get("k") not in {"tick", "snapshot"}:  # others are about people
            return found
        for pk, *fields in frame.get("rooms") or ():
            state = dict(zip(fields[::2], fields[1::2], strict=True))
            if state.get("e"):
                found.add(watched[pk])
        return found

    return read


async def follow(
    socket: Any,
    rooms: list[str],
    over: float,
    happens: Callable[[str], Awaitable[None]],
    read: Callable[[dict[str, Any]], set[str]],
) -> Delays:
    """Lets it happen to each room at a moment of its own; the seconds from then to the frame that
    tells of it.
    """
    rng = random.Random(7)
    happened: dict[str, float] = {}
    delays: Delays = {}

    async def one(room_id: str, after: float) -> None:
        await asyncio.sleep(after)
        happened[room_id] = time.monotonic()
        await happens(room_id)

    tasks = [asyncio.create_task(one(room_id, rng.uniform(0, over))) for room_id in rooms]
    end = time.monotonic() + over + MAX_SWEEPS * (SWEEP + WALK)
    while len(delays) < len(rooms) and (rest := end - time.monotonic()) > 0:
        try:
            frame = json.loads(await asyncio.wait_for(socket.recv(), min(rest, 5.0)))
        except TimeoutError:
            continue
        now = time.monotonic()
        for room_id in read(frame) & happened.keys() - delays.keys():
            delays[room_id] = now - happened[room_id]
    await asyncio.gather(*tasks)
    return delays
