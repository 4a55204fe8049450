"""/healthz and /readyz: open to load balancers, and honest about the stores."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from monitor.health import views as health_views


@pytest.fixture(autouse=True)
def no_redis(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.REDIS_URL = f"unix://{tmp_path}/none.sock"
    yield


def test_alive_needs_no_log_in_and_no_store(client: Client) -> None:
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.content == b"ok\n"


@pytest.mark.django_db
def test_ready_without_redis_for_pages_and_acts_go_on(client: Client) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert json.loads(answer.content) == {
        "database": True,
        "disk": True,
        "clock": True,
        "record": True,
        "redis": False,
    }
    assert "no-cache" in answer["Cache-Control"]


@pytest.mark.django_db
def test_ready_when_both_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_views, "redis_answers", lambda: True)

    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_a_broken_database_is_an_answer_and_no_error(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
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


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("host", ["10.1.2.3:8000", "bad host!", "elsewhere.example"])
def test_a_probe_by_address_is_answered(client: Client, path: str, host: str) -> None:
    assert client.get(path, headers={"host": host}).status_code == 200
    assert client.get("/", headers={"host": host}).status_code == 400


@pytest.mark.django_db
def test_not_ready_while_the_disk_is_full_or_the_folder_gone(
    client: Client, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR = tmp_path
    assert health_views.disk_takes()
    monkeypatch.setattr(health_views, "MIN_FREE_BYTES", 10**18)
    assert not health_views.disk_takes()
    settings.DATA_DIR = tmp_path / "none"

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert json.loads(answer.content)["disk"] is False


@pytest.mark.parametrize("host", ["localhost", "10.0.0.7"])
def test_a_health_answer_carries_the_headers_of_every_answer(client, host, db):
    answer = client.get("/healthz", headers={"Host": host})
    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
