"""Acts from order to outcome: each has exactly one effect, and every refusal says so."""

import datetime as dt
import uuid
from concurrent import futures

import pytest
from django.urls import reverse
from django.utils import timezone

from liveapi import LiveApiError
from liveapi.messages import BannedAccount, BannedPage, MutedAccount, RoomInfo
from moderation.actions import amendments, queries
from moderation.actions.handlers import members
from moderation.audit import audit_log
from moderation.core import broker
from moderation.core.errors import Refused
from moderation.models import Action, AuditEntry, Ban
from moderation.worker import executor, recovery
from rooms.models import Room
from tests.moderation import acting
from tests.support.factories import filled, log_in, make_room

pytestmark = pytest.mark.django_db
LOST = LiveApiError("no answer within 5 s", kind="timeout", retryable=True, command="destroy_room")
BUSY = LiveApiError("too often", kind="vendor", code=60007, retryable=True, command="destroy_room")
NEVER = LiveApiError("not permitted", kind="vendor", code=100006, command="destroy_room")


@pytest.fixture
def end(people, room, policy, service) -> Action:
    return acting.end_stream(
        by=people["moderator"], room=room, policy=policy, key=uuid.uuid4(), grace=0
    )


def test_an_end_is_carried_out_read_back_and_recorded(end, service, room):
    executor.execute(end.pk)
    for _ in range(2):  # redelivered, it says the same thing once
        executor.verify(end.pk)
    end.refresh_from_db()
    room.refresh_from_db()
    assert (end.status, end.request_id, end.result["verified"]) == ("done", "request-1", True)
    assert room.end_cause == "act"
    outcomes = [entry.outcome for entry in AuditEntry.objects.filter(action_id=end.pk)]
    assert outcomes == ["verified", "done", "requested"]


def test_an_unverified_end_is_read_back_by_the_sweep_and_reported_as_not_verified(
    end, service, room, monkeypatch
):
    asked = []
    monkeypatch.setattr(broker, "enqueue_verification", lambda pk: asked.append(pk) or True)
    service.answers["get_room_info"] = RoomInfo(room.room_id, create_time=room.create_time)
    executor.execute(end.pk)
    executor.verify(end.pk)
    end.refresh_from_db()
    assert end.needs_verifying
    Action.objects.update(finished_at=timezone.now() - dt.timedelta(minutes=2))
    recovery.sweep()
    assert asked == [end.pk]
    executor.verify(end.pk)
    end.refresh_from_db()
    assert (end.needs_verifying, end.result["verified"]) == (False, False)
    assert AuditEntry.objects.filter(outcome="not verified").count() == 1


@pytest.fixture
def three_mutes(people, policy, service) -> list[Action]:
    rooms = [make_room(f"one-of-{n}") for n in range(3)]
    return [
        acting.member_act(
            by=people["moderator"],
            verb="mute",
            room=room,
            account="a",
            policy=policy,
            seconds=60,
            key=uuid.uuid4(),
        )
        for room in rooms
    ]


def states(acts) -> list[str]:
    return list(
        Action.objects.filter(pk__in=[act.pk for act in acts])
        .order_by("pk")
        .values_list("status", flat=True)
    )


def test_the_acts_of_one_message_are_all_carried_out_but_those_that_somebody_has(
    three_mutes, service
):
    executor.claim(three_mutes[1].pk)
    executor.execute(*(act.pk for act in three_mutes))
    assert states(three_mutes) == ["done", "calling", "done"]
    assert service.count("mute_member") == 2


@pytest.fixture
def shared_out(monkeypatch):
    """A worker's threads, in this thread: its connection is in the transaction of the test and
    stays open.
    """
    threads, closed = Threads(), []
    monkeypatch.setattr(executor, "_threads", threads)
    monkeypatch.setattr(executor, "close_old_connections", lambda: closed.append(True))
    yield threads
    assert len(closed) == len(threads.work)


class Threads(futures.Executor):
    """A worker's threads: what they are given to do, done when the test says so."""

    def __init__(self, *, ending: bool = False) -> None:
        self.work, self.ending = [], ending

    def submit(self, does, *given):
        if self.ending:
            raise RuntimeError("cannot schedule new futures after shutdown")
        self.work.append((does, given))


