"""Labels of classifiers: stored once, told once, refused in words."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.ingest import labels
from rooms.ingest.labels import Label
from rooms.models import Room, RoomEvent
from rooms.signals import labelled
from tests.support.factories import make_room


@pytest.fixture
def room(db) -> Room:
    return make_room("r", create_time=1, owner_account="", name="")


@pytest.fixture
def heard():
    told: list[list[str]] = []

    def hear(sender, room, labels, **_):
        told.append([event.detail["label"] for event in labels])

    labelled.connect(hear)
    yield told
    labelled.disconnect(hear)


def test_a_label_is_stored_and_told_once(room, heard, django_capture_on_commit_callbacks):
    found = [
        Label("blood", 91.5, "frame-1", at_ms=1000),
        Label("drugs", 40, "frame-2", account="guest"),
    ]
    with django_capture_on_commit_callbacks(execute=True):
        assert len(labels.store(room, found, source="api:eyes")) == 2
        assert labels.store(room, found, source="api:eyes") == []
        assert len(labels.store(room, found[:1], source="api:other")) == 1
    assert heard == [["blood", "drugs"], ["blood"]]
    first = RoomEvent.objects.earliest("pk")
    assert (first.kind, first.at_ms) == ("label", 1000)
    assert first.detail == {"label": "blood", "score": 91.5, "source": "api:eyes", "words": ""}


def test_the_same_key_twice_in_one_report_is_one_label(room):
    assert (
        len(labels.store(room, [Label("blood", 91, "a"), Label("blood", 92, "a")], source="x")) == 1
    )


def test_nothing_was_seen_that_is_still_to_come(room):
    (event,) = labels.store(room, [Label("blood", 91, "a", at_ms=2**52)], source="x")
    assert event.at_ms <= time.time() * 1000


@pytest.mark.parametrize(
    "label",
    [
        Label("", 50, "k"),
        Label(" ", 50, "k"),
        Label("n" * 61, 50, "k"),
        Label("n", -1, "k"),
        Label("n", 100.1, "k"),
        Label("n", float("nan"), "k"),
        Label("n", float("inf"), "k"),
        Label("n", 50, " "),
        Label("n", 50, "k", at_ms=-5),
        Label("n", 50, "k", at_ms=2**60),
    ],
)
def test_what_is_no_label_is_refused_and_nothing_of_its_report_is_stored(label, room):
    with pytest.raises(ValueError, match=r"label|score|time"):
        labels.store(room, [Label("blood", 91, "good"), label], source="x")
    assert not RoomEvent.objects.exists()


def test_a_report_has_a_bound(room):
    with pytest.raises(ValueError, match="100"):
        labels.store(room, [Label("n", 1, str(number)) for number in range(101)], source="x")


@given(
    st.builds(
        Label,
        name=st.text(),
        score=st.floats(),
        key=st.text(),
        account=st.text(),
        at_ms=st.none() | st.integers(),
        words=st.text(),
    ),
    st.text(),
)
def test_whatever_is_reported_fits_the_table_or_is_refused(label, source):
    try:
        event = labels.event_of(Room(pk=1), label, source=source, now_ms=10**12)
    except ValueError:
        return
    assert len(event.key) <= 120
    assert len(event.account) <= 128
    assert 0 < event.at_ms <= 10**12
    assert 0 <= event.detail["score"] <= 100
    assert (
        "\x00"
        not in event.account
        + event.detail["label"]
        + event.detail["words"]
        + event.detail["source"]
    )
