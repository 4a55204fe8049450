"""What is said of an act to people who hear the page: what, in which room, and how it stands."""

import json

import pytest
from django.urls import reverse

from moderation.actions import orders, presentation
from moderation.alerts import alerts
from moderation.models import Action
from moderation.values.evidence import Evidence
from tests.moderation import acting
from tests.support.factories import log_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"status": "requested"}, "requested"),
        ({"status": "requested", "attempts": 2, "vendor_text": "busy"}, "waiting, 2 tried: busy"),
        ({"status": "calling"}, "ending"),
        ({"status": "unknown"}, "unknown, reading back"),
        ({"status": "done"}, "ended"),
        ({"status": "done", "result": {"verified": True}}, "ended, verified"),
        (
            {"status": "done", "result": {"reopened": True}},
            "ended; the host has opened a new broadcast",
        ),
        ({"status": "already"}, "already ended"),
        ({"status": "failed", "vendor_code": 100006, "vendor_text": "no"}, "failed 100006 no"),
        ({"status": "undone"}, "undone"),
    ],
)
def test_each_state_of_an_end_is_a_sentence_with_the_rooms_name(
    fields, said, people, room, policy, service
):
    act = acting.end_stream(by=people["moderator"], room=room, policy=policy)
    for name, value in fields.items():
        setattr(act, name, value)
    assert presentation.sentence(act, room.title) == f"End stream, {room.title}: {said}"


def test_an_act_on_a_member_names_the_account(people, room, policy, service):
    act = acting.member_act(
        by=people["moderator"], verb="mute", room=room, account="troll", seconds=60, policy=policy
    )
    assert presentation.sentence(act, room.title) == f"Mute, troll in {room.title}: requested"


def test_the_line_of_an_act_carries_its_sentence(client, people, room, policy, service):
    act = acting.end_stream(by=people["moderator"], room=room, policy=policy)
    page = (
        log_in(client, people["moderator"])
        .get(reverse("acts-of-room", args=[room.pk]))
        .content.decode()
    )
    for part in (
        f'data-action="{act.pk}"',
        f'data-by="{people["moderator"].pk}"',
        f'data-title="{room.title}"',
        f'data-said="End stream, {room.title}: requested"',
    ):
        assert part in page


def test_end_now_tells_that_it_is_ending(client, people, room, policy, service):
    act = acting.end_stream(by=people["moderator"], room=room, policy=policy, grace=30)
    Action.objects.update(requested_at=act.requested_at - orders.dt.timedelta(seconds=5))
    answer = log_in(client, people["moderator"]).post(
        reverse("act-now", args=[act.pk]), headers={"HX-Request": "true"}
    )
    acted = json.loads(answer["HX-Trigger"])["acted"]
    assert (acted["ending"], acted["toast"]) == (True, False)


def test_a_claim_and_what_is_handled_are_said_with_the_rooms_name(client, people, room):
    client = log_in(client, people["moderator"])
    for held in ("1", ""):
        answer = client.post(
            reverse("claim", args=[room.pk]), {"held": held}, headers={"HX-Request": "true"}
        )
        assert room.title in json.loads(answer["HX-Trigger"])["said"]["text"]
    alert = alerts.raise_alert(room=room, source="rule", evidence=Evidence(), title="Odd words")
    answer = client.post(
        reverse("alert-close", args=[alert.pk]),
        {"outcome": "handled"},
        headers={"HX-Request": "true"},
    )
    assert json.loads(answer["HX-Trigger"])["toast"]["text"] == f"Odd words, {room.title}: handled"


def test_the_count_of_the_queue_names_the_newest_urgent_alert(client, people, room):
    client = log_in(client, people["moderator"])
    alerts.raise_alert(
        room=room,
        source="rule",
        evidence=Evidence(),
        title="Odd words",
        severity=alerts.MIN_SEVERITY,
    )
    assert "data-urgent" not in client.get(reverse("queue-count")).content.decode()
    alert = alerts.raise_alert(
        room=room,
        source="other rule",
        evidence=Evidence(),
        title="Blood",
        severity=alerts.MAX_SEVERITY,
    )
    page = client.get(reverse("queue-count")).content.decode()
    assert f'data-alerts="2" data-urgent="{alert.pk}"' in " ".join(page.split())
    assert f"Urgent: Blood, {room.title}. 1 urgent alert is open." in page
