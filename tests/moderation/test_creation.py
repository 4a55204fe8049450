"""Rooms made by the console: what may be planned, exactly one creation, and what each refusal is
called.
"""

import datetime as dt
import uuid
from dataclasses import fields

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from liveapi import LiveApiError
from liveapi.accounts import AccountCheck
from liveapi.messages import RoomInfo
from moderation.core import broker
from moderation.core.errors import Refused
from moderation.core.room_fields import NewRoom, room_of
from moderation.models import AuditEntry, Ban, Hold, PlannedRoom, TimeLimit
from moderation.provisioning import executor, plans
from moderation.worker import recovery
from rooms.ingest import notify, room_writer
from rooms.live import demand
from rooms.models import Room

LOST = LiveApiError("no answer in time", kind="timeout", retryable=True, command="create_room")
GONE = LiveApiError("gone", kind="vendor", code=100004, command="get_room_info")


def refusal(code: int, **more) -> LiveApiError:
    return LiveApiError(f"code {code}", kind="vendor", code=code, command="create_room", **more)


def told(room_id="show-1", owner="host-1", **more) -> RoomInfo:
    known = {
        "create_time": int(timezone.now().timestamp()),
        "owner_account": owner,
        "is_public_visible": False,
    }
    return RoomInfo(room_id, **(known | more))


@pytest.fixture(autouse=True)
def planned(monkeypatch):
    """What was queued, as (plan, seconds); nothing is pushed."""
    queued = []
    monkeypatch.setattr(
        broker, "enqueue_creation", lambda pk, delay=0.0: queued.append((pk, delay)) or True
    )
    monkeypatch.setattr(notify, "tell", lambda changes: None)
    monkeypatch.setattr(demand, "discover", lambda room_id: None)
    monkeypatch.setattr(demand, "want_hosts", lambda seconds: None)
    return queued


@pytest.fixture
def plan(policy, django_capture_on_commit_callbacks):
    """plan(**fields): a new plan by a rule of the tests."""

    def make(**fields):
        more = {name: fields.pop(name) for name in ("by", "key", "note") if name in fields}
        room = NewRoom(**{"room_id": "show-1", "owner_account": "host-1"} | fields)
        with django_capture_on_commit_callbacks(execute=True):
            return plans.plan_room(room, **{"by": "system:test", "policy": policy} | more)

    return make


@pytest.fixture
def answers(service):
    """The vendor makes every room and then tells of it."""
    service.answers |= {"create_room": None, "get_room_info": told(), "account_import": None}
    return service.answers


def now_due(made: PlannedRoom) -> None:
    PlannedRoom.objects.filter(pk=made.pk).update(due_at=timezone.now())


def outcomes(made: PlannedRoom) -> list[str]:
    entries = AuditEntry.objects.filter(verb="create_room", room_id=made.room_id).order_by("pk")
    return list(entries.values_list("outcome", flat=True))


# --- Planning -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_plan_is_stored_with_its_entry_and_queued(plan, planned):
    made = plan(name="Evening show", categories=[1, 2], time_limit_seconds=3600)
    assert (made.status, made.visibility, made.by_name) == ("planned", "on_start", "system:test")
    assert planned == [(made.pk, 0.0)]
    entry = AuditEntry.objects.get(verb="create_room")
    assert (entry.outcome, entry.account, entry.room_id, entry.reason) == (
        "planned",
        "host-1",
        "show-1",
        "violence",
    )
    assert entry.after["time_limit_seconds"] == 3600


@pytest.mark.django_db
def test_a_plan_for_later_is_left_to_the_sweep(plan, planned, service):
    made = plan(starts_at=timezone.now() + dt.timedelta(hours=2))
    assert planned == []
    executor.create(made.pk)
    assert service.calls == []
    now_due(made)
    recovery.sweep()
    assert planned == [(made.pk, 0.0)]


@pytest.mark.django_db
def test_the_same_key_is_the_same_plan(plan, planned):
    key = uuid.uuid4()
    assert plan(key=key).pk == plan(key=key).pk
    assert len(planned) == 1
    assert PlannedRoom.objects.count() == 1


@pytest.mark.django_db
def test_a_key_is_good_for_one_room(plan):
    key = uuid.uuid4()
    plan(key=key)
    with pytest.raises(Refused, match="used for something else"):
        plan(key=key, room_id="show-2")


@pytest.mark.django_db
def test_a_room_is_planned_once_at_a_time(plan):
    plan()
    with pytest.raises(Refused, match=r"scheduled already: by system:test") as refused:
        plan()
    assert refused.value.status == 409
    assert PlannedRoom.objects.count() == 1


