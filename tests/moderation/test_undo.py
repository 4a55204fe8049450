"""Taking acts back: an order before it is sent, a mute or ban by its opposite."""

import datetime as dt
import json
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from liveapi import LiveApiError
from moderation.actions import amendments
from moderation.bans import registry
from moderation.core.errors import Refused
from moderation.models import Action, AuditEntry, Ban
from moderation.worker import executor
from tests.moderation import acting
from tests.support.factories import filled, log_in

pytestmark = pytest.mark.django_db
OPPOSITE = [("mute", "unmute"), ("room_ban", "room_unban")]


@pytest.fixture
def done(people, room, policy, service):
    """done(verb): such an act on `troll`, carried out."""

    def carried_out(verb, by="moderator"):
        act = acting.member_act(
            by=people[by], verb=verb, room=room, account="troll", seconds=600, policy=policy
        )
        executor.execute(act.pk)
        act.refresh_from_db()
        assert act.status == "done"
        return act

    return carried_out


@pytest.mark.parametrize(("verb", "opposite"), OPPOSITE)
def test_undoing_what_is_done_is_an_act_of_its_own_in_the_record(
    verb, opposite, done, people, service
):
    act = done(verb)
    undoing = amendments.undo(by=people["supervisor"], action=act)
    executor.execute(undoing.pk)
    act.refresh_from_db()
    undoing.refresh_from_db()
    assert (act.status, undoing.verb, undoing.status) == ("done", opposite, "done")
    assert (undoing.undoes, undoing.by_name, undoing.policy) == (act, "supervisor", act.policy)
    entry = AuditEntry.objects.get(action_id=undoing.pk, outcome="requested")
    assert (entry.actor, entry.after["undoes"]) == ("supervisor", act.pk)


def test_undoing_twice_is_one_act_also_once_it_is_done(done, people):
    act = done("mute")
    first = amendments.undo(by=people["moderator"], action=act)
    assert amendments.undo(by=people["supervisor"], action=act).pk == first.pk
    executor.execute(first.pk)
    assert amendments.undo(by=people["supervisor"], action=act).pk == first.pk
    assert Action.objects.filter(verb="unmute").count() == 1


def test_an_undo_that_failed_can_be_tried_again(done, people, service):
    act = done("mute")
    first = amendments.undo(by=people["moderator"], action=act)
    service.answers["mute_member"] = LiveApiError(
        "no", kind="vendor", code=100006, command="mute_member"
    )
    executor.execute(first.pk)
    first.refresh_from_db()
    again = amendments.retry(by=people["moderator"], action=first, key=uuid.uuid4())
    assert (first.status, again.undoes, again.status) == ("failed", act, "requested")


def test_nothing_is_taken_back_once_something_newer_was_done_to_the_account(done, people):
    old = done("mute")
    done("mute", by="supervisor")
    with pytest.raises(Refused, match="newer"):
        amendments.undo(by=people["moderator"], action=old)


def test_an_order_that_waits_for_its_next_try_is_taken_back_and_never_sent(
    people, room, policy, service
):
    act = acting.end_stream(by=people["moderator"], room=room, policy=policy, grace=0)
    service.answers["destroy_room"] = LiveApiError(
        "busy", kind="vendor", code=60007, retryable=True
    )
    executor.execute(act.pk)
    amendments.undo(by=people["moderator"], action=act)
    Action.objects.update(due_at=timezone.now())
    executor.execute(act.pk)
    assert service.count("destroy_room") == 1


def test_neither_an_ended_stream_nor_a_warning_can_be_taken_back(people, room, policy, service):
    warned = acting.warn_host(by=people["moderator"], room=room, policy=policy, key=uuid.uuid4())
    ended = acting.end_stream(by=people["moderator"], room=room, policy=policy, grace=0)
    for act in (warned, ended):
        executor.execute(act.pk)
        with pytest.raises(Refused):
            amendments.undo(by=people["moderator"], action=act)


def test_what_a_platform_ban_caused_is_taken_back_by_lifting_that_ban(
    people, room, policy, service
):
    ban = Ban.objects.create(account="troll", policy=policy, by_name="banadmin")
    registry.enforce(ban, room)
    act = Action.objects.get()
    executor.execute(act.pk)
    act.refresh_from_db()
    assert not act.offers_undo
    with pytest.raises(Refused, match="Lift that ban"):
        amendments.undo(by=people["moderator"], action=act)


def test_undo_is_offered_in_the_toast_and_for_ten_seconds_on_the_row(client, people, room, service):
    client = log_in(client, people["moderator"])
    url = reverse("act-mute", args=[room.pk])
    answer = client.post(
        url, filled(account="troll", seconds="600"), headers={"HX-Request": "true"}
    )
    act = Action.objects.get()
    undo = reverse("act-undo", args=[act.pk])
    assert json.loads(answer["HX-Trigger"])["toast"]["undo"] == undo
    executor.execute(act.pk)
    act.refresh_from_db()
    assert act.offers_undo
    assert undo in client.get(reverse("acts-of-room", args=[room.pk])).content.decode()
    Action.objects.update(finished_at=timezone.now() - dt.timedelta(seconds=11))
    act.refresh_from_db()
    assert not act.offers_undo
    assert undo not in client.get(reverse("acts-of-room", args=[room.pk])).content.decode()
    assert (
        client.post(undo, headers={"HX-Request": "true"}).status_code == 204
    )  # the server still takes it
