"""/healthz and /readyz: open to load balancers, and honest about the stores."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from monitor import health_views


@pytest.fixture(autouse=True)
def no_redis(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.REDIS_URL = f"unix://{tmp_path}/none.sock"
    yield


def test_alive_needs_no_log_in_and_no_store(client: Client) -> None:
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.content == b"ok\n"


@pytest.mark.django_db
def test_ready_says_which_store_does_not_answer(client: Client) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert json.loads(answer.content) == {"database": True, "redis": False}
    assert "no-cache" in answer["Cache-Control"]


@pytest.mark.django_db
def test_ready_when_both_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_views, "redis_answers", lambda: True)

    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_a_broken_database_is_an_answer_and_no_error(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError("no such host: db.internal, password hunter2")

    monkeypatch.setattr(connection, "cursor", broken)
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert json.loads(answer.content)["database"] is False
    assert b"hunter2" not in answer.content


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_they_only_read(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