WRONG = {
    "room_id": ["", "x" * 49, "räume", "a\nb", " a"],
    "owner_account": ["", "x" * 33, "a\x00b"],
    "name": ["ä" * 51, "a\x07"],
    "cover_url": ["javascript:alert(1)", "https://x/" + "y" * 191],
    "notice": ["n" * 101],
    "categories": [[1, 2, 3, 4], [-1], [2**32], [True], ["1"]],
    "seat_template": ["", "Karaoke"],
    "take_seat_mode": ["Whenever"],
    "visibility": ["maybe"],
    "time_limit_seconds": [0, 59, 30 * 86400 + 1],
    "starts_at": [dt.datetime(2000, 1, 1, tzinfo=dt.UTC), dt.datetime(2100, 1, 1, tzinfo=dt.UTC)],
}


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field, values in WRONG.items() for value in values]
)
def test_what_the_vendor_would_refuse_is_refused_before_the_call(field, value):
    given_fields = {"room_id": "show-1", "owner_account": "host-1"} | {field: value}
    assert list(plans.check(NewRoom(**given_fields))) == [field]


def test_the_limits_themselves_are_taken():
    fields = {
        "room_id": "x" * 48,
        "owner_account": "h" * 32,
        "name": "ä" * 50,
        "notice": "n" * 100,
        "cover_url": "https://x/" + "y" * 190,
        "categories": [0, 1, 2**32 - 1],
        "time_limit_seconds": 60,
        "starts_at": timezone.now() + dt.timedelta(days=89),
    }
    assert plans.check(NewRoom(**fields)) == {}


@given(st.text(), st.text(), st.text(), st.lists(st.integers()))
def test_any_text_gets_an_answer_and_what_passes_fits_the_call(room_id, owner, name, categories):
    room = NewRoom(room_id=room_id, owner_account=owner, name=name, categories=categories)
    wrong = plans.check(room)
    assert all(isinstance(words, str) and words for words in wrong.values())
    if not wrong:
        executor.call_of(room)


@pytest.mark.django_db
def test_a_plan_keeps_every_field_of_the_room(plan):
    asked = {
        "name": "Evening show",
        "cover_url": "https://x/y",
        "notice": "at eight",
        "categories": [1, 2],
        "seat_template": "VideoLandscape4Seat",
        "take_seat_mode": "ApplyToTake",
        "visibility": "hidden",
        "import_owner": True,
        "time_limit_seconds": 60,
        "starts_at": timezone.now() + dt.timedelta(hours=2),
    }
    room = NewRoom(room_id="show-1", owner_account="host-1", **asked)
    assert asked.keys() | {"room_id", "owner_account"} == {each.name for each in fields(NewRoom)}
    made = PlannedRoom.objects.get(pk=plan(**asked).pk)
    assert room_of(made) == room
    assert executor.call_of(room_of(made)).body == executor.call_of(room).body


@pytest.mark.django_db
def test_a_refused_plan_leaves_nothing(plan):
    with pytest.raises(Refused) as refused:
        plan(name="n" * 101)
    assert refused.value.status == 422
    assert not PlannedRoom.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db
def test_a_banned_owner_gets_no_room(plan, policy):
    Ban.objects.create(account="host-1", policy=policy, by_name="x")
    with pytest.raises(Refused, match="banned from the platform"):
        plan()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "held", [{"room_id": "show-1"}, {"room_id": "other", "owner_account": "host-1"}]
)
def test_what_is_held_off_gets_no_room(plan, policy, held):
    Hold.objects.create(
        **held, policy=policy, by_name="x", until=timezone.now() + dt.timedelta(minutes=5)
    )
    with pytest.raises(Refused, match="re-open block"):
        plan()


@pytest.mark.django_db
def test_who_was_banned_before_the_start_gets_no_room(plan, policy, service):
    made = plan()
    Ban.objects.create(account="host-1", policy=policy, by_name="x")
    executor.create(made.pk)
    made.refresh_from_db()
    assert (made.status, service.calls) == ("failed", [])
    assert "banned" in made.vendor_text


