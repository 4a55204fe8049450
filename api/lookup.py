"""What an operation speaks of, found by its number, RoomId, account or code.

Raises Problem for what is not there.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable
from typing import Protocol, TypeVar

from django.db.models import Max, Model, Q, QuerySet
from django.utils.translation import gettext as _
from pydantic import BaseModel

from api import bodies, once
from api.access import TokenRequest
from api.problems import Problem
from moderation.core import unseen
from moderation.core.known_accounts import known
from moderation.models import Policy
from rooms.broadcasts import is_same_broadcast
from rooms.models import Room
from rooms.text import NotAnAccount

LARGEST = 2**53 - 1
Row = TypeVar("Row", bound=Model)


class OfRoom(Protocol):
    """A report about one RoomId."""

    room_id: str


Report = TypeVar("Report", bound=OfRoom)


def account_given(given: str) -> str:
    """An account as it is meant, without what pasting adds. Raises Problem for what is none."""
    return accounts_given([given])[given]


def accounts_given(given: Iterable[str]) -> dict[str, str]:
    """What was given -> the account that is meant. Raises Problem for the first that is none."""
    try:
        return unseen.each_account_of(given)
    except NotAnAccount as no:
        raise Problem(409, no.message) from None


def account_to_ban(asked: bodies.BanAsked) -> str:
    """The account as it is banned.

    Raises Problem for what is none, and for one that nobody has seen here.
    """
    account = account_given(asked.account)
    if not asked.unseen and not known([account]):
        (named,) = unseen.looked_up([account])
        values = {"account": account, "words": named.words}
        raise Problem(
            409,
            _("%(account)s: %(words)s. Nothing was done. To ban it all the same: “unseen”: true.")
            % values,
        )
    return account


def actor(request: TokenRequest) -> str:
    """Whom the record names."""
    return request.auth.actor


def carried_out(
    request: TokenRequest,
    key: str,
    what: str,
    wanted: BaseModel,
    do: Callable[[uuid.UUID], BaseModel],
) -> once.Answer:
    return once.carry_out(token=request.auth, key=key, what=what, asked=wanted, do=do)


def moment(seconds: int | None) -> dt.datetime | None:
    """Raises Problem for a time that no calendar has."""
    try:
        return None if seconds is None else dt.datetime.fromtimestamp(seconds, dt.UTC)
    except (OverflowError, ValueError, OSError):
        raise Problem(422, _("That time is too far away.")) from None


def policy(code: str, more: Collection[str] = ()) -> Policy:
    """The reason code: one that acts offer, or one of `more`.

    Raises Problem for another, and names those.
    """
    offered = Policy.objects.filter(Q(is_active=True) | Q(code__in=more))
    found = offered.filter(code=code).first()
    if found is None:
        known = ", ".join(offered.values_list("code", flat=True))
        raise Problem(409, _("There is no such reason. In use: %(known)s.") % {"known": known})
    return found


def fitting(number: int) -> int:
    """A number from an address that a database takes; 0, which nothing has, for a larger one."""
    return number if number <= LARGEST else 0


def the(found: QuerySet[Row]) -> Row:
    """The one row. Raises Problem when there is none."""
    row = found.first()
    if row is None:
        raise Problem(404, _("There is nothing with this number."))
    return row


def live_room(room_id: str, create_time: int | None) -> Room:
    """The broadcast that goes on. Raises Problem when none does, or another one than was meant."""
    room = Room.objects.live().filter(room_id=room_id).first()
    if room is None:
        raise Problem(
            404, _("No broadcast is live under this RoomId, as far as the console knows.")
        )
    if create_time is not None and not is_same_broadcast(create_time, room.create_time):
        raise Problem(409, _("A newer broadcast is live under this RoomId. Nothing was ended."))
    return room


def by_room(reports: Iterable[Report]) -> list[tuple[Room, list[Report]]]:
    """What was told of each RoomId, with its latest broadcast.

    Raises Problem for a RoomId that was never seen.
    """
    parts: dict[str, list[Report]] = {}
    for each in reports:
        parts.setdefault(each.room_id, []).append(each)
    newest = (
        Room.objects.filter(room_id__in=parts)
        .order_by()
        .values("room_id")
        .annotate(pk_newest=Max("pk"))
    )
    latest = {room.room_id: room for room in Room.objects.filter(pk__in=newest.values("pk_newest"))}
    if missing := sorted(parts.keys() - latest.keys()):
        raise Problem(
            404,
            _("Never seen: %(rooms)s. Nothing was stored.") % {"rooms": ", ".join(missing[:10])},
        )
    return [(latest[room_id], each) for room_id, each in parts.items()]
