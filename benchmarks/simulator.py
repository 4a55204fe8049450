"""Whether the stand-in for the vendor can be the vendor of a large platform: 5,000 rooms, 100,000
viewers in them, polled as often as the published limits allow, every lane at once, and telling by
webhook what happens."""

import argparse
import asyncio
import itertools
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from benchmarks.environment import SECRET, BenchmarkEnvironment, benchmark_environment, free_port
from benchmarks.report import Goal, Report, percentile
from launcher import processes
from liveapi.usersig import sign

VIEWERS = 100_000
SECONDS, QUICK_SECONDS = 20.0, 4.0
ROOMS, QUICK_ROOMS = 5000, 500
MAX_MEGABYTES = 500
MAX_OF_A_CORE = 0.5
# Calls a second, as published: https://trtc.io/document/63405, https://cloud.tencent.com/document/product/647/132566,
# https://trtc.io/document/66908, https://trtc.io/document/63404
RATES = {"get_room_list": 10, "get_room_stats": 100, "get_member_list": 200, "get_room_info": 200}
# Calls bunch up on their way: so much more than a second, in seconds, lies between a call and the
# one that would be too many.
MARGIN = 0.04
TOO_OFTEN, OVER = 60007, 100004


@dataclass(slots=True)
class Seen:
    """What came back: ErrorCodes, and how long each answer took, seconds."""

    codes: Counter[int] = field(default_factory=Counter)
    took: list[float] = field(default_factory=list)


def run(options: argparse.Namespace) -> Report:
    rooms, port = QUICK_ROOMS if options.quick else ROOMS, free_port()
    with benchmark_environment() as env:
        target = ("--webhooks", f"http://127.0.0.1:{port}/")
        url = env.simulator("--rooms", str(rooms), "--viewers", str(VIEWERS), *target)
        return asyncio.run(measured(env, url, port, QUICK_SECONDS if options.quick else SECONDS))


async def measured(env: BenchmarkEnvironment, url: str, port: int, seconds: float) -> Report:
    receiver = await listening(port)
    connector = aiohttp.TCPConnector(limit=64)
    async with aiohttp.ClientSession(url, connector=connector) as session:
        async with session.get("/_simulator/rooms") as answer:
            world = (await answer.json())["rooms"]
        seen, before = Seen(), await webhooks(session)
        began, used = time.monotonic(), env.cpu("simulator")
        await asyncio.gather(
            *(lane(session, command, bodies(command, world), seen, seconds) for command in RATES)
        )
        took, used = time.monotonic() - began, env.cpu("simulator") - used
        idle = env.cpu("simulator")
        await asyncio.sleep(seconds / 4)
        idle = (env.cpu("simulator") - idle) / (seconds / 4)
        after = await webhooks(session)
    await receiver.cleanup()
    delivered, failed = (after[name] - before[name] for name in ("sent", "failed"))
    answered, calls = seen.codes[0] + seen.codes[OVER], seen.codes.total()
    share = used / took
    report = Report("simulator")
    report.figures = {
        "rooms": len(world),
        "people in the rooms": sum(room["online"] for room in world),
        "calls per second": calls / took,
        "CPU per call, us": used / calls * 1e6,
        "response time, median, ms": percentile(seen.took, 0.5) * 1000,
        "response time, p99, ms": percentile(seen.took, 0.99) * 1000,
        "webhooks per second": delivered / (took + seconds / 4),
        f"calls refused for their rate ({TOO_OFTEN})": seen.codes[TOO_OFTEN],
        "CPU when idle, share of one core": idle,
    }
    report.goals = [
        Goal("resident memory, MB", env.resident("simulator"), MAX_MEGABYTES),
        Goal("CPU, share of one core", share, MAX_OF_A_CORE),
        Goal(
            "calls answered / published limits",
            answered / took / sum(RATES.values()),
            0.9,
            at_least=True,
        ),
        Goal("unexpected failures", calls - answered - seen.codes[TOO_OFTEN], 0),
        Goal("webhooks not delivered", failed, 0),
    ]
    return report


async def listening(port: int) -> web.AppRunner:
    """Somebody who takes every webhook."""

    async def take(request: web.Request) -> web.Response:
        await request.read()
        return web.json_response({"ActionStatus": "OK", "ErrorCode": 0, "ErrorInfo": ""})

    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner


async def webhooks(session: aiohttp.ClientSession) -> dict[str, int]:
    """How many were sent and how many failed so far."""
    async with session.get("/_simulator/webhooks") as answer:
        reply = await answer.json()
    return {name: reply[name] for name in ("sent", "failed")}


def bodies(command: str, world: list[dict[str, Any]]) -> Callable[[str], dict[str, Any]]:
    """Given the cursor of the last answer, the body of the next call: the list on and on, else room
    after room.
    """
    if command == "get_room_list":
        return lambda cursor: {"Next": cursor, "Count": 20}
    ids: Iterator[str] = itertools.cycle(room["RoomId"] for room in world)
    extra = {"Next": ""} if command == "get_member_list" else {}
    return lambda cursor: {"RoomId": next(ids), **extra}


async def lane(
    session: aiohttp.ClientSession,
    command: str,
    body: Callable[[str], dict[str, Any]],
    seen: Seen,
    seconds: float,
) -> None:
    """Sends one command as often as is allowed, whether answers have come or not."""
    rate, cursor = RATES[command], ""
    usersig = sign(
        processes.ADMIN, int(processes.SDKAPPID), SECRET, now=int(time.time()), expire=3600
    )
    query = {
        "sdkappid": processes.SDKAPPID,
        "identifier": processes.ADMIN,
        "usersig": usersig,
        "contenttype": "json",
    }
    sent: deque[float] = deque(maxlen=rate)

    async def call(asked: dict[str, Any], number: int) -> None:
        nonlocal cursor
        began = time.perf_counter()
        path = f"/v4/live_engine_http_srv/{command}"
        async with session.post(path, params=query | {"random": str(number)}, json=asked) as answer:
            reply = await answer.json()
        seen.took.append(time.perf_counter() - began)
        seen.codes[reply["ErrorCode"]] += 1
        if command == "get_room_list" and reply["ErrorCode"] == 0:
            cursor = reply["Response"]["Next"]

    began = time.monotonic()
    async with asyncio.timeout(seconds * 3), asyncio.TaskGroup() as calls:
        for number in itertools.count():
            due = began + number / rate
            if len(sent) == rate:
                due = max(due, sent[0] + 1 + MARGIN)
            if due > began + seconds:
                return
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            sent.append(time.monotonic())
            calls.create_task(call(body(cursor), number))
