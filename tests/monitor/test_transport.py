"""Both ways out: the frame's bytes, and that neither waits, raises, or grows."""

import asyncio
import contextlib
import functools
import socket

import pytest
from websockets.frames import Frame as ParsedFrame
from websockets.streams import StreamReader

from monitor.realtime import transport as realtime_transport
from tests.support.waiting import comes_about


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 200_000])
def test_the_frame_is_one_that_another_library_reads(size):
    reader = StreamReader()
    reader.feed_data(realtime_transport.frame(b"x" * size).framed)
    reading = ParsedFrame.parse(reader.read_exact, mask=False)
    with pytest.raises(StopIteration) as stopped:
        next(reading)
    parsed = stopped.value.value
    assert (parsed.fin, parsed.opcode.name, len(parsed.data)) == (True, "TEXT", size)


class Browser:
    """An ASGI `send` that can be made to wait, or to break."""

    def __init__(self) -> None:
        self.got, self.reads, self.breaks, self.broken = [], asyncio.Event(), False, 0
        self.reads.set()

    async def send(self, message) -> None:
        if self.breaks:
            self.broken += 1
            raise RuntimeError("closed")
        await self.reads.wait()
        self.got.append(message)


async def test_asgi_gets_the_text_in_order():
    browser = Browser()
    line = realtime_transport.AsgiSink(browser.send, lambda: None)
    assert line.take(realtime_transport.frame("ä".encode()))
    assert line.take(realtime_transport.frame(b"b"))
    await comes_about("both frames are sent", lambda: len(browser.got) >= 2)
    assert browser.got == [
        {"type": "websocket.send", "text": "ä"},
        {"type": "websocket.send", "text": "b"},
    ]
    line.release()


async def test_a_browser_that_does_not_read_fills_its_line_and_it_says_when_it_is_empty():
    on_drained = []
    browser = Browser()
    line = realtime_transport.AsgiSink(browser.send, lambda: on_drained.append(1))
    browser.reads.clear()
    taken = 0
    while line.take(realtime_transport.frame(b"x")):
        taken += 1
        await asyncio.sleep(0)
    assert taken == realtime_transport.MAX_WAITING + 1
    assert on_drained == []
    browser.reads.set()
    await comes_about("the line says that it is empty", lambda: on_drained)
    assert (len(browser.got), on_drained) == (taken, [1])
    line.release()


async def test_a_connection_that_breaks_raises_nothing_and_ends_nothing():
    browser = Browser()
    line = realtime_transport.AsgiSink(browser.send, lambda: None)
    browser.breaks = True
    line.take(realtime_transport.frame(b"lost"))
    await comes_about("the connection breaks", lambda: browser.broken)
    browser.breaks = False
    line.take(realtime_transport.frame(b"x"))
    await comes_about("the next frame is sent", lambda: browser.got)
    assert len(browser.got) == 1
    line.release()


async def test_closing_says_why():
    browser = Browser()
    line = realtime_transport.AsgiSink(browser.send, lambda: None)
    line.close(4408, "too slow")
    await comes_about("the close is sent", lambda: browser.got)
    assert browser.got == [{"type": "websocket.close", "code": 4408, "reason": "too slow"}]


# --- daphne ---------------------------------------------------------------------------------------


class Transport:
    """What Twisted's transport of a TCP connection shows of itself, over one end of a pair of
    sockets.
    """

    connected = 1

    def __init__(self, ours: socket.socket) -> None:
        self.handle = ours
        self.dataBuffer, self.written, self.producer = b"", b"", None

    @property
    def _tempDataLen(self) -> int:
        return len(self.written)

    def getHandle(self) -> socket.socket:
        return self.handle

    def write(self, data: bytes) -> None:
        self.written += data

    def registerProducer(self, producer, streaming: bool) -> None:
        assert streaming
        self.producer = producer

    def unregisterProducer(self) -> None:
        self.producer = None


class Connection:
    STATE_OPEN = state = 3

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self.closed = None

    def sendClose(self, code: int, reason: str) -> None:
        self.closed = (code, reason)


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with ours, theirs:
        yield Connection(Transport(ours)), theirs


def test_a_frame_is_handed_to_the_kernel_at_once(pair):
    connection, browser = pair
    line = realtime_transport.line({realtime_transport.SCOPE_KEY: connection}, None, lambda: None)
    assert line.take(realtime_transport.frame(b"hello"))
    assert browser.recv(100) == b"\x81\x05hello"
    assert connection.transport.written == b""


def test_what_the_kernel_refuses_goes_through_the_transport_in_order(pair):
    connection, browser = pair
    line = realtime_transport.DaphneSink(connection, lambda: None)
    big, small = realtime_transport.frame(b"x" * 2_000_000), realtime_transport.frame(b"y")
    assert line.take(big)
    assert line.take(small)
    left = connection.transport.written
    assert 0 < len(left) < len(big.framed) + len(small.framed)
    browser.setblocking(False)
    sent = b""
    with contextlib.suppress(BlockingIOError):
        while part := browser.recv(1 << 20):
            sent += part
    assert sent + left == big.framed + small.framed


def test_a_full_line_takes_nothing_until_twisted_resumes_it(pair):
    connection, _ = pair
    on_drained = []
    line = realtime_transport.DaphneSink(connection, lambda: on_drained.append(1))
    connection.transport.producer.pauseProducing()
    assert not line.take(realtime_transport.frame(b"x"))
    connection.transport.producer.resumeProducing()
    assert on_drained == [1]
    assert line.take(realtime_transport.frame(b"x"))
    line.release()
    connection.transport.producer.stopProducing()
    assert not line.take(realtime_transport.frame(b"x"))
    assert on_drained == [1]


def test_a_browser_that_has_gone_raises_nothing(pair):
    connection, browser = pair
    line = realtime_transport.DaphneSink(connection, lambda: None)
    browser.close()
    assert line.take(realtime_transport.frame(b"x"))
    assert line.take(realtime_transport.frame(b"x"))
    connection.state = 0
    assert line.take(realtime_transport.frame(b"x"))
    line.close(4408, "too slow")
    assert connection.closed is None


def test_without_a_plain_socket_all_goes_through_the_transport(pair):
    connection, _ = pair
    connection.transport.getHandle = lambda: object()
    line = realtime_transport.DaphneSink(connection, lambda: None)
    assert line.take(realtime_transport.frame(b"x"))
    assert connection.transport.written == b"\x81\x01x"
    line.close(4408, "too slow")
    assert connection.closed == (4408, "too slow")


def test_another_server_is_not_taken_for_daphne():
    async def send(message) -> None: ...

    assert realtime_transport.daphne_connection(send) is None
    assert realtime_transport.daphne_connection(functools.partial(send, object())) is None
