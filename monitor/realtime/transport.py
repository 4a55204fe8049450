"""How frames leave this process: a websocket frame is built once and its bytes are handed to every
socket as they are.

Under daphne a frame goes straight into the transport of the connection, past asyncio queues,
Channels and autobahn that would each do their work anew for every socket. Any other ASGI server
(and the tests' communicator) gets the same text through ASGI's `send`. Both ways are bounded: a
sink that has not drained takes no more frames, says so, and says again when it could take one.

Nothing here waits, and nothing here raises to the hub.
"""

import asyncio
import functools
import logging
import socket
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from rooms.infra.asgi import Application, Receive, Scope, Send

logger = logging.getLogger(__name__)

SCOPE_KEY = "livewarden.connection"
# What the kernel may hold for one browser. It bounds the memory of a socket that nobody reads, and
# how old a figure can be when it is read at last; without it Linux goes up to 4 MB
# (net.ipv4.tcp_wmem).
KERNEL_BYTES = 128 * 1024
MAX_WAITING = 4


@dataclass(frozen=True, slots=True)
class Frame:
    """One text message, ready for either way out."""

    text: bytes  # UTF-8
    framed: bytes  # the same behind the header of a websocket frame


def frame(text: bytes) -> Frame:
    """The websocket frame of RFC 6455, section 5.2, as a server sends it: final, text, not
    masked.
    """
    size = len(text)
    if size < 126:
        header = bytes((0x81, size))
    elif size < 1 << 16:
        header = b"\x81\x7e" + size.to_bytes(2, "big")
    else:
        header = b"\x81\x7f" + size.to_bytes(8, "big")
    return Frame(text, header + text)


class FrameSink(Protocol):
    """The way to one browser."""

    def take(self, frame: Frame) -> bool:
        """Sends it, or answers False: the line is full, and will call `on_drained` when it no
        longer is.
        """

    def close(self, code: int, reason: str) -> None:
        """Ends the connection; a browser that reads sees code and reason."""

    def release(self) -> None:
        """The connection is gone: nothing is called any more."""


class TwistedTransport(Protocol):
    """What is used of twisted.internet.tcp.Connection."""

    connected: int
    dataBuffer: bytes
    _tempDataLen: int

    def getHandle(self) -> object: ...
    def registerProducer(self, producer: object, streaming: bool) -> None: ...
    def unregisterProducer(self) -> None: ...
    def write(self, data: bytes) -> None: ...


class DaphneConnection(Protocol):
    """What is used of daphne.ws_protocol.WebSocketProtocol."""

    STATE_OPEN: int
    state: int
    transport: TwistedTransport

    def sendClose(self, code: int, reason: str) -> None: ...


class DaphneSink:
    """Straight into the socket of a connection of daphne; its Twisted transport sends what the
    kernel did not take.

    To Twisted we are a producer: paused when more than 64 KB wait in the transport, resumed when
    all has left.
    """

    def __init__(self, connection: DaphneConnection, on_drained: Callable[[], None]) -> None:
        self._connection = connection
        self._emptied = on_drained
        self._full = False
        transport = self._transport = connection.transport
        handle = transport.getHandle()
        # None under TLS, and if Twisted should keep its unsent bytes elsewhere one day.
        self._socket = (
            handle
            if isinstance(handle, socket.socket) and hasattr(transport, "_tempDataLen")
            else None
        )
        if self._socket is not None:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES)
        # daphne leaves the HTTP channel registered, which would stop reading from a browser that is
        # behind.
        transport.unregisterProducer()
        transport.registerProducer(self, True)

    def take(self, frame: Frame) -> bool:
        if self._full:
            return False
        if self._connection.state == self._connection.STATE_OPEN:
            sent = self._send(frame.framed)
            if sent < len(frame.framed):
                self._transport.write(frame.framed[sent:])
        return True

    def _send(self, data: bytes) -> int:
        """How much of it the kernel took; nothing while earlier bytes wait in the transport, a ping
        perhaps.

        One system call. Through the transport alone it would be three, and a turn of the loop for
        each socket.
        """
        if self._socket is None or self._transport._tempDataLen or self._transport.dataBuffer:
            return 0
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0
        except OSError:  # it is gone; the transport finds out when it reads
            return len(data)

    def close(self, code: int, reason: str) -> None:
        # autobahn gives the other side one second to answer, then aborts: whoever does not read is
        # gone, too.
        if self._connection.state == self._connection.STATE_OPEN:
            self._connection.sendClose(code, reason)

    def release(self) -> None:
        self._emptied = _nothing

    # --- What Twisted calls -----------------------------------------------------------------------

    def pauseProducing(self) -> None:
        self._full = True

    def resumeProducing(self) -> None:
        if self._full:
            self._full = False
            self._emptied()

    def stopProducing(self) -> None:
        self._full = True


class AsgiSink:
    """Through ASGI's `send`, with a short queue and one task: for servers whose transport we do not
    know.
    """

    def __init__(self, send: Send, on_drained: Callable[[], None]) -> None:
        self._send = send
        self._emptied = on_drained
        self._waiting: asyncio.Queue[Frame] = asyncio.Queue(MAX_WAITING)
        self._full = False
        self._ending: asyncio.Task[None] | None = None
        self._task = asyncio.create_task(self._forward())

    def take(self, frame: Frame) -> bool:
        if self._waiting.full():
            self._full = True
            return False
        self._waiting.put_nowait(frame)
        return True

    def close(self, code: int, reason: str) -> None:
        self.release()
        message = {"type": "websocket.close", "code": code, "reason": reason}
        self._ending = asyncio.create_task(_quietly(self._send(message)))

    def release(self) -> None:
        self._emptied = _nothing
        self._task.cancel()

    async def _forward(self) -> None:
        while True:
            frame = await self._waiting.get()
            await _quietly(self._send({"type": "websocket.send", "text": frame.text.decode()}))
            if self._full and self._waiting.empty():
                self._full = False
                self._emptied()


def line(scope: Scope, send: Send, on_drained: Callable[[], None]) -> FrameSink:
    """The shortest way to the browser of this connection.

    `on_drained` is called when a full line could take more.
    """
    connection = scope.get(SCOPE_KEY)
    # A browser may leave during its handshake: its socket has gone then, and whatever is sent is
    # lost either way.
    if connection is None or not connection.transport.connected:
        return AsgiSink(send, on_drained)
    return DaphneSink(connection, on_drained)


class KnowsConnection:
    """ASGI middleware: puts daphne's connection into the scope.

    Must stand before whatever wraps `send`.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.application({**scope, SCOPE_KEY: daphne_connection(send)}, receive, send)


def daphne_connection(send: Send) -> DaphneConnection | None:
    """The WebSocketProtocol that daphne bound into `send`; None under any other server.

    daphne (4.2) passes `functools.partial(server.handle_reply, protocol)`. That is no promise of
    its: the tests run a real daphne and fail if it changes, and until then frames would go through
    ASGI.
    """
    module = sys.modules.get(
        "daphne.ws_protocol"
    )  # not imported here: it would install Twisted's reactor
    if module is None or not isinstance(send, functools.partial):
        return None
    return next((found for found in send.args if isinstance(found, module.WebSocketProtocol)), None)


async def _quietly(sending: Awaitable[None]) -> None:
    """A connection may go at any moment; servers raise what they like then."""
    try:
        await sending
    except Exception as error:
        logger.info("a frame could not be sent: %s", type(error).__name__)


def _nothing() -> None:
    pass