def test_the_worker_shares_them_out_among_its_threads(three_mutes, shared_out):
    executor.execute(*(act.pk for act in three_mutes))
    assert sorted(states(three_mutes)) == ["calling", "calling", "done"]
    for does, given in shared_out.work:
        does(*given)
    assert states(three_mutes) == ["done"] * 3


def test_a_worker_that_is_about_to_end_carries_them_out_itself(three_mutes, monkeypatch):
    monkeypatch.setattr(executor, "_threads", Threads(ending=True))
    executor.execute(*(act.pk for act in three_mutes))
    assert states(three_mutes) == ["done"] * 3


def test_an_error_in_a_thread_is_logged(three_mutes, shared_out, monkeypatch, caplog):
    monkeypatch.setattr(executor, "succeeded", lambda *_: 1 / 0)
    [claimed] = executor.claim(three_mutes[0].pk)
    executor.hand_over(claimed)
    [(does, given)] = shared_out.work
    does(*given)
    assert "ZeroDivisionError" in caplog.text


def test_a_redelivered_act_changes_nothing(end, service):
    executor.execute(end.pk)
    executor.execute(end.pk)
    assert service.count("destroy_room") == 1


def test_nothing_goes_out_before_the_grace_is_over(people, room, policy, service):
    act = acting.end_stream(by=people["moderator"], room=room, policy=policy, grace=30)
    executor.execute(act.pk)
    assert service.calls == []
    past_the_slip(act)
    amendments.end_now(by=people["moderator"], action=act)
    executor.execute(act.pk)
    assert service.count("destroy_room") == 1


def past_the_slip(act: Action) -> None:
    """As if the order had been given some seconds ago."""
    Action.objects.filter(pk=act.pk).update(requested_at=timezone.now() - dt.timedelta(seconds=2))
    act.refresh_from_db()


