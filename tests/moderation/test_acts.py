"""Acts from order to outcome: each has exactly one effect, and every refusal says so."""

import datetime as dt
import uuid

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from liveapi import LiveApiError
from liveapi.messages import BannedAccount, BannedPage
from moderation import audit, execution, requests, rules, sweeping
from moderation.models import Action, AuditEntry, Ban
from tests.moderation.conftest import filled, make_room

pytestmark = pytest.mark.django_db
LOST = LiveApiError("no answer within 5 s", kind="timeout", retryable=True, command="destroy_room")
BUSY = LiveApiError("too often", kind="vendor", code=60007, retryable=True, command="destroy_room")
NEVER = LiveApiError("not permitted", kind="vendor", code=100006, command="destroy_room")


@pytest.fixture
def end(people, room, policy, service) -> Action:
    return requests.end_stream(by=people["moderator"], room=room, policy=policy, key=uuid.uuid4(), grace=0)


def log_in(client, person):
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_an_end_is_carried_out_read_back_and_recorded(end, service, room):
    execution.execute(end.pk)
    end.refresh_from_db()
    room.refresh_from_db()
    assert (end.status, end.request_id, end.result["verified"]) == ("done", "request-1", True)
    assert room.end_cause == "act"
    assert [entry.outcome for entry in AuditEntry.objects.filter(action_id=end.pk)] == ["done", "requested"]


def test_a_redelivered_act_changes_nothing(end, service):
    execution.execute(end.pk)
    execution.execute(end.pk)
    assert service.count("destroy_room") == 1


def test_nothing_goes_out_before_the_grace_is_over(people, room, policy, service):
    act = requests.end_stream(by=people["moderator"], room=room, policy=policy, grace=30)
    execution.execute(act.pk)
    assert service.calls == []
    requests.end_now(by=people["moderator"], action=act)
    execution.execute(act.pk)
    assert service.count("destroy_room") == 1


def test_an_undone_act_never_goes_out_and_undoing_too_late_is_refused(people, end, service, room, policy):
    requests.undo(by=people["moderator"], action=end)
    execution.execute(end.pk)
    assert service.calls == []
    again = requests.end_stream(by=people["moderator"], room=room, policy=policy, grace=0)
    execution.execute(again.pk)
    with pytest.raises(requests.Refused):
        requests.undo(by=people["moderator"], action=again)


def test_a_double_click_and_a_second_person_are_one_act(people, room, policy, end):
    same = requests.end_stream(by=people["moderator"], room=room, policy=policy, key=end.key)
    other = requests.end_stream(by=people["supervisor"], room=room, policy=policy, key=uuid.uuid4())
    assert same.pk == other.pk == end.pk
    assert other.by_name == "moderator"


def test_100004_on_a_destroy_is_already_ended(end, service, room):
    service.answers["destroy_room"] = LiveApiError("gone", kind="vendor", code=100004, command="destroy_room")
    execution.execute(end.pk)
    end.refresh_from_db()
    room.refresh_from_db()
    assert (end.status, room.is_live) == ("already", False)


def test_a_lost_answer_is_read_back_before_anything_is_repeated(end, service):
    service.answers["destroy_room"] = LOST
    execution.execute(end.pk)
    end.refresh_from_db()
    assert end.status == "unknown"
    Action.objects.filter(pk=end.pk).update(due_at=timezone.now())
    execution.execute(end.pk)
    end.refresh_from_db()
    assert (end.status, service.count("destroy_room")) == ("done", 1)


