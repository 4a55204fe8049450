"""Minute buckets: the last reading of each minute, completed and never emptied, and short readings
spaced.
"""

import pytest
from django.db import DataError, OperationalError

from rooms.ingest import fencing, room_writer, samples
from rooms.ingest.fencing import Fenced
from rooms.ingest.samples import Minutes
from rooms.models import Room, Sample
from tests.rooms.conftest import listed, room


@pytest.fixture
def stored(fence):
    room_writer.store(listed(room()), fence=fence)
    return Room.objects.get()


def test_a_bucket_holds_the_last_reading_of_its_minute():
    minutes = Minutes()
    minutes.online(1, 60, 5)
    minutes.online(1, 119, 7)
    minutes.totals(1, 90, 100, 3, None)
    minutes.online(1, 120, 9)

    assert minutes.take(120.0) == [(1, 1, 7, 100, 3, None)]
    assert minutes.take(120.0) == []
    assert minutes.take(float("inf")) == [(1, 2, 9, None, None, None)]


def test_buckets_that_could_not_be_written_are_kept_behind_newer_ones():
    minutes = Minutes()
    minutes.online(1, 60, 5)
    taken = minutes.take(float("inf"))
    minutes.online(1, 61, 6)

    minutes.put_back(taken)

    assert minutes.take(float("inf")) == [(1, 1, 6, None, None, None)]


def test_a_database_that_takes_nothing_does_not_fill_the_memory(monkeypatch, caplog):
    monkeypatch.setattr(samples, "KEPT", 3)
    minutes = Minutes()

    minutes.put_back([(pk, 1, pk, None, None, None) for pk in range(5)])

    assert [bucket[0] for bucket in minutes.take(float("inf"))] == [2, 3, 4]
    assert "2 minute samples are lost" in caplog.text


def test_short_readings_are_ten_seconds_apart():
    minutes = Minutes()

    assert [at for at in range(100, 130, 3) if minutes.due(1, at)] == [100, 112, 124]
    minutes.forget(1)
    assert minutes.due(1, 125)


@pytest.mark.django_db
def test_a_bucket_written_again_is_completed(stored, fence):
    assert samples.write([(stored.pk, 5, 10, None, 1, None)], fence=fence) == []
    samples.write([(stored.pk, 5, None, 99, 2, None)], fence=fence)

    found = Sample.objects.get()
    assert (found.online, found.reward, found.gifts, found.messages) == (10, 99, 2, None)


@pytest.mark.django_db
def test_many_buckets_are_written_in_chunks(stored, fence):
    buckets = [(stored.pk, minute, minute, None, None, None) for minute in range(1200)]

    assert samples.write(buckets, fence=fence) == []

    assert Sample.objects.count() == 1200


@pytest.mark.django_db
def test_an_older_leader_writes_no_samples(stored, fence):
    fencing.raise_fence("the next")

    with pytest.raises(Fenced):
        samples.write([(stored.pk, 5, 10, None, None, None)], fence=fence)


@pytest.mark.django_db
def test_what_a_locked_database_cannot_take_is_handed_back(stored, fence, monkeypatch):
    def locked(_):
        raise OperationalError("database is locked")

    monkeypatch.setattr(samples, "upsert", locked)
    monkeypatch.setattr(samples.connection, "close", lambda: None)
    bucket = (stored.pk, 5, 10, None, None, None)

    assert samples.write([bucket], fence=fence) == [bucket]


@pytest.mark.django_db
def test_what_the_database_refuses_is_dropped_not_tried_for_ever(
    stored, fence, monkeypatch, caplog
):
    def refused(_):
        raise DataError("no")

    monkeypatch.setattr(samples, "upsert", refused)

    assert samples.write([(stored.pk, 5, 10, None, None, None)], fence=fence) == []
    assert "refuses minute samples" in caplog.text
