"""One account a role and one without, rooms, and a vendor that answers as told."""

import pytest
from django.contrib.auth.models import User

from moderation.automation import verification
from moderation.bans import registry
from moderation.core import broker
from moderation.core.roles import ROLES, make_person
from moderation.models import Policy
from moderation.worker import executor
from rooms.infra import vendor
from rooms.live import demand, push
from tests.support.factories import PASSWORD
from tests.support.vendor import Vendor


@pytest.fixture
def service(monkeypatch) -> Vendor:
    told = Vendor()
    monkeypatch.setattr(vendor, "sync_client", lambda: told)
    return told


@pytest.fixture(autouse=True)
def queue(monkeypatch) -> list[int]:
    """What was enqueued; nothing runs by itself, and no Redis is asked."""
    queued: list[int] = []
    monkeypatch.setattr(broker, "enqueue", lambda *pks, delay=0.0: queued.extend(pks) or True)
    monkeypatch.setattr(broker, "enqueue_ban", lambda pk: registry.enforce_everywhere(pk) or True)
    monkeypatch.setattr(broker, "enqueue_hit", lambda pk: verification.check(pk) or True)
    monkeypatch.setattr(broker, "enqueue_verification", lambda pk: executor.verify(pk) or True)
    monkeypatch.setattr(broker, "waiting", lambda: 0)
    for name in ("publish_act", "publish_alert", "publish_bans"):
        monkeypatch.setattr(push, name, lambda *args, **kwargs: None)
    for name in ("refresh", "want_members"):
        monkeypatch.setattr(demand, name, lambda *args, **kwargs: None)
    return queued


@pytest.fixture
def committing(django_capture_on_commit_callbacks):
    """What happens on commit happens at the end of the block."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def people(db) -> dict[str, User]:
    made = {role: make_person(role, role, PASSWORD) for role in ROLES}
    return made | {"nobody": User.objects.create_user("nobody", password=PASSWORD)}


@pytest.fixture
def policy(db) -> Policy:
    return Policy.objects.get(code="violence")


# At the end: it takes what is above.
from tests.moderation.changing import change, facts  # noqa: E402, F401
