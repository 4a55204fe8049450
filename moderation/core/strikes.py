"""Strikes: what was done to a host in its own rooms within STRIKES_FOR."""

import datetime as dt
from collections.abc import Collection

from django.db.models import Count, F, Q, QuerySet

from moderation.models import Action

STRIKES_FOR = dt.timedelta(days=90)
STRIKING = ("end", "warn", "quarantine", "room_ban", "mute")


def against(accounts: Collection[str], since: dt.datetime) -> QuerySet[Action]:
    """The acts since then that count as strikes against these hosts."""
    return Action.objects.filter(
        Q(account="") | Q(account=F("room__owner_account")),
        room__owner_account__in=accounts,
        verb__in=STRIKING,
        status__in=Action.SUCCEEDED,
        requested_at__gte=since,
    )


def count(accounts: Collection[str], since: dt.datetime) -> dict[str, int]:
    """Account -> strikes since then; those without any are left out."""
    counted = against(accounts, since).order_by().values("room__owner_account")
    return dict(counted.annotate(n=Count("pk")).values_list("room__owner_account", "n"))