# --- Creating -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_room_is_created_read_back_and_known(plan, service, answers):
    made = plan(name="Evening show", notice="Welcome", categories=[7], cover_url="https://x/y.png")
    executor.create(made.pk)
    made.refresh_from_db()
    assert made.status == "created"
    assert made.broadcast == Room.objects.live().get(room_id="show-1")
    sent = next(body for command, body in service.calls if command == "create_room")["RoomInfo"]
    assert sent == {
        "RoomId": "show-1",
        "RoomType": "Live",
        "Owner_Account": "host-1",
        "IsUnlimitedRoomEnabled": True,
        "SeatTemplate": "VideoDynamicGrid9Seats",
        "IsPublicVisible": False,
        "RoomName": "Evening show",
        "Notice": "Welcome",
        "Category": [7],
        "CoverURL": "https://x/y.png",
        "TakeSeatMode": "FreeToTake",
    }
    assert outcomes(made) == ["planned", "created"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("visibility", "visible"), [("public", True), ("on_start", False), ("hidden", False)]
)
def test_only_a_public_room_is_listed_at_once(visibility, visible, plan, service, answers):
    executor.create(plan(visibility=visibility).pk)
    sent = next(body for command, body in service.calls if command == "create_room")["RoomInfo"]
    assert sent["IsPublicVisible"] is visible


@pytest.mark.django_db
def test_a_second_worker_finds_nothing_to_do(plan, service, answers):
    made = plan()
    executor.create(made.pk)
    executor.create(made.pk)
    assert service.count("create_room") == 1


@pytest.mark.django_db
def test_a_missing_owner_is_imported_when_asked(plan, service, answers):
    answers["account_check"] = (AccountCheck("host-1", False, 0),)
    made = plan(import_owner=True)
    executor.create(made.pk)
    assert [command for command, _ in service.calls][:3] == [
        "account_check",
        "account_import",
        "create_room",
    ]
    assert AuditEntry.objects.filter(verb="import_account", account="host-1").exists()


@pytest.mark.django_db
def test_an_account_that_is_there_is_not_imported_again(plan, service, answers):
    answers["account_check"] = (AccountCheck("host-1", True, 0),)
    executor.create(plan(import_owner=True).pk)
    assert service.count("account_import") == 0


@pytest.mark.django_db
def test_a_lost_answer_is_read_back_before_anything_is_sent_again(plan, service, answers, planned):
    answers["create_room"] = LOST
    made = plan()
    executor.create(made.pk)
    made.refresh_from_db()
    assert made.status == "unknown"
    now_due(made)
    executor.create(made.pk)
    made.refresh_from_db()
    assert (made.status, made.vendor_code) == ("created", None)
    assert service.count("create_room") == 1
    assert outcomes(made) == ["planned", "unknown", "created"]


@pytest.mark.django_db
def test_what_reading_back_does_not_find_is_sent_again(plan, service, answers):
    answers |= {"create_room": [LOST, None], "get_room_info": [GONE, told()]}
    made = plan()
    executor.create(made.pk)
    now_due(made)
    executor.create(made.pk)
    made.refresh_from_db()
    assert (made.status, service.count("create_room")) == ("created", 2)


@pytest.mark.django_db
def test_a_room_that_another_owner_has_is_not_taken_for_ours(plan, service, answers):
    answers |= {"create_room": LOST, "get_room_info": told(owner="somebody")}
    made = plan()
    executor.create(made.pk)
    now_due(made)
    executor.create(made.pk)
    made.refresh_from_db()
    assert (made.status, made.vendor_code, service.count("create_room")) == ("failed", 100003, 1)


@pytest.mark.django_db
def test_a_worker_that_died_while_calling_is_read_back(
    plan, service, answers, planned, django_capture_on_commit_callbacks
):
    made = plan()
    claimed = executor.claim(made.pk)
    with pytest.raises(LiveApiError):
        answers["create_room"] = LOST
        executor.ask(service, claimed, executor.call_of(room_of(claimed)), sends=True)
    PlannedRoom.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        executor.sweep()
    made.refresh_from_db()
    assert made.status == "unknown"
    executor.create(made.pk)
    made.refresh_from_db()
    assert (made.status, service.count("create_room")) == ("created", 1)


@pytest.mark.django_db
def test_a_claim_that_was_taken_over_records_nothing(plan, answers):
    made = plan()
    claimed = executor.claim(made.pk)
    PlannedRoom.objects.update(claim=uuid.uuid4())
    assert not executor.settle(claimed, status="created")
    assert outcomes(made) == ["planned"]


@pytest.mark.django_db
def test_a_room_of_the_owner_that_was_there_is_used_as_it_is(plan, service, answers):
    answers["create_room"] = refusal(100010)
    made = plan()
    executor.create(made.pk)
    made.refresh_from_db()
    assert (made.status, made.vendor_code) == ("created", 100010)
    assert made.broadcast is not None
    assert "used as it is" in plans.advice(made)


@pytest.mark.django_db
@pytest.mark.parametrize("code", [100002, 100007, 100011, 100013, 70107])
def test_a_plain_refusal_fails_with_what_to_do(code, plan, service, answers):
    answers["create_room"] = refusal(code)
    made = plan()
    executor.create(made.pk)
    made.refresh_from_db()
    assert (made.status, made.vendor_code, made.called_at) == ("failed", code, None)
    assert plans.advice(made)
    assert service.count("create_room") == 1


