"""The bytes of one picture: an image, or the beginning of a video segment with what comes before
it. Bounded in bytes and hops; the caller bounds the time.
"""

import random
from dataclasses import dataclass
from urllib.parse import urljoin

import aiohttp

from rooms.pictures import addresses, playlists
from rooms.pictures.playlists import Bytes, Segments, Variants
from rooms.pictures.sources import HLS

MAX_HOPS = 3  # redirects of one request
MAX_PLAYLIST = 256 * 1024  # bytes
CHUNK = 16 * 1024
REDIRECTS = {301, 302, 303, 307, 308}


class NoPicture(Exception):
    """There is none. code: why, one of the keys of monitor's words: http-404, timeout, refused,
    redirects, large, playlist, encrypted, unreachable, undecodable.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Fetched:
    """data: an image, or video from the beginning of a segment on. newest: names the newest
    segment, "" where nothing does.
    """

    data: bytes
    newest: str


class Fetcher:
    """One connection pool for all rooms. most: bytes of one picture. private: see `addresses`."""

    def __init__(self, *, most: int, private: bool) -> None:
        self._most = most
        self._private = private
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=addresses.Resolver(private=private), limit=32, limit_per_host=16
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            # What is packed could be any size; a picture is packed already.
            auto_decompress=False,
            headers={"Accept-Encoding": "identity", "User-Agent": "Livewarden"},
            timeout=aiohttp.ClientTimeout(total=None),
        )

    async def close(self) -> None:
        await self._session.close()

    async def picture(self, kind: str, url: str) -> Fetched:
        """Raises NoPicture."""
        try:
            if kind == HLS:
                return await self._from_stream(url)
            data, _url = await self._read(Bytes(url), url, self._most, whole=True)
            return Fetched(data, "")
        except playlists.Unreadable as error:
            raise NoPicture("encrypted" if "encrypted" in str(error) else "playlist") from None
        except addresses.RefusedAddress:
            raise NoPicture("refused") from None
        except aiohttp.ClientConnectorError as error:
            refused = isinstance(error.__cause__ or error.os_error, addresses.RefusedAddress)
            raise NoPicture("refused" if refused else "unreachable") from None
        except (aiohttp.ClientError, OSError, ValueError):
            raise NoPicture("unreachable") from None

    async def _from_stream(self, url: str) -> Fetched:
        found, at = await self._playlist(url)
        if isinstance(found, Variants):
            found, at = await self._playlist(urljoin(at, found.lowest))
        if not isinstance(found, Segments):
            raise playlists.Unreadable("a master playlist in a master playlist")
        init = b""
        if found.init:
            init, _url = await self._read(found.init, at, self._most, whole=True)
        # One of the newest two: a loop of just the pace's length would else stand still.
        segment = random.choice(found.segments[-2:])  # noqa: S311 (nothing secret)
        data, _url = await self._read(segment, at, self._most - len(init), whole=False)
        newest = found.segments[-1]
        return Fetched(init + data, f"{newest.uri}@{newest.start}")

    async def _playlist(self, url: str) -> tuple[Variants | Segments, str]:
        data, at = await self._read(Bytes(url), url, MAX_PLAYLIST, whole=True)
        return playlists.parse(data.decode("utf-8", "replace")), at

    async def _read(self, part: Bytes, base: str, most: int, *, whole: bool) -> tuple[bytes, str]:
        """(at most `most` bytes, the address that answered). whole: more is an error, else the rest
        is left.
        """
        url, headers = urljoin(base, part.uri), {}
        if part.length is not None:
            last = part.start + min(part.length, max(1, most)) - 1
            headers["Range"] = f"bytes={part.start}-{last}"
        for _hop in range(MAX_HOPS + 1):
            addresses.check(url, private=self._private)
            async with self._session.get(url, headers=headers, allow_redirects=False) as answer:
                if answer.status in REDIRECTS and "Location" in answer.headers:
                    url = urljoin(url, answer.headers["Location"])
                    continue
                if answer.status not in {200, 206}:
                    raise NoPicture(f"http-{answer.status}")
                data = await _bounded(answer, most, whole=whole)
                if part.length is not None and answer.status == 200:  # it does not know Range
                    data = data[part.start : part.start + part.length]
                return data, url
        raise NoPicture("redirects")


async def _bounded(answer: aiohttp.ClientResponse, most: int, *, whole: bool) -> bytes:
    data = bytearray()
    async for chunk in answer.content.iter_chunked(CHUNK):
        data += chunk
        if len(data) > most:
            if whole:
                raise NoPicture("large")
            answer.close()  # the rest of a segment is not for us
            return bytes(data[:most])
    return bytes(data)