def test_a_worker_killed_between_call_and_record_leaves_one_effect(end, service):
    execution.claim(end.pk)
    Action.objects.filter(pk=end.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    sweeping.sweep()
    execution.execute(end.pk)
    end.refresh_from_db()
    assert (end.status, service.count("destroy_room")) == ("done", 0)


def test_a_worker_that_lost_its_claim_records_nothing(end, service):
    claimed = execution.claim(end.pk)
    Action.objects.filter(pk=end.pk).update(claim=uuid.uuid4())
    execution.succeeded(claimed, execution.Outcome("done"))
    end.refresh_from_db()
    assert end.status == "calling"


def test_a_busy_vendor_is_tried_again_and_a_refusal_is_final(end, service, people):
    service.answers["destroy_room"] = BUSY
    execution.execute(end.pk)
    end.refresh_from_db()
    assert (end.status, end.due_at > timezone.now()) == ("requested", True)
    service.answers["destroy_room"] = NEVER
    Action.objects.filter(pk=end.pk).update(due_at=timezone.now())
    service.answers["get_room_info"] = LiveApiError(
        "busy", kind="vendor", code=100006, command="get_room_info"
    )
    execution.execute(end.pk)
    end.refresh_from_db()
    assert (end.status, end.vendor_code, end.vendor_text) == ("failed", 100006, "not permitted")
    again = requests.retry(by=people["moderator"], action=end, key=uuid.uuid4())
    assert (again.retry_of, again.status) == (end, "requested")


def test_retrying_ends_when_its_time_is_over(end, service):
    service.answers["destroy_room"] = BUSY
    Action.objects.filter(pk=end.pk).update(give_up_at=timezone.now())
    execution.execute(end.pk)
    end.refresh_from_db()
    assert (end.status, end.vendor_code) == ("failed", 60007)


def test_a_warning_whose_answer_was_lost_is_not_sent_twice(people, room, policy, service):
    act = requests.warn_host(by=people["moderator"], room=room, policy=policy, key=uuid.uuid4())
    service.answers["send_custom_msg"] = LOST
    execution.execute(act.pk)
    execution.execute(act.pk)
    act.refresh_from_db()
    assert (act.status, service.count("send_custom_msg")) == ("failed", 1)


@pytest.mark.parametrize(
    ("verb", "command"),
    [
        ("mute", "mute_member"),
        ("unmute", "mute_member"),
        ("room_ban", "ban_member"),
        ("room_unban", "unban_member"),
    ],
)
def test_member_acts_call_their_command(verb, command, people, room, policy, service):
    act = requests.member_act(
        by=people["moderator"], verb=verb, room=room, account="troll", seconds=600, policy=policy
    )
    execution.execute(act.pk)
    act.refresh_from_db()
    assert (act.status, service.calls[0][0]) == ("done", command)


def test_a_stranded_order_is_queued_again(end, queue):
    queue.clear()
    Action.objects.filter(pk=end.pk).update(due_at=timezone.now() - dt.timedelta(minutes=1))
    sweeping.sweep()
    assert queue == [end.pk]


def test_the_order_and_its_entry_stand_or_fall_together(people, room, policy, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(audit, "record_action", broken)
    with pytest.raises(RuntimeError):
        requests.end_stream(by=people["moderator"], room=room, policy=policy)
    assert not Action.objects.exists()


@pytest.mark.parametrize(
    "change", ["UPDATE moderation_auditentry SET actor='x'", "DELETE FROM moderation_auditentry"]
)
def test_the_record_cannot_be_changed(change, end):
    before = list(AuditEntry.objects.values())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.all().delete()
    assert list(AuditEntry.objects.values()) == before != []


# --- Over HTTP ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("act-end", {"policy": ""}),
        ("act-end", {"policy": "none-such"}),
        ("act-end", {"key": "not a key"}),
        ("act-mute", {"account": ""}),
        ("act-mute", {"account": "troll", "seconds": "-5"}),
        ("act-room-ban", {"account": "host-of-room-1", "seconds": "600"}),
    ],
)
def test_an_order_that_lacks_something_is_refused_and_stores_nothing(name, fields, client, people, room):
    answer = log_in(client, people["moderator"]).post(reverse(name, args=[room.pk]), filled(**fields))
    assert answer.status_code in {409, 422}
    assert not Action.objects.exists()


def test_an_ended_broadcast_takes_no_order(client, people, room):
    room.ended_at = timezone.now()
    room.save()
    answer = log_in(client, people["moderator"]).post(reverse("act-end", args=[room.pk]), filled())
    assert answer.status_code == 409


