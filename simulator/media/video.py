"""What a room looks like: a small HLS stream each, made here.

The picture says which room it is, and moves.

A loop of LOOP seconds is encoded once, when somebody first asks for it, and kept for a while; what
is served is a live playlist over it whose time never goes back: each round the fragments are
stamped with later times (`stamped`). H.264 and AAC in fragmented MP4, 320 by 180, five pictures a
second, some 80 kbit/s. An idle world encodes nothing.
"""

import asyncio
import functools
import io
import math
import random
import struct
import time
from array import array
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import web

from simulator.media.glyphs import GLYPHS, HEIGHT
from simulator.world.world import World

if TYPE_CHECKING:  # loaded by `encode` only when somebody looks
    import av

WIDTH, TALL = 320, 180
FIELDS_ACROSS, FIELDS_DOWN = 8, 5
RATE = 5  # pictures a second
SEGMENT_FRAMES = 16
SEGMENT = SEGMENT_FRAMES / RATE  # 3.2 seconds, 50 blocks of sound
SEGMENTS = 4
LOOP = SEGMENT * SEGMENTS
SOUND_RATE, BLOCK = 16_000, 1024
LISTED = 4  # segments in a playlist
MAX_KEPT = 400  # loops of some 62 kB
WAITING = 20  # requests that wait for an encoder; the others are told to come again
KINDS = ("fine", "black", "frozen", "silent", "gone")
# Of a hundred rooms so many are by themselves: black, frozen, silent, gone.
SHARES = (("black", 4), ("frozen", 4), ("silent", 5), ("gone", 3))
HEADERS = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Loop:
    """init: what comes before all fragments. fragments: one a segment. steps: track -> ticks of a
    whole loop.
    """

    init: bytes
    fragments: tuple[bytes, ...]
    steps: dict[int, int]


