"""One subscription a web process: each push is decoded once, and each tab gets the rooms on its
page.

Frames are built once for all tabs that show the same rooms, and so are snapshots. Nothing here
waits for a browser: `monitor.realtime.transport` takes a frame or says that it cannot, and
`monitor.realtime.connections` makes up for it.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from weakref import WeakKeyDictionary

import orjson
import redis as redis_library
from channels.db import database_sync_to_async

from moderation.patrol.looks import Seen
from monitor.realtime import protocol, sessions, transport
from monitor.realtime.connections import Connection
from monitor.realtime.look_recorder import LookRecorder
from rooms.infra import database_time, redis
from rooms.live import demand, hot_state, push

logger = logging.getLogger(__name__)
MARK_SECONDS = 3.0
FIRST_WAIT, MAX_WAIT = 0.2, 1.0
HEAR_SECONDS = 1.0  # how soon it is noticed that Redis was away meanwhile
SESSION_SECONDS = 60.0
HUSH_SECONDS = 10.0  # a browser that comes again at once would be as loud as before
SILENCE_SECONDS = 10.0  # a subscription that heard nothing for so long is asked whether it lives
ROOMS_AT_ONCE = 1000  # how many states are read and decoded before the loop gets its turn
_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, "Hub"] = WeakKeyDictionary()


class Hub:
    """The tabs of one event loop, and the loops that serve them while there are any."""

    def __init__(self) -> None:
        self.tabs: set[Connection] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._asking: set[Connection] = set()
        self._asked = asyncio.Event()
        self._new_rooms = asyncio.Event()
        self._doubted: set[int] = set()
        self._doubt = asyncio.Event()
        self._made_of: dict[str, object] = {}
        self._patrol = LookRecorder(self.tabs)
        self._hushed: dict[str, float] = {}

    def join(self, tab: Connection) -> None:
        self.tabs.add(tab)
        if not self._tasks:
            loops = (self._listen, self._catch_up, self._mark, self._recheck, self._patrol.keep)
            self._tasks = [asyncio.create_task(_again_and_again(loop)) for loop in loops]

    def tabs_of(self, session: str) -> int:
        """How many tabs of a session are open in this process."""
        return sum(tab.session == session for tab in self.tabs)

    def hush(self, session: str) -> None:
        """A session that talks without end: its tabs here are closed, and none is let in for a
        while.
        """
        now = time.monotonic()
        self._hushed = {key: until for key, until in self._hushed.items() if until > now}
        self._hushed[session] = now + HUSH_SECONDS
        for tab in [tab for tab in self.tabs if tab.session == session]:
            tab.close(sessions.TOO_MUCH, sessions.REASONS[sessions.TOO_MUCH])

    def is_hushed(self, session: str) -> bool:
        return self._hushed.get(session, 0.0) > time.monotonic()

    def leave(self, tab: Connection) -> None:
        self.tabs.discard(tab)
        self._asking.discard(tab)
        if not self.tabs:
            for task in self._tasks:
                task.cancel()
            self._tasks = []
            self._patrol.close()

    def looked(self, tab: Connection, seen: Iterable[Seen]) -> None:
        """A person has looked at rooms of this tab; stored within seconds."""
        self._patrol.looked(tab, seen)

    def ask(self, tab: Connection) -> None:
        """This tab needs a snapshot.

        Its rooms may be others than before: the collector is told at once.
        """
        self._asking.add(tab)
        self._asked.set()
        self._new_rooms.set()

    # --- What was published -----------------------------------------------------------------------

    def deliver(self, data: bytes) -> None:
        """Hands one published message to every tab that it concerns. Raises BadMessage."""
        pushed = protocol.read_pushed(data)
        match pushed.header.get("k"):
            case "tick":
                self._tick(pushed)
            case "chat":
                self._chat(pushed)
            case "seen" | "risk" as kind:
                self._patrol.tell(kind, pushed.rooms)
            case "person":
                self._doubted.add(pushed.header["person"])
                self._doubt.set()
            case kind:
                frame, room = (
                    transport.frame(orjson.dumps(pushed.header)),
                    pushed.header.get("room"),
                )
                for tab in self.tabs:
                    if room is None or room in tab.watched:
                        tab.send_latest((kind, room), frame)

    def _tick(self, pushed: protocol.Pushed) -> None:
        built: dict[frozenset[int], transport.Frame] = {}
        for tab in self.tabs:
            rooms = tab.shown
            frame = built.get(rooms)
            if frame is None:
                frame = built[rooms] = transport.frame(protocol.tick(pushed, rooms))
            tab.send_tick(frame)

    def _chat(self, pushed: protocol.Pushed) -> None:
        """Lines of chat, to the tabs that show them."""
        built: dict[int, transport.Frame] = {}
        for tab in self.tabs:
            room = tab.chat
            if not (tab.visible and (room in pushed.rooms or room == protocol.EVERY_ROOM)):
                continue
            if room not in built:
                is_feed = room == protocol.EVERY_ROOM
                built[room] = transport.frame(
                    protocol.feed(pushed) if is_feed else pushed.rooms[room]
                )
            tab.send_chat(built[room])

    async def _listen(self) -> None:
        """Hears what is published.

        Every subscription, a silently renewed one too, brings all tabs up to date.
        """
        wait = FIRST_WAIT
        while True:
            pubsub, outages = redis.async_client().pubsub(), redis.breaker().outages
            try:
                await pubsub.subscribe(redis.key(push.PUSH))
                heard = time.monotonic()
                while True:
                    message = await pubsub.get_message(timeout=HEAR_SECONDS)
                    if redis.breaker().outages != outages and not redis.is_away():
                        raise redis_library.ConnectionError(
                            "Redis was away: what was said then is lost"
                        )
                    silence = time.monotonic() - heard
                    if message is None and silence > 2 * SILENCE_SECONDS:
                        raise redis_library.ConnectionError("no answer to a ping")
                    if message is None and silence > SILENCE_SECONDS:
                        await pubsub.ping()
                    if message is not None:
                        wait, heard = FIRST_WAIT, time.monotonic()
                        self._heard(message["type"], message["data"])
            except (redis_library.RedisError, OSError) as error:
                logger.warning(
                    "the subscription broke (%s), again in %.1f s", type(error).__name__, wait
                )
                await asyncio.sleep(wait)
                wait = min(MAX_WAIT, wait * 2)
            finally:
                await pubsub.aclose()

    def _heard(self, kind: str, data: bytes) -> None:
        if kind == "subscribe":
            for tab in self.tabs:
                tab.resync()
        elif kind == "message":
            try:
                self.deliver(data)
            except Exception:  # one bad message must not end the subscription
                logger.exception("a pushed message could not be delivered")

    # --- Snapshots --------------------------------------------------------------------------------

    async def _catch_up(self) -> None:
        """Reads snapshots for the tabs that asked, once for all that show the same rooms."""
        while True:
            await self._asked.wait()
            self._asked.clear()
            tabs, self._asking = self._asking, set()
            for pages in _portions(tabs):
                if not await self._snapshots(pages):
                    for group in pages.values():
                        self._asking |= set(group) & self.tabs
            if self._asking and not self._asked.is_set():
                await asyncio.sleep(
                    1.0
                )  # Redis does not answer; without figures there is nothing to say
                self._asked.set()

    async def _snapshots(self, pages: dict[frozenset[int], list[Connection]]) -> bool:
        for tab in (tab for group in pages.values() for tab in group):
            tab.hold()
        found = await hot_state.snapshot_async(frozenset().union(*pages))
        if found is None:
            return False
        at = int(database_time.unix() * 1000)
        for rooms, group in pages.items():
            frame = transport.frame(protocol.snapshot(found, rooms, at=at))
            for tab in group:
                tab.send_snapshot(frame)
        return True

    # --- What is watched --------------------------------------------------------------------------

    async def _mark(self) -> None:
        """Tells the collector which rooms are on somebody's screen, now and every few seconds."""
        while True:
            self._new_rooms.clear()
            await demand.mark_watched_async(frozenset().union(*(tab.shown for tab in self.tabs)))
            if await _within(self._new_rooms, MARK_SECONDS):
                await asyncio.sleep(0.1)

    # --- Who may stay -----------------------------------------------------------------------------

    async def _recheck(self) -> None:
        """Looks at every session once a minute, and at once at those of an account that is said to
        have changed.
        """
        due = time.monotonic() + SESSION_SECONDS
        while True:
            await _within(self._doubt, max(0.0, due - time.monotonic()))
            self._doubt.clear()
            doubted, self._doubted = self._doubted, set()
            tabs = [tab for tab in self.tabs if tab.person in doubted]
            if time.monotonic() >= due:
                tabs, due = await self._other_than_before(), time.monotonic() + SESSION_SECONDS
            await self._look_at(tabs)

    async def _other_than_before(self) -> list[Connection]:
        """The tabs whose sessions or accounts are not as they were when they were looked at
        last.
        """
        try:
            now = await database_sync_to_async(sessions.made_of)(
                {tab.session: tab.person for tab in self.tabs}
            )
        except Exception:  # the database is away for a moment
            logger.exception("sessions could not be read")
            return []
        before, self._made_of = self._made_of, now
        return [tab for tab in self.tabs if before.get(tab.session, ...) != now.get(tab.session)]

    async def _look_at(self, tabs: Iterable[Connection]) -> None:
        """One reading for all tabs of a session; those that may not stay are closed."""
        by_session: dict[str, list[Connection]] = {}
        for tab in tabs:
            by_session.setdefault(tab.session, []).append(tab)
        for session, group in by_session.items():
            try:
                code = (await database_sync_to_async(sessions.standing)(session)).code
            except Exception:  # the database is away for a moment: nobody is let in by that
                logger.exception("a session could not be read")
                self._made_of.pop(session, None)
                continue
            if code:
                for tab in group:
                    tab.close(code, sessions.REASONS[code])


