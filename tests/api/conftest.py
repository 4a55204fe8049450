"""A token for every scope, and a caller that sends JSON and a new key with each request."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client

from api import rates
from moderation.models import ApiToken
from moderation.staff import tokens
from tests.moderation.conftest import people, policy, queue, service
from tests.support.factories import make_room

__all__ = ["people", "policy", "queue", "service"]


class Caller:
    """The platform's backend."""

    def __init__(self, text: str, token: ApiToken) -> None:
        self.client = Client(raise_request_exception=False)
        self.text = text
        self.token = token

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", query, headers=self.headers())

    def post(self, path: str, body: Any = None, *, key: str | None = "", **more: str) -> Any:
        """key: "" for a new one, None for none."""
        headers = self.headers() | more
        if key is not None:
            headers["Idempotency-Key"] = key or uuid.uuid4().hex
        text = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return self.client.post(f"/api/v1/{path}", text, "application/json", headers=headers)

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.text}"} if self.text else {}


@pytest.fixture(autouse=True)
def unhurried(settings, monkeypatch):
    """No Redis is asked, and nobody is too quick."""
    settings.API_RATE = 1000
    monkeypatch.setattr(rates, "counted_in_redis", lambda token, second: None)


@pytest.fixture
def caller(people):
    """caller(scopes): a backend with these scopes, by default all; "" is one without a token."""

    def make(*scopes: str, name: str = "backend") -> Caller:
        given = scopes or tuple(tokens.SCOPES)
        token, text = tokens.make(by=people["supervisor"], name=name, scopes=given, expires_at=None)
        return Caller(text, token)

    return make


@pytest.fixture
def make_known(db):
    """make_known(room_id): a broadcast that goes on."""
    return make_room


@pytest.fixture
def backend(caller) -> Caller:
    return caller()