def test_the_second_tap_of_two_does_not_cut_the_grace_short(client, people, room, policy, service):
    client = log_in(client, people["moderator"])
    act = acting.end_stream(by=people["moderator"], room=room, policy=policy, grace=30)
    Action.objects.filter(pk=act.pk).update(
        requested_at=timezone.now() + dt.timedelta(hours=1)
    )  # however slow this is
    address = reverse("act-now", args=[act.pk])
    answer = client.post(address, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "right after" in answer.content.decode()
    executor.execute(act.pk)
    assert service.calls == []
    past_the_slip(act)
    assert client.post(address, headers={"HX-Request": "true"}).status_code == 204
    assert (
        client.post(address, headers={"HX-Request": "true"}).status_code == 204
    )  # it is under way: a success


def test_end_now_after_a_colleagues_undo_says_who_took_it_back(
    client, people, room, policy, service
):
    act = acting.end_stream(by=people["moderator"], room=room, policy=policy, grace=30)
    past_the_slip(act)
    amendments.undo(by=people["supervisor"], action=act)
    answer = log_in(client, people["moderator"]).post(reverse("act-now", args=[act.pk]))
    assert answer.status_code == 409
    assert "supervisor took this end back at" in answer.content.decode()
    assert AuditEntry.objects.filter(action_id=act.pk, outcome="hastened").count() == 0


def test_end_now_of_a_failed_end_says_so(people, room, policy, service):
    act = acting.end_stream(by=people["moderator"], room=room, policy=policy, grace=30)
    past_the_slip(act)
    Action.objects.filter(pk=act.pk).update(status="failed")
    act.refresh_from_db()
    with pytest.raises(Refused):
        amendments.end_now(by=people["moderator"], action=act)


def test_an_undone_act_never_goes_out_and_undoing_too_late_is_refused(
    people, end, service, room, policy
):
    amendments.undo(by=people["moderator"], action=end)
    executor.execute(end.pk)
    assert service.calls == []
    again = acting.end_stream(by=people["moderator"], room=room, policy=policy, grace=0)
    executor.execute(again.pk)
    with pytest.raises(Refused):
        amendments.undo(by=people["moderator"], action=again)


def test_a_double_click_and_a_second_person_are_one_act(people, room, policy, end):
    same = acting.end_stream(by=people["moderator"], room=room, policy=policy, key=end.key)
    other = acting.end_stream(by=people["supervisor"], room=room, policy=policy, key=uuid.uuid4())
    assert same.pk == other.pk == end.pk
    assert other.by_name == "moderator"


def test_a_key_that_comes_with_another_order_is_refused(people, room, policy, end):
    other = make_room("room-2")
    with pytest.raises(Refused):
        acting.end_stream(by=people["moderator"], room=other, policy=policy, key=end.key)


def test_who_comes_too_late_is_told_who_ended_it(client, people, end, service, room):
    executor.execute(end.pk)
    answer = log_in(client, people["supervisor"]).post(reverse("act-end", args=[room.pk]), filled())
    assert answer.status_code == 409
    assert "by moderator at" in answer.content.decode()


def test_who_comes_second_is_told_who_was_first_and_when(client, people, end, room):
    url = reverse("act-end", args=[room.pk])
    answer = log_in(client, people["supervisor"]).post(
        url, filled(), headers={"HX-Request": "true"}
    )
    assert "moderator was first at" in answer["HX-Trigger"]


def test_100004_on_a_destroy_is_already_ended(end, service, room):
    service.answers["destroy_room"] = LiveApiError(
        "gone", kind="vendor", code=100004, command="destroy_room"
    )
    executor.execute(end.pk)
    end.refresh_from_db()
    room.refresh_from_db()
    assert (end.status, room.is_live) == ("already", False)


def test_a_lost_answer_is_read_back_before_anything_is_repeated(end, service):
    service.answers["destroy_room"] = LOST
    executor.execute(end.pk)
    service.destroyed = True
    end.refresh_from_db()
    assert end.status == "unknown"
    Action.objects.filter(pk=end.pk).update(due_at=timezone.now())
    executor.execute(end.pk)
    end.refresh_from_db()
    assert (end.status, service.count("destroy_room")) == ("done", 1)


def test_a_worker_killed_between_call_and_record_leaves_one_effect(end, service):
    executor.claim(end.pk)
    service.destroyed = True
    Action.objects.filter(pk=end.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    recovery.sweep()
    executor.execute(end.pk)
    end.refresh_from_db()
    assert (end.status, service.count("destroy_room")) == ("done", 0)


def test_a_worker_that_lost_its_claim_while_it_looked_sends_nothing(end, service):
    def slow(room_id):
        Action.objects.filter(pk=end.pk).update(claim=uuid.uuid4())
        return RoomInfo(room_id, create_time=end.room.create_time)

    service.answers["get_room_info"] = slow
    Action.objects.filter(pk=end.pk).update(due_at=timezone.now())
    [claimed] = executor.claim(end.pk)
    claimed.lease_until = timezone.now()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(executor, "claim", lambda *pks: [claimed])
        executor.execute(end.pk)
    assert service.count("destroy_room") == 0


def test_a_worker_that_lost_its_claim_records_nothing(end, service):
    [claimed] = executor.claim(end.pk)
    Action.objects.filter(pk=end.pk).update(claim=uuid.uuid4())
    executor.succeeded(claimed, executor.Outcome("done"))
    end.refresh_from_db()
    assert end.status == "calling"


# --- One broadcast, not its RoomId ----------------------------------------------------------------


def reopened(room):
    """The host has opened another broadcast under the same RoomId; we have not heard of it."""
    return RoomInfo(
        room.room_id, create_time=room.create_time + 30, owner_account=room.owner_account
    )


def test_an_end_never_touches_a_newer_broadcast_of_the_same_room(end, service, room):
    service.answers["get_room_info"] = reopened(room)
    executor.execute(end.pk)
    end.refresh_from_db()
    room.refresh_from_db()
    assert service.count("destroy_room") == 0
    assert (end.status, end.result["reopened"]) == ("already", True)
    assert room.end_cause == "replaced"
    assert Room.objects.live().get(room_id=room.room_id).create_time == room.create_time + 30


def test_nor_does_its_repetition_after_a_lost_answer(end, service, room):
    service.answers["destroy_room"] = LOST
    executor.execute(end.pk)
    service.answers["get_room_info"] = reopened(room)
    Action.objects.filter(pk=end.pk).update(due_at=timezone.now())
    executor.execute(end.pk)
    end.refresh_from_db()
    assert service.count("destroy_room") == 1
    assert (end.status, end.result["reopened"]) == ("done", True)


def test_nor_a_repetition_after_a_busy_vendor(end, service, room):
    service.answers["destroy_room"] = BUSY
    executor.execute(end.pk)
    service.answers["get_room_info"] = reopened(room)
    Action.objects.filter(pk=end.pk).update(due_at=timezone.now())
    executor.execute(end.pk)
    end.refresh_from_db()
    assert (end.status, service.count("destroy_room")) == ("already", 1)


@pytest.mark.parametrize("verb", ["mute", "room_ban", "warn"])
def test_other_acts_come_too_late_for_a_broadcast_that_is_over(verb, people, room, policy, service):
    account = "" if verb == "warn" else "troll"
    act = acting.submit(
        by=people["moderator"],
        verb=verb,
        room=room,
        policy=policy,
        key=uuid.uuid4(),
        account=account,
        seconds=600,
    )
    service.answers["get_room_info"] = reopened(room)
    executor.execute(act.pk)
    act.refresh_from_db()
    assert [command for command, _ in service.calls] == ["get_room_info"]
    assert (act.status, act.vendor_text) == ("failed", "this broadcast has ended")


def test_a_host_who_opened_again_by_the_time_of_reading_back_is_told(end, service, room):
    same = RoomInfo(room.room_id, create_time=room.create_time)
    service.answers["get_room_info"] = [same, reopened(room)]
    executor.execute(end.pk)
    executor.verify(end.pk)
    end.refresh_from_db()
    assert (end.status, end.result["verified"], end.result["reopened"]) == ("done", True, True)


def test_a_room_that_cannot_be_read_is_not_ended_but_tried_again(end, service, room):
    """The read had no effect to lose: the act waits, it is not unknown."""
    service.answers["get_room_info"] = LOST
    executor.execute(end.pk)
    end.refresh_from_db()
    assert (end.status, service.count("destroy_room")) == ("requested", 0)


# --- Trouble --------------------------------------------------------------------------------------


def test_a_busy_vendor_is_tried_again_and_a_refusal_is_final(end, service, people):
    service.answers["destroy_room"] = BUSY
    executor.execute(end.pk)
    end.refresh_from_db()
    assert (end.status, end.due_at > timezone.now()) == ("requested", True)
    service.answers["destroy_room"] = NEVER
    Action.objects.filter(pk=end.pk).update(due_at=timezone.now())
    executor.execute(end.pk)
    end.refresh_from_db()
    assert (end.status, end.vendor_code, end.vendor_text) == ("failed", 100006, "not permitted")
    again = amendments.retry(by=people["moderator"], action=end, key=uuid.uuid4())
    assert (again.retry_of, again.status) == (end, "requested")


def test_that_an_act_is_tried_again_is_said_once_and_not_in_the_persons_name(end, service, people):
    """Six tries wrote six entries "requested" of a moderator who pressed once."""
    service.answers["destroy_room"] = BUSY
    for _ in range(6):
        Action.objects.filter(pk=end.pk).update(due_at=timezone.now())
        executor.execute(end.pk)
    service.answers["destroy_room"] = NEVER
    Action.objects.filter(pk=end.pk).update(due_at=timezone.now())
    executor.execute(end.pk)

    entries = AuditEntry.objects.filter(action_id=end.pk).order_by("pk")
    assert [(entry.actor, entry.outcome) for entry in entries] == [
        ("moderator", "requested"),
        ("system:retry", "requested"),
        ("moderator", "failed"),
    ]


def test_retrying_ends_when_its_time_is_over(end, service):
    service.answers["destroy_room"] = BUSY
    Action.objects.filter(pk=end.pk).update(give_up_at=timezone.now())
    executor.execute(end.pk)
    end.refresh_from_db()
    assert (end.status, end.vendor_code) == ("failed", 60007)


def test_a_warning_whose_answer_was_lost_is_not_sent_twice(people, room, policy, service):
    act = acting.warn_host(by=people["moderator"], room=room, policy=policy, key=uuid.uuid4())
    service.answers["send_custom_msg"] = LOST
    executor.execute(act.pk)
    executor.execute(act.pk)
    act.refresh_from_db()
    assert (act.status, service.count("send_custom_msg")) == ("failed", 1)


BAD_GATEWAY = LiveApiError(
    "the gateway answered HTTP 502", kind="transport", retryable=True, http_status=502
)
DROPPED = LiveApiError(
    "not delivered, the vendor dropped it: MsgFreqCtrl",
    kind="dropped",
    retryable=True,
    request_id="r-1",
)


def test_a_warning_that_may_have_been_delivered_says_so_and_so_does_retry(
    client, people, room, policy, service
):
    act = acting.warn_host(by=people["moderator"], room=room, policy=policy, key=uuid.uuid4())
    service.answers["send_custom_msg"] = LOST
    executor.execute(act.pk)
    act.refresh_from_db()
    assert (act.is_unclear, act.status_label) == (True, "may have been delivered")
    entry = AuditEntry.objects.filter(action_id=act.pk).latest("pk")
    assert (entry.outcome, entry.after["may_have_arrived"]) == ("may have arrived", True)
    log_in(client, people["moderator"])
    line = client.get(f"/rooms/{room.pk}/acts").text
    assert "may have been delivered" in line and "Warn a second time" in line
    assert "failed" not in line.split("acts__text", 1)[1] and ">Retry<" not in line


@pytest.mark.parametrize("error", [BAD_GATEWAY, DROPPED])
def test_a_warning_that_certainly_did_not_arrive_is_sent_again(
    error, people, room, policy, service
):
    act = acting.warn_host(by=people["moderator"], room=room, policy=policy, key=uuid.uuid4())
    service.answers["send_custom_msg"] = [error, None]
    executor.execute(act.pk)
    act.refresh_from_db()
    assert (act.status, act.vendor_text, act.is_unclear) == ("requested", error.text, False)
    Action.objects.update(due_at=timezone.now())
    executor.execute(act.pk)
    act.refresh_from_db()
    assert (act.status, service.count("send_custom_msg")) == ("done", 2)


def test_a_warning_that_is_dropped_to_the_end_is_told_as_not_delivered(
    client, people, room, policy, service
):
    act = acting.warn_host(by=people["moderator"], room=room, policy=policy, key=uuid.uuid4())
    Action.objects.update(give_up_at=timezone.now())
    service.answers["send_custom_msg"] = DROPPED
    executor.execute(act.pk)
    act.refresh_from_db()
    assert (act.status, act.status_label, act.request_id) == ("failed", "failed", "r-1")
    line = log_in(client, people["moderator"]).get(f"/rooms/{room.pk}/acts").text
    assert "not delivered" in line and "Warn a second time" not in line


def test_other_acts_are_read_back_after_a_gateways_502(end, service):
    service.answers["destroy_room"] = BAD_GATEWAY
    executor.execute(end.pk)
    end.refresh_from_db()
    assert (end.status, end.result["may_have_arrived"]) == ("unknown", True)


def test_a_warning_whose_room_could_not_be_read_is_tried_again(people, room, policy, service):
    act = acting.warn_host(by=people["moderator"], room=room, policy=policy, key=uuid.uuid4())
    service.answers["get_room_info"] = LOST
    executor.execute(act.pk)
    act.refresh_from_db()
    assert (act.status, service.count("send_custom_msg")) == ("requested", 0)


def test_a_mute_whose_answer_was_lost_is_repeated_only_if_it_does_not_last(
    people, room, policy, service
):
    def muted(seconds):
        until = int(timezone.now().timestamp()) + seconds
        service.answers["get_muted_member_list"] = (MutedAccount("troll", until),)

    for lasting, calls in ((3600, 1), (60, 3)):  # an older, shorter mute is not ours
        act = acting.member_act(
            by=people["moderator"],
            verb="mute",
            room=room,
            account="troll",
            seconds=3600,
            policy=policy,
        )
        service.answers["mute_member"] = [LOST, None]
        executor.execute(act.pk)
        muted(lasting)
        Action.objects.filter(pk=act.pk).update(due_at=timezone.now())
        executor.execute(act.pk)
        act.refresh_from_db()
        assert (act.status, service.count("mute_member")) == ("done", calls)


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
    act = acting.member_act(
        by=people["moderator"], verb=verb, room=room, account="troll", seconds=600, policy=policy
    )
    executor.execute(act.pk)
    act.refresh_from_db()
    assert (act.status, service.calls[-1][0]) == ("done", command)


def test_a_stranded_order_is_queued_again(end, queue):
    queue.clear()
    Action.objects.filter(pk=end.pk).update(due_at=timezone.now() - dt.timedelta(minutes=1))
    recovery.sweep()
    assert queue == [end.pk]


def test_the_order_and_its_entry_stand_or_fall_together(people, room, policy, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(audit_log, "record_action", broken)
    with pytest.raises(RuntimeError):
        acting.end_stream(by=people["moderator"], room=room, policy=policy)
    assert not Action.objects.exists()


def test_all_pages_of_a_rooms_bans_are_read(service):
    first = BannedPage((BannedAccount("a", 1),), 1)
    service.answers["get_banned_member_list"] = [first, BannedPage((BannedAccount("b", 1),), 0)]
    assert members.banned_accounts(service, "room") == {"a": 1, "b": 1}


# --- Over HTTP ------------------------------------------------------------------------------------


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
def test_an_order_that_lacks_something_is_refused_and_stores_nothing(
    name, fields, client, people, room
):
    answer = log_in(client, people["moderator"]).post(
        reverse(name, args=[room.pk]), filled(**fields)
    )
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


def test_a_row_shows_what_is_under_way_and_what_was_done_lately(room, policy, people, service):
    order = {"by": people["moderator"], "room": room, "policy": policy}
    old = acting.submit(verb="mute", account="troll", seconds=600, key=uuid.uuid4(), **order)
    executor.execute(old.pk)
    long_ago = timezone.now() - queries.LATELY - dt.timedelta(seconds=1)
    Action.objects.filter(pk=old.pk).update(finished_at=long_ago)
    assert queries.latest_actions([room.pk]) == {}
    ending = acting.submit(verb="end", key=uuid.uuid4(), **order)
    Action.objects.filter(pk=ending.pk).update(requested_at=long_ago)
    mute = acting.submit(verb="mute", account="other", seconds=600, key=uuid.uuid4(), **order)
    assert queries.latest_actions([room.pk]) == {room.pk: [ending, mute]}
    assert old in queries.room_timeline(room)


def test_what_platform_bans_do_in_a_room_never_hides_the_act_of_a_person(
    room, policy, people, service
):
    """Every large room gets an order for every ban: two of them stood in place of a moderator's
    end.
    """
    order = {"by": people["moderator"], "room": room, "policy": policy, "key": uuid.uuid4()}
    mute = acting.submit(verb="mute", account="other", seconds=600, **order)
    for account in ("troll-1", "troll-2"):
        ban = Ban.objects.create(account=account, policy=policy)
        acting.create_action(
            by="system:platform-ban",
            verb="room_ban",
            room=room,
            policy=policy,
            account=account,
            ban=ban,
        )
    shown = queries.latest_actions([room.pk])[room.pk]
    assert (shown[0], shown[1].account) == (mute, "troll-2")


@pytest.mark.parametrize(
    ("source", "age", "reads"),
    [
        ("OnlineCount", 1, 0),
        ("MemberCount", 2, 0),
        ("OnlineCount", 30, 1),
        ("members", 1, 1),
        ("", None, 1),
    ],
)
def test_an_act_reads_the_room_first_unless_it_was_just_told(
    source, age, reads, end, service, room
):
    told_at = None if age is None else int(timezone.now().timestamp()) - age
    Room.objects.filter(pk=room.pk).update(online=5, online_source=source, online_at=told_at)
    executor.execute(end.pk)
    end.refresh_from_db()
    assert end.status == "done"
    assert service.count("get_room_info") == reads


def test_a_lost_answer_is_read_back_however_fresh_the_figures_are(end, service, room):
    now = int(timezone.now().timestamp())
    Room.objects.filter(pk=room.pk).update(online=5, online_source="OnlineCount", online_at=now)
    Action.objects.filter(pk=end.pk).update(
        status="unknown", attempts=1, result={"may_have_arrived": True}
    )
    executor.execute(end.pk)
    assert service.count("get_room_info") == 1
