"""Two processes whose clocks are apart agree on what is due, for the database's clock decides."""

import datetime as dt
import json
import os
import subprocess
import sys
import time

import pytest
from celery.worker.request import Request as Usual
from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from config import celery_request
from config.celery import app
from moderation.bans import registry
from moderation.core import broker
from moderation.models import Action
from moderation.worker import executor
from rooms.infra import database_time
from rooms.infra.database_time import Measured
from tests.moderation import acting

pytestmark = pytest.mark.django_db
sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="copies the tests' database to a file"
)


def off_by(seconds: float) -> None:
    """As if this machine's clock had been measured to be so far ahead."""
    database_time._last = Measured(seconds, time.time() - seconds, time.monotonic())


@pytest.fixture
def elsewhere(tmp_path):
    """Runs something in a process on another machine, over the same data."""

    def run(ahead: float, what: str, *pks: int):
        file = tmp_path / "shared.sqlite3"
        connection.ensure_connection()
        file.write_bytes(
            connection.connection.serialize()
        )  # with what this test has not committed, and never will
        answer = subprocess.run(
            [
                sys.executable,
                "-m",
                "tests.moderation.clock_apart",
                str(ahead),
                what,
                *map(str, pks),
            ],
            env={
                **os.environ,
                "DATABASE_URL": f"sqlite:///{file}",
                "LIVEWARDEN_DATA_DIR": str(tmp_path),
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=250,
        )
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout.splitlines()[-1])

    return run


@pytest.fixture
def end(room, policy):
    """An end whose grace is long enough for a process to start meanwhile."""
    return acting.end_stream(by="system:test", room=room, policy=policy, grace=600.0)


@sqlite
@pytest.mark.timeout(600)  # each starts a process or two
@pytest.mark.parametrize("ahead", [3000.0, -3000.0])
def test_a_worker_whose_clock_is_off_keeps_the_grace_and_takes_what_is_due(elsewhere, end, ahead):
    early = elsewhere(ahead, "claim", end.pk)
    assert early["ahead"] == pytest.approx(ahead, abs=100)
    assert early["error"] == pytest.approx(0, abs=0.5)
    assert early["done"] == []
    [[name, pk, delay]] = early["queued"]
    assert (name, pk) == ("moderation.tasks.execute", end.pk)
    assert 400 < delay <= 600

    Action.objects.update(due_at=timezone.now() - dt.timedelta(seconds=1))
    assert elsewhere(ahead, "claim", end.pk)["done"] == [end.pk]


@sqlite
@pytest.mark.timeout(300)
def test_a_sweeper_whose_clock_is_ahead_takes_no_living_worker_for_dead(elsewhere, end):
    Action.objects.update(status="calling", lease_until=timezone.now() + dt.timedelta(seconds=600))

    assert elsewhere(3000.0, "sweep")["done"] == 0


@sqlite
@pytest.mark.timeout(300)
def test_a_ban_is_over_by_the_databases_clock(elsewhere, policy, people):
    until = timezone.now() + dt.timedelta(seconds=600)
    registry.place(by=people["banadmin"], account="host-1", policy=policy, until=until)

    assert elsewhere(3000.0, "expire")["done"] == 0


@pytest.mark.parametrize(
    ("theirs", "ahead"),
    [(100.0, 0.0), (100.4, 0.0), (90.0, 10.25), (160.5, -60.25), (99.9995, 0.0)],
)
def test_the_offset_is_what_the_round_trip_does_not_explain(theirs, ahead):
    assert database_time.surely_ahead(theirs, 100.0, 100.5) == pytest.approx(ahead)


def test_the_database_is_asked_and_its_time_is_taken(monkeypatch):
    right = time.time
    monkeypatch.setattr(time, "time", lambda: right() + 10)
    assert not database_time.offset()

    assert database_time.measure().offset == pytest.approx(10, abs=1)
    assert database_time.unix() == pytest.approx(right(), abs=1)
    assert database_time.now().timestamp() == pytest.approx(right(), abs=1)
    assert database_time.offset() == pytest.approx(10, abs=1)
    assert not database_time.agrees()


def test_a_clock_that_is_right_is_left_as_it_is():
    assert database_time.measure().offset == 0.0
    assert database_time.agrees()


def test_no_row_is_stamped_by_the_clock_of_the_machine_that_wrote_it():
    ours = [
        model
        for model in apps.get_models()
        if model.__module__.split(".")[0] in {"rooms", "moderation", "monitor", "api"}
    ]
    dates = [
        field
        for model in ours
        for field in model._meta.get_fields()
        if isinstance(field, models.DateTimeField)
    ]
    stamped = [field for field in dates if field.has_default() and field.default is not None]
    assert {field.default for field in stamped} == {database_time.now}
    assert [str(field) for field in dates if field.auto_now or field.auto_now_add] == []


def test_a_jump_of_the_clock_is_none_of_the_databases(monkeypatch):
    database_time.measure()
    right = time.time
    before = database_time.unix()
    monkeypatch.setattr(time, "time", lambda: right() - 3600)

    assert 0 <= database_time.unix() - before < 60
    assert database_time.offset() == pytest.approx(-3600, abs=1)


def test_an_act_that_comes_before_its_time_comes_again_when_it_is_due(end, monkeypatch):
    again = []
    monkeypatch.setattr(broker, "enqueue", lambda pk, delay=0.0: again.append((pk, delay)))

    executor.execute(end.pk)

    end.refresh_from_db()
    assert end.status == "requested"
    [(pk, delay)] = again
    assert pk == end.pk
    assert 500 < delay <= 600


def test_what_was_ordered_is_due_by_the_databases_clock(room, policy):
    off_by(3000.0)
    action = acting.end_stream(by="system:test", room=room, policy=policy, grace=10.0)

    assert action.due_at < timezone.now() - dt.timedelta(seconds=2900)
    assert action.requested_at < timezone.now() - dt.timedelta(seconds=2900)


# --- Messages -------------------------------------------------------------------------------------


def message(expires: dt.datetime):
    """A chore as the broker hands it over."""
    from kombu.message import Message

    headers = {
        "id": "1",
        "task": "moderation.tasks.sweep",
        "expires": expires.isoformat(),
        "eta": None,
    }
    return Message(
        body=json.dumps([[], {}, {}]),
        headers=headers,
        content_type="application/json",
        content_encoding="utf-8",
    )


def received(kind, expires: dt.datetime):
    app.loader.import_default_modules()
    return kind(message(expires), app=app)


def test_a_worker_ahead_drops_no_chore_that_is_in_time():
    in_time = (
        timezone.now() - dt.timedelta(seconds=60) + dt.timedelta(seconds=10)
    )  # as a right beat wrote it
    assert received(Usual, in_time).maybe_expire()

    off_by(60.0)
    assert not received(celery_request.Request, in_time).maybe_expire()
    late = timezone.now() - dt.timedelta(seconds=65)
    assert received(celery_request.Request, late).maybe_expire()


def test_what_a_machine_behind_sends_is_not_over_before_it_arrives():
    off_by(-60.0)
    headers = {"eta": None, "expires": (timezone.now() + dt.timedelta(seconds=10)).isoformat()}
    celery_request.shift(headers)

    assert dt.datetime.fromisoformat(headers["expires"]) > timezone.now() + dt.timedelta(seconds=65)
    assert headers["eta"] is None


def test_the_usual_clock_leaves_messages_as_they_are():
    headers = {"eta": "2026-11-29T10:00:00+00:00", "expires": None}
    celery_request.shift(headers)

    assert headers == {"eta": "2026-11-29T10:00:00+00:00", "expires": None}
