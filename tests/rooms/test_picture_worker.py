"""The process of stills against streams over a real socket, with Valkey; rows and rooms apart."""

import asyncio
import io

import av
import pytest
from django.db import OperationalError

from rooms.infra import database_time, redis
from rooms.models import Still
from rooms.pictures import decoder, sources, stills, uploads
from rooms.pictures import worker as process
from rooms.pictures.fetching import Fetcher
from rooms.pictures.judgement import Sight
from rooms.pictures.worker import PictureWorker
from rooms.signals import pictures_seen, urgent_rooms_asked
from tests.support.factories import make_room
from tests.support.streams import Streams, image


@pytest.fixture
def taking(settings, streams: Streams, hot):
    settings.PICTURE_SOURCE = "hls"
    settings.HLS_URL = f"{streams.base}/{{room_id}}/index.m3u8"
    settings.STILL_INTERVAL = settings.STILL_CALM_INTERVAL = 0.2
    settings.STILL_PRIVATE_ADDRESSES = True
    settings.STILL_SECONDS = 1
    return settings


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> dict[int, Sight]:
    """pk -> what would be stored."""
    kept: dict[int, Sight] = {}
    monkeypatch.setattr(process, "_store_rows", lambda sights: kept.update(sights) or True)
    return kept


@pytest.fixture
def of_rooms(monkeypatch: pytest.MonkeyPatch):
    """A function: these are the live rooms, by number."""
    return lambda *names: monkeypatch.setattr(
        process, "_rooms", lambda: (dict(enumerate(names)), set())
    )


async def until(worker: PictureWorker, what, seconds: float = 25) -> None:
    """Runs the worker until what() is so, at most that long."""
    running = asyncio.create_task(worker.run())
    try:
        async with asyncio.timeout(seconds):
            while not what():
                await asyncio.sleep(0.1)
    finally:
        worker.stop.set()
        await running


async def test_every_room_gets_a_still_with_its_age_and_source(
    taking, streams: Streams, rows, of_rooms
):
    of_rooms("a", "b", "c")
    for number, name in enumerate("abc"):
        streams.stream(name, number=number)

    await until(PictureWorker(), lambda: len(rows) == 3)

    known = stills.known([0, 1, 2])
    assert set(known) == {0, 1, 2}
    assert {(one.source, one.state) for one in known.values()} == {("hls", "fine")}
    with av.open(io.BytesIO(stills.jpeg(0) or b"")) as image:
        assert image.streams.video[0].width == 240
    assert rows[0].hash != rows[1].hash


async def test_ill_streams_cost_their_own_room_and_no_other(
    taking, streams: Streams, rows, of_rooms
):
    of_rooms("good", "hangs", "html")
    streams.stream("good")
    streams.hang("/hangs/index.m3u8")
    streams.answer("/html/index.m3u8", "<html>")

    await until(PictureWorker(), lambda: len(rows) == 3)

    assert [rows[pk].error for pk in range(3)] == ["", "timeout", "playlist"]
    assert set(stills.known([0, 1, 2])) == {0}


async def test_a_turn_that_fails_in_an_unknown_way_is_a_missing_picture(
    taking, rows, of_rooms, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object) -> None:
        raise RuntimeError("what nobody thought of")

    monkeypatch.setattr(Fetcher, "picture", broken)
    of_rooms("room")

    await until(PictureWorker(), lambda: len(rows) == 1)

    assert rows[0].error == "undecodable"


async def test_rows_that_cannot_be_stored_now_are_stored_later(
    taking, streams: Streams, of_rooms, monkeypatch: pytest.MonkeyPatch
):
    of_rooms("room")
    streams.stream("room")
    monkeypatch.setattr(process, "ROWS_SECONDS", 0.1)
    tries: list[set[int]] = []
    monkeypatch.setattr(process, "_store_rows", lambda sights: bool(tries.append(set(sights))))

    await until(PictureWorker(), lambda: len(tries) >= 2)

    assert tries[:2] == [{0}, {0}]


async def test_a_database_that_was_away_is_asked_anew_by_another_connection(
    taking, streams: Streams, rows, monkeypatch: pytest.MonkeyPatch
):
    streams.stream("room")
    asked: list[str] = []

    def away_at_first() -> tuple[dict[int, str], set[int]]:
        asked.append("rooms")
        if len(asked) == 1:
            raise OperationalError("the connection is closed")
        return {0: "room"}, set()

    monkeypatch.setattr(process, "_rooms", away_at_first)
    monkeypatch.setattr(process, "ROOMS_SECONDS", 0.1)
    monkeypatch.setattr(process.connections, "close_all", lambda: asked.append("closed"))

    await until(PictureWorker(), lambda: len(rows) == 1)

    assert asked[:3] == ["rooms", "closed", "rooms"]


