"""The HTTP API over a real socket: the web process as it runs, its Valkey, its database."""

import json
import threading

import httpx
import pytest

from tests.contract.consoles import DAPHNE, Console, console

MAKE = """
import json, time
from django.contrib.auth.models import User
from django.utils import timezone
from moderation.staff import tokens
from rooms.models import Room
by = User.objects.get(username="supervisor")
now = timezone.now()
room = Room.objects.create(room_id="show-1", create_time=int(time.time()) - 60, owner_account="host",
                           first_seen_at=now, facts_changed_at=now)
texts = [tokens.make(by=by, name=name, scopes=tuple(tokens.SCOPES), expires_at=None)[1] for name in ("one", "two")]
print(json.dumps(texts))
"""
COUNT = """
import json
from moderation.models import Action, AuditEntry
from rooms.models import Room
print(json.dumps([Action.objects.count(), AuditEntry.objects.filter(verb="end").count(), Room.objects.get().reported_coins]))
"""
END = {"room_id": "show-1", "reason": "violence"}


@pytest.fixture(scope="module")
def served(migrated):
    with console(migrated) as made:
        made.variables["LIVEWARDEN_API_RATE"] = "10"
        texts = json.loads(made.shell(MAKE))
        with made.serving(*DAPHNE):
            yield made, texts


def caller(served: tuple[Console, list[str]], which: int = 0) -> httpx.Client:
    made, texts = served
    headers = {"Authorization": f"Bearer {texts[which]}"}
    return httpx.Client(
        base_url=f"http://127.0.0.1:{made.port}/api/v1/",
        headers=headers,
        timeout=20,
        trust_env=False,
    )


def test_twenty_at_once_with_one_key_are_one_act(served):
    answers: list[httpx.Response] = []

    def send() -> None:
        with caller(served) as backend:
            # The rate of the token is part of it: whoever was refused sends the same again.
            for _ in range(20):
                answer = backend.post("rooms/end", json=END, headers={"Idempotency-Key": "one"})
                if answer.status_code != 429:
                    answers.append(answer)
                    return
                threading.Event().wait(float(answer.headers["Retry-After"]))

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert [answer.status_code for answer in answers] == [202] * 20
    assert len({answer.text for answer in answers}) == 1
    assert json.loads(served[0].shell(COUNT))[:2] == [1, 1]


def test_gifts_reported_by_many_at_once_are_counted_once_each(served):
    def send(which: int) -> None:
        gifts = [{"id": f"g-{n}", "room_id": "show-1", "coins": 10} for n in range(5)]
        with caller(served, 1) as backend:
            told = backend.post(
                "gifts", json={"gifts": gifts}, headers={"Idempotency-Key": f"gifts-{which}"}
            )
            assert told.status_code == 200, told.text

    threads = [threading.Thread(target=send, args=(which,)) for which in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert json.loads(served[0].shell(COUNT))[2] == 50


def test_the_rate_holds_over_connections_and_each_token_has_its_own(served):
    def until_refused(which: int) -> httpx.Response:
        with caller(served, which) as backend:
            answers = [backend.get("rooms") for _ in range(200)]
        return next((answer for answer in answers if answer.status_code == 429), answers[-1])

    refused = until_refused(0)
    assert refused.status_code == 429
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.headers["Retry-After"] == "1"


def test_a_session_or_nothing_opens_nothing(served):
    made, _texts = served
    cookies = {"sessionid": made.cookies["supervisor"]}
    for given in ({}, cookies):
        answer = httpx.get(
            f"http://127.0.0.1:{made.port}/api/v1/rooms", cookies=given, timeout=20, trust_env=False
        )
        assert answer.status_code == 401
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert "set-cookie" not in answer.headers
