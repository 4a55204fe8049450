"""The process that takes stills: `manage.py take_pictures`. One works, others stand by.

A turn of a room is fetch, decode, judge, each bounded; what came is stored and told once a second,
in a thread, so that neither a slow database nor a slow source stops the other rooms.
"""

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, TypeVarTuple

import redis as redis_library
from django.conf import settings
from django.db import Error as DatabaseProblem
from django.db import connections

from rooms import signals
from rooms.infra import database_time, heartbeat, redis
from rooms.live import demand
from rooms.models import Room
from rooms.pictures import judgement, stills, uploads
from rooms.pictures.decoding import Decoded, Decoder
from rooms.pictures.fetching import Fetcher, NoPicture
from rooms.pictures.judgement import Sight
from rooms.pictures.pace import Pace
from rooms.pictures.sources import TILE, Source, source

logger = logging.getLogger(__name__)
Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")

STEP_SECONDS = 0.25
FLUSH_SECONDS = 1.0
ROOMS_SECONDS = 3.0
ROWS_SECONDS = 5.0
ALIVE_SECONDS = 5.0
LEASE_SECONDS = 20
AT_ONCE = 12  # rooms that are being fetched
MAX_HASHES = 8  # different looks of one room that are remembered


class PictureWorker:
    """One process. Everything but `stop` belongs to its event loop."""

    def __init__(self) -> None:
        self.stop = asyncio.Event()
        self.pace = Pace(settings.STILL_INTERVAL, settings.STILL_CALM_INTERVAL)
        self.sights: dict[int, Sight] = {}
        self.fresh: dict[int, bytes] = {}  # pk -> JPEG, not stored yet
        self.changed: set[int] = set()  # since the last flush
        self.unsaved: set[int] = set()  # whose row is not written yet
        self.names: dict[int, str] = {}  # pk -> RoomId
        self.decoder = Decoder()
        self._turns: set[asyncio.Task[None]] = set()
        self._me = secrets.token_hex(8)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="stills")

    async def run(self) -> None:
        """Until `stop` is set."""
        found = source()
        fetcher = Fetcher(most=settings.STILL_BYTES, private=settings.STILL_PRIVATE_ADDRESSES)
        if found is None:
            logger.info("No stills are taken: no source of pictures is set up")
        try:
            while not self.stop.is_set():
                heartbeat.touch("pictures")
                if found is None or not await self.in_thread(self._lead):
                    await self._pause(ALIVE_SECONDS)
                    continue
                await self._work(found, fetcher)
        finally:
            for turn in self._turns:
                turn.cancel()
            await asyncio.gather(*self._turns, return_exceptions=True)
            await self.decoder.close()
            await fetcher.close()
            await redis.close_async_client()
            self._thread.submit(connections.close_all)
            self._thread.shutdown(wait=False)

    async def in_thread(
        self, work: Callable[[*Arguments], Result], *arguments: *Arguments
    ) -> Result:
        """Runs something that waits for the database or Redis in the thread for it."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.stop.wait()

    def _lead(self) -> bool:
        """Whether nobody else takes stills; holds for LEASE_SECONDS."""
        key = redis.key("stills-lease")
        try:
            client = redis.sync_client()
            if client.set(key, self._me, nx=True, ex=LEASE_SECONDS):
                return True
            return client.get(key) == self._me.encode() and bool(client.expire(key, LEASE_SECONDS))
        except (redis_library.RedisError, OSError):
            return False

    async def _work(self, found: Source, fetcher: Fetcher) -> None:
        """Takes stills for as long as a lease is good; whatever goes wrong is logged."""
        until = time.monotonic() + ALIVE_SECONDS
        rooms_at = flush_at = rows_at = 0.0
        while not self.stop.is_set() and (now := time.monotonic()) < until:
            try:
                if now >= rooms_at:
                    rooms_at = now + ROOMS_SECONDS
                    await self._look_for_rooms()
                for pk in self.pace.take(AT_ONCE - len(self._turns), time.monotonic()):
                    turn = asyncio.create_task(self._turn(pk, found, fetcher))
                    self._turns.add(turn)
                    turn.add_done_callback(self._turns.discard)
                if now >= flush_at:
                    flush_at = now + FLUSH_SECONDS
                    await self._flush(with_rows=now >= rows_at)
                    rows_at = now + ROWS_SECONDS if now >= rows_at else rows_at
            except Exception:
                logger.exception("Taking stills goes on after an error")
                # A connection that broke would break everything that follows on it.
                await self.in_thread(connections.close_all)
                await self._pause(FLUSH_SECONDS)
            await self._pause(STEP_SECONDS)

    # --- Which rooms ------------------------------------------------------------------------------

    async def _look_for_rooms(self) -> None:
        self.names, urgent = await self.in_thread(_rooms)
        watched = await demand.watched_async()
        now = time.monotonic()
        self.pace.set_rooms(self.names.keys(), now)
        self.pace.set_urgent(urgent | watched, now)
        for pk in self.sights.keys() - self.names.keys():
            del self.sights[pk]

    # --- One room ---------------------------------------------------------------------------------

    async def _turn(self, pk: int, found: Source, fetcher: Fetcher) -> None:
        """One still of one room, or the reason why there is none."""
        sight, worked = self.sights.setdefault(pk, Sight()), False
        try:
            if found.kind == TILE:
                worked = True
                await self._from_tile(pk, sight)
                return
            async with asyncio.timeout(settings.STILL_SECONDS):
                fetched = await fetcher.picture(found.kind, found.address(self.names.get(pk, "")))
            decoded = await self.decoder.decode(fetched.data)
            worked = True
            judgement.saw(sight, decoded, fetched.newest, database_time.unix())
            self._took(pk, sight, decoded, found.kind)
        except NoPicture as error:
            judgement.missed(sight, error.code, database_time.unix())
        except TimeoutError:
            judgement.missed(sight, "timeout", database_time.unix())
        except Exception:
            logger.exception("The still of room %s failed", pk)
            judgement.missed(sight, "undecodable", database_time.unix())
        finally:
            self.pace.done(pk, worked=worked)
        self.changed.add(pk)

    async def _from_tile(self, pk: int, sight: Sight) -> None:
        """What somebody's tile has sent, if anything. It is not judged: a slow line looks like a
        picture that stands still.
        """
        if (data := await uploads.take(pk)) is None:
            return
        with contextlib.suppress(NoPicture):
            decoded = await self.decoder.decode(data)
            sight.lights = decoded.lights
            self._took(pk, sight, decoded, TILE)

    def _took(self, pk: int, sight: Sight, decoded: Decoded, kind: str) -> None:
        sight.taken_at, sight.source, sight.hash = database_time.unix(), kind, decoded.hash
        sight.digest = stills.digest_of(decoded.jpeg)
        sight.hashes = [decoded.hash, *(old for old in sight.hashes if old != decoded.hash)]
        del sight.hashes[MAX_HASHES:]
        self.fresh[pk] = decoded.jpeg
        self.changed.add(pk)

    # --- What came --------------------------------------------------------------------------------

    async def _flush(self, *, with_rows: bool) -> None:
        """Stores and tells what came. A row that cannot be stored now is stored the next time."""
        common = judgement.troubles_of_all(self.sights.values())
        for sight in self.sights.values():
            if sight.kind in common:
                judgement.doubt(sight)
        seen = {pk: self.sights[pk] for pk in self.changed if pk in self.sights}
        fresh, self.fresh, self.changed = self.fresh, {}, set()
        self.unsaved |= seen.keys()
        rows = {pk: self.sights[pk] for pk in self.unsaved if pk in self.sights}
        if seen:
            await self.in_thread(_store, seen, fresh)
        if with_rows and rows and await self.in_thread(_store_rows, rows):
            self.unsaved -= rows.keys()


def _rooms() -> tuple[dict[int, str], set[int]]:
    """(pk -> RoomId of the rooms that get stills, those that somebody should look at)."""
    found = Room.objects.live().order_by("-online", "pk")[: settings.STILL_MOST_ROOMS]
    names = dict(found.values_list("pk", "room_id"))
    urgent: set[int] = set()
    for _receiver, answer in signals.urgent_rooms_asked.send_robust(PictureWorker):
        if isinstance(answer, Exception):
            logger.error("Who knows urgent rooms failed", exc_info=answer)
        else:
            urgent |= answer
    with contextlib.suppress(redis_library.RedisError, OSError):
        stills.forget_others(names.keys())
    return names, urgent


def _store(seen: dict[int, Sight], fresh: dict[int, bytes]) -> None:
    try:
        stills.write(seen, fresh)
    except (redis_library.RedisError, OSError) as error:
        redis.log("stills.write", error)


def _store_rows(rows: dict[int, Sight]) -> bool:
    """Whether they are stored; then whoever judges pictures is told."""
    try:
        stills.store_rows(rows)
    except DatabaseProblem as error:  # a room went this moment, or the database is away
        logger.warning("Rows of stills wait: %s", error)
        connections.close_all()
        return False
    signals.pictures_seen.send_robust(PictureWorker, seen=rows)
    return True
