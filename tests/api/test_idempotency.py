"""A request sent again with its key is not carried out again."""

import uuid

import pytest

from moderation.models import Action, ApiRequest, Ban
from moderation.staff import tokens
from rooms.models import Room
from tests.moderation import acting

pytestmark = pytest.mark.django_db
END = {"room_id": "room-1", "reason": "violence"}


def test_the_same_key_and_body_get_the_same_answer_and_one_act(backend, room):
    first = backend.post("rooms/end", END, key="k-1")
    Action.objects.update(status="done")
    again = backend.post(
        "rooms/end", {"reason": "violence", "room_id": "room-1", "note": ""}, key="k-1"
    )

    assert first.status_code == again.status_code == 202
    assert again.json() == first.json()
    assert Action.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("rooms/end", {**END, "note": "another"}),
        ("rooms/end", {**END, "room_id": "room-2"}),
        ("bans", {"account": "room-1", "seconds": 60, "reason": "violence"}),
    ],
)
def test_the_same_key_with_another_request_is_refused_in_words(path, body, backend, room):
    backend.post("rooms/end", END, key="k-1")

    answer = backend.post(path, body, key="k-1")

    assert answer.status_code == 409
    assert "Idempotency-Key" in answer.json()["detail"]
    assert (Action.objects.count(), Ban.objects.count()) == (1, 0)


def test_two_backends_may_use_the_same_key(caller, room):
    caller(name="one").post(
        "bans", {"account": "a", "seconds": 60, "unseen": True, "reason": "violence"}, key="k-1"
    )
    answer = caller(name="two").post(
        "bans", {"account": "b", "seconds": 60, "unseen": True, "reason": "violence"}, key="k-1"
    )

    assert answer.json()["account"] == "b"
    assert Ban.objects.count() == 2


def test_a_refused_request_may_be_sent_again_with_its_key(backend, room):
    now = room.first_seen_at
    Room.objects.filter(pk=room.pk).update(ended_at=now)
    assert backend.post("rooms/end", END, key="k-1").status_code == 404
    assert not ApiRequest.objects.exists()

    Room.objects.filter(pk=room.pk).update(ended_at=None)
    assert backend.post("rooms/end", END, key="k-1").status_code == 202


@pytest.mark.parametrize("key", [None, " ", "a b", "ä", "x" * 201])
def test_without_a_proper_key_nothing_is_done(key, backend, room):
    answer = backend.post("rooms/end", END, key=key)

    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json()["detail"]
    assert not Action.objects.exists()


def test_a_request_that_failed_half_way_leaves_nothing(backend, room, monkeypatch):
    monkeypatch.setattr("moderation.audit.audit_log.record", lambda **_: 1 / 0)

    assert backend.post("rooms/end", END, key="k-1").status_code == 500
    assert not Action.objects.exists()
    assert not ApiRequest.objects.exists()


def test_who_was_first_is_told_when_a_person_did_the_same(backend, room, policy, people):

    first = acting.end_stream(
        by=people["moderator"], room=room, policy=policy, key=uuid.uuid4(), grace=3
    )

    answer = backend.post("rooms/end", END)

    assert answer.status_code == 202
    assert (answer.json()["number"], answer.json()["by"]) == (first.pk, "moderator")


def test_old_requests_are_forgotten(backend, room, policy):
    import datetime as dt

    from django.utils import timezone

    backend.post("rooms/end", END, key="k-1")
    old = timezone.now() - tokens.REQUESTS_KEPT - dt.timedelta(seconds=1)
    ApiRequest.objects.update(at=old)
    backend.post(
        "bans", {"account": "a", "seconds": 60, "unseen": True, "reason": "violence"}, key="k-2"
    )

    assert tokens.forget_requests() == 1
    assert list(ApiRequest.objects.values_list("key", flat=True)) == ["k-2"]
