"""The panel of a room's risk."""

import pytest
from django.urls import reverse
from django.utils import timezone

from moderation.attention import store
from moderation.models import RoomRisk
from rooms.models import Room
from tests.support.factories import log_in

TERMS = [["unseen", 20, 30], ["alerts", 42, 2], ["no such term", 9, 9]]


@pytest.fixture(autouse=True)
def in_time(monkeypatch):
    monkeypatch.setattr(store, "is_late", lambda: False)


@pytest.fixture
def panel(client, people):
    log_in(client, people["moderator"])
    return lambda room: client.get(reverse("room-risk", args=[room.pk])).content.decode()


def scored(room: Room) -> RoomRisk:
    return RoomRisk.objects.create(room=room, score=62, terms=TERMS, at=timezone.now())


def test_the_panel_says_the_sum_and_its_terms_the_largest_first(panel, room):
    scored(room)
    page = panel(room)
    assert "<b>62</b>" in page and "high" in page
    assert page.index("open alerts: 2") < page.index("not looked at for 30 minutes or more")
    assert "no such term" not in page
    assert "not updated" not in page


def test_a_room_without_a_score_says_why(panel, room):
    assert "Not scored yet" in panel(room)
    RoomRisk.objects.create(room=room, score=0, terms=[], at=timezone.now())
    assert "No term applies" in panel(room)
    Room.objects.update(ended_at=timezone.now())
    assert "Only live rooms" in panel(room)


def test_scores_that_nobody_keeps_up_to_date_say_so(panel, room, monkeypatch):
    scored(room)
    monkeypatch.setattr(store, "is_late", lambda: True)
    assert "Scores are not updated now" in panel(room)


def test_rows_are_told_the_risk_with_their_other_marks(client, people, room):
    scored(room)
    log_in(client, people["moderator"])
    answer = client.get(reverse("marks"), {"rooms": str(room.pk)}).json()
    assert answer["risk"] == {str(room.pk): [62, TERMS]}
