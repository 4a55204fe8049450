"""The examples of docs/api.md against a fresh `./run`, in their order, as a new user sends them."""

import re
import shlex
from pathlib import Path

import httpx
import pytest

from tests.running_stack import ROOT, launched, managed
from tests.support.waiting import eventually

pytestmark = pytest.mark.timeout(300)
TEXT = (ROOT / "docs" / "api.md").read_text("utf-8")
COMMANDS = [
    command
    for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
    for command in re.split(r"\n(?=curl)", block.replace("\\\n", " "))
]
TOKEN = """
from moderation.staff import tokens
from django.contrib.auth.models import User
print(tokens.make(by=User.objects.get(username='supervisor'), name='guide', scopes=tokens.SCOPES, expires_at=None)[1])
"""


def request(command: str, api: str, token: str) -> httpx.Request:
    """What curl would send."""
    words = shlex.split(command.replace("$LIVEWARDEN", api).replace("$TOKEN", token))[1:]
    headers, body, method, address = {}, None, "GET", ""
    while words:
        match words.pop(0):
            case "-H":
                name, _, value = words.pop(0).partition(": ")
                headers[name] = value
            case "-X":
                method = words.pop(0)
            case "-d":
                body = words.pop(0)
            case word:
                address = word
    return httpx.Request(method, address, headers=headers, content=body)


def test_every_example_is_answered_on_a_fresh_stack(tmp_path: Path) -> None:
    """Three of the ten answered 404: they spoke of a room that is on nobody's platform."""
    with launched(tmp_path, "--rooms", "5") as stack, httpx.Client(timeout=30) as client:
        token = managed(tmp_path, "shell", "--no-imports", "-v0", "-c", TOKEN).split()[-1]
        api = f"{stack.url}/api/v1"
        answers = {}
        for command in COMMANDS:
            answer = client.send(request(command, api, token))
            answers[command] = answer.status_code
            assert answer.status_code in {200, 202}, (command, answer.text)
            if "order-1001" in command:
                plan = f"{api}/plans/{answer.json()['number']}"
                key = {"Authorization": f"Bearer {token}"}
                eventually(
                    "the planned room is created",
                    lambda plan=plan, key=key: client.get(plan, headers=key).json()["status"],
                    60,
                    equals="created",
                )

    assert len(answers) == 11
