"""HLS playlists (RFC 8216), as far as one picture needs them: which variant, which segment, which
bytes of it.

Text comes from strangers: whatever it is, `parse` answers or raises Unreadable.
"""

import re
from typing import NamedTuple

MAX_LINES = 20_000
ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^",]*)')


class Unreadable(ValueError):
    """No playlist, or one without a segment that can be read."""


class Bytes(NamedTuple):
    """An address, as it stands in the playlist, and which bytes of it; length None: all."""

    uri: str
    start: int = 0
    length: int | None = None


class Variants(NamedTuple):
    """A master playlist. lowest: the address of the variant of the lowest bandwidth."""

    lowest: str


class Segments(NamedTuple):
    """A media playlist. init: what comes before each segment (EXT-X-MAP). segments: at least one,
    the newest last.
    """

    init: Bytes | None
    segments: tuple[Bytes, ...]


def parse(text: str) -> Variants | Segments:
    """Raises Unreadable."""
    lines = [line.strip() for line in text.split("\n", MAX_LINES)[:MAX_LINES]]
    if not lines or not lines[0].removeprefix("\ufeff").startswith("#EXTM3U"):
        raise Unreadable("no playlist")
    variants = _variants(lines)
    return Variants(min(variants)[1]) if variants else _segments(lines)


def _variants(lines: list[str]) -> list[tuple[int, str]]:
    """(bandwidth, address) of each variant."""
    found: list[tuple[int, str]] = []
    bandwidth: int | None = None
    for line in lines:
        if line.startswith("#EXT-X-STREAM-INF:"):
            bandwidth = _whole(_attributes(line).get("BANDWIDTH", "")) or 0
        elif bandwidth is not None and line and not line.startswith("#"):
            found.append((bandwidth, line))
            bandwidth = None
    return found


def _segments(lines: list[str]) -> Segments:
    init: Bytes | None = None
    found: list[Bytes] = []
    part: tuple[int | None, int | None] = (None, None)
    is_encrypted = is_segment = False
    ends: dict[str, int] = {}  # where the last named part of an address ended
    for line in lines:
        if line.startswith("#EXT-X-KEY:"):
            is_encrypted = _attributes(line).get("METHOD", "NONE") != "NONE"
        elif line.startswith("#EXT-X-MAP:"):
            given = _attributes(line)
            length, start = _range(given.get("BYTERANGE", ""))
            init = Bytes(given["URI"], start or 0, length) if given.get("URI") else None
        elif line.startswith("#EXT-X-BYTERANGE:"):
            part = _range(line.partition(":")[2])
        elif line.startswith("#EXTINF:"):
            is_segment = True
        elif line and not line.startswith("#") and is_segment:
            length, start = part
            begin = 0 if length is None else ends.get(line, 0) if start is None else start
            if length is not None:
                ends[line] = begin + length
            if not is_encrypted:
                found.append(Bytes(line, begin, length))
            part, is_segment = (None, None), False
    if is_encrypted:
        raise Unreadable("encrypted")
    if not found:
        raise Unreadable("no segment")
    return Segments(init, tuple(found))


def _attributes(line: str) -> dict[str, str]:
    return {name: value.strip('"') for name, value in ATTRIBUTE.findall(line.partition(":")[2])}


def _range(text: str) -> tuple[int | None, int | None]:
    """ "<length>[@<start>]" as (length, start)."""
    length, _, start = text.partition("@")
    return _whole(length), _whole(start)


def _whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,15}", text.strip()) else None
