"""Sends signed webhooks at a steady rate, as a process of its own.

`python -m benchmarks.webhook_sender ADDRESS RATE SECONDS ROOMS.json`.

Members enter rooms of the list, and every tenth event is a line of chat; no two events are alike.
The response time counts from the moment at which the webhook was due, so a late sender hides
nothing. The token comes by SIMULATOR_WEBHOOK_TOKEN. Prints one JSON object: {"sent", "taken"
(answered OK), "seconds": [...]} with the seconds of every answer.
"""

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import aiohttp

from launcher import processes
from simulator.webhooks import payloads
from simulator.world import events

CONNECTIONS = 32
TIMEOUT = 2.0  # the vendor's
EVERY_CHAT = 10


def written(number: int, rooms: list[str]) -> tuple[str, bytes]:
    """(command, body) of the event with this number."""
    room_id, account = rooms[number % len(rooms)], f"viewer-{number}"
    at = int(time.time() * 1000)
    if number % EVERY_CHAT == 0:
        words = [{"MsgType": "TIMTextElem", "MsgContent": {"Text": f"line {number}"}}]
        body: dict[str, Any] = {
            "GroupId": room_id,
            "Type": "Live",
            "From_Account": account,
            "MsgId": str(number),
        }
        return "Group.CallbackAfterSendMsg", json.dumps(
            body | {"MsgBody": words, "EventTime": str(at)}
        ).encode()
    came = {
        "EventType": "Online",
        "EventCause": "Enter",
        "MemberList": [{"Member_Account": account}],
    }
    return events.MEMBERS, json.dumps({"RoomId": room_id, "EventTime": at, **came}).encode()


async def send(address: str, rate: float, seconds: float, rooms: list[str]) -> dict[str, Any]:
    """Sends them all, and waits for the last answer."""
    token, taken, times = os.environ["SIMULATOR_WEBHOOK_TOKEN"], 0, []
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(
        connector=connector, timeout=aiohttp.ClientTimeout(TIMEOUT)
    ) as http:

        async def post(number: int, due: float) -> None:
            nonlocal taken
            command, body = written(number, rooms)
            query = payloads.query(
                command, sdkappid=int(processes.SDKAPPID), token=token, now=time.time()
            )
            try:
                async with http.post(address, params=query, data=body) as answer:
                    code = payloads.code_of(answer.status, await answer.read())
                taken += code == 0
            except (aiohttp.ClientError, TimeoutError):
                pass
            times.append(time.perf_counter() - due)

        began = time.perf_counter() + 0.1
        async with asyncio.TaskGroup() as group:
            for number in range(int(rate * seconds)):
                due = began + number / rate
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                group.create_task(post(number, due))
    return {"sent": len(times), "taken": taken, "seconds": times}


if __name__ == "__main__":
    where, rate, seconds, file = sys.argv[1:]
    known = json.loads(Path(file).read_text("utf-8"))
    print(json.dumps(asyncio.run(send(where, float(rate), float(seconds), known))))
