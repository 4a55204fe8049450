"""The HTTP transports of the clients, and what their exceptions mean for us."""

from collections import deque
from collections.abc import Callable, Iterator
from typing import cast

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from liveapi.errors import LiveApiError

THREAD_CONNECTIONS = 128
LOOP_CONNECTIONS = 256
KEEP_ALIVE = 30.0  # seconds; every new connection costs a TLS handshake


class Stack(httpx.BaseTransport):
    """Connections for threads: each request has one to itself, the one last used goes first.

    httpcore's own pool looks at each of its connections for each request, under one lock: with a
    hundred requests in flight that was two thirds of what an act cost.
    """

    def __init__(self) -> None:
        self._ssl_context = httpx.create_ssl_context()
        self._free: deque[httpx.HTTPTransport] = deque()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            connection = self._free.pop()
        except IndexError:
            connection = self._connection()
        try:
            response = connection.handle_request(request)
        except BaseException:
            self._give_back(connection)
            raise
        stream = cast(httpx.SyncByteStream, response.stream)
        response.stream = _Lent(stream, lambda: self._give_back(connection))
        return response

    def close(self) -> None:
        while self._free:
            self._free.pop().close()

    def _connection(self) -> httpx.HTTPTransport:
        one = httpx.Limits(
            max_connections=1, max_keepalive_connections=1, keepalive_expiry=KEEP_ALIVE
        )
        return httpx.HTTPTransport(verify=self._ssl_context, limits=one)

    def _give_back(self, connection: httpx.HTTPTransport) -> None:
        self._free.append(connection)
        if len(self._free) > THREAD_CONNECTIONS:
            self._free.popleft().close()


class _Lent(httpx.SyncByteStream):
    """An answer whose connection is free for the next request when it is closed."""

    def __init__(self, stream: httpx.SyncByteStream, give_back: Callable[[], None]) -> None:
        self._stream = stream
        self._give_back: Callable[[], None] | None = give_back

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._stream)

    def close(self) -> None:
        give_back, self._give_back = self._give_back, None
        try:
            self._stream.close()
        finally:
            if give_back is not None:
                give_back()


def sync_transport() -> Stack:
    """The connections of a process's threads."""
    return Stack()


def async_transport() -> AiohttpTransport:
    """A pool of connections for an event loop, over aiohttp.

    httpx's own slows down with calls in flight: at 100, 118 calls/s against 841.
    """
    transport = AiohttpTransport()

    def session() -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=LOOP_CONNECTIONS, keepalive_timeout=KEEP_ALIVE, ssl=transport.ssl_context
        )
        return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    transport.client = session
    return transport


def trouble(problem: Exception, command: str, *, answered: bool) -> LiveApiError:
    """Our error for whatever a transport raised. `answered`: the head of an answer had come.

    The text names the exception and never quotes what may hold a URL.
    """
    name = type(problem).__name__
    if isinstance(problem, httpx.DecodingError):
        return LiveApiError(
            "the answer could not be unpacked", kind="malformed", retryable=True, command=command
        )
    sent = answered or not _never_sent(problem)
    if _is_timeout(problem):
        text = "no answer in time" if sent else "no connection in time"
        return LiveApiError(text, kind="timeout", retryable=True, command=command, sent=sent)
    if not sent:
        return LiveApiError(
            _connect_text(problem), kind="transport", retryable=True, command=command, sent=False
        )
    return LiveApiError(
        f"the connection broke ({name})", kind="transport", retryable=True, command=command
    )


def _never_sent(problem: Exception) -> bool:
    """Whether the request cannot have left. httpx-aiohttp reports a connection that broke after
    sending as ConnectTimeout too, so that aiohttp's own exception decides where there is one."""
    cause = problem.__cause__
    if isinstance(cause, aiohttp.ClientError | TimeoutError):
        return isinstance(cause, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
    return isinstance(
        problem,
        httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.UnsupportedProtocol,
    )


def _is_timeout(problem: Exception) -> bool:
    cause = problem.__cause__
    if isinstance(cause, aiohttp.ClientError):
        return isinstance(cause, TimeoutError)
    return isinstance(problem, httpx.TimeoutException | TimeoutError)


def _connect_text(problem: Exception) -> str:
    """What the system said: refused, unknown name, bad certificate.

    Holds a host at most, never a path.
    """
    detail = str(problem)
    if not detail or "?" in detail or "usersig" in detail:
        detail = type(problem).__name__
    return f"no connection: {detail[:200]}"
