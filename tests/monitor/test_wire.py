"""Both ways out: the frame's bytes, and that neither waits, raises, or grows."""

import asyncio
import functools

import pytest
from websockets.frames import Frame as ParsedFrame
from websockets.streams import StreamReader

from monitor import wire


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 200_000])
def test_the_frame_is_one_that_another_library_reads(size):
    reader = StreamReader()
    reader.feed_data(wire.frame(b"x" * size).framed)
    reading = ParsedFrame.parse(reader.read_exact, mask=False)
    with pytest.raises(StopIteration) as stopped:
        next(reading)
    parsed = stopped.value.value
    assert (parsed.fin, parsed.opcode.name, len(parsed.data)) == (True, "TEXT", size)


class Browser:
    """An ASGI `send` that can be made to wait, or to break."""

    def __init__(self) -> None:
        self.got, self.reads, self.breaks = [], asyncio.Event(), False
        self.reads.set()

    async def send(self, message) -> None:
        if self.breaks:
            raise RuntimeError("closed")
        await self.reads.wait()
        self.got.append(message)


async def test_asgi_gets_the_text_in_order():
    browser = Browser()
    line = wire.AsgiLine(browser.send, lambda: None)
    assert line.take(wire.frame("ä".encode()))
    assert line.take(wire.frame(b"b"))
    await asyncio.sleep(0.01)
    assert browser.got == [{"type": "websocket.send", "text": "ä"}, {"type": "websocket.send", "text": "b"}]
    line.release()


async def test_a_browser_that_does_not_read_fills_its_line_and_it_says_when_it_is_empty():
    emptied = []
    browser = Browser()
    line = wire.AsgiLine(browser.send, lambda: emptied.append(1))
    browser.reads.clear()
    taken = 0
    while line.take(wire.frame(b"x")):
        taken += 1
        await asyncio.sleep(0)
    assert taken == wire.MOST_WAITING + 1
    assert emptied == []
    browser.reads.set()
    await asyncio.sleep(0.01)
    assert (len(browser.got), emptied) == (taken, [1])
    line.release()


async def test_a_connection_that_breaks_raises_nothing_and_ends_nothing():
    browser = Browser()
    line = wire.AsgiLine(browser.send, lambda: None)
    browser.breaks = True
    line.take(wire.frame(b"lost"))
    await asyncio.sleep(0.01)
    browser.breaks = False
    line.take(wire.frame(b"x"))
    await asyncio.sleep(0.01)
    assert len(browser.got) == 1
    line.release()


async def test_closing_says_why():
    browser = Browser()
    line = wire.AsgiLine(browser.send, lambda: None)
    line.close(4408, "too slow")
    await asyncio.sleep(0.01)
    assert browser.got == [{"type": "websocket.close", "code": 4408, "reason": "too slow"}]


def test_another_server_is_not_taken_for_daphne():
    async def send(message) -> None: ...

    assert wire.daphne_connection(send) is None
    assert wire.daphne_connection(functools.partial(send, object())) is None
