"""Requests for bans among the rows of the queue, for whoever decides about them."""

from urllib.parse import urlencode

from django.contrib.auth.models import User

from moderation.bans import requests
from moderation.models import BanRequest
from moderation.profiles import card
from moderation.workbench.filters import Filters
from moderation.workbench.forms import numbers

DECIDE = "moderation.place_platform_ban"
SHOWN = 50


def number(person: User) -> int | None:
    """How many are open; None for somebody who does not decide about them."""
    return requests.open_ones().count() if person.has_perm(DECIDE) else None


def waiting(filters: Filters, person: User) -> list[BanRequest]:
    """Those of the list, longest waiting first."""
    if not filters.hold_requests or not person.has_perm(DECIDE):
        return []
    return list(requests.open_ones()[:SHOWN])


def known_again(items: str, person: User) -> list[BanRequest]:
    """Those among "12,r3,r4" as they are now, decided ones too."""
    given = [part.removeprefix("r") for part in items.split(",") if part.startswith("r")]
    pks = numbers(",".join(given))
    if not pks or not person.has_perm(DECIDE):
        return []
    return list(BanRequest.objects.filter(pk__in=pks).select_related("policy", "room"))


def unknown(filters: Filters, person: User, known: list[BanRequest]) -> int:
    """How many are asked for that the page does not show yet."""
    shown = {asked.pk for asked in known}
    return sum(asked.pk not in shown for asked in waiting(filters, person))


def case_of(asked: BanRequest) -> dict[str, object]:
    """What its panel shows."""
    filled = {"account": asked.account, "policy": asked.policy.code, "note": asked.note}
    if asked.room_id:
        filled["room"] = str(asked.room_id)
    return {
        "asked": asked,
        "room": asked.room,
        "card": card.of(asked.account, room=asked.room),
        "grant_query": urlencode(filled),
    }
