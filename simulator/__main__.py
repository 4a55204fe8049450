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

from simulator.api.server import ApiOptions
from simulator.app import Simulator
from simulator.webhooks.sender import MAX_PER_SECOND, DeliverySettings
from simulator.world.clock import Clock
from simulator.world.options import WorldOptions
from simulator.world.stage import USUAL_LIFETIMES, Lifetimes
from simulator.world.world import World


def number(kind: type[int] | type[float], minimum: float, maximum: float) -> Callable[[str], float]:
    """What argparse reads a number from `minimum` to `maximum` with."""

    def read(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
        if not minimum <= value <= maximum:
            raise argparse.ArgumentTypeError(f"takes {minimum:g} to {maximum:g}")
        return value

    return read


def arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="simulator",
        description="A stand-in for the vendor's live service.",
        epilog="Secrets come from the environment, which no process list shows: SIMULATOR_SECRET, "
        "the application's "
        "key (needed), and SIMULATOR_WEBHOOK_TOKEN, which signs webhooks.",
    )
    parser.add_argument("--port", type=number(int, 0, 65_535), default=0, help="0: any free one")
    parser.add_argument(
        "--fd",
        type=number(int, 3, 65_535),
        help="the number of a listening socket that is handed over, in place of --port",
    )
    parser.add_argument("--rooms", type=number(int, 0, 50_000), default=60)
    parser.add_argument(
        "--viewers",
        type=number(int, 1, 10_000_000),
        default=100_000,
        help="people in the ordinary rooms together",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sdkappid", type=int, default=1400000000)
    parser.add_argument("--admin", default="administrator")
    parser.add_argument(
        "--latency",
        type=number(float, 0, 60_000),
        default=0.0,
        help="milliseconds before every answer",
    )
    parser.add_argument(
        "--churn",
        type=number(float, 0, 1000),
        default=1.0,
        help="0: nobody comes or goes by themselves",
    )
    parser.add_argument(
        "--fields",
        choices=("manager", "documented"),
        default="manager",
        help="optional fields or not",
    )
    parser.add_argument(
        "--statistics-command",
        choices=("get_room_stats", "get_room_statistic", "both"),
        default="both",
        help="the documented name, the one that the vendor's own console calls, or both",
    )
    parser.add_argument(
        "--limits", choices=("on", "off"), default="on", help="the published call limits"
    )
    parser.add_argument(
        "--freeze", action="store_true", help="the clock moves only by /_simulator/step"
    )
    parser.add_argument("--no-control", action="store_true", help="without the control endpoint")
    lives_and_webhooks(parser)
    options = parser.parse_args(given)
    options.secret = os.environ.get("SIMULATOR_SECRET", "")
    options.webhook_token = os.environ.get("SIMULATOR_WEBHOOK_TOKEN", "")
    if not options.secret:
        parser.error("SIMULATOR_SECRET is needed in the environment")
    return options


def lives_and_webhooks(parser: argparse.ArgumentParser) -> None:
    """The options about how rooms live, and about telling it."""
    lives = parser.add_argument_group("lives of rooms")
    seconds = number(float, 0, 1_000_000)
    usual = USUAL_LIFETIMES
    lives.add_argument(
        "--host-comes",
        type=seconds,
        default=0.0,
        help="seconds until the host of a created room comes; 0: on order",
    )
    lives.add_argument(
        "--incidents",
        type=seconds,
        default=0.0,
        help="seconds between two incidents in rooms' figures; 0: on order",
    )
    lives.add_argument(
        "--most-rooms", type=number(int, 0, 50_000), default=0, help="of the package; 0: any number"
    )
    for name, about in (
        ("empty", "everybody left"),
        ("left", "the owner left"),
        ("offline", "the owner lost the heartbeat"),
    ):
        lives.add_argument(
            f"--dissolve-{name}",
            type=seconds,
            default=getattr(usual, name),
            help=f"seconds after which a room ends when {about}; 0: never",
        )
    sent, usual_delivery = parser.add_argument_group("webhooks"), DeliverySettings()
    sent.add_argument(
        "--webhooks", type=address, default="", metavar="URL", help="where they are sent"
    )
    sent.add_argument(
        "--webhook-lag", type=number(float, 0, 60_000), default=0.0, help="milliseconds before each"
    )
    sent.add_argument(
        "--webhook-lines",
        type=number(float, 0, MAX_PER_SECOND),
        default=usual_delivery.lines,
        help="lines of the crowds that are told a second",
    )
    sent.add_argument(
        "--webhook-moves",
        type=number(float, 0, MAX_PER_SECOND),
        default=usual_delivery.moves,
        help="comings and goings of the crowds that are told a second",
    )
    sent.add_argument(
        "--webhook-gifts", action="store_true", help="gifts are asked about before they are given"
    )


def address(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise argparse.ArgumentTypeError("an address starts with http:// or https://")
    return text


def listening(port: int, handed: int | None) -> socket.socket:
    """The socket that serves: the one that was handed over, else one on this port.

    Ends the program in words.
    """
    if handed is not None:
        try:
            return socket.socket(fileno=handed)
        except OSError as error:
            sys.exit(f"No socket was handed over as {handed}: {error.strerror}.")
    try:
        return socket.create_server(("127.0.0.1", port), backlog=1024)
    except OSError as error:
        sys.exit(f"Cannot listen on port {port}: {error.strerror}. Take another with --port.")


def built(options: argparse.Namespace, address: str) -> Simulator:
    """The simulator as the command line wants it, served at `address`."""
    clock = Clock(frozen_at=time.time() if options.freeze else None)
    world = WorldOptions(
        rooms=options.rooms,
        viewers=options.viewers,
        seed=options.seed,
        address=address,
        churn=options.churn,
        admin=options.admin,
        lifetimes=Lifetimes(
            options.dissolve_empty, options.dissolve_left, options.dissolve_offline
        ),
        most_rooms=options.most_rooms,
        host_comes=options.host_comes,
        incidents=options.incidents,
    )
    api = ApiOptions(
        sdkappid=options.sdkappid,
        secret=options.secret,
        admin=options.admin,
        latency=options.latency / 1000,
        full=options.fields == "manager",
        statistics=options.statistics_command,
        limits=options.limits == "on",
    )
    deliveries = DeliverySettings(
        url=options.webhooks,
        lag=options.webhook_lag / 1000,
        lines=options.webhook_lines,
        moves=options.webhook_moves,
        gifts=options.webhook_gifts,
    )
    return Simulator(
        World(world, clock),
        api,
        webhook_token=options.webhook_token,
        deliveries=deliveries,
        control=not options.no_control,
    )


async def serve(options: argparse.Namespace) -> None:
    """Runs until SIGTERM or SIGINT."""
    listener = listening(options.port, options.fd)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    runner = web.AppRunner(
        built(options, address).application(), access_log=None, shutdown_timeout=1.0
    )
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
