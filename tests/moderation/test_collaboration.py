"""Claims, notes, escalations, and one order for several rooms: what is stored, what is refused,
what is told.
"""

import uuid

import pytest
from django.utils import timezone

from moderation.actions import bulk
from moderation.collaboration import claims, notes
from moderation.core.errors import Refused
from moderation.models import Action, Alert, AuditEntry, Claim, Note
from rooms import signals
from rooms.live import push
from rooms.models import Room
from tests.support.factories import log_in, make_room

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def told(monkeypatch):
    said = []
    monkeypatch.setattr(push, "publish_claim", lambda room, claim: said.append((room, claim)))
    return said


@pytest.fixture
def moderator(people):
    return people["moderator"]


# --- Claims ---------------------------------------------------------------------------------------


def test_a_claim_is_recorded_told_and_given_back(
    room, moderator, told, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        claims.claim(by=moderator, room=room)
    assert told[-1][0] == room.pk and told[-1][1]["person"] == moderator.pk
    assert claims.of([room.pk])[room.pk]["by"] == moderator.staff.code_name
    with django_capture_on_commit_callbacks(execute=True):
        assert claims.release(by=moderator, room=room)
    assert told[-1] == (room.pk, None)
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", "room_id")) == [
        ("claim", room.room_id),
        ("release_claim", room.room_id),
    ]


def test_claimed_twice_by_the_same_person_is_one_claim(room, moderator):
    assert claims.claim(by=moderator, room=room) == claims.claim(by=moderator, room=room)
    assert Claim.objects.count() == AuditEntry.objects.count() == 1


def test_a_colleagues_room_is_refused_by_name_and_taken_over_when_that_is_meant(
    room, people, moderator
):
    first = claims.claim(by=people["supervisor"], room=room)
    with pytest.raises(Refused, match=first.code_name):
        claims.claim(by=moderator, room=room)
    with pytest.raises(Refused, match=first.code_name):
        claims.release(by=moderator, room=room)
    claims.claim(by=moderator, room=room, take_over=True)
    first.refresh_from_db()
    assert first.released_by_name == "moderator"
    assert claims.of([room.pk])[room.pk]["person"] == moderator.pk


def test_a_claim_ends_with_the_broadcast(room, moderator):
    claims.claim(by=moderator, room=room)
    signals.room_ended.send(None, room=room)
    assert Claim.objects.get().released_by_name == "system:ended"


def test_a_broadcast_that_is_over_is_claimed_by_nobody(room, moderator):
    Room.objects.filter(pk=room.pk).update(ended_at=timezone.now())
    room.refresh_from_db()
    with pytest.raises(Refused, match="ended"):
        claims.claim(by=moderator, room=room)


def test_the_click_toggles(client, room, people):
    log_in(client, people["moderator"])
    assert (
        client.post(
            f"/rooms/{room.pk}/claim", {"held": "1"}, headers={"hx-request": "true"}
        ).status_code
        == 204
    )
    assert Claim.objects.get().released_at is None
    client.post(f"/rooms/{room.pk}/claim", headers={"hx-request": "true"})
    assert Claim.objects.get().released_at


# --- Notes ----------------------------------------------------------------------------------------


def test_a_note_is_kept_once_and_read_at_every_room_of_the_host(room, moderator):
    key = uuid.uuid4()
    first = notes.write(by=moderator, room=room, text=" watch this one ", key=key)
    assert notes.write(by=moderator, room=room, text="again", key=key) == first
    other = make_room("other", owner_account=room.owner_account)
    assert [note.text for note in notes.about(other)] == ["watch this one"]
    assert AuditEntry.objects.get().note == "watch this one"


def test_a_note_is_taken_back_by_its_writer_alone_and_stays_readable(
    client, room, people, moderator
):
    note = notes.write(by=moderator, room=room, text="wrong room", key=uuid.uuid4())
    with pytest.raises(Refused) as refused:
        notes.take_back(by=people["supervisor"], note=note)
    assert refused.value.status == 403
    notes.take_back(by=moderator, note=note)
    notes.take_back(by=moderator, note=note)
    assert [entry.outcome for entry in AuditEntry.objects.order_by("pk")] == ["done", "undone"]
    html = log_in(client, people["auditor"]).get(f"/rooms/{room.pk}/timeline").content.decode()
    assert "<del>wrong room</del>" in html


