"""The endpoint for the vendor's webhooks: POST /webhooks/live, in front of Django.

An ASGI application of its own, for 500 requests a second must not wait for pages, sessions or the
database. It checks who asks, stores what was told in Redis (rooms.webhooks.inbox), one round trip
for all that arrived together, and answers. What it means is found out by the collector
(rooms.collector.webhook_events). Without Redis it answers OK all the same and keeps the newest for
a while: the vendor repeats nothing, and the collector finds by polling what was lost.

Bodies, addresses and signatures never reach the log.
"""

import asyncio
import contextlib
import hashlib
import logging
import time
from collections import Counter, deque
from typing import NamedTuple
from urllib.parse import parse_qsl

import orjson
import redis as redis_library
from django.conf import settings

from liveapi import webhooks
from rooms.infra import database_time, redis
from rooms.infra.asgi import Application, Receive, Scope, Send
from rooms.infra.client_address import caller, is_among
from rooms.webhooks import inbox
from rooms.webhooks.inbox import StoredWebhook

logger = logging.getLogger(__name__)

PATH = "/webhooks/live"
MAX_BYTES = 64 * 1024  # of a body; a member event with a thousand accounts is about 40 KB
MAX_QUERY = 4096
MAX_NAMES = 32
BODY_SECONDS = 2.0  # the vendor waits no longer for its answer: https://trtc.io/document/34354
STORE_SECONDS = 0.08  # how long an answer waits for Redis
# A signature is good for a minute on both sides of its time.
SEEN_SECONDS = 2.0 * webhooks.SIGNED_SECONDS
MAX_SEEN = 60_000  # 500 a second for these two minutes; 7 MB
MAX_PENDING = 2000  # what is kept while Redis is away
AT_ONCE = 500
# what arrives within goes into one round trip: at 500 a second a fifth of the cost of each
GATHER_SECONDS = 0.01
PAUSE_SECONDS = 1.0
_LOG_EVERY = 10.0


class RefusedWebhook(Exception):
    """A request that is not let in: HTTP status, a reason of inbox.REFUSALS, and words for
    whoever set the sender up.
    """

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.status, self.reason, self.message = status, reason, message