@pytest.mark.django_db
def test_a_room_of_somebody_else_fails_with_what_to_do(plan, answers):
    answers |= {"create_room": refusal(100003), "get_room_info": told(owner="somebody")}
    made = plan()
    executor.create(made.pk)
    made.refresh_from_db()
    assert (made.status, made.vendor_code) == ("failed", 100003)
    assert "Choose another RoomId" in plans.advice(made)


@pytest.mark.django_db
def test_created_too_often_is_tried_again_by_itself(
    plan, answers, planned, django_capture_on_commit_callbacks
):
    answers["create_room"] = [refusal(100012, retryable=True), None]
    made = plan()
    with django_capture_on_commit_callbacks(execute=True):
        executor.create(made.pk)
    made.refresh_from_db()
    assert made.status == "planned"
    assert planned[-1][0] == made.pk
    assert planned[-1][1] > 1.0
    now_due(made)
    executor.create(made.pk)
    made.refresh_from_db()
    assert made.status == "created"


@pytest.mark.django_db
def test_what_stays_unknown_is_given_up_at_its_time(plan, answers):
    answers |= {"create_room": LOST, "get_room_info": LOST}
    made = plan()
    PlannedRoom.objects.update(give_up_at=timezone.now())
    executor.create(made.pk)
    made.refresh_from_db()
    assert made.status == "failed"
    assert made.called_at is not None  # it may be there all the same, and the page says so


@pytest.mark.django_db
def test_a_room_that_could_not_be_read_is_found_later(plan, answers):
    answers["get_room_info"] = LOST
    made = plan()
    executor.create(made.pk)
    made.refresh_from_db()
    assert (made.status, made.broadcast) == ("created", None)
    answers["get_room_info"] = told()
    recovery.sweep()
    made.refresh_from_db()
    assert made.broadcast is not None


@pytest.mark.django_db
def test_an_error_of_the_console_is_recorded_and_read_back(plan, service, answers, monkeypatch):
    made = plan()
    monkeypatch.setattr(room_writer, "upsert_room", lambda info, at: 1 / 0)
    executor.create(made.pk)
    made.refresh_from_db()
    assert made.status == "unknown"


@pytest.mark.django_db
def test_the_time_limit_is_handed_over(plan, answers):
    executor.create(plan(time_limit_seconds=1800).pk)
    assert TimeLimit.objects.get(room_id="show-1").seconds == 1800


# --- Taking back, trying again --------------------------------------------------------------------


@pytest.mark.django_db
def test_a_plan_is_cancelled_before_it_is_carried_out(plan, service):
    made = plan(starts_at=timezone.now() + dt.timedelta(hours=1))
    plans.cancel(by="system:test", plan=made, note="rain")
    plans.cancel(by="system:test", plan=made)
    now_due(made)
    executor.create(made.pk)
    assert service.calls == []
    assert outcomes(made) == ["planned", "cancelled"]
    assert AuditEntry.objects.get(outcome="cancelled").note == "rain"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "words"), [("creating", "Too late"), ("unknown", "Too late"), ("created", "Only")]
)
def test_what_is_under_way_cannot_be_cancelled(plan, status, words):
    made = plan()
    PlannedRoom.objects.update(status=status)
    with pytest.raises(Refused, match=words):
        plans.cancel(by="system:test", plan=made)


@pytest.mark.django_db
def test_a_failed_plan_is_tried_again_with_the_account_imported(plan, service, answers):
    answers["create_room"] = [refusal(70107), None]
    answers["account_check"] = (AccountCheck("host-1", False, 0),)
    first = plan(name="Evening show", time_limit_seconds=600)
    executor.create(first.pk)
    first.refresh_from_db()
    again = plans.retry(by="system:test", plan=first, key=uuid.uuid4(), import_owner=True)
    executor.create(again.pk)
    again.refresh_from_db()
    assert (again.status, again.name, again.time_limit_seconds) == ("created", "Evening show", 600)
    assert service.count("account_import") == 1


@pytest.mark.django_db
def test_only_what_failed_is_tried_again(plan):
    with pytest.raises(Refused, match="failed"):
        plans.retry(by="system:test", plan=plan(), key=uuid.uuid4())


def test_the_audience_link_holds_an_escaped_room_id(settings):
    settings.AUDIENCE_LINK = "https://live.example/watch/{room_id}?x=1"
    assert plans.audience_link("a/b &c") == "https://live.example/watch/a%2Fb%20%26c?x=1"
    settings.AUDIENCE_LINK = ""
    assert plans.audience_link("a") == ""
