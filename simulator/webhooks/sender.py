"""Sends events to one address, as the vendor does: once, with a time-out of two seconds, in no
order to rely on.

What cannot be delivered is lost; a second try is a switch. Trouble comes on order: loss,
duplicates, another order, delay. https://trtc.io/document/64412, https://trtc.io/document/34354
"""

import asyncio
import contextlib
import heapq
import itertools
import random
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import aiohttp

from simulator.webhooks import payloads
from simulator.webhooks.crowd import Crowd
from simulator.world import events
from simulator.world.events import Event
from simulator.world.world import World

TIMEOUT = 2.0  # seconds
MAX_WAITING = 20_000
MAX_IN_FLIGHT = 16
MAX_KEPT = 2000
MAX_ANSWER_BYTES = 65_536
PULSE = 0.25  # seconds
SHUFFLED_OVER = 2.0  # seconds that an event out of order is late at most
SPELLINGS = ("samples", "tables", "mixed")
MIXED_SHARE = 0.25
RETRIES, RETRY_AFTER = 2, 1.0
MAX_PER_SECOND = 1000.0
BEFORE = {events.BEFORE_GIFT, events.BEFORE_MESSAGE}


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """What is sent where, and what goes wrong with it.

    Shares from 0 to 1, times in seconds, rates a second.

    `url`: "" sends nothing. `reordered`: share that comes up to 2 s late. `lag`: before every
    event; `delay`: up to so much more. `statistic`: whether ended rooms tell their totals. `gifts`,
    `before_messages`: whether those are asked about. `lines`, `moves`: of the crowd, of all rooms
    together.
    """

    url: str = ""
    lag: float = 0.0
    loss: float = 0.0
    duplicates: float = 0.0
    reordered: float = 0.0
    delay: float = 0.0
    retry: bool = False
    spelling: str = "mixed"
    statistic: bool = True
    gifts: bool = False
    before_messages: bool = False
    lines: float = 6.0
    moves: float = 3.0

    def __post_init__(self) -> None:
        """ValueError when a field does not fit."""
        limits = {
            "loss": 1.0,
            "duplicates": 1.0,
            "reordered": 1.0,
            "lag": 60.0,
            "delay": 60.0,
            "lines": MAX_PER_SECOND,
            "moves": MAX_PER_SECOND,
        }
        for name, limit in limits.items():
            value = getattr(self, name)
            if (
                isinstance(value, bool)
                or not isinstance(value, (int, float))
                or not 0 <= value <= limit
            ):
                raise ValueError(f"{name} takes 0 to {limit:g}")
        for name in ("retry", "statistic", "gifts", "before_messages"):
            if not isinstance(getattr(self, name), bool):
                raise ValueError(f"{name} takes true or false")
        if self.spelling not in SPELLINGS:
            raise ValueError(f"spelling is one of {', '.join(SPELLINGS)}")
        if not isinstance(self.url, str) or (
            self.url and not self.url.startswith(("http://", "https://"))
        ):
            raise ValueError("url starts with http:// or https://")


@dataclass(slots=True)
class Delivery:
    """One event as it is written. `tries`: how often it was sent so far."""

    number: int
    event: Event
    tables: bool
    raw: bytes
    tries: int = 0


