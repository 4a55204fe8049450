"""Sending calls: one client for threads, one for an event loop.

They share everything but the waiting.

A call takes its turn in the budget, is signed, sent and judged by its ErrorCode; an expired
signature is made anew once; the two names of the statistics command are tried once each and the one
that worked is remembered. Repeating a failed call is the caller's policy: see errors.LiveApiError
and retries.backoff.

httpx.Client is not used, its transports are: building requests by hand costs a third of the CPU,
and httpx.Client writes every URL, UserSig included, into the log.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterable, Iterable
from types import TracebackType
from typing import TypeVar

import httpx

from liveapi.budget.limits import OVERALL, Lane
from liveapi.budget.pacing import AsyncBudget, Budget
from liveapi.calls import Call
from liveapi.config import LiveConfig
from liveapi.errors import APPLICATION_TOO_OFTEN, TOO_OFTEN, LiveApiError
from liveapi.exchange import Answer, Exchange, Observer, too_big
from liveapi.transports import async_transport, sync_transport, trouble

T = TypeVar("T")

# How long polls are held back everywhere after the vendor complained (60007, 60018, 60019; 60011).
COMMAND_PENALTY = 1.0
APPLICATION_PENALTY = 2.0
BUDGET_WAIT = 5.0  # seconds a call waits for its turn, unless the caller says otherwise


def _penalty(error: LiveApiError) -> tuple[str, float] | None:
    if error.code in TOO_OFTEN:
        return error.command, COMMAND_PENALTY
    if error.code == APPLICATION_TOO_OFTEN:
        return OVERALL, APPLICATION_PENALTY
    return None


class LiveClient:
    """Calls from threads. One a process, shared: it pools its connections."""

    def __init__(
        self,
        config: LiveConfig,
        *,
        budget: Budget,
        transport: httpx.BaseTransport | None = None,
        observer: Observer | None = None,
    ) -> None:
        self._exchange = Exchange(config, observer)
        self._budget = budget
        self._transport = transport or sync_transport()

    def __repr__(self) -> str:
        return f"LiveClient({self._exchange.config!r})"

    def __enter__(self) -> "LiveClient":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the pooled connections."""
        self._transport.close()

    @property
    def config(self) -> LiveConfig:
        return self._exchange.config

    @property
    def statistics_command(self) -> str:
        """The statistics command that worked last, the configured one before any did."""
        return self._exchange.statistics_command

    def call(
        self,
        call: Call[T],
        *,
        lane: Lane = "poll",
        wait: float = BUDGET_WAIT,
        granted: bool = False,
    ) -> Answer[T]:
        """Sends a call and reads its answer.

        wait: seconds to wait for a turn in the budget. granted: the caller took the turn already
        (acquire_many). Raises LiveApiError and nothing else.
        """
        attempts = self._exchange.attempts(call)
        for attempt in attempts:
            if not granted:
                self._budget.acquire(attempt.command, lane, wait)
            granted = False
            try:
                return attempts.judge(attempt, *self._send(attempt.request(), attempt.command))
            except LiveApiError as error:
                if penalty := _penalty(error):
                    self._budget.penalise(*penalty)
                attempts.failed(attempt, error)
        raise attempts.last_error()

    def _send(self, request: httpx.Request, command: str) -> tuple[int, bytes]:
        deadline = time.monotonic() + self.config.timeout
        response: httpx.Response | None = None
        error: LiveApiError
        try:
            response = self._transport.handle_request(request)
            return response.status_code, _read(response.iter_bytes(), command, deadline)
        except LiveApiError:
            raise
        except Exception as problem:
            error = trouble(problem, command, answered=response is not None)
        finally:
            if response is not None:
                with contextlib.suppress(Exception):
                    response.close()
        # Outside of the handler: what httpx raises holds the URL, and would hang on as __context__.
        # See LiveClient._send.
        raise error


def _read(chunks: Iterable[bytes], command: str, deadline: float) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if too_big(body):
            raise LiveApiError("the answer is too big", kind="malformed", command=command)
        if time.monotonic() > deadline:
            raise LiveApiError(
                "no whole answer in time", kind="timeout", retryable=True, command=command
            )
    return bytes(body)


class AsyncLiveClient:
    """Calls from one event loop. One a loop, shared: it pools its connections."""

    def __init__(
        self,
        config: LiveConfig,
        *,
        budget: AsyncBudget,
        transport: httpx.AsyncBaseTransport | None = None,
        observer: Observer | None = None,
    ) -> None:
        self._exchange = Exchange(config, observer)
        self._budget = budget
        self._transport = transport or async_transport()

    def __repr__(self) -> str:
        return f"AsyncLiveClient({self._exchange.config!r})"

    async def __aenter__(self) -> "AsyncLiveClient":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Closes the pooled connections."""
        await self._transport.aclose()

    @property
    def config(self) -> LiveConfig:
        return self._exchange.config

    @property
    def statistics_command(self) -> str:
        """The statistics command that worked last, the configured one before any did."""
        return self._exchange.statistics_command

    async def call(
        self,
        call: Call[T],
        *,
        lane: Lane = "poll",
        wait: float = BUDGET_WAIT,
        granted: bool = False,
    ) -> Answer[T]:
        """As LiveClient.call."""
        attempts = self._exchange.attempts(call)
        for attempt in attempts:
            if not granted:
                await self._budget.acquire(attempt.command, lane, wait)
            granted = False
            try:
                return attempts.judge(
                    attempt, *await self._send(attempt.request(), attempt.command)
                )
            except LiveApiError as error:
                if penalty := _penalty(error):
                    await self._budget.penalise(*penalty)
                attempts.failed(attempt, error)
        raise attempts.last_error()

    async def _send(self, request: httpx.Request, command: str) -> tuple[int, bytes]:
        response: httpx.Response | None = None
        error: LiveApiError
        try:
            async with asyncio.timeout(self.config.timeout):
                response = await self._transport.handle_async_request(request)
                return response.status_code, await _read_async(response.aiter_bytes(), command)
        except LiveApiError:
            raise
        except Exception as problem:
            error = trouble(problem, command, answered=response is not None)
        finally:
            if response is not None:
                with contextlib.suppress(Exception):
                    await response.aclose()
        raise error


async def _read_async(chunks: AsyncIterable[bytes], command: str) -> bytes:
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if too_big(body):
            raise LiveApiError("the answer is too big", kind="malformed", command=command)
    return bytes(body)
