"""Another reason for an order that waits: before anything is sent, recorded, and never once a
worker has it.
"""

import json

import pytest
from django.urls import reverse

from moderation.actions import amendments
from moderation.core.errors import Refused
from moderation.models import Action, AuditEntry, Policy
from moderation.worker import executor
from tests.moderation import acting
from tests.support.factories import log_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(policy) -> Policy:
    return Policy.objects.create(code="another", title="Another reason", key="9")


@pytest.fixture
def act(people, room, policy, service) -> Action:
    return acting.end_stream(by=people["moderator"], room=room, policy=policy, grace=30)


def test_the_reason_of_a_waiting_end_is_changed_and_both_stand_in_the_record(
    act, people, policy, other, service
):
    changed = amendments.change_reason(by=people["supervisor"], action=act, policy=other)
    assert changed.policy == other
    entry = AuditEntry.objects.get(action_id=act.pk, outcome="other reason")
    assert (entry.actor, entry.reason, entry.before["reason"]) == (
        "supervisor",
        other.code,
        policy.code,
    )
    amendments.change_reason(
        by=people["supervisor"], action=act, policy=other
    )  # the same again is nothing new
    assert AuditEntry.objects.filter(action_id=act.pk, outcome="other reason").count() == 1
    Action.objects.update(due_at=act.requested_at)
    executor.execute(act.pk)
    assert AuditEntry.objects.get(action_id=act.pk, outcome="done").reason == other.code


@pytest.mark.parametrize("status", ["calling", "unknown", "done", "failed", "undone"])
def test_what_has_begun_keeps_its_reason_and_that_is_said(act, people, policy, other, status):
    Action.objects.update(status=status)
    with pytest.raises(Refused) as no:
        amendments.change_reason(by=people["moderator"], action=act, policy=other)
    assert policy.title in no.value.message
    assert Action.objects.get().policy == policy
    assert not AuditEntry.objects.filter(outcome="other reason").exists()


def test_what_waits_for_its_next_try_has_begun(act, people, policy, other):
    Action.objects.update(attempts=1)
    with pytest.raises(Refused):
        amendments.change_reason(by=people["moderator"], action=act, policy=other)


def test_the_toast_of_an_end_names_room_and_reason_and_lets_it_be_changed(
    client, people, room, policy, other, service
):
    client = log_in(client, people["moderator"])
    asked = {"policy": policy.code, "key": "6f1f4b1e-0000-4000-8000-000000000001"}
    answer = client.post(reverse("act-end", args=[room.pk]), asked, headers={"HX-Request": "true"})
    toast = json.loads(answer["HX-Trigger"])["toast"]
    assert room.title in toast["text"] and policy.title in toast["text"]
    address = reverse("act-reason", args=[Action.objects.get().pk])
    assert toast["reason"] == address
    answer = client.post(address, {"policy": other.code}, headers={"HX-Request": "true"})
    assert other.title in json.loads(answer["HX-Trigger"])["toast"]["text"]
    answer = client.post(address, {"policy": "no such"}, headers={"HX-Request": "true"})
    assert (answer.status_code, "Choose a reason" in answer.content.decode()) == (422, True)


def test_what_is_sent_at_once_offers_no_other_reason(client, people, room, policy, service):
    client = log_in(client, people["moderator"])
    asked = {"policy": policy.code, "key": "6f1f4b1e-0000-4000-8000-000000000002"}
    answer = client.post(
        reverse("act-quarantine", args=[room.pk]), asked, headers={"HX-Request": "true"}
    )
    toast = json.loads(answer["HX-Trigger"])["toast"]
    assert (toast["reason"], policy.title in toast["text"]) == ("", True)
