"""What a toast says names the room, and the account where there is one: it lies in a corner, far
from both.
"""

import json

import pytest
from django.urls import reverse

from moderation.models import Alert
from moderation.web.toasts import naming
from tests.support.factories import filled, log_in

ORDERS = [
    ("act-end", {}, ""),
    ("act-warn", {"text": "stop"}, ""),
    ("act-mute", {"account": "viewer", "seconds": "3600"}, "viewer"),
    ("act-quarantine", {}, ""),
    ("note", {"text": "seen"}, ""),
    ("escalate", {"text": "look"}, ""),
]


@pytest.mark.parametrize(("name", "fields", "account"), ORDERS)
def test_a_toast_names_what_it_is_about(name, fields, account, room, people, client, service):
    answer = log_in(client, people["supervisor"]).post(
        reverse(name, args=[room.pk]), filled(**fields), headers={"HX-Request": "true"}
    )
    assert answer.status_code == 204, answer.content.decode()
    text = json.loads(answer["HX-Trigger"])["toast"]["text"]
    assert room.title in text
    assert account in text


def test_a_closed_alert_names_its_room_and_account(room, people, client):
    alert = Alert.objects.create(room=room, source="system:x", title="look", account="viewer")
    answer = log_in(client, people["moderator"]).post(
        reverse("alert-close", args=[alert.pk]),
        {"outcome": "handled"},
        headers={"HX-Request": "true"},
    )
    text = json.loads(answer["HX-Trigger"])["toast"]["text"]
    assert room.title in text
    assert "viewer" in text


def test_a_name_that_was_said_is_not_said_again():
    assert naming("ann is banned.", "ann", "") == "ann is banned."
    assert (
        naming("Mute: requested", "ann", "Room")
        == "Mute: requested · \u2068ann\u2069, \u2068Room\u2069"
    )


def test_a_name_turns_nothing_but_itself():
    said = naming("ann\u202e is banned", "x\u2069\u202e", "y")
    assert said == "ann[U+202E] is banned · \u2068x[U+2069][U+202E]\u2069, \u2068y\u2069"
