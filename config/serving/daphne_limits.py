"""Limits that only the server can keep: daphne reads a whole body before the application hears of
the request.

Loaded by `config.asgi`, which daphne imports before it listens; under another server nothing is
changed. What is too large is refused by its length, or, when it comes in chunks, as soon as it is
too much. It is read on and thrown away for a moment: a connection that closes while the client
still sends loses the answer.
"""

import sys
from typing import Any
from urllib.parse import unquote

from config.serving.request_limits import MAX_ADDRESS, Refusal, most_bytes, too_large, too_long

LINGER_SECONDS = 2.0
LINGER_BYTES = 4 * 1024 * 1024


def install() -> bool:
    """Whether daphne is the server of this process; its requests and connections are bounded
    then.
    """
    # Not imported here: that would install Twisted's reactor.
    protocol: Any = sys.modules.get("daphne.http_protocol")
    if protocol is None:
        return False
    from twisted.web import http

    protocol.WebRequest = bounded_request(protocol.WebRequest)
    channel = bounded_channel(http.HTTPChannel)
    protocol.HTTPFactory.protocol = lambda _factory: http._GenericHTTPChannelProtocol(channel())
    return True


def bounded_request(base: Any) -> Any:
    """daphne's request, whose body never gets larger than its address takes."""

    class Bounded(base):
        path_asked = ""
        got = 0
        is_refused = False

        def gotLength(self, length: int | None) -> None:
            """The headers are read. length: None for a body in chunks."""
            address = getattr(self.channel, "_path", b"")
            self.path_asked = unquote(address.partition(b"?")[0].decode("latin1"))
            refusal = too_long(self.path_asked, len(address)) or too_large(
                self.path_asked, length or 0
            )
            super().gotLength(0 if refusal else length)
            if refusal:
                self.refuse(refusal)

        def handleContentChunk(self, data: bytes) -> None:
            self.got += len(data)
            if self.is_refused:
                if (
                    self.got > most_bytes(self.path_asked) + LINGER_BYTES
                    and self.channel is not None
                ):
                    self.channel.transport.abortConnection()
            elif refusal := too_large(self.path_asked, self.got):
                self.content.truncate(0)
                self.refuse(refusal)
            else:
                super().handleContentChunk(data)

        def refuse(self, refusal: Refusal) -> None:
            from twisted.internet import reactor

            clock: Any = reactor
            self.is_refused = True
            self.requestHeaders.removeHeader(b"expect")  # nobody is to go on
            self.channel.transport.write(refusal.as_http())
            clock.callLater(LINGER_SECONDS, self.hang_up)

        def hang_up(self) -> None:
            if self.channel is not None:
                self.channel.loseConnection()

        def process(self) -> None:
            if self.is_refused:
                self.hang_up()
                return
            # daphne would make it the root of all addresses; one that is no ASCII is a trace in the
            # log.
            self.requestHeaders.removeHeader(b"daphne-root-path")
            super().process()

    return Bounded


def bounded_channel(base: Any) -> Any:
    """Twisted's connection, which says why when a line is too long, instead of hanging up."""

    class Channel(base):
        def lineLengthExceeded(self, line: bytes) -> None:
            self.transport.write(self.too_much().as_http())
            self.loseConnection()

        def _respondToBadRequestAndDisconnect(self) -> None:
            if self._receivedHeaderSize > self.totalHeadersSize:
                self.lineLengthExceeded(b"")
            else:
                super()._respondToBadRequestAndDisconnect()

        def too_much(self) -> Refusal:
            is_address = getattr(self, "_HTTPChannel__first_line", 1)
            refusal = too_long("", MAX_ADDRESS + 1) if is_address else None
            return refusal or Refusal(431, f"Headers have at most {self.totalHeadersSize} bytes.")

    return Channel
