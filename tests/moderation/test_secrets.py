"""Whatever the vendor's words quote, no secret is stored with an act or shown of it."""

import json
import uuid
from urllib.parse import quote

import httpx
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from liveapi import LiveClient, LocalBudget
from moderation.models import Action, AuditEntry
from moderation.worker import executor
from rooms.infra import vendor
from tests.moderation import acting
from tests.support.factories import log_in, make_room

pytestmark = pytest.mark.django_db

# How a gateway may quote what it was asked: {url}, {sig}, {key} in any company, whole or cut.
QUOTES = st.lists(
    st.sampled_from(
        ["{url}", "{sig}", "{key}", "{half}", "{encoded}", "request ", "\n", '"', "&", "=", "…"]
    ),
    min_size=1,
    max_size=6,
).map("".join)


ARGUMENTS = {"edit": {"room_name": "New"}, "admins": {"operation": "add", "accounts": ["ann"]}}


class Quoting(httpx.BaseTransport):
    """A vendor that refuses and quotes the request in its ErrorInfo."""

    def __init__(self, pattern):
        self.pattern = pattern
        self.signatures = []

    def handle_request(self, request):
        url = str(request.url)
        signature = request.url.params["usersig"]
        self.signatures.append(signature)
        told = self.pattern.format(
            url=url,
            sig=signature,
            key=settings.LIVE_SECRET_KEY,
            half=signature[: len(signature) // 2],
            encoded=quote(url, safe=""),
        )
        answer = {
            "ErrorCode": 70402,
            "ErrorInfo": told,
            "RequestId": told[:60],
            "ActionStatus": "FAIL",
        }
        return httpx.Response(200, text=json.dumps(answer))


@given(
    pattern=QUOTES,
    verb=st.sampled_from(["end", "edit", "quarantine", "admins", "obs_key", "obs_revoke"]),
)
@example_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_the_vendor_quotes_is_stored_and_shown_without_secrets(
    pattern, verb, client, people, policy, monkeypatch
):
    transport = Quoting(pattern)
    asked = LiveClient(vendor.config(), budget=LocalBudget(1.0), transport=transport)
    monkeypatch.setattr(vendor, "sync_client", lambda: asked)
    room = make_room(uuid.uuid4().hex, owner_account="host")
    act = acting.submit(
        by=people["moderator"],
        verb=verb,
        room=room,
        policy=policy,
        key=uuid.uuid4(),
        arguments=ARGUMENTS.get(verb, {}),
    )
    Action.objects.update(due_at=timezone.now())
    executor.execute(act.pk)

    log_in(client, people["supervisor"])
    pages = [
        reverse("acts-of-room", args=[room.pk]),
        reverse("timeline", args=[room.pk]),
        reverse("room-changes", args=[room.pk]),
        f"/audit?room_pk={room.pk}",
    ]
    held = json.dumps(
        [
            list(Action.objects.filter(pk=act.pk).values()),
            list(AuditEntry.objects.filter(action_id=act.pk).values()),
        ],
        default=str,
    ) + "".join(client.get(page).content.decode() for page in pages)
    act.refresh_from_db()
    assert act.status == "failed"
    assert transport.signatures
    for signature in transport.signatures:
        for start in range(0, len(signature) - 24, 24):
            assert signature[start : start + 24] not in held, (
                pattern,
                act.vendor_text,
                act.request_id,
            )
    assert settings.LIVE_SECRET_KEY not in held
