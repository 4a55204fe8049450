"""The child process that decodes (`rooms.pictures.decoder`): started when it is needed, killed when
it takes too long, replaced when it is gone.
"""

import asyncio
import contextlib
import os
import struct
import sys
from dataclasses import dataclass

from django.conf import settings

from rooms.pictures.fetching import NoPicture

LIGHTS, HASH = 144, 16  # bytes, see rooms.pictures.decoder, which is not loaded here for its size
MAX_ANSWER = 64 * 1024
DECODE_SECONDS = 3.0
START_SECONDS = 20.0  # a busy machine loads FFmpeg slowly; that is nobody's picture's fault
MAX_DECODED = 20_000  # then a new one: what leaks, leaks no further
# It needs no setting of the console, and gets no secret.
KEPT = ("PATH", "LANG", "LC_ALL", "MALLOC_ARENA_MAX", "PYTHONDONTWRITEBYTECODE", "SYSTEMROOT")


@dataclass(frozen=True, slots=True)
class Decoded:
    """jpeg: a small picture. lights: brightness of 16 by 9 dots, 0 to 255. hash: a dHash, 128
    bits.
    """

    jpeg: bytes
    lights: bytes
    hash: int


class Decoder:
    """One child, one picture at a time. seconds: the longest that one may take."""

    def __init__(self, seconds: float = DECODE_SECONDS) -> None:
        self._seconds = seconds
        self._turn = asyncio.Lock()
        self._child: asyncio.subprocess.Process | None = None
        self._count = 0

    @property
    def pid(self) -> int | None:
        """The child's, while there is one."""
        return self._child.pid if self._child else None

    async def decode(self, data: bytes) -> Decoded:
        """Raises NoPicture: undecodable, or timeout."""
        async with self._turn:
            child = await self._running()
            try:
                async with asyncio.timeout(self._seconds if self._count else START_SECONDS):
                    status, body = await _ask(child, data)
            except TimeoutError:
                await self.close()
                raise NoPicture("timeout") from None
            except (OSError, asyncio.IncompleteReadError, ValueError):  # it crashed
                await self.close()
                raise NoPicture("undecodable") from None
            except BaseException:  # an answer that nobody waits for would be taken for the next
                await self.close()
                raise
            self._count += 1
            if self._count >= MAX_DECODED:
                await self.close()
        if status or len(body) <= LIGHTS + HASH:
            raise NoPicture("undecodable")
        hashed = int.from_bytes(body[LIGHTS : LIGHTS + HASH], "big")
        return Decoded(body[LIGHTS + HASH :], body[:LIGHTS], hashed)

    async def _running(self) -> asyncio.subprocess.Process:
        if self._child is None or self._child.returncode is not None:
            self._count = 0
            self._child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "rooms.pictures.decoder"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                cwd=settings.BASE_DIR,
                env={name: os.environ[name] for name in KEPT if name in os.environ},
            )
        return self._child

    async def close(self) -> None:
        """Kills the child; the next picture starts another one."""
        child, self._child = self._child, None
        if child is not None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()


async def _ask(child: asyncio.subprocess.Process, data: bytes) -> tuple[int, bytes]:
    assert child.stdin and child.stdout
    child.stdin.write(struct.pack(">I", len(data)) + data)
    await child.stdin.drain()
    status, length = struct.unpack(">BI", await child.stdout.readexactly(5))
    if length > MAX_ANSWER:
        raise ValueError("too long an answer")
    return status, await child.stdout.readexactly(length)
