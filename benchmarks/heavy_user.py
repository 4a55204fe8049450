"""One user who causes as much load as possible, as a process of its own.

Eight dry runs and eight coverage pages at a time, and watch messages as fast as the connection
takes them, from as many tabs as the console accepts. The lines "go" and "stop" on the standard
input start and stop the load; the process answers each with the counts of what it did.
"""

import asyncio
import json
import sys
from collections import Counter
from typing import Any

import aiohttp

from benchmarks.act import Person

AT_ONCE = 8
WATCHED = 50
BUFFER_SLEEP = 0.001  # a loop that never waits would measure itself


class HeavyUser(Person):
    """An auditor: may read everything, and change nothing."""

    def __init__(self, address: str, rooms: list[int]) -> None:
        super().__init__(address)
        self.rooms = rooms
        self.did: Counter[str] = Counter()

    async def dry_runs(self) -> None:
        token = {c.key: c.value for c in self.http.cookie_jar}["csrftoken"]
        headers = {"X-CSRFToken": token, "HX-Request": "true", "Referer": f"{self.address}/"}
        while True:
            where = f"{self.address}/rules/words-fraud/dry-run"
            async with self.http.post(where, data={"hours": "168"}, headers=headers) as answer:
                await answer.read()
                self.did[f"dry run, {answer.status}"] += 1

    async def coverage(self) -> None:
        while True:
            async with self.http.get(f"{self.address}/coverage?hours=168") as answer:
                await answer.read()
                self.did[f"coverage, {answer.status}"] += 1

    async def watch(self) -> None:
        """Opens a socket and floods it; when it is closed for that, opens another."""
        message = {"watch": self.rooms[:WATCHED], "visible": True}
        while True:
            try:
                async with self.http.ws_connect(
                    f"{self.address}/ws/live", origin=self.address
                ) as socket:
                    self.did["sockets"] += 1
                    while not socket.closed:
                        await socket.send_json(message)
                        self.did["watch messages"] += 1
                        while socket.closed or self._waiting(socket):
                            got = await socket.receive()
                            if got.type in {
                                aiohttp.WSMsgType.CLOSE,
                                aiohttp.WSMsgType.CLOSED,
                                aiohttp.WSMsgType.CLOSING,
                            }:
                                break
                        await asyncio.sleep(BUFFER_SLEEP)
            except (aiohttp.ClientError, OSError) as error:
                self.did[f"socket refused, {type(error).__name__}"] += 1
                await asyncio.sleep(BUFFER_SLEEP)

    @staticmethod
    def _waiting(socket: aiohttp.ClientWebSocketResponse) -> bool:
        reader: Any = socket._reader
        return bool(len(getattr(reader, "_buffer", ())))

    async def everything(self) -> None:
        await asyncio.gather(
            *(self.dry_runs() for _ in range(AT_ONCE)),
            *(self.coverage() for _ in range(AT_ONCE)),
            self.watch(),
        )


async def main(address: str, name: str, rooms: list[int]) -> None:
    heavy_user = HeavyUser(address, rooms)
    await heavy_user.log_in(name)
    print("ready", flush=True)
    requests: asyncio.Task[None] | None = None
    while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
        if line == "go":
            heavy_user.did.clear()
            requests = asyncio.create_task(heavy_user.everything())
        elif requests is not None:
            requests.cancel()
            await asyncio.gather(requests, return_exceptions=True)
        print(json.dumps(heavy_user.did), flush=True)
    await heavy_user.http.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3])))