def test_one_click_is_answered_with_events_for_the_page(client, people, room):
    url = reverse("act-end", args=[room.pk])
    answer = log_in(client, people["moderator"]).post(url, filled(), headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert "acted" in answer["HX-Trigger"]


def test_hostile_names_are_shown_as_text(client, people):
    room = make_room("<b>id</b>", name="<script>alert(1)</script>", owner_name='"><img src=x>')
    client = log_in(client, people["supervisor"])
    for url in ("/", f"/rooms/{room.pk}", f"/rooms/{room.pk}/act/end"):
        page = client.get(url).content.decode()
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page
        assert "<img src=x>" not in page


# --- Platform bans -------------------------------------------------------------------------------------


def test_a_ban_ends_the_rooms_of_its_account_and_reaches_large_rooms(
    people, policy, django_capture_on_commit_callbacks
):
    own, large, small = (
        make_room("own", owner_account="troll"),
        make_room("large", online=5000),
        make_room("small", online=5),
    )
    with django_capture_on_commit_callbacks(execute=True):
        requests.ban_account(by=people["banadmin"], account="troll", policy=policy, until=None)
    acts = {(act.room_id, act.verb, act.by_name) for act in Action.objects.all()}
    assert acts == {(own.pk, "end", "system:platform-ban"), (large.pk, "room_ban", "system:platform-ban")}
    assert small.pk not in {room for room, _, _ in acts}


def test_a_banned_account_is_banned_where_it_is_seen_and_its_new_room_is_ended(people, policy, room):
    Ban.objects.create(account="troll", policy=policy, by_name="x")
    rules.on_members_seen(None, room=room, accounts=frozenset({"troll", "other"}))
    rules.on_members_seen(None, room=room, accounts=frozenset({"troll"}))
    rules.on_room_opened(None, room=make_room("new", owner_account="troll"))
    assert sorted(Action.objects.values_list("verb", "account")) == [("end", ""), ("room_ban", "troll")]


def test_a_lifted_ban_is_taken_back_in_rooms_and_a_second_lift_is_refused(
    people, policy, room, django_capture_on_commit_callbacks
):
    ban = Ban.objects.create(account="troll", policy=policy, by_name="x")
    requests.enforce(ban, room)
    with django_capture_on_commit_callbacks(execute=True):
        requests.lift_ban(by=people["banadmin"], ban=ban, note="appeal granted")
    assert Action.objects.filter(verb="room_unban", account="troll").exists()
    with pytest.raises(requests.Refused):
        requests.lift_ban(by=people["banadmin"], ban=ban, note="again")


def test_a_ban_whose_time_is_over_is_closed_and_makes_room_for_another(people, policy):
    ban = Ban.objects.create(
        account="troll", policy=policy, by_name="x", until=timezone.now() - dt.timedelta(seconds=1)
    )
    sweeping.expire_bans()
    ban.refresh_from_db()
    assert not ban.in_force
    new = requests.ban_account(by=people["banadmin"], account="troll", policy=policy, until=None)
    assert new.pk != ban.pk
    assert (
        requests.ban_account(by=people["banadmin"], account="troll", policy=policy, until=None).pk == new.pk
    )


def test_a_permanent_ban_needs_the_account_twice(client, people):
    client = log_in(client, people["banadmin"])
    fields = filled(account="troll", seconds="0")
    assert client.post("/bans/new", fields).status_code == 422
    assert client.post("/bans/new", fields | {"again": "troll"}).status_code == 302
    assert Ban.objects.get().until is None


def test_all_pages_of_a_rooms_bans_are_read(service):
    first = BannedPage((BannedAccount("a", 1),), 1)
    service.answers["get_banned_member_list"] = [first, BannedPage((BannedAccount("b", 1),), 0)]
    assert execution.banned_accounts(service, "room") == {"a", "b"}


def test_a_supervisor_cannot_take_the_own_access_away(client, people):
    person = people["supervisor"]
    answer = log_in(client, person).post(f"/people/{person.pk}", {"role": "auditor", "is_active": "on"})
    assert answer.status_code == 422