class Streams:
    """The pictures of one world.

    `ordered`: RoomId -> kind, by order; else a room's number decides.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.ordered: dict[str, str] = {}
        self.copied: dict[str, tuple[str, str, int]] = {}  # RoomId -> whose picture it shows
        self.began = time.monotonic()
        self._loops: OrderedDict[tuple[str, str], asyncio.Task[Loop]] = OrderedDict()
        self._encoder = asyncio.Semaphore(1)

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get("/live/{room_id}/index.m3u8", self.playlist)
        app.router.add_get("/live/{room_id}/init-{kind}.mp4", self.init)
        app.router.add_get("/live/{room_id}/{number:\\d{1,9}}-{kind}.m4s", self.segment)

    def kind_of(self, room_id: str) -> str:
        """How the room's picture is; gone too when there is no such room."""
        self.world.move()
        room = self.world.rooms.get(room_id)
        if room is None:
            return "gone"
        if room_id in self.ordered:
            return self.ordered[room_id]
        place = (room.number * 37 + self.world.seed) % 100
        for kind, share in SHARES:
            if place < share:
                return kind
            place -= share
        return "fine"

    def newest(self, room_id: str) -> int:
        """The number of the newest whole segment.

        Rooms began at other moments: no two have theirs in step.
        """
        room = self.world.rooms.get(room_id)
        part = room.number * 0.618 % 1 if room else 0.0
        return LISTED + int((time.monotonic() - self.began) / SEGMENT + part)

    async def playlist(self, request: web.Request) -> web.Response:
        room_id = request.match_info["room_id"]
        kind = self.kind_of(room_id)
        if kind == "gone":
            return web.Response(status=404, headers=HEADERS)
        await self.loop(room_id, kind)
        return web.Response(
            text=playlist(self.newest(room_id), kind),
            content_type="application/vnd.apple.mpegurl",
            headers=HEADERS,
        )

    async def init(self, request: web.Request) -> web.Response:
        loop = await self.loop(request.match_info["room_id"], request.match_info["kind"])
        return web.Response(body=loop.init, content_type="video/mp4", headers=HEADERS)

    async def segment(self, request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        newest = self.newest(request.match_info["room_id"])
        if not newest - 4 * LISTED <= number <= newest:
            return web.Response(status=404, headers=HEADERS)
        loop = await self.loop(request.match_info["room_id"], request.match_info["kind"])
        body = stamped(loop.fragments[number % SEGMENTS], number, number // SEGMENTS, loop.steps)
        return web.Response(body=body, content_type="video/iso.segment", headers=HEADERS)

    async def loop(self, room_id: str, kind: str) -> Loop:
        """The loop of a room, encoded once.

        Raises 404 for a room that is not there, 503 when too many are asked for at once.
        """
        if kind not in KINDS or kind == "gone" or room_id not in self.world.rooms:
            raise web.HTTPNotFound(headers=HEADERS)
        key = room_id, kind
        if key not in self._loops:
            if sum(not task.done() for task in self._loops.values()) >= WAITING:
                raise web.HTTPServiceUnavailable(headers={**HEADERS, "Retry-After": "2"})
            self._loops[key] = asyncio.create_task(self._encode(room_id, kind))
            while len(self._loops) > MAX_KEPT:
                self._loops.popitem(last=False)
        self._loops.move_to_end(key)
        return await asyncio.shield(self._loops[key])

    async def _encode(self, room_id: str, kind: str) -> Loop:
        shown = self.copied.get(room_id) or self.looks_of(room_id)
        async with self._encoder:
            return await asyncio.to_thread(encode, *shown, kind)

    def looks_of(self, room_id: str) -> tuple[str, str, int]:
        """(RoomId, name, number): what its picture is made of. Raises KeyError."""
        room = self.world.rooms[room_id]
        return room_id, str(room.info.get("RoomName") or ""), room.number

    def show(self, room_id: str, kind: str, like: str = "") -> None:
        """A room's picture from now on; like: that of another room, also when that is gone."""
        if like:
            self.copied[room_id] = self.copied.get(like) or self.looks_of(like)
        self.ordered[room_id] = kind
        for key in [key for key in self._loops if key[0] == room_id]:
            del self._loops[key]


def address(room_id: str) -> str:
    """The path of a room's playlist."""
    return f"/live/{quote(room_id, safe='')}/index.m3u8"


def playlist(newest: int, kind: str) -> str:
    """A live playlist whose last segment is number `newest`."""
    first = newest - LISTED + 1
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{math.ceil(SEGMENT)}",
        f"#EXT-X-MEDIA-SEQUENCE:{first}",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        f'#EXT-X-MAP:URI="init-{kind}.mp4"',
    ]
    for number in range(first, newest + 1):
        lines += [f"#EXTINF:{SEGMENT:.3f},", f"{number}-{kind}.m4s"]
    return "\n".join([*lines, ""])


# --- MP4 ------------------------------------------------------------------------------------------


def boxes(data: bytes, start: int = 0, end: int | None = None) -> list[tuple[bytes, int, int]]:
    """(name, first byte, byte behind the last) of the boxes in a stretch of an MP4 file."""
    found, end = [], len(data) if end is None else end
    while start + 8 <= end:
        size, name = struct.unpack_from(">I4s", data, start)
        if size < 8:
            raise ValueError("no MP4")
        found.append((name, start, start + size))
        start += size
    return found


def stamped(fragment: bytes, number: int, rounds: int, steps: dict[int, int]) -> bytes:
    """A fragment as it stands in round `rounds` of the loop: its number, and the times of its
    tracks.
    """
    made = bytearray(fragment)
    for name, start, end in boxes(fragment):
        if name != b"moof":
            continue
        for inner, begin, close in boxes(fragment, start + 8, end):
            if inner == b"mfhd":
                struct.pack_into(">I", made, begin + 12, number + 1)
            if inner == b"traf":
                stamp_track(made, fragment, begin + 8, close, rounds, steps)
    return bytes(made)


def stamp_track(
    made: bytearray, fragment: bytes, begin: int, end: int, rounds: int, steps: dict[int, int]
) -> None:
    track = 0
    for name, start, _ in boxes(fragment, begin, end):
        if name == b"tfhd":
            track = struct.unpack_from(">I", fragment, start + 12)[0]
        if name == b"tfdt":
            wide = fragment[start + 8] == 1
            layout = ">Q" if wide else ">I"
            at = struct.unpack_from(layout, fragment, start + 12)[0]
            struct.pack_into(layout, made, start + 12, at + rounds * steps[track])


# --- Pictures and sound ---------------------------------------------------------------------------


def encode(room_id: str, name: str, number: int, kind: str) -> Loop:
    """The loop of one room. av is loaded here: it takes 20 MB, and a world that nobody looks at
    needs none of it.
    """
    import av

    file = io.BytesIO()
    options = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
    with av.open(file, "w", format="mp4", options=options) as out:
        video = out.add_stream("libx264", rate=RATE)
        video.width, video.height, video.pix_fmt = WIDTH, TALL, "yuv420p"
        video.options = {
            "preset": "veryfast",
            "profile": "baseline",
            "crf": "30",
            "g": str(SEGMENT_FRAMES),
            "keyint_min": str(SEGMENT_FRAMES),
            "sc_threshold": "0",
            "bf": "0",
            "threads": "1",
        }
        audio = out.add_stream("aac", rate=SOUND_RATE, layout="mono")
        audio.bit_rate = 24_000
        sound = blocks(number, kind)
        for at in range(SEGMENT_FRAMES * SEGMENTS):
            frame = av.VideoFrame(WIDTH, TALL, "yuv420p")
            paint(frame, room_id, name, number, kind, at)
            frame.pts = at
            out.mux(video.encode(frame))
            until = (at + 1) / RATE * SOUND_RATE
            while sound and (sound[0].pts or 0) < until:
                out.mux(audio.encode(sound.pop(0)))
        out.mux(video.encode(None))
        out.mux(audio.encode(None))
    return split(file.getvalue())


def split(data: bytes) -> Loop:
    """An encoded file as what comes first and its fragments."""
    init, fragments = b"", []
    for name, start, end in boxes(data):
        if name in (b"ftyp", b"moov"):
            init += data[start:end]
        elif name == b"moof":
            fragments.append(data[start:end])
        elif name == b"mdat":
            fragments[-1] += data[start:end]
    if len(fragments) < SEGMENTS:
        raise ValueError(f"{len(fragments)} fragments are too few")
    # What is left over at the end belongs to the last picture.
    whole = [*fragments[: SEGMENTS - 1], b"".join(fragments[SEGMENTS - 1 :])]
    return Loop(
        init, tuple(whole), {track: round(LOOP * scale) for track, scale in scales(init).items()}
    )


def scales(init: bytes) -> dict[int, int]:
    """Track -> its ticks a second, from the boxes moov/trak/tkhd and moov/trak/mdia/mdhd."""
    found = {}
    for name, start, end in boxes(init):
        if name != b"moov":
            continue
        for inner, begin, close in boxes(init, start + 8, end):
            if inner != b"trak":
                continue
            track = scale = 0
            for part, first, last in boxes(init, begin + 8, close):
                if part == b"tkhd":
                    track = struct.unpack_from(
                        ">I", init, first + (20 if init[first + 8] == 0 else 28)
                    )[0]
                if part == b"mdia":
                    mdhd = next(
                        at for kind, at, _ in boxes(init, first + 8, last) if kind == b"mdhd"
                    )
                    scale = struct.unpack_from(
                        ">I", init, mdhd + (20 if init[mdhd + 8] == 0 else 28)
                    )[0]
            found[track] = scale
    return found


def blocks(number: int, kind: str) -> "list[av.AudioFrame]":
    """The sound of a loop: a soft tone that is the room's own, and breathes."""
    import av  # as in `encode`

    pitch = 0.0 if kind == "silent" else 220.0 * 2 ** (number % 24 / 12)
    made = []
    for first in range(0, round(LOOP * SOUND_RATE), BLOCK):
        values = array(
            "f",
            (
                0.12
                * math.sin(2 * math.pi * pitch * at / SOUND_RATE)
                * (1 + math.sin(2 * math.pi * at / SOUND_RATE / 3.2))
                for at in range(first, first + BLOCK)
            ),
        )
        frame = av.AudioFrame(format="fltp", layout="mono", samples=BLOCK)
        frame.planes[0].update(values.tobytes())
        frame.sample_rate, frame.pts = SOUND_RATE, first
        made.append(frame)
    return made


def paint(frame: "av.VideoFrame", room_id: str, name: str, number: int, kind: str, at: int) -> None:
    """One picture: the room's colours, its RoomId and name, a ball that goes round, and how far the
    loop is.
    """
    if kind == "black":
        fill(frame, bytearray(b"\x10") * (WIDTH * TALL), 128, 128)
        return
    at = 0 if kind == "frozen" else at
    turn = at / (SEGMENT_FRAMES * SEGMENTS)
    light = bytearray(background(number))
    middle_x = WIDTH / 2 + 110 * math.cos(2 * math.pi * turn + number)
    middle_y = TALL / 2 + 50 * math.sin(2 * math.pi * turn + number)
    disc(light, middle_x, middle_y, 26, 210)
    write(light, room_id[:24], 10, 76, 2, 235)
    write(light, name[:40], 10, 98, 1, 225)
    write(light, f"{at / RATE:04.1f}", WIDTH - 70, TALL - 30, 2, 235)
    bar = round(WIDTH * turn)
    for row in range(TALL - 5, TALL):
        light[row * WIDTH : row * WIDTH + bar] = b"\xeb" * bar
    hue = number * 2.399963  # the golden angle: neighbours differ
    fill(frame, light, round(128 + 44 * math.cos(hue)), round(128 + 44 * math.sin(hue)))


@functools.lru_cache(maxsize=4)
def background(number: int) -> bytes:
    """Brightness of a room's own pattern of fields: what tells it from others at a glance, and by a
    hash of a few dots.
    """
    shades = random.Random(number)
    light = bytearray()
    for row in range(TALL):
        if row % (TALL // FIELDS_DOWN) == 0:
            fields = [shades.randrange(-45, 46) for _ in range(FIELDS_ACROSS)]
        base = 60 + row * 90 // TALL
        for shade in fields:
            light += bytes([base + shade]) * (WIDTH // FIELDS_ACROSS)
    return bytes(light)


def disc(light: bytearray, x: float, y: float, radius: int, value: int) -> None:
    for row in range(max(0, round(y - radius)), min(TALL, round(y + radius))):
        half = math.sqrt(max(0.0, radius**2 - (row - y) ** 2))
        first, last = max(0, round(x - half)), min(WIDTH, round(x + half))
        light[row * WIDTH + first : row * WIDTH + last] = bytes([value]) * max(0, last - first)


def write(light: bytearray, text: str, x: int, y: int, scale: int, value: int) -> None:
    """Letters in dots; what has none is a block."""
    for letter in text.upper():
        if x + 6 * scale > WIDTH:
            return
        for row, dots in enumerate(GLYPHS.get(letter, GLYPHS["\0"])):
            for column, dot in enumerate(dots):
                if dot == "#":
                    for line in range(scale):
                        place = (y + row * scale + line) * WIDTH + x + column * scale
                        light[place : place + scale] = bytes([value]) * scale
        x += 6 * scale
    assert HEIGHT * scale + y <= TALL


def fill(frame: "av.VideoFrame", light: bytearray, blue: int, red: int) -> None:
    """Puts brightness and one colour into a picture, whose lines may be longer than they are
    wide.
    """
    for plane, values, width in (
        (frame.planes[0], light, WIDTH),
        (frame.planes[1], bytes([blue]) * (WIDTH * TALL // 4), WIDTH // 2),
        (frame.planes[2], bytes([red]) * (WIDTH * TALL // 4), WIDTH // 2),
    ):
        rest = bytes(plane.line_size - width)
        lines = (
            bytes(values[start : start + width]) + rest for start in range(0, len(values), width)
        )
        plane.update(b"".join(lines))
