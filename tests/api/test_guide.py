"""The examples of docs/api.md are sent as they stand, in their order."""

import re
import shlex
from pathlib import Path

import pytest
from django.test import Client
from django.urls import get_resolver

from moderation.models import Action, Ban, PlannedRoom, TimeLimit
from moderation.staff import tokens
from rooms.models import RoomEvent

pytestmark = pytest.mark.django_db
TEXT = (Path(__file__).resolve().parents[2] / "docs/api.md").read_text("utf-8")
COMMANDS = [
    command
    for block in re.findall(r"```sh\n(.*?)```", TEXT, re.S)
    for command in re.split(r"\n(?=curl)", block.replace("\\\n", " "))
]


def sent(command: str, token: str):
    """What curl would send, by Django's client."""
    text = command.replace("$LIVEWARDEN", "/api/v1").replace("$TOKEN", token)
    words, headers, body, method, address = shlex.split(text)[1:], {}, "", "get", ""
    while words:
        word = words.pop(0)
        if word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word == "-X":
            method = words.pop(0).lower()
        elif word == "-d":
            body = words.pop(0)
        else:
            address = word
    client = Client()
    if method == "get":
        return client.get(address, headers=headers)
    return client.post(address, body, headers.pop("Content-Type"), headers=headers)


def test_every_example_is_carried_out(caller, make_known):
    backend = caller()
    for command in COMMANDS:
        answer = sent(command, backend.text)
        if "order-1001" in command:
            room = make_known(
                "show-42"
            )  # no worker creates it here; tests/contract/test_guide.py has one
        assert answer.status_code in {200, 202}, (command, answer.content)

    assert len(COMMANDS) == 11
    room.refresh_from_db()
    assert Action.objects.get(verb="end").room == room
    assert Ban.objects.get().lifted_at
    assert TimeLimit.objects.get(room_id="show-42").extended == 1
    assert PlannedRoom.objects.get().room_id == "show-42"
    assert (room.reported_coins, room.reported_gifts) == (500, 5)
    assert RoomEvent.objects.filter(room=room, kind="label").count() == 1


def test_every_scope_and_address_is_in_the_guide():
    assert {scope for scope in tokens.SCOPES if f"`{scope}`" not in TEXT} == set()
    api = next(r for r in get_resolver().url_patterns if getattr(r, "namespace", "") == "api")
    for pattern in api.url_patterns:
        path = str(pattern.pattern).replace("<int:number>", "{number}")
        assert f"/{path}" in TEXT, path
