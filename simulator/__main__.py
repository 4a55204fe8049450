"""`python -m simulator`: the stand-in as a process of its own. Loopback only."""

import argparse
import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Callable

from aiohttp import web

from simulator.clock import Clock
from simulator.http import Service
from simulator.world import World


def number(kind: type[int] | type[float], least: float, most: float) -> Callable[[str], float]:
    """What argparse reads a number from `least` to `most` with."""

    def read(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"takes {least:g} to {most:g}")
        return value

    return read


def arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="simulator", description="A stand-in for the vendor's live service."
    )
    parser.add_argument("--port", type=number(int, 0, 65_535), default=0, help="0: any free one")
    parser.add_argument("--rooms", type=number(int, 0, 50_000), default=60)
    parser.add_argument(
        "--viewers",
        type=number(int, 1, 10_000_000),
        default=100_000,
        help="people in the ordinary rooms together",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sdkappid", type=int, default=1400000000)
    parser.add_argument(
        "--secret", default=os.environ.get("SIMULATOR_SECRET", ""), help="or SIMULATOR_SECRET"
    )
    parser.add_argument("--admin", default="administrator")
    parser.add_argument(
        "--latency", type=number(float, 0, 60_000), default=0.0, help="milliseconds before every answer"
    )
    parser.add_argument(
        "--churn", type=number(float, 0, 1000), default=1.0, help="0: nobody comes or goes by themselves"
    )
    parser.add_argument(
        "--fields", choices=("manager", "documented"), default="manager", help="optional fields or not"
    )
    parser.add_argument(
        "--statistics-command",
        choices=("get_room_stats", "get_room_statistic", "both"),
        default="get_room_stats",
    )
    parser.add_argument("--limits", choices=("on", "off"), default="on", help="the published call limits")
    parser.add_argument("--freeze", action="store_true", help="the clock moves only by /_simulator/step")
    parser.add_argument("--no-control", action="store_true", help="without the test door")
    options = parser.parse_args(given)
    if not options.secret:
        parser.error("--secret or SIMULATOR_SECRET is needed")
    return options


async def serve(options: argparse.Namespace) -> None:
    """Runs until SIGTERM or SIGINT."""
    try:
        listener = socket.create_server(("127.0.0.1", options.port), backlog=1024)
    except OSError as error:
        sys.exit(f"Cannot listen on port {options.port}: {error.strerror}. Take another with --port.")
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    clock = Clock(frozen_at=time.time() if options.freeze else None)
    world = World(
        rooms=options.rooms,
        viewers=options.viewers,
        seed=options.seed,
        clock=clock,
        address=address,
        churn=options.churn,
        admin=options.admin,
    )
    service = Service(
        world, sdkappid=options.sdkappid, secret=options.secret, admin=options.admin, latency=options.latency / 1000,
        full=options.fields == "manager", statistics=options.statistics_command, limits=options.limits == "on",
        control=not options.no_control,
    )  # fmt: skip
    runner = web.AppRunner(service.application(), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    print(f"simulator listening on {address}", flush=True)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve(arguments(sys.argv[1:])))
