"""A simulated platform, the real collector, and what can be counted about both from outside."""

import json
import random
import socket
import sqlite3
import sys
import threading
import time
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Any

import httpx
import redis

from benchmarks.environment import BenchmarkEnvironment, eventually
from liveapi.budget.limits import allowance

WATCHED = 40  # rooms on somebody's screen
SHARE = 0.5
LEARN_SECONDS = 120.0
STEP = 0.5  # seconds between two looks at the figures
SETTLE_SECONDS = 4.0
PREFIX = "lw:"
COMMANDS = ("get_room_list", "get_room_stats", "get_room_info", "get_member_list", "portrait_get")
BARE = {"get_room_list": 5.0, "get_room_stats": 49.0, "get_room_info": WATCHED / 3}


@dataclass(slots=True)
class Measured:
    """What happened in `seconds`. calls: as the simulator noted them. ages: of figures on screen,
    seconds.
    """

    rooms: int
    watched: set[str]
    seconds: float
    calls: list[dict[str, Any]]
    ages: list[float]
    cpu: float
    bare_calls: int
    bare_cpu: float


class BudgetGrants(threading.Thread):
    """Every grant of the shared budget, by the stamps of Redis's clock (whole microseconds).

    MONITOR reports each entry of the budget's logs at once, and waits for a reader that is
    late.
    """

    def __init__(self, path: str) -> None:
        super().__init__(daemon=True)
        self._stamps: dict[str, list[int]] = defaultdict(list)
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(path)
        self._socket.sendall(b"MONITOR\r\n")
        self.start()

    def run(self) -> None:
        with self._socket.makefile("rb") as lines:
            for line in lines:
                if b'"LPUSH"' in line and b":log:" in line:
                    _, key, *stamps = line.decode().split('"')[1::2]
                    self._stamps[key.rpartition(":log:")[2]] += map(int, stamps)

    def end(self) -> None:
        """Reads what is left."""
        time.sleep(0.5)
        self._socket.shutdown(socket.SHUT_RDWR)
        self.join()
        self._socket.close()

    def given(self, command: str) -> int:
        return len(self._stamps[command])

    def over(self) -> int:
        """Grants beyond the allowance in the worst window of one second, of all commands
        together.
        """
        found = 0
        for name, stamps in self._stamps.items():
            window: deque[int] = deque()
            worst = 0
            for at in stamps:
                window.append(at)
                while at - window[0] >= 1_000_000:
                    window.popleft()
                worst = max(worst, len(window))
            found += max(0, worst - allowance(name, SHARE).acts)
        return found


class Platform:
    """The simulator and the collector; with `beside` also the bare calls and a simulator of their
    own.
    """

    def __init__(self, env: BenchmarkEnvironment, rooms: int, *, beside: bool = True) -> None:
        self.env = env
        env.valkey()
        env.prepare()
        self.hot = redis.Redis.from_url(env.variables["REDIS_URL"])
        self.grants = BudgetGrants(env.variables["REDIS_URL"].removeprefix("unix://"))
        world = ("--rooms", str(rooms), "--viewers", str(rooms * 20), "--churn", "0")
        self.controls: list[httpx.Client] = []
        if beside:
            self.controls.append(httpx.Client(base_url=env.simulator(*world), timeout=30))
            env.processes["beside"] = env.processes.pop("simulator")
        self.controls.append(httpx.Client(base_url=env.simulator(*world), timeout=30))
        self._seen = 0
        env.console("collector")
        self.rooms = self._learn(rooms)
        self.watched = dict(random.Random(1).sample(sorted(self.rooms.items()), WATCHED))
        if beside:
            file = env.folder / "rooms.json"
            file.write_text(json.dumps(list(self.rooms.values())), "utf-8")
            host = self.controls[0].base_url.netloc.decode()
            env.start(
                "bare",
                [sys.executable, "-m", "benchmarks.bare_calls", host, str(file), json.dumps(BARE)],
            )

    def _learn(self, rooms: int) -> dict[int, str]:
        """Primary key -> RoomId of all listed rooms, once none are added any more."""
        path = self.env.folder / "livewarden.sqlite3"
        changed, known = time.monotonic(), {}

        def complete() -> bool:
            nonlocal changed, known
            time.sleep(STEP)
            with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5) as file:
                found = dict(
                    file.execute("SELECT id, room_id FROM rooms_room WHERE ended_at IS NULL")
                )
            if len(found) != len(known):
                changed, known = time.monotonic(), found
            return len(known) > 0.9 * rooms and time.monotonic() - changed > 3.0

        eventually(complete, LEARN_SECONDS)
        return known

    # --- Measuring --------------------------------------------------------------------------------

    def measure(self, latency: float, seconds: float) -> Measured:
        """Has the vendor answer after `latency` seconds, lets things settle, and watches for
        `seconds`.
        """
        for control in self.controls:
            control.delete("/_simulator/fault").raise_for_status()
            control.post(
                "/_simulator/fault", json={"command": "*", "kind": "latency", "seconds": latency}
            )
        self._watch(SETTLE_SECONDS)
        self._calls()
        bare, cpu, bare_cpu = self._bare_calls(), self.env.cpu("collector"), self.env.cpu("bare")
        began = time.monotonic()
        ages = self._watch(seconds)
        took = time.monotonic() - began
        cpu, bare_cpu = self.env.cpu("collector") - cpu, self.env.cpu("bare") - bare_cpu
        bare = self._bare_calls() - bare
        calls = self._calls()
        return Measured(
            len(self.rooms), set(self.watched.values()), took, calls, ages, cpu, bare, bare_cpu
        )

    def calls_since_last(self, seconds: float) -> list[dict[str, Any]]:
        """The calls of the next `seconds`; who watches what is left to others."""
        self._calls()
        time.sleep(seconds)
        return self._calls()

    def _watch(self, seconds: float) -> list[float]:
        """Keeps the watched rooms watched; the ages of their figures, as pages get them."""
        ages, end = [], time.monotonic() + seconds
        keys = [str(pk) for pk in self.watched]
        while time.monotonic() < end:
            self.hot.zadd(f"{PREFIX}watched", dict.fromkeys(keys, int(time.time()) + 10))
            time.sleep(STEP)
            now = time.time()
            for line in self.hot.hmget(f"{PREFIX}live", keys):
                state = json.loads(line or b"{}")
                ages.append(now - min(state.get("oa") or 0, state.get("ra") or 0))
        return ages

    def _calls(self) -> list[dict[str, Any]]:
        """What has come to the vendor since the last time."""
        found = (
            self.controls[-1]
            .get("/_simulator/calls", params={"since": self._seen})
            .raise_for_status()
            .json()
        )
        self._seen = found[-1]["seq"] + 1 if found else self._seen
        return found

    def _bare_calls(self) -> int:
        return sum(
            self.controls[0]
            .get("/_simulator/counts")
            .raise_for_status()
            .json()["commands"]
            .values()
        )

    def close(self) -> tuple[int, int]:
        """Ends the collector: (grants over the rate limit and calls without a grant, calls refused
        as too many).
        """
        self.env.end("collector")
        self.grants.end()
        counts = self.controls[-1].get("/_simulator/counts").raise_for_status().json()
        calls = counts["commands"]
        without = sum(
            max(0, calls.get(command, 0) - self.grants.given(command)) for command in COMMANDS
        )
        for control in self.controls:
            control.close()
        self.hot.close()
        return self.grants.over() + without, sum(
            counts["codes"].get(code, 0) for code in ("60007", "60011")
        )