class WebhookEndpoint:
    """Answers the one address; everything else goes on to `application`."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.pile = WriteBuffer()
        self.seen = Seen()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != PATH:
            await self.application(scope, receive, send)
            return
        self.pile.count("arrived")
        try:
            received = let_in(scope, database_time.unix())
            body = await read_body(scope, receive)
        except RefusedWebhook as refused:
            self.pile.count(f"refused {refused.reason}")
            await answer(
                send,
                refused.status,
                orjson.dumps(
                    {"ActionStatus": "FAIL", "ErrorCode": 1, "ErrorInfo": refused.message}
                ),
            )
            return
        if is_kept(received.command):
            if self.seen.again(received, body, time.monotonic()):
                self.pile.count("repeated")
            else:
                await self.pile.put(
                    inbox.packed(
                        StoredWebhook(int(database_time.unix() * 1000), received.command, body)
                    )
                )
        await answer(send, 200, webhooks.ANSWER)


# --- A request ------------------------------------------------------------------------------------


class ReceivedWebhook(NamedTuple):
    """Of a request that was let in. command: "" when only the body names it."""

    command: str
    sign: str


def let_in(scope: Scope, now: float) -> ReceivedWebhook:
    """What is asked by a request that comes from our vendor and for our application.

    Raises Refused. `now`: Unix seconds.
    """
    token = settings.LIVE_WEBHOOK_TOKEN
    if not token:
        raise RefusedWebhook(
            404, "closed", "Webhooks are not switched on here: LIVE_WEBHOOK_TOKEN is not set."
        )
    if scope["method"] != "POST":
        raise RefusedWebhook(405, "method", "Webhooks come by POST.")
    if settings.LIVE_WEBHOOK_SOURCES and not is_among(caller(scope), settings.LIVE_WEBHOOK_SOURCES):
        raise RefusedWebhook(403, "source", "This address is not among LIVE_WEBHOOK_SOURCES.")
    query = query_of(scope["query_string"])
    if query.get("sdkappid") != str(settings.LIVE_SDKAPPID):
        raise RefusedWebhook(403, "application", "This is the console of another SDKAppID.")
    sign = query.get("sign", "")
    if not webhooks.is_signed(token, query.get("requesttime", ""), sign, now):
        raise RefusedWebhook(
            403, "signature", "Sign or RequestTime is wrong: compare token and clock."
        )
    return ReceivedWebhook(webhooks.command_of(query), sign)


def query_of(raw: bytes) -> dict[str, str]:
    """The names of an address in lower case, and their values.

    Raises Refused for one that is no address of the vendor's.
    """
    if len(raw) > MAX_QUERY:
        raise RefusedWebhook(414, "form", "The address is too long.")
    try:
        pairs = parse_qsl(raw.decode("latin1"), keep_blank_values=True, max_num_fields=MAX_NAMES)
    except ValueError:
        raise RefusedWebhook(400, "form", "The address names too much.") from None
    return webhooks.lowered(dict(pairs))


async def read_body(scope: Scope, receive: Receive) -> bytes:
    """The body. Raises Refused when it is too large or does not come in time."""
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"0")
    if len(length) > 9 or not length.isdigit() or int(length) > MAX_BYTES:
        raise _too_large()
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    raise RefusedWebhook(400, "form", "The body did not come.")
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > MAX_BYTES:
                    raise _too_large()
                if not message.get("more_body", False):
                    return b"".join(parts)
    except TimeoutError:
        raise RefusedWebhook(408, "form", "The body did not come in time.") from None


def _too_large() -> RefusedWebhook:
    return RefusedWebhook(413, "size", f"A body has at most {MAX_BYTES} bytes.")


def is_kept(command: str) -> bool:
    """Whether anybody here wants to know.

    Before-events are allowed by the answer; of a gift only the setting wants the event.

    A command that only the body names is kept: the collector will see.
    """
    if command.strip().lower() == webhooks.GIFT_COMMAND:
        return bool(settings.LIVE_GIFT_EVENTS)
    return not command or webhooks.is_wanted(command)


async def answer(send: Send, status: int, body: bytes) -> None:
    """Answers with the vendor's JSON."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    if status == 405:
        headers.append((b"allow", b"POST"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class Seen:
    """Requests of the last minutes, so that one that is sent again word for word is taken once: by
    this process, and bounded.

    A signature is good for all requests of its second, so the body belongs to it. What another
    process lets in again, and what was pushed out here, is harmless: events are hints, and a line
    of chat is stored once by its number.
    """

    def __init__(self) -> None:
        self._until: dict[bytes, float] = {}  # in order of time, for every entry lives equally long

    def again(self, received: ReceivedWebhook, body: bytes, now: float) -> bool:
        """Whether this was here before; it is remembered from now on. now: seconds of a clock that
        only goes on.
        """
        while self._until and next(iter(self._until.values())) <= now:
            del self._until[next(iter(self._until))]
        digest = hashlib.sha256(
            f"{received.sign}\n{received.command}\n".lower().encode() + body
        ).digest()
        if digest in self._until:
            return True
        if len(self._until) >= MAX_SEEN:
            del self._until[next(iter(self._until))]
        self._until[digest] = now + SEEN_SECONDS
        return False


# --- What arrived together ------------------------------------------------------------------------


class WriteBuffer:
    """Records and counts on their way into Redis: one writer, which takes all that has come since
    it last wrote.
    """

    def __init__(self) -> None:
        self._records: deque[bytes] = deque()
        self._counts: Counter[str] = Counter()
        self._writer: asyncio.Task[None] | None = None
        self._stored = asyncio.Event()
        self._away_until = 0.0
        self._logged_at = 0.0

    def count(self, name: str) -> None:
        """Counts a request; written with the next records, or by itself."""
        self._counts[name] += 1
        self._wake()

    async def put(self, record: bytes) -> None:
        """Stores a record.

        Returns once it is stored, or when Redis takes too long over it; it is kept then, bounded.
        """
        if len(self._records) >= MAX_PENDING:
            self._records.popleft()
            self._counts["dropped"] += 1
        self._records.append(record)
        self._wake()
        if time.monotonic() >= self._away_until:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STORE_SECONDS):
                    await self._stored.wait()

    def _wake(self) -> None:
        if self._writer is None or self._writer.done():
            self._stored = asyncio.Event()
            self._writer = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        """Writes until nothing is left."""
        while self._records or self._counts:
            await asyncio.sleep(max(GATHER_SECONDS, self._away_until - time.monotonic()))
            stored, self._stored = self._stored, asyncio.Event()
            records = [self._records.popleft() for _ in range(min(AT_ONCE, len(self._records)))]
            counts, self._counts = self._counts, Counter()
            try:
                await inbox.put(redis.async_client(), records, counts)
            except (redis_library.RedisError, OSError) as error:
                self._away_until = time.monotonic() + PAUSE_SECONDS
                self._put_back(records, counts)
                self._log(error)
            finally:
                stored.set()

    def _put_back(self, records: list[bytes], counts: Counter[str]) -> None:
        free = MAX_PENDING - len(self._records)
        kept = records[max(0, len(records) - free) :] if free > 0 else []
        self._records.extendleft(reversed(kept))
        self._counts += counts
        if lost := len(records) - len(kept):
            self._counts["dropped"] += lost

    def _log(self, error: Exception) -> None:
        if time.monotonic() - self._logged_at > _LOG_EVERY:
            self._logged_at = time.monotonic()
            logger.warning("Webhooks wait for Redis: %s", type(error).__name__)
