"""The HTTP transports of the clients, and what their exceptions mean for us."""

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from liveapi.errors import LiveApiError

THREAD_CONNECTIONS = 128
LOOP_CONNECTIONS = 256
KEEP_ALIVE = 30.0  # seconds; every new connection costs a TLS handshake


def sync_transport() -> httpx.HTTPTransport:
    """A pool of connections for threads."""
    limits = httpx.Limits(
        max_connections=THREAD_CONNECTIONS,
        max_keepalive_connections=THREAD_CONNECTIONS,
        keepalive_expiry=KEEP_ALIVE,
    )
    return httpx.HTTPTransport(limits=limits)


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
    return LiveApiError(f"the connection broke ({name})", kind="transport", retryable=True, command=command)


def _never_sent(problem: Exception) -> bool:
    """Whether the request cannot have left. httpx-aiohttp reports a connection that broke after sending as
    ConnectTimeout too, so that aiohttp's own exception decides where there is one."""
    cause = problem.__cause__
    if isinstance(cause, aiohttp.ClientError | TimeoutError):
        return isinstance(cause, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
    return isinstance(
        problem, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.UnsupportedProtocol
    )


def _is_timeout(problem: Exception) -> bool:
    cause = problem.__cause__
    if isinstance(cause, aiohttp.ClientError):
        return isinstance(cause, TimeoutError)
    return isinstance(problem, httpx.TimeoutException | TimeoutError)


def _connect_text(problem: Exception) -> str:
    """What the system said: refused, unknown name, bad certificate. Holds a host at most, never a path."""
    detail = str(problem)
    if not detail or "?" in detail or "usersig" in detail:
        detail = type(problem).__name__
    return f"no connection: {detail[:200]}"
