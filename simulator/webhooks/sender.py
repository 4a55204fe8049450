"""Sends events to one address, as the vendor does: once, with a time-out of two seconds, in no order to rely on.

What cannot be delivered is lost; a second try is a switch. Trouble comes on order: loss, duplicates, another order,
delay. https://trtc.io/document/64412, https://trtc.io/document/34354
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
MOST_WAITING = 20_000
MOST_IN_FLIGHT = 16
MOST_KEPT = 2000
MOST_ANSWER_BYTES = 65_536
PULSE = 0.25  # seconds
SHUFFLED_OVER = 2.0  # seconds that an event out of order is late at most
SPELLINGS = ("samples", "tables", "mixed")
MIXED_SHARE = 0.25
RETRIES, RETRY_AFTER = 2, 1.0
MOST_A_SECOND = 1000.0
BEFORE = {events.BEFORE_GIFT, events.BEFORE_MESSAGE}


@dataclass(frozen=True, slots=True)
class Orders:
    """What is sent where, and what goes wrong with it. Shares from 0 to 1, times in seconds, rates a second.

    `url`: "" sends nothing. `reordered`: share that comes up to 2 s late. `lag`: before every event; `delay`: up to so
    much more. `statistic`: whether ended rooms tell their totals. `gifts`, `before_messages`: whether those are asked
    about. `lines`, `moves`: of the crowd, of all rooms together.
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
        most = {"loss": 1.0, "duplicates": 1.0, "reordered": 1.0, "lag": 60.0, "delay": 60.0,
                "lines": MOST_A_SECOND, "moves": MOST_A_SECOND}  # fmt: skip
        for name, limit in most.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= limit:
                raise ValueError(f"{name} takes 0 to {limit:g}")
        for name in ("retry", "statistic", "gifts", "before_messages"):
            if not isinstance(getattr(self, name), bool):
                raise ValueError(f"{name} takes true or false")
        if self.spelling not in SPELLINGS:
            raise ValueError(f"spelling is one of {', '.join(SPELLINGS)}")
        if not isinstance(self.url, str) or (self.url and not self.url.startswith(("http://", "https://"))):
            raise ValueError("url starts with http:// or https://")


@dataclass(slots=True)
class Letter:
    """One event as it is written. `tries`: how often it was sent so far."""

    number: int
    event: Event
    tables: bool
    raw: bytes
    tries: int = 0


