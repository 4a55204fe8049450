"""`./run bench snapshots`: a still of each of 300 rooms every 15 seconds, and what it takes from
the figures.

The real collector reads a simulated platform of 300 rooms, 40 of them on a screen; the process of
stills reads 300 HLS streams of another host. It runs and is stopped in turn, so that both meet the
same machine. What is counted where:

*CPU* is that of the process and of its child that decodes, in cores, after every room has its first
still.

*Age of a still* is read every half second for all rooms, as pages get it. With one every 15 seconds
the oldest is 15 seconds old, and what a still takes to come.

*Age of figures* of the rooms on a screen is compared between the turns.

*Bandwidth* of a wall: the bytes of 40 stills, renewed at that pace, by those of 40 players of the
same streams. Headers are in neither.
"""

import argparse
import sys
import time
from collections.abc import Callable

import psutil

from benchmarks.environment import BenchmarkEnvironment, benchmark_environment, eventually
from benchmarks.platform import PREFIX, WATCHED, Platform
from benchmarks.report import Goal, Report, percentile
from launcher import measure, stores
from launcher.folder import free_port

ROOMS, INTERVAL = 300, 15.0
STREAM_SECONDS = 12.8  # of a loop of the demo platform's
MAX_CPU, MAX_AGE, MAX_DELAY, MAX_BANDWIDTH = 0.5, 1.2, 1.25, 0.1


def run(options: argparse.Namespace) -> Report:
    rooms, seconds, turns = (60, 6.0, 1) if options.quick else (ROOMS, 30.0, 3)
    report = Report("snapshots")
    port = free_port()
    settings = {
        "LIVEWARDEN_PICTURE_SOURCE": "hls",
        "LIVEWARDEN_HLS_URL": f"http://127.0.0.1:{port}/{{room_id}}/index.m3u8",
        "LIVEWARDEN_STILL_INTERVAL": f"{INTERVAL:.0f}",
        "LIVEWARDEN_STILL_CALM_INTERVAL": f"{INTERVAL:.0f}",
        "LIVEWARDEN_STILL_PRIVATE_ADDRESSES": "yes",
    }
    with benchmark_environment(**settings) as env:
        env.start("streams", [sys.executable, "-m", "benchmarks.stream_host", str(port)])
        eventually(lambda: stores.listens(port))
        platform = Platform(env, rooms, beside=False)
        turn = Turns(env, platform, seconds)
        for _ in range(turns):
            turn.without()
            turn.taking()
        bandwidth = turn.bandwidth()
        platform.close()
    ages = {on: percentile(turn.figures[on], 0.95) for on in (True, False)}
    report.figures |= {
        "rooms with a still": turn.most,
        "CPU of the process and its child, cores": max(turn.cpu),
        "memory of the process, MB": turn.memory[0],
        "memory of its child, MB": turn.memory[1],
        "age of a still, median, s": percentile(turn.stills, 0.5),
        "age of a still, p95, s": percentile(turn.stills, 0.95),
        "age of figures on screen, p95, stills taken, s": ages[True],
        "age of figures on screen, p95, none taken, s": ages[False],
    }
    report.goals += [
        Goal("CPU for a still of each room every 15 s, cores", max(turn.cpu), MAX_CPU),
        Goal("rooms without a still", len(platform.rooms) - turn.most, 0),
        Goal("age of a still, p95 / interval", percentile(turn.stills, 0.95) / INTERVAL, MAX_AGE),
        Goal("age of figures, stills taken / none", ages[True] / ages[False], MAX_DELAY),
        Goal("bytes of 40 stills / of 40 players", bandwidth, MAX_BANDWIDTH),
    ]
    return report


class Turns:
    """With stills and without, one after the other. cpu: cores, of each turn. stills, figures:
    ages, seconds; figures by whether stills were taken.
    """

    def __init__(self, env: BenchmarkEnvironment, platform: Platform, seconds: float) -> None:
        self.env, self.platform, self.seconds = env, platform, seconds
        self.cpu: list[float] = []
        self.memory = (0.0, 0.0)
        self.stills: list[float] = []
        self.figures: dict[bool, list[float]] = {True: [], False: []}
        self.most = 0

    def without(self) -> None:
        self.figures[False] += self.platform._watch(self.seconds)

    def taking(self) -> None:
        self.platform.hot.delete(f"{PREFIX}stills", f"{PREFIX}stills-lease")
        self.env.console("pictures")
        eventually(self._every_room_has_one)
        pids = self._pids()
        before, began = sum(map(measure.cpu_seconds, pids)), time.monotonic()
        self.figures[True] += self._watched()
        took = time.monotonic() - began
        self.cpu.append((sum(map(measure.cpu_seconds, pids)) - before) / took)
        own, child = (measure.resident_megabytes(pid) for pid in pids)
        self.memory = own, child
        self.env.end("pictures")

    def _watched(self) -> list[float]:
        """Ages of figures; those of stills are noted beside."""
        ages, end = [], time.monotonic() + self.seconds
        while time.monotonic() < end:
            ages += self.platform._watch(0.4)
            now = time.time()
            self.stills += [now - at for at in self._taken().values()]
        return ages

    def _taken(self) -> dict[int, int]:
        """pk -> Unix seconds of its still."""
        lines = self.platform.hot.hgetall(f"{PREFIX}stills")
        return {int(pk): int(line.split()[1]) for pk, line in lines.items()}

    def _every_room_has_one(self) -> bool:
        self.platform._watch(0.4)  # they stay on their screen
        self.most = max(self.most, len(self._taken()))
        return self.most >= len(self.platform.rooms)

    def _pids(self) -> tuple[int, int]:
        """Of the process and of its child."""
        own = self.env.processes["pictures"].pid
        child: Callable[[], list[psutil.Process]] = psutil.Process(own).children
        return own, eventually(child)[0].pid

    def bandwidth(self) -> float:
        """Bytes of 40 stills a second by those of 40 players."""
        keys = [f"{PREFIX}still:{pk}" for pk in self._taken()]
        sizes = [len(jpeg) for jpeg in self.platform.hot.mget(keys) if jpeg]
        from simulator.media import video

        loop = video.encode("room 1", "", 1, "fine")
        player = sum(map(len, loop.fragments)) / STREAM_SECONDS
        still = sum(sizes) / len(sizes) / INTERVAL
        return (WATCHED * still) / (WATCHED * player)
