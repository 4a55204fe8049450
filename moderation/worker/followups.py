"""What follows from an act that has succeeded, in the transaction that records it."""

import datetime as dt
import logging
import uuid

from django.conf import settings

from moderation.actions import orders
from moderation.actions.requests import ActionRequest
from moderation.alerts import alerts
from moderation.core.errors import Refused
from moderation.models import Action, Alert
from moderation.models.rules import QUARANTINE
from moderation.values.evidence import Quarantined
from rooms.infra import database_time

logger = logging.getLogger(__name__)
SOURCE = QUARANTINE
# Names the warning of a quarantine by the key of the quarantine: it is ordered once, whoever
# records the success.
WARNING = uuid.UUID("6a4f0d4e-2c55-4d6e-9f0b-5d3c1a7be001")


def after(action: Action) -> None:
    """Orders and raises what follows."""
    if action.verb == Action.Verb.QUARANTINE:
        ask_to_decide(action)
        warn(action)
    elif action.verb == Action.Verb.RELEASE:
        decided(action)


def ask_to_decide(action: Action) -> None:
    """Somebody must decide by then: the room is released or its broadcast ended."""
    alerts.raise_alert(
        room=action.room,
        source=SOURCE,
        title="Quarantined: release it, or end the stream",  # see Alert.headline
        evidence=Quarantined(
            action=action.pk, by=action.by_name, reason=action.policy.code, words=action.note
        ),
        severity=alerts.MAX_SEVERITY,
        decide_by=database_time.now() + dt.timedelta(seconds=settings.QUARANTINE_SECONDS),
    )


def warn(action: Action) -> None:
    """The host is told why the room is out of the list.

    An act of its own: it has its own outcome and retries.
    """
    try:
        request = ActionRequest(
            verb=Action.Verb.WARN,
            room=action.room,
            policy=action.policy,
            key=uuid.uuid5(WARNING, str(action.key)),
        )
        orders.submit(request, by=action.by or action.by_name)
    except Refused as refusal:
        logger.warning("the host of a quarantined room is not warned: %s", refusal.message)


def decided(action: Action) -> None:
    """The room was released."""
    for alert in Alert.objects.filter(room=action.room, source=SOURCE, closed_at=None):
        alerts.close(
            by=action.by or action.by_name,
            alert=alert,
            outcome=Alert.Outcome.HANDLED,
            note=action.note,
        )