class Webhooks:
    """The way out. `sdkappid`, `token`: what callbacks are signed with; "" for unsigned ones."""

    def __init__(self, world: World, *, sdkappid: int, token: str = "", orders: Orders | None = None) -> None:
        self.crowd = Crowd(world)
        self.counts: Counter[str] = Counter()
        self.commands: Counter[str] = Counter()
        self.slowest = 0.0  # seconds until an answer
        self.last_trouble = ""
        self.kept: deque[Letter] = deque(maxlen=MOST_KEPT)
        self._world = world
        self._sdkappid = sdkappid
        self._token = token
        self._rng = random.Random(f"{world.seed} webhooks")
        self._numbers = itertools.count()
        self._turns = itertools.count()
        self._waiting: list[tuple[float, int, Letter]] = []
        self._wake = asyncio.Event()
        self._slots = asyncio.Semaphore(MOST_IN_FLIGHT)
        self._sending: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None
        self.orders = Orders()
        self.order(**asdict(orders or Orders()))
        world.listener = self.take

    def order(self, **changed: Any) -> None:
        """Other orders from now on; what is not named stays. TypeError or ValueError for what does not fit."""
        self.orders = replace(self.orders, **changed)
        on = bool(self.orders.url)
        self.crowd.lines, self.crowd.moves = (self.orders.lines, self.orders.moves) if on else (0.0, 0.0)
        self.crowd.gifts = 1.0 if on and self.orders.gifts else 0.0

    def seen(self) -> dict[str, Any]:
        """What the test door tells."""
        counted = {name: self.counts[name] for name in ("sent", "failed", "lost", "overflowed", "retried")}
        state = {
            "waiting": len(self._waiting),
            "in_flight": len(self._sending),
            "slowest_ms": self.slowest * 1000,
        }
        return (
            counted
            | state
            | {"commands": self.commands, "last_trouble": self.last_trouble, "orders": asdict(self.orders)}
        )

    # --- taking in ----------------------------------------------------------------------------------

    def take(self, event: Event) -> None:
        """An event of the world: goes out, unless trouble or the lack of an address keeps it."""
        if not self.orders.url:
            return
        letter = self.letter(event)
        if self._rng.random() < self.orders.loss:
            self.counts["lost"] += 1
            return
        for _ in range(2 if self._rng.random() < self.orders.duplicates else 1):
            shuffled = (
                self._rng.uniform(0, SHUFFLED_OVER) if self._rng.random() < self.orders.reordered else 0.0
            )
            self.put(letter, self.orders.lag + self._rng.uniform(0, self.orders.delay) + shuffled)

    def letter(self, event: Event) -> Letter:
        """The event written down, and kept so that it can be sent again."""
        spelling = self.orders.spelling
        tables = spelling == "tables" or (spelling == "mixed" and self._rng.random() < MIXED_SHARE)
        raw = payloads.written(event, tables=tables, statistic=self.orders.statistic)
        letter = Letter(next(self._numbers), event, tables, raw)
        self.kept.append(letter)
        self.commands[event.command] += 1
        return letter

    def put(self, letter: Letter, after: float = 0.0) -> None:
        """Sends it in so many seconds, unless too many wait."""
        if len(self._waiting) >= MOST_WAITING:
            self.counts["overflowed"] += 1
            return
        heapq.heappush(self._waiting, (time.monotonic() + after, next(self._turns), letter))
        self._wake.set()

    def matching(self, command: str, room_id: str) -> Iterator[Letter]:
        """Kept letters, newest first; "" stands for any."""
        for letter in reversed(self.kept):
            if command in {"", letter.event.command} and room_id in {"", letter.event.room_id}:
                yield letter

    # --- sending ------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Until cancelled: moves the world, samples the crowd, sends what is due."""
        async with aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=TIMEOUT),
            connector=aiohttp.TCPConnector(limit=2 * MOST_IN_FLIGHT),
        ) as self._session:
            moving = asyncio.create_task(self._move())
            try:
                while True:
                    letter = await self._due()
                    await self._slots.acquire()
                    task = asyncio.create_task(self._deliver(letter))
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
            if not self.orders.url:
                continue
            try:
                self._world.move()
                self.crowd.pulse()
            except Exception as error:  # whatever it is, the next turn comes
                self.last_trouble = f"the world does not move: {type(error).__name__} {error}"[:300]

    async def _due(self) -> Letter:
        while True:
            self._wake.clear()
            left = self._waiting[0][0] - time.monotonic() if self._waiting else None
            if left is not None and left <= 0:
                return heapq.heappop(self._waiting)[2]
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._wake.wait()

    async def _deliver(self, letter: Letter) -> None:
        try:
            code = await self.post(letter)
        finally:
            self._slots.release()
        letter.tries += 1
        if code == 0:
            self.counts["sent"] += 1
        elif self.orders.retry and letter.tries <= RETRIES:
            self.counts["retried"] += 1
            self.put(letter, RETRY_AFTER)
        else:
            self.counts["failed"] += 1

    async def post(self, letter: Letter) -> int | None:
        """The ErrorCode of the answer; None when none came in time, or none that the vendor understands."""
        if self._session is None:
            return None
        event = letter.event
        asked = payloads.query(event.command, sdkappid=self._sdkappid, token=self._token, now=time.time(),
                                platform=event.platform, tables=letter.tables)  # fmt: skip
        began = time.monotonic()
        try:
            async with self._session.post(
                self.orders.url, params=asked, data=letter.raw, headers={"Content-Type": "application/json"}
            ) as answer:
                raw = await answer.content.read(MOST_ANSWER_BYTES)
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
        """Sends a question at once and waits for its answer, as `post`. 0 without an address: nobody objects."""
        if not self.orders.url:
            return 0
        code = await self.post(self.letter(event))
        self.counts["failed" if code is None else "sent"] += 1
        return code
