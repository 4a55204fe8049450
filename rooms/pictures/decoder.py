"""`python -m rooms.pictures.decoder`: decodes pictures that strangers made. A process of its own,
so that a crash, an endless loop or a gigabyte costs one picture.

Reads from standard input, as often as it comes: four bytes of length, then the bytes of an image or
a piece of video. Answers on standard output: one byte, 0 or 1; four bytes of length; then for 0 the
LIGHTS (brightness of 16 by 9 dots, 0 to 255), the HASH (a dHash of rows and columns), and a JPEG;
for 1 why not. It knows no Django, no address and no secret.
"""

import io
import resource
import struct
import sys
from fractions import Fraction
from typing import BinaryIO

import av
import dhash
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation

SIDE = 240  # longest side of a still, in dots
MAX_SIDE = 4096  # of what is decoded
COLUMNS, ROWS = 16, 9
LIGHTS = COLUMNS * ROWS
HASH_SIDE = 8
HASH = HASH_SIDE * HASH_SIDE * 2 // 8  # bytes
QUALITIES = ("4", "9", "16", "28")  # of FFmpeg's mjpeg, best first
AIM, MAX_JPEG = 8 * 1024, 16 * 1024  # bytes
MAX_INPUT = 32 * 1024 * 1024
MAX_MEMORY = 1024 * 1024 * 1024


class Undecodable(Exception):
    """Nothing that this program takes for a picture."""


def format_of(data: bytes) -> str:
    """FFmpeg's name for what the bytes begin with. It must never guess by itself: some of its
    formats are lists of further addresses and files, which it would open. Raises Undecodable.
    """
    if data[4:8] in {b"ftyp", b"styp", b"moof", b"sidx", b"moov", b"emsg", b"prft"}:
        return "mp4"
    if data[:1] == b"\x47" and data[188:189] in {b"\x47", b""}:
        return "mpegts"
    if data[:3] == b"\xff\xd8\xff":
        return "jpeg_pipe"
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "png_pipe"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp_pipe"
    raise Undecodable("no known format")


def first_frame(data: bytes) -> VideoFrame:
    """The first picture that stands by itself. Raises Undecodable, or what FFmpeg raises."""
    with av.open(io.BytesIO(data), "r", format=format_of(data)) as container:
        if not container.streams.video:
            raise Undecodable("no video")
        stream = container.streams.video[0]
        if max(stream.width, stream.height) > MAX_SIDE:
            raise Undecodable("too large")
        stream.codec_context.skip_frame = "NONKEY"
        stream.codec_context.thread_count = 1
        for frame in container.decode(stream):
            if isinstance(frame, VideoFrame):
                if max(frame.width, frame.height) > MAX_SIDE:
                    raise Undecodable("too large")
                return frame
    raise Undecodable("no picture")


def jpeg(frame: VideoFrame) -> bytes:
    """A small JPEG. Raises Undecodable when even the worst one is too large."""
    scale = SIDE / max(frame.width, frame.height)
    width, height = (max(16, round(side * scale / 2) * 2) for side in (frame.width, frame.height))
    small = frame.reformat(width, height, "yuvj420p", interpolation=Interpolation.AREA)
    for quality in QUALITIES:
        made = encoded(small, quality)
        if len(made) <= AIM:
            return made
    if len(made) <= MAX_JPEG:
        return made
    raise Undecodable("too much in it")


def encoded(frame: VideoFrame, quality: str) -> bytes:
    context = VideoCodecContext.create("mjpeg", "w")
    context.width, context.height, context.pix_fmt = frame.width, frame.height, "yuvj420p"
    context.time_base, context.thread_count = Fraction(1, 1), 1
    context.options = {"qmin": quality, "qmax": quality}
    frame.pts = 0
    return b"".join(bytes(packet) for packet in [*context.encode(frame), *context.encode(None)])


def grays(frame: VideoFrame, width: int, height: int) -> bytes:
    """Brightness by rows, 0 to 255, each the average of its part of the picture."""
    plane = frame.reformat(width, height, "gray", interpolation=Interpolation.AREA).planes[0]
    lines, step = bytes(plane), plane.line_size
    return b"".join(lines[row * step : row * step + width] for row in range(height))


def decoded(data: bytes) -> bytes:
    """LIGHTS, HASH and JPEG, one behind the other."""
    frame = first_frame(data)
    side = HASH_SIDE + 1
    hashed: int = dhash.dhash_int(list(grays(frame, side, side)), HASH_SIDE)
    return grays(frame, COLUMNS, ROWS) + hashed.to_bytes(HASH, "big") + jpeg(frame)


def answer(data: bytes) -> bytes:
    """What is written for these bytes. Never raises for what is in them."""
    try:
        status, body = 0, decoded(data)
    except MemoryError:
        status, body = 1, b"too large"
    except Exception as error:  # of any of FFmpeg's kinds
        status, body = 1, str(error).encode("utf-8", "replace")[:200]
    return struct.pack(">BI", status, len(body)) + body


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Until the source ends."""
    while len(head := source.read(4)) == 4:
        (length,) = struct.unpack(">I", head)
        if length > MAX_INPUT or len(data := source.read(length)) < length:
            return
        sink.write(answer(data))
        sink.flush()


def main() -> None:
    av.logging.set_level(av.logging.PANIC)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sys.platform == "linux":  # elsewhere the limit is none, or counts what is not used
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
