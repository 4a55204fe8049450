"""Helpers: both clients behind one function, so that every case is asked of each."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx

from liveapi import (
    Answer,
    AsyncLiveClient,
    AsyncLocalBudget,
    Call,
    LiveClient,
    LiveConfig,
    LocalBudget,
)

SECRET = "secret-key-of-these-tests-0123456789abcdef"
CONFIG = LiveConfig(1400000000, SECRET, "administrator")
OK = {"ActionStatus": "OK", "ErrorCode": 0, "ErrorInfo": "", "RequestId": "request-1"}

Handler = Callable[[httpx.Request], httpx.Response]


def answer(payload: dict[str, Any] | None = None, **fields: Any) -> httpx.Response:
    """An answer of the vendor: success with this Response, or what `fields` say otherwise."""
    body = {**OK, **fields}
    if payload is not None:
        body["Response"] = payload
    return httpx.Response(200, json=body)


def refusal(code: int, info: str = "no") -> httpx.Response:
    return httpx.Response(
        200,
        json={
            "ActionStatus": "FAIL",
            "ErrorCode": code,
            "ErrorInfo": info,
            "RequestId": "request-2",
        },
    )


class Threads:
    """Asks through LiveClient."""

    def __init__(
        self, handler: Handler | None, config: LiveConfig = CONFIG, observer: Any = None
    ) -> None:
        transport = httpx.MockTransport(handler) if handler else None
        self.budget = LocalBudget(1.0)
        self.client = LiveClient(config, budget=self.budget, transport=transport, observer=observer)

    def ask(self, call: Call[Any], **options: Any) -> Answer[Any]:
        return self.client.call(call, **options)

    def close(self) -> None:
        self.client.close()


class Loop:
    """Asks through AsyncLiveClient."""

    def __init__(
        self, handler: Handler | None, config: LiveConfig = CONFIG, observer: Any = None
    ) -> None:
        transport = httpx.MockTransport(handler) if handler else None
        budget = AsyncLocalBudget(1.0)
        self.budget = budget.local
        self.client = AsyncLiveClient(config, budget=budget, transport=transport, observer=observer)
        self._runner = asyncio.Runner()

    def ask(self, call: Call[Any], **options: Any) -> Answer[Any]:
        return self._runner.run(self.client.call(call, **options))

    def close(self) -> None:
        self._runner.run(self.client.aclose())
        self._runner.close()