def _portions(tabs: Iterable[Connection]) -> Iterator[dict[frozenset[int], list[Connection]]]:
    """The tabs by what they show, so many pages at a time that `ROOMS_AT_ONCE` is about reached."""
    pages: dict[frozenset[int], list[Connection]] = {}
    for tab in tabs:
        pages.setdefault(tab.shown, []).append(tab)
    portion: dict[frozenset[int], list[Connection]] = {}
    rooms = 0
    for page, group in pages.items():
        portion[page] = group
        rooms += len(page)
        if rooms >= ROOMS_AT_ONCE:
            yield portion
            portion, rooms = {}, 0
    if portion:
        yield portion


async def _within(event: asyncio.Event, seconds: float) -> bool:
    """Whether it came in time.

    Not asyncio.wait_for: that of Python 3.11 swallows a cancellation when both come at once, and a
    loop that outlived its hub would do everything twice.
    """
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False


async def _again_and_again(loop: Callable[[], Awaitable[None]]) -> None:
    """Runs a loop that must not end; an exception that nobody thought of costs a second and a line
    in the log.
    """
    while True:
        try:
            await loop()
        except Exception:
            logger.exception("a loop of the hub broke and starts again")
        await asyncio.sleep(1.0)


def hub() -> Hub:
    """The running event loop's hub."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