class WebhookSender:
    """The way out. `sdkappid`, `token`: what callbacks are signed with; "" for unsigned ones."""

    def __init__(
        self,
        world: World,
        *,
        sdkappid: int,
        token: str = "",
        settings: DeliverySettings | None = None,
    ) -> None:
        self.crowd = Crowd(world)
        self.counts: Counter[str] = Counter()
        self.commands: Counter[str] = Counter()
        self.slowest = 0.0  # seconds until an answer
        self.last_trouble = ""
        self.kept: deque[Delivery] = deque(maxlen=MAX_KEPT)
        self._world = world
        self._sdkappid = sdkappid
        self._token = token
        self._rng = random.Random(f"{world.seed} webhooks")
        self._numbers = itertools.count()
        self._turns = itertools.count()
        self._waiting: list[tuple[float, int, Delivery]] = []
        self._wake = asyncio.Event()
        self._slots = asyncio.Semaphore(MAX_IN_FLIGHT)
        self._sending: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None
        self.settings = DeliverySettings()
        self.configure(**asdict(settings or DeliverySettings()))
        world.listener = self.accept

    def configure(self, **changed: Any) -> None:
        """Other settings from now on; what is not named stays.

        TypeError or ValueError for what does not fit.
        """
        self.settings = replace(self.settings, **changed)
        on = bool(self.settings.url)
        self.crowd.lines, self.crowd.moves = (
            (self.settings.lines, self.settings.moves) if on else (0.0, 0.0)
        )
        self.crowd.gifts = 1.0 if on and self.settings.gifts else 0.0

    def state(self) -> dict[str, object]:
        """What the control endpoint shows; `orders`: the settings in force."""
        counted = {
            name: self.counts[name] for name in ("sent", "failed", "lost", "overflowed", "retried")
        }
        state = {
            "waiting": len(self._waiting),
            "in_flight": len(self._sending),
            "slowest_ms": self.slowest * 1000,
        }
        return (
            counted
            | state
            | {
                "commands": self.commands,
                "last_trouble": self.last_trouble,
                "orders": asdict(self.settings),
            }
        )

    # --- taking in --------------------------------------------------------------------------------

    def accept(self, event: Event) -> None:
        """An event of the world: goes out, unless trouble or the lack of an address keeps it."""
        if not self.settings.url:
            return
        delivery = self.prepare(event)
        if self._rng.random() < self.settings.loss:
            self.counts["lost"] += 1
            return
        for _ in range(2 if self._rng.random() < self.settings.duplicates else 1):
            shuffled = (
                self._rng.uniform(0, SHUFFLED_OVER)
                if self._rng.random() < self.settings.reordered
                else 0.0
            )
            self.schedule(
                delivery, self.settings.lag + self._rng.uniform(0, self.settings.delay) + shuffled
            )

    def prepare(self, event: Event) -> Delivery:
        """The event written down, and kept so that it can be sent again."""
        spelling = self.settings.spelling
        tables = spelling == "tables" or (spelling == "mixed" and self._rng.random() < MIXED_SHARE)
        raw = payloads.written(event, tables=tables, statistic=self.settings.statistic)
        delivery = Delivery(next(self._numbers), event, tables, raw)
        self.kept.append(delivery)
        self.commands[event.command] += 1
        return delivery

    def schedule(self, delivery: Delivery, after: float = 0.0) -> None:
        """Sends it in so many seconds, unless too many wait."""
        if len(self._waiting) >= MAX_WAITING:
            self.counts["overflowed"] += 1
            return
        heapq.heappush(self._waiting, (time.monotonic() + after, next(self._turns), delivery))
        self._wake.set()

    def matching(self, command: str, room_id: str) -> Iterator[Delivery]:
        """Kept deliveries, newest first; "" stands for any."""
        for delivery in reversed(self.kept):
            if command in {"", delivery.event.command} and room_id in {"", delivery.event.room_id}:
                yield delivery

    # --- sending ----------------------------------------------------------------------------------

    async def run(self) -> None:
        """Until cancelled: moves the world, samples the crowd, sends what is due."""
        async with aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=TIMEOUT),
            connector=aiohttp.TCPConnector(limit=2 * MAX_IN_FLIGHT),
        ) as self._session:
            moving = asyncio.create_task(self._move())
            try:
                while True:
                    delivery = await self._due()
                    await self._slots.acquire()
                    task = asyncio.create_task(self._deliver(delivery))
                    self._sending.add(task)
                    task.add_done_callback(self._sending.discard)
            finally:
                for task in (moving, *self._sending):
                    task.cancel()
                await asyncio.gather(moving, *self._sending, return_exceptions=True)

    async def _move(self) -> None:
        """What happens by itself is told when it happens, not when somebody asks."""
        while True:
            await asyncio.sleep(PULSE)
            if not self.settings.url:
                continue
            try:
                self._world.move()
                self.crowd.pulse()
            except Exception as error:  # whatever it is, the next turn comes
                self.last_trouble = f"the world does not move: {type(error).__name__} {error}"[:300]

    async def _due(self) -> Delivery:
        while True:
            self._wake.clear()
            left = self._waiting[0][0] - time.monotonic() if self._waiting else None
            if left is not None and left <= 0:
                return heapq.heappop(self._waiting)[2]
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._wake.wait()

    async def _deliver(self, delivery: Delivery) -> None:
        try:
            code = await self.post(delivery)
        finally:
            self._slots.release()
        delivery.tries += 1
        if code == 0:
            self.counts["sent"] += 1
        elif self.settings.retry and delivery.tries <= RETRIES:
            self.counts["retried"] += 1
            self.schedule(delivery, RETRY_AFTER)
        else:
            self.counts["failed"] += 1

    async def post(self, delivery: Delivery) -> int | None:
        """The ErrorCode of the answer; None when none came in time, or none that the vendor
        understands.
        """
        if self._session is None:
            return None
        event = delivery.event
        asked = payloads.query(
            event.command,
            sdkappid=self._sdkappid,
            token=self._token,
            now=time.time(),
            platform=event.platform,
            tables=delivery.tables,
        )
        began = time.monotonic()
        try:
            async with self._session.post(
                self.settings.url,
                params=asked,
                data=delivery.raw,
                headers={"Content-Type": "application/json"},
            ) as answer:
                raw = await answer.content.read(MAX_ANSWER_BYTES)
                code = payloads.code_of(answer.status, raw)
                if code != 0:
                    self.last_trouble = (
                        f"{event.command}: {answer.status} {raw[:200].decode(errors='replace')}"
                    )
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            self.last_trouble = f"{event.command}: {type(error).__name__} {error}"[:300]
            return None
        self.slowest = max(self.slowest, time.monotonic() - began)
        return code

    async def ask(self, event: Event) -> int | None:
        """Sends a question at once and waits for its answer, as `post`. 0 without an address:
        nobody objects.
        """
        if not self.settings.url:
            return 0
        code = await self.post(self.prepare(event))
        self.counts["failed" if code is None else "sent"] += 1
        return code
