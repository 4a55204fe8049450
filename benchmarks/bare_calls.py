"""`python -m benchmarks.bare_calls HOST FILE RATES`: the collector's calls by aiohttp alone, as
thin as can be.

One signature, one session, the answer's JSON decoded, its ErrorCode looked at, and the rest thrown
away. It keeps the given rates (RATES: {"get_room_stats": calls per second, ...}) for the RoomIds
in FILE (JSON), without a budget, a schedule or any memory. Runs until it is ended; who calls it
counts its calls at the vendor.
"""

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from urllib.parse import quote

import aiohttp
import orjson

from launcher import processes
from liveapi.usersig import sign

HEADERS = {"Content-Type": "application/json"}


def address(host: str) -> str:
    """The signed URL of a command, %s in its place."""
    signature = sign(
        processes.ADMIN,
        int(processes.SDKAPPID),
        os.environ["LIVE_SECRET_KEY"],
        now=int(time.time()),
        expire=86_400,
    )
    usersig = quote(signature, safe="*-_")
    identity = f"sdkappid={processes.SDKAPPID}&identifier={processes.ADMIN}&usersig={usersig}"
    return f"http://{host}/v4/live_engine_http_srv/%s?{identity}&random=7&contenttype=json"


async def call(session: aiohttp.ClientSession, url: str, body: bytes) -> None:
    """One call; raises RuntimeError when it is refused."""
    async with session.post(url, data=body, headers=HEADERS) as response:
        answer = orjson.loads(await response.read())
    if answer["ErrorCode"]:
        raise RuntimeError(answer["ErrorInfo"])


async def repeat(
    session: aiohttp.ClientSession, url: str, bodies: list[bytes], rate: float
) -> None:
    """The calls of one command, `rate` a second, whatever is still under way."""
    under_way: set[asyncio.Task[None]] = set()
    number, at = 0, time.monotonic()
    while True:
        at = max(at + 1 / rate, time.monotonic() - 0.1)
        await asyncio.sleep(at - time.monotonic())
        task = asyncio.create_task(call(session, url, bodies[number % len(bodies)]))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
        number += 1


async def main(host: str, file: str, rates: dict[str, float]) -> None:
    url = address(host)
    rooms = [
        orjson.dumps({"RoomId": room_id}) for room_id in json.loads(Path(file).read_text("utf-8"))
    ]
    first_page = [orjson.dumps({"Next": "", "Count": 20})]
    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
        for command, rate in rates.items():
            bodies = first_page if command == "get_room_list" else rooms
            group.create_task(repeat(session, url % command, bodies, rate))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3])))