def test_only_one_process_works(taking):
    first, second = PictureWorker(), PictureWorker()

    assert [first._lead(), second._lead(), first._lead()] == [True, False, True]


def test_what_is_known_goes_with_the_rooms(hot):
    hot.hset("lw:stills", mapping={"1": "aa 1 hls fine", "2": "bb 1 hls fine"})

    stills.forget_others([2])

    assert set(hot.hgetall("lw:stills")) == {b"2"}


def test_an_old_still_is_none(hot):
    hot.hset("lw:stills", "1", "aa 1000 hls fine")

    assert stills.known([1, 2]) == {}


def test_without_redis_there_are_no_stills(no_redis):
    assert stills.known([1]) == {}
    assert stills.jpeg(1) is None
    assert not PictureWorker()._lead()


# --- Rows and rooms -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_rows_are_stored_and_told(room, hot):
    told: list[dict[int, Sight]] = []

    def hear(sender: object, seen: dict[int, Sight], **_: object) -> None:
        told.append(seen)

    sight = Sight(state="black", since=5, taken_at=database_time.unix(), hash=255, source="hls")
    pictures_seen.connect(hear)
    try:
        for _ in range(2):
            assert process._store_rows({room.pk: sight})
    finally:
        pictures_seen.disconnect(hear)

    row = Still.objects.get()
    assert (row.room, row.state, row.state_since) == (room, "black", 5)
    assert int(row.hash, 16) == 255
    assert told == [{room.pk: sight}] * 2


@pytest.mark.django_db
def test_live_rooms_are_asked_about_and_the_urgent_ones_are_told_by_who_knows(hot, settings):
    settings.STILL_MOST_ROOMS = 2
    rooms = [make_room(f"room-{n}", online=n) for n in range(3)]

    def know(sender: object, **_: object) -> set[int]:
        return {rooms[2].pk}

    def fail(sender: object, **_: object) -> set[int]:
        raise RuntimeError("x")

    for receiver in (know, fail):
        urgent_rooms_asked.connect(receiver)
    try:
        names, urgent = process._rooms()
    finally:
        for receiver in (know, fail):
            urgent_rooms_asked.disconnect(receiver)

    assert names == {rooms[1].pk: "room-1", rooms[2].pk: "room-2"}
    assert urgent == {rooms[2].pk}


# --- From tiles -----------------------------------------------------------------------------------


@pytest.fixture
def from_tiles(settings):
    settings.PICTURE_SOURCE, settings.STILL_FROM_TILES = "trtc", True
    settings.STILL_INTERVAL = settings.STILL_CALM_INTERVAL = 0.2
    return settings


async def test_what_a_tile_sends_is_made_anew_and_judged_by_nobody(from_tiles, hot, rows, of_rooms):
    of_rooms("a", "b")
    sent = decoder.decoded(image("black"))[decoder.LIGHTS + decoder.HASH :]
    assert uploads.is_wanted(sent)
    assert uploads.put(0, sent + b"and more behind it")
    uploads.put(1, b"\xff\xd8\xff no picture")

    await until(PictureWorker(), lambda: 0 in rows)

    assert set(rows) == {0}
    assert (rows[0].source, rows[0].state, rows[0].kind) == ("tile", "", "")
    kept = stills.jpeg(0) or b""
    assert kept.startswith(b"\xff\xd8\xff")
    assert b"and more behind it" not in kept


def test_one_picture_of_a_room_is_taken_in_an_interval(from_tiles, hot):
    from_tiles.STILL_INTERVAL = 15

    assert [uploads.put(1, b"a"), uploads.put(1, b"b"), uploads.put(2, b"c")] == [True, False, True]


async def test_the_same_one_is_not_taken_twice(from_tiles, hot):
    uploads.put(1, b"a")

    found = [await uploads.take(1), await uploads.take(1)]
    await redis.close_async_client()

    assert found == [b"a", None]


@pytest.mark.parametrize("data", [b"", b"<html>", b"\xff\xd8\xff" + b"x" * uploads.MAX_BYTES])
def test_only_small_jpegs_are_wanted(data):
    assert not uploads.is_wanted(data)


# --- By setting -----------------------------------------------------------------------------------


def test_the_platforms_own_address_comes_first(settings):
    settings.STILL_URL = "https://live.example/{room_id}.jpg"

    found = sources.source()

    assert found is not None
    assert (found.kind, found.address("a/b")) == ("address", "https://live.example/a%2Fb.jpg")
    assert found.address("..") == ""


def test_nought_seconds_mean_no_stills(settings):
    settings.STILL_URL, settings.STILL_INTERVAL = "https://live.example/{room_id}.jpg", 0
    assert sources.source() is None
