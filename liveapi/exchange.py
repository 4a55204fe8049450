"""What both clients share: the request of a call, the judgement of its answer, and whether to ask
once more.

A call is at most three requests: an expired signature (70001) is made anew once, and the statistics
command is asked under its other name once when the service does not know the first.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import quote

import httpx
import orjson

from liveapi.calls import Call
from liveapi.config import STATISTICS_CHOICES, LiveConfig
from liveapi.envelope import unwrap
from liveapi.errors import SIGNATURE_EXPIRED, LiveApiError
from liveapi.usersig import Signer

logger = logging.getLogger(__name__)
T = TypeVar("T")

# (command, code, seconds): code 0 is success, None no usable answer. Called for every request sent.
Observer = Callable[[str, int | None, float], None]

LARGEST_ANSWER = 16 * 1024 * 1024  # bytes; 1000 members are 60 KB
_TELLTALE = 24  # so many characters of a secret betray it; every UserSig shares its first few
# A UserSig is packed by zlib and written in base64, which begins like this.
_LIKE_USERSIG = re.compile(r"eJ[A-Za-z0-9*_%-]{16,}")
_UNKNOWN_COMMAND = frozenset({60002, 60009, 60017})
_NOT_FOUND = 404
_LIVE_ENGINE_CODES = 100_000
_HEADERS = httpx.Headers(
    {"Content-Type": "application/json", "Accept": "*/*", "Accept-Encoding": "gzip"}
)


def too_big(body: bytes | bytearray) -> bool:
    return len(body) > LARGEST_ANSWER


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """value: what the command tells. request_id: the vendor's, for records. elapsed: seconds on the
    wire.
    """

    value: T
    request_id: str
    elapsed: float


class SignedURL(httpx.URL):
    """The URL of one request: a parsed one that all requests of a command share, then a random
    number.

    Parsing 400 characters anew for each request was a third of its CPU.
    """

    def __init__(self, shared: httpx.URL, number: int) -> None:
        super().__init__(shared)
        self._number = str(number)

    def __str__(self) -> str:
        return super().__str__() + self._number

    def __repr__(self) -> str:
        return f"SignedURL({self.path!r})"

    @property
    def query(self) -> bytes:
        return super().query + self._number.encode()

    @property
    def raw_path(self) -> bytes:
        return super().raw_path + self._number.encode()

    @property
    def params(self) -> httpx.QueryParams:
        return httpx.QueryParams(self.query.decode())


class Attempt:
    """One request of a call. Its repr holds no URL."""

    __slots__ = ("_exchange", "body", "command", "service", "started", "usersig")

    def __init__(self, exchange: "Exchange", service: str, command: str, body: bytes) -> None:
        self._exchange = exchange
        self.service = service
        self.command = command
        self.body = body
        self.usersig = ""
        self.started = 0.0

    def __repr__(self) -> str:
        return f"Attempt({self.command!r})"

    def request(self) -> httpx.Request:
        """Signs and starts the clock: call it after waiting for the budget."""
        url, self.usersig = self._exchange.signed_url(self.service, self.command)
        self.started = time.perf_counter()
        request = httpx.Request(
            "POST", url, headers=_HEADERS, content=self.body, extensions=self._exchange.extensions
        )
        request.headers.encoding = "ascii"  # else httpx finds it out anew for each header
        request.url = SignedURL(url, secrets.randbits(32))
        return request


class Attempts(Generic[T]):
    """The requests of one call, one after the other: iterate, and report each as judged or
    failed.
    """

    def __init__(self, exchange: "Exchange", call: Call[T]) -> None:
        self._exchange = exchange
        self._call = call
        self._next: Attempt | None = exchange.first_attempt(call)
        self._signed_again = False
        self._first_name_error: LiveApiError | None = None
        self.error: LiveApiError | None = None

    def __iter__(self) -> "Attempts[T]":
        return self

    def __next__(self) -> Attempt:
        if self._next is None:
            raise StopIteration
        attempt, self._next = self._next, None
        return attempt

    def judge(self, attempt: Attempt, status: int, body: bytes) -> Answer[T]:
        """The answer of a successful call; raises LiveApiError for any other."""
        elapsed = time.perf_counter() - attempt.started
        payload, request_id = unwrap(status, body, command=attempt.command)
        problem: LiveApiError
        try:
            value = self._call.parse(payload)
        except LiveApiError as error:
            problem = error
            problem.command, problem.request_id, problem.http_status = (
                attempt.command,
                request_id,
                status,
            )
        except Exception as error:
            logger.exception("The answer of %s could not be read", attempt.command)
            problem = LiveApiError(
                f"the answer could not be read ({type(error).__name__})",
                kind="malformed",
                command=attempt.command,
                request_id=request_id,
                http_status=status,
            )
        else:
            self._exchange.remember(attempt.command)
            self._exchange.observe(attempt.command, 0, elapsed)
            return Answer(
                value, self._exchange.without_secrets(request_id, attempt.usersig), elapsed
            )
        raise problem

    def failed(self, attempt: Attempt, error: LiveApiError) -> None:
        """Plans one more request where that can help; otherwise `error` says why the call
        failed.
        """
        elapsed = time.perf_counter() - attempt.started
        self._exchange.redact(error, attempt.usersig)
        self._exchange.observe(attempt.command, error.code, elapsed)
        if error.code == SIGNATURE_EXPIRED and not self._signed_again:
            self._signed_again = True
            self._exchange.signer.renew(attempt.usersig)
            self._plan(attempt, attempt.command)
        elif attempt.command in STATISTICS_CHOICES and _unknown_command(error):
            if self._first_name_error is None:
                self._first_name_error = error
                first, second = STATISTICS_CHOICES
                self._plan(attempt, second if attempt.command == first else first)
            else:
                self.error = self._first_name_error
        else:
            self.error = error
            if (error.code or 0) >= _LIVE_ENGINE_CODES:
                self._exchange.remember(attempt.command)

    def _plan(self, attempt: Attempt, command: str) -> None:
        self._next = Attempt(self._exchange, attempt.service, command, attempt.body)

    def last_error(self) -> LiveApiError:
        """Why the call failed, without the frames it came through: their variables hold the signed
        URL.
        """
        assert self.error is not None
        return self.error.with_traceback(None)


def _unknown_command(error: LiveApiError) -> bool:
    if error.kind == "vendor":
        named = "command" in error.text.lower() and not error.retryable
        return error.code in _UNKNOWN_COMMAND or named
    return error.kind == "transport" and error.http_status == _NOT_FOUND


class Exchange:
    """The signature, the addresses and the memory of one client. Safe to share between threads."""

    def __init__(self, config: LiveConfig, observer: Observer | None) -> None:
        config.validate()
        self.config = config
        self.signer = Signer(config.admin, config.sdkappid, config.secret_key)
        self.statistics_command = config.statistics_command
        # For transports that know no time for the whole: each step may take no longer than that.
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), config.timeout)
        self.extensions: dict[str, dict[str, float]] = {"timeout": timeouts}
        self._observer = observer
        self._observer_failed = False
        self._base = f"{config.base_url()}/v4/"
        self._identity = (
            f"?sdkappid={config.sdkappid}&identifier={quote(config.admin, safe='')}&usersig="
        )
        self._urls: tuple[str, dict[str, httpx.URL]] = (
            "",
            {},
        )  # (UserSig, command -> URL signed with it)

    def attempts(self, call: Call[T]) -> Attempts[T]:
        return Attempts(self, call)

    def first_attempt(self, call: Call[object]) -> Attempt:
        command, body = call.command, call.body
        if command in STATISTICS_CHOICES:
            command = self.statistics_command
        elif command == "get_room_list" and not body["Next"] and self.config.list_first_next:
            body = {**body, "Next": self.config.list_first_next}
        return Attempt(self, call.service, command, orjson.dumps(body))  # never empty: {} at least

    def signed_url(self, service: str, command: str) -> tuple[httpx.URL, str]:
        """(URL of a command up to its random number, the UserSig in it)."""
        usersig = self.signer.usersig()
        signed_with, urls = self._urls
        if signed_with != usersig:
            self._urls = (usersig, urls := {})
        if (url := urls.get(command)) is None:
            query = f"{self._identity}{quote(usersig, safe='*-_')}&contenttype=json&random="
            urls[command] = url = httpx.URL(f"{self._base}{service}/{command}{query}")
        return url, usersig

    def remember(self, command: str) -> None:
        """Keeps the name of the statistics command that the service knows."""
        if command in STATISTICS_CHOICES and command != self.statistics_command:
            logger.info("The service knows the statistics command as %s", command)
            self.statistics_command = command

    def observe(self, command: str, code: int | None, seconds: float) -> None:
        if self._observer is None:
            return
        try:
            self._observer(command, code, seconds)
        except Exception:
            if not self._observer_failed:
                self._observer_failed = True
                logger.exception("The observer of the client failed (said once)")

    def redact(self, error: LiveApiError, usersig: str) -> None:
        """Takes our secrets out of the vendor's words and RequestId, should they ever be quoted
        back.
        """
        error.request_id = self.without_secrets(error.request_id, usersig)
        error.text = self.without_secrets(error.text, usersig)
        error.args = (error.text,)

    def without_secrets(self, text: str, usersig: str) -> str:
        """The vendor's text without our secrets, whole, cut, or with other marks for `*`."""
        text = _LIKE_USERSIG.sub("[secret]", text)
        for secret in (usersig, self.config.secret_key):
            beginning = secret[:_TELLTALE]
            if beginning and beginning in text:
                # The vendor's words are cut to a length, perhaps in the middle of a signature.
                head, cut, _ = text.replace(secret, "[secret]").partition(beginning)
                text = f"{head}[secret]" if cut else head
        return text