def test_a_note_of_markup_is_text(client, room, people, moderator):
    notes.write(by=moderator, room=room, text="<script>x</script>", key=uuid.uuid4())
    html = log_in(client, people["moderator"]).get(f"/rooms/{room.pk}/timeline").content.decode()
    assert "<script>x" not in html and "&lt;script&gt;x" in html


def test_an_empty_note_is_refused_in_the_form(client, room, people):
    log_in(client, people["moderator"])
    assert (
        client.post(f"/rooms/{room.pk}/note", {"text": " ", "key": str(uuid.uuid4())}).status_code
        == 422
    )
    assert not Note.objects.exists()


# --- Escalations ----------------------------------------------------------------------------------


def test_an_escalation_stands_first_in_the_queue_and_counts_when_called_again(
    client, room, people, policy
):
    log_in(client, people["moderator"])
    for _ in range(2):
        answer = client.post(
            f"/rooms/{room.pk}/escalate", {"policy": policy.code, "note": "come and see"}
        )
        assert answer.status_code == 303
    alert = Alert.objects.get()
    assert (alert.severity, alert.count, alert.evidence["words"]) == (3, 2, "come and see")
    assert AuditEntry.objects.filter(verb="escalate", reason=policy.code).count() == 2


def test_an_escalation_needs_a_reason(client, room, people):
    log_in(client, people["moderator"])
    assert client.post(f"/rooms/{room.pk}/escalate", {"note": "come"}).status_code == 422
    assert not Alert.objects.exists()


# --- One order for several rooms ------------------------------------------------------------------


def test_each_room_gets_an_act_of_its_own_and_a_repeat_is_the_same_acts(moderator, policy):
    rooms = [make_room(f"r{number}") for number in range(3)]
    key = uuid.uuid4()
    for _ in range(2):
        said = bulk.order(by=moderator, verb="warn", rooms=rooms, policy=policy, key=key)
        assert [one.action.verb for one in said] == ["warn"] * 3
    assert Action.objects.count() == 3


def test_one_that_is_refused_does_not_hold_up_the_others(moderator, policy):
    over, on_air = make_room("over"), make_room("on air")
    Room.objects.filter(pk=over.pk).update(ended_at=timezone.now())
    over.refresh_from_db()
    said = bulk.order(
        by=moderator, verb="end", rooms=[over, on_air], policy=policy, key=uuid.uuid4()
    )
    assert [bool(one.action) for one in said] == [False, True]
    assert "ended" in said[0].words


def test_many_rooms_need_their_number_typed(client, people, policy, settings):
    settings.BULK_LIMIT = 2
    log_in(client, people["moderator"])
    pks = ",".join(str(make_room(f"r{number}").pk) for number in range(3))
    asked = {"verb": "warn", "rooms": pks, "policy": policy.code, "key": str(uuid.uuid4())}
    for count in ("", "2"):
        answer = client.post(
            "/rooms/several", asked | {"count": count}, headers={"hx-request": "true"}
        )
        assert "Type the number" in answer.content.decode()
    assert not Action.objects.exists()
    assert client.post("/rooms/several", asked | {"count": "3"}).status_code == 200
    assert Action.objects.count() == 3


@pytest.mark.parametrize(
    "asked",
    [
        {"verb": "mute"},
        {"rooms": "x"},
        {"rooms": ""},
        {"rooms": ",".join(["1"] * 201)},
        {"key": "no"},
        {"policy": "none-such"},
        {"policy": ""},
        {"rooms": "99999999"},
    ],
)
def test_nonsense_orders_nothing(client, people, policy, room, asked):
    log_in(client, people["moderator"])
    right = {"verb": "warn", "rooms": str(room.pk), "policy": policy.code, "key": str(uuid.uuid4())}
    assert client.post("/rooms/several", right | asked).status_code in {200, 422}
    assert not Action.objects.exists()


@pytest.mark.parametrize("verb", bulk.VERBS)
def test_who_may_not_do_it_to_one_may_not_do_it_to_several(client, people, policy, room, verb):
    log_in(client, people["auditor"])
    asked = {"verb": verb, "rooms": str(room.pk), "policy": policy.code, "key": str(uuid.uuid4())}
    assert client.post("/rooms/several", asked).status_code == 403
    assert not Action.objects.exists() and not Claim.objects.exists()
